### What the seller says aloud. Addressed to the customer, always with "siz".

greeting =
    { $seller ->
        [full] Merhaba, ben { $seller-name }, { $seller-company } adına arıyorum.
        [name] Merhaba, ben { $seller-name }.
        [company] Merhaba, { $seller-company } adına arıyorum.
       *[nobody] Merhaba, iyi günler.
    }

## Cold: soft opening, observation, open invitation.

script-cold-opening =
    { $greeting } Kısa bir tanışma için arıyorum; { $who } tarafında e-posta işleriyle ilgilenen kişiyle görüşebilir
    miyim?
script-cold-observation-high =
    { $domain } alan adının herkese açık kayıtlarına baktık ve bilmenizde yarar gördüğümüz bir durumla karşılaştık:
    { $clauses }.
script-cold-observation-medium =
    { $domain } alan adının herkese açık kayıtlarına baktık ve üzerinde durmaya değer bir nokta gördük: { $clauses }.
script-cold-observation-low =
    { $domain } alan adının herkese açık kayıtlarına baktık, görebildiğimiz kayıtlarda bir sorun yok: { $clauses }.
    E-posta tarafında sizi yoran başka bir konu varsa dinlemek isteriz.
script-cold-observation-unknown =
    { $domain } alan adının e-posta kimlik doğrulama kayıtları için elimizde henüz bir yanıt yok, o yüzden doğrudan size
    sormak istedim: e-posta tarafında her şey yolunda mı?
script-cold-invitation =
    Şu an uygun değilseniz hiç sorun değil; bulduklarımızı bir sayfada özetleyip gönderelim, ne zaman isterseniz
    konuşuruz.

# What the faults mean for the customer.
effect =
    { $consequence ->
        [forgery] Bu hâliyle, alan adınız kullanılarak gönderilen sahte bir e-postayı alıcıların ayırt etmesi zorlaşıyor.
        [delivery] Bu hâliyle, kendi gönderdiğiniz e-postalar da karşı tarafta takılabilir.
        [gap] Bu kayıtların eksiksiz olması, e-postalarınızın güvenilir sayılmasını kolaylaştırır.
       *[partial] Eski pct etiketi kaldırılırsa politikanızın e-postalarınızın tamamını kapsadığı netleşir.
    }

## Migration: opening, proxy note, value by size, closing by score band.

script-migration-opening-named =
    { $greeting } Herkese açık kayıtlardan gördüğümüz kadarıyla e-postalarınız bugün { $provider } altyapısında;
    Microsoft 365'e geçiş gündeminizdeyse nasıl yardımcı olabileceğimizi konuşmak isteriz.
script-migration-opening-own =
    { $greeting } Herkese açık kayıtlardan gördüğümüz kadarıyla e-postalarınız kendi alan adınız altındaki bir sunucuya
    geliyor; Microsoft 365'e geçiş gündeminizdeyse nasıl yardımcı olabileceğimizi konuşmak isteriz.
script-migration-opening-other =
    { $greeting } { $domain } alan adının e-posta altyapısıyla ilgili arıyorum; Microsoft 365'e geçiş sizin için anlamlı
    olur mu, birlikte bakmak isteriz.
script-migration-proxy =
    Sunucunuzun IP adresi vekil sunucu (proxy) olarak görünüyor; geçişi planlarken ağ yapınızı da birlikte gözden
    geçirmek isteriz.
script-migration-value =
    { $size ->
        [small] Sizin büyüklüğünüzdeki bir ekipte geçişi iş saatlerinizi gözeterek planlıyoruz; e-posta, takvim ve
            dosyalar tek yerde toplanıyor.
        [medium] Sizin büyüklüğünüzdeki bir şirkette geçişi bölüm bölüm planlıyoruz; kullanıcılar ve güvenlik ayarları
            tek yerden yönetilebiliyor.
        [large] Sizin büyüklüğünüzdeki bir şirkette geçişe pilot bir grupla başlıyor, güvenlik ve uyum gereksinimlerinizi
            en baştan plana katıyoruz.
       *[unknown] Geçişi ekibinizin büyüklüğüne göre planlıyoruz; kaç kullanıcınız olduğunu öğrenmek iyi bir başlangıç
            olur.
    }
script-migration-closing =
    { $band ->
        [top] Uygunsanız bu hafta yarım saatlik bir geçiş planı görüşmesi yapalım; hangi gün size uyar?
        [high] Önümüzdeki günlerde yarım saat ayırabilirseniz geçiş planını birlikte çıkaralım; ne zaman uygunsunuz?
        [middle] Dilerseniz kısa bir ön değerlendirmeyle başlayalım, sonucu birlikte konuşalım.
        [low] Acelesi yok; önce kısa bir bilgi notu gönderelim, sorularınız olursa konuşuruz.
       *[unknown] Dilerseniz önce mevcut durumunuzu birlikte gözden geçirelim, sonrasına o zaman karar verirsiniz.
    }

## Existing customer: opening, hardening offer, closing.

script-existing-opening-named =
    { $greeting } Herkese açık kayıtlardan gördüğümüz kadarıyla e-postalarınız { $provider } üzerinde; mevcut
    kurulumunuzdan ne kadar memnun olduğunuzu sormak istedim.
script-existing-opening-other =
    { $greeting } Microsoft tarafındaki kurulumunuzla ilgili arıyorum; bugün nasıl kullandığınızı ve ne kadar memnun
    olduğunuzu sormak istedim.
script-existing-hardening =
    { $risk ->
        [high] { $domain } alan adının herkese açık kayıtlarına baktık: { $clauses }. { $effect } İsterseniz bunu birlikte
            toparlayalım.
        [medium] { $domain } alan adının herkese açık kayıtlarına baktık: { $clauses }. { $effect } İsterseniz bunu
            birlikte tamamlayalım.
       *[low] { $domain } alan adının herkese açık kayıtlarına baktık, görebildiğimiz kayıtlarda bir sorun yok:
            { $clauses }. Bir sonraki adım olarak kimlik avına karşı koruma ve cihaz yönetimi ayarlarınızı birlikte gözden
            geçirebiliriz.
    }
script-existing-hardening-unknown =
    { $domain } alan adının e-posta kimlik doğrulama kayıtları için elimizde henüz bir yanıt yok; dilerseniz SPF, DKIM ve
    DMARC ayarlarınızı birlikte gözden geçirelim.
script-existing-closing =
    { $band ->
        [top] Yenileme tarihiniz gelmeden lisanslarınızı ve ek güvenlik seçeneklerini birlikte gözden geçirelim mi?
        [high] Yenileme tarihiniz gelmeden yarım saatlik bir değerlendirme görüşmesi yapalım mı?
        [middle] Size kısa bir e-posta güvenliği kontrolü önerelim; sonucu yazılı olarak da paylaşırız.
        [low] Temel ayarlardan başlayan kısa bir kontrol önerelim; uygun bir gün söylerseniz planlayalım.
       *[unknown] Dilerseniz önce mevcut durumunuzu birlikte çıkaralım; uygun bir gün söylerseniz planlayalım.
    }

## Skip, and leads without a segment: two neutral points.

script-skip-opening = { $greeting } { $who } tarafında e-posta işleriyle kimin ilgilendiğini öğrenmek için arıyorum.
script-skip-without-mail =
    { $domain } alan adında e-posta almaya yönelik bir kayıt göremedik; yazışmalarınız için başka bir alan adınız var mı?
script-skip-closing = Bugün için bir önerimiz yok; ileride ihtiyacınız olursa memnuniyetle yardımcı oluruz.
script-none-question =
    Kayıtlardan net bir sonuç çıkaramadık; e-posta için bugün hangi sistemi kullandığınızı öğrenebilir miyim?

## Discovery questions.

ask-migration-pain = Bugün kullandığınız e-posta sisteminde sizi en çok ne zorluyor?
ask-migration-date = Geçiş için aklınızda bir tarih ya da çekindiğiniz bir konu var mı?
ask-existing-licence = Hangi Microsoft lisanslarını kullanıyorsunuz ve yenileme tarihiniz ne zaman?
ask-existing-support = Lisans ve destek işlerini bugün kiminle yürütüyorsunuz?
ask-cold-today = E-posta ve dosya paylaşımını bugün nasıl yürütüyorsunuz?
ask-cold-change = Önümüzdeki bir yıl içinde bu konuda bir değişiklik düşünüyor musunuz?
ask-skip-domain = Yazışmalarınız için kullandığınız başka bir alan adı var mı?
ask-skip-change = Altyapınızda yakın zamanda değişen ya da değişecek bir şey var mı?
ask-none-system = E-posta için bugün hangi sistemi kullanıyorsunuz?

ask-provider =
    { $class ->
        [m365] Microsoft 365 içinde e-posta dışında hangi uygulamaları kullanıyorsunuz?
        [google] Google Workspace sözleşmeniz ne zaman yenileniyor; Gmail dışında Drive ve Takvim de kullanıyor musunuz?
        [yandex] Yandex tarafında kaç posta kutunuz var ve bunlarda ne kadar veri duruyor?
        [zoho] Zoho tarafında e-posta dışında hangi uygulamaları kullanıyorsunuz?
        [amazon] Amazon hizmetini çalışanların posta kutuları için mi, uygulamaların gönderdiği e-postalar için mi
            kullanıyorsunuz?
        [sendgrid] SendGrid dışında, çalışanlarınızın posta kutuları hangi sistemde duruyor?
        [mailgun] Mailgun dışında, çalışanlarınızın posta kutuları hangi sistemde duruyor?
        [hosting] E-posta, web barındırma paketinizin bir parçası mı; paketin bitiş tarihi ne zaman?
        [local] E-posta hizmetiniz için desteği kimden alıyorsunuz; yedekleme kimin sorumluluğunda?
       *[unknown] Posta kutularınız bugün hangi sistemde duruyor?
    }
ask-own-server = Posta sunucunuz nerede barındırılıyor, hangi yazılımla çalışıyor ve yedeklerini kim alıyor?
ask-gateway =
    Kullandığınız { $gateway } güvenlik geçidinin sözleşmesi ne zaman bitiyor; hangi özelliği sizin için vazgeçilmez?
ask-tenant = Microsoft kiracınızı bugün hangi uygulamalar için kullanıyorsunuz; kiracının genel yöneticisi kim?

ask-size =
    { $size ->
        [small] Kaç kişi e-posta kullanıyor; ortak posta kutularınız var mı?
        [medium] Kullanıcılarınız kaç farklı yerde çalışıyor; uzaktan çalışanların cihazlarını nasıl yönetiyorsunuz?
        [large] Dizin ve oturum açma altyapınız (Active Directory, tek oturum açma) nasıl kurulu; uyum konusunda hangi
            gereksinimleriniz var?
       *[unknown] Toplam kaç kullanıcınız var ve kaçı e-posta kullanıyor?
    }
ask-budget = Bu konu için ayrılmış bir bütçeniz var mı, yoksa yıl içinde mi planlanacak?
ask-decision = Karar sürecinizde kimler yer alıyor; teknik değerlendirmeyi kim yapıyor?
ask-time = Sizin için hangi dönem daha uygun: bu çeyrek mi, daha sonrası mı?
