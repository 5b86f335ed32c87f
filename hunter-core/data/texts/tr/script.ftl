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
    { $greeting } Kısa bir tanışma için aradım; { $who } tarafında e-posta işleriyle ilgilenen kişiyle görüşebilir miyim?
script-cold-observation-high =
    { $domain } alan adının herkese açık kayıtlarına baktık ve bilmenizde yarar olan bir durum gördük: { $clauses }.
script-cold-observation-medium =
    { $domain } alan adının herkese açık kayıtlarına baktık; genel tablo fena değil, üzerinde durulabilecek bir nokta
    var: { $clauses }.
script-cold-observation-low =
    { $domain } alan adının herkese açık kayıtlarına baktık, gördüklerimiz düzgün: { $clauses }. Posta tarafında sizi
    yoran başka bir konu varsa dinlemek isteriz.
script-cold-observation-unknown =
    { $domain } alan adının kayıtlarından henüz yanıt alamadık, o yüzden doğrudan size sormak istedim: e-posta tarafında
    her şey yolunda mı?
script-cold-invitation =
    Şu an uygun değilseniz hiç sorun değil; bulduklarımızı bir sayfalık bir özet olarak gönderelim, ne zaman isterseniz
    konuşuruz.

# What the faults mean for the customer.
effect =
    { $consequence ->
        [forgery] Bu hâliyle, sizin adınızla gönderilen sahte bir postayı alıcı tarafın ayıklaması zorlaşıyor.
        [delivery] Bu hâliyle, sizin gönderdiğiniz postalar da karşı tarafta takılabilir.
        [gap] Bu ayarlar, postalarınızın güvenilir sayılmasını kolaylaştırıyor.
       *[partial] Eski pct etiketi kaldırılınca politikanız her alıcıda bütün postanıza uygulanır.
    }

## Migration: opening, proxy note, value by size, closing by score band.

script-migration-opening-named =
    { $greeting } E-postanızın bugün { $provider } altyapısında olduğunu gördük; Microsoft 365 geçişi gündeminizdeyse
    nasıl yardımcı olabileceğimizi konuşmak isteriz.
script-migration-opening-own =
    { $greeting } E-postanızı kendi alan adınız altındaki bir sunucuda karşıladığınızı gördük; Microsoft 365 geçişi
    gündeminizdeyse nasıl yardımcı olabileceğimizi konuşmak isteriz.
script-migration-opening-other =
    { $greeting } { $domain } alan adının e-posta altyapısı için aradım; Microsoft 365 geçişi sizin için anlamlı olur
    mu, birlikte bakmak isteriz.
script-migration-proxy =
    Sunucunuzun IP adresi vekil sunucu (proxy) olarak görünüyor; geçişi planlarken ağ yapınızı da birlikte gözden
    geçirmek isteriz.
script-migration-value =
    { $size ->
        [small] Sizin ölçeğinizde bir ekipte geçişi iş saatlerinizi gözeterek planlıyoruz; e-posta, takvim ve dosyalar
            tek yerde toplanıyor.
        [medium] Sizin ölçeğinizde geçişi bölüm bölüm planlıyoruz; kullanıcı yönetimi ve güvenlik ayarları tek yerden
            yürütülebiliyor.
        [large] Sizin ölçeğinizde geçişe bir pilot grupla başlıyor, güvenlik ve uyum gereksinimlerinizi en baştan plana
            katıyoruz.
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
    { $greeting } E-postanızın { $provider } üzerinde olduğunu gördük; kurulumunuzdan ne kadar memnun olduğunuzu sormak
    istedim.
script-existing-opening-other =
    { $greeting } Microsoft tarafındaki kurulumunuz için aradım; bugün nasıl kullandığınızı ve ne kadar memnun olduğunuzu
    sormak istedim.
script-existing-hardening =
    { $risk ->
        [high] { $domain } alan adının herkese açık kayıtlarına baktık: { $clauses }. { $effect } İsterseniz bunu birlikte
            toparlayalım.
        [medium] { $domain } alan adının herkese açık kayıtlarına baktık: { $clauses }. { $effect } İsterseniz bunu
            birlikte tamamlayalım.
       *[low] { $domain } alan adının herkese açık kayıtlarına baktık, gördüklerimiz düzgün: { $clauses }. Bir sonraki adım
            olarak kimlik avına karşı koruma ve cihaz yönetimi ayarlarınızı gözden geçirebiliriz.
    }
script-existing-hardening-unknown =
    { $domain } alan adının kimlik doğrulama kayıtlarından henüz yanıt alamadık; dilerseniz SPF, DKIM ve DMARC ayarlarınızı
    birlikte gözden geçirelim.
script-existing-closing =
    { $band ->
        [top] Yenileme tarihiniz gelmeden lisanslarınızı ve ek güvenlik seçeneklerini birlikte gözden geçirelim mi?
        [high] Yenileme tarihiniz gelmeden yarım saatlik bir gözden geçirme yapalım mı?
        [middle] Size kısa bir e-posta güvenliği kontrolü önerelim; sonucu yazılı olarak da paylaşırız.
        [low] Temel ayarlardan başlayan kısa bir kontrol önerelim; uygun bir gün söylerseniz planlayalım.
       *[unknown] Dilerseniz önce mevcut durumunuzu birlikte çıkaralım; uygun bir gün söylerseniz planlayalım.
    }

## Skip, and leads without a segment: two neutral points.

script-skip-opening = { $greeting } { $who } tarafında e-posta işleriyle kimin ilgilendiğini öğrenmek için aradım.
script-skip-without-mail =
    { $domain } alan adında e-posta kullanmadığınızı gördük; yazışmalarınız için başka bir alan adınız var mı?
script-skip-closing = Bugün için bir önerimiz yok; ileride ihtiyacınız olursa memnuniyetle yardımcı oluruz.
script-none-question =
    Kayıtlarınızdan net bir sonuç çıkaramadık; e-postanızı bugün hangi sistemde kullandığınızı öğrenebilir miyim?

## Discovery questions.

ask-migration-pain = Bugün kullandığınız e-posta sisteminde sizi en çok ne zorluyor?
ask-migration-date = Geçiş için aklınızda bir tarih ya da çekindiğiniz bir konu var mı?
ask-existing-licence = Hangi Microsoft lisanslarını kullanıyorsunuz ve yenileme tarihiniz ne zaman?
ask-existing-support = Lisans ve destek işlerini bugün kiminle yürütüyorsunuz?
ask-cold-today = E-posta ve dosya paylaşımını bugün nasıl yürütüyorsunuz?
ask-cold-change = Önümüzdeki bir yıl içinde bu tarafta bir değişiklik düşünüyor musunuz?
ask-skip-domain = Yazışmalarınız için kullandığınız başka bir alan adı var mı?
ask-skip-change = Altyapınızda yakın zamanda değişen ya da değişecek bir şey var mı?
ask-none-system = E-postanızı bugün hangi sistemde kullanıyorsunuz?

ask-provider =
    { $class ->
        [m365] Microsoft 365 içinde e-posta dışında hangi uygulamaları kullanıyorsunuz?
        [google] Google Workspace sözleşmeniz ne zaman yenileniyor; Gmail dışında Drive ve Takvim de taşınacak mı?
        [yandex] Yandex tarafındaki posta kutularınız kaç kullanıcıyı ve ne kadar veriyi kapsıyor?
        [zoho] Zoho tarafında e-posta dışında hangi uygulamaları kullanıyorsunuz?
        [amazon] Amazon hizmetini çalışanların posta kutuları için mi, yoksa uygulama postaları için mi kullanıyorsunuz?
        [sendgrid] SendGrid dışında, çalışanlarınızın posta kutuları hangi sistemde duruyor?
        [mailgun] Mailgun dışında, çalışanlarınızın posta kutuları hangi sistemde duruyor?
        [hosting] E-posta, web barındırma paketinizin bir parçası mı; paketin bitiş tarihi ne zaman?
        [local] E-posta hizmetini kimden alıyorsunuz; yedekleme ve destek kimin sorumluluğunda?
       *[unknown] Posta kutularınız bugün hangi sistemde duruyor?
    }
ask-own-server = Posta sunucunuz nerede duruyor, hangi yazılımla çalışıyor ve yedeklerini kim alıyor?
ask-gateway = Önünüzdeki { $gateway } güvenlik geçidinin sözleşmesi ne zaman bitiyor; hangi özelliği sizin için vazgeçilmez?
ask-tenant = Microsoft kiracınızı bugün hangi uygulamalar için kullanıyorsunuz ve genel yöneticisi kim?

ask-size =
    { $size ->
        [small] Kaç kişi e-posta kullanıyor; ortak posta kutularınız var mı?
        [medium] Kullanıcılarınız kaç lokasyonda çalışıyor; uzaktan çalışanların cihazlarını nasıl yönetiyorsunuz?
        [large] Dizin ve oturum açma altyapınız (Active Directory, tek oturum açma) nasıl kurulu; uyum tarafında hangi
            gereksinimleriniz var?
       *[unknown] Toplam kaç kullanıcınız var ve kaçı e-posta kullanıyor?
    }
ask-budget = Bu konu için ayrılmış bir bütçeniz var mı, yoksa yıl içinde mi planlanacak?
ask-decision = Karar sürecinizde kimler yer alıyor; teknik değerlendirmeyi kim yapıyor?
ask-time = Sizin için uygun zaman ne: bu çeyrek mi, yoksa daha sonrası mı?
