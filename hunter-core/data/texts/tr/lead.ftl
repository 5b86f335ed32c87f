### The lead itself: one-liner, segment and provider. All of it is written for the seller.

## Who receives the mail: a clause that can follow a colon.

standing-named = e-posta { $provider } altyapısında görünüyor
standing-behind-gateway =
    e-posta { $gateway } { $front ->
        [forwarder] yönlendirme hizmetinden
       *[gateway] güvenlik geçidinden
    } geçiyor, arkasında { $provider } altyapısı görünüyor
standing-own = e-posta, şirketin kendi alan adı altındaki bir sunucuya yönlendiriliyor
standing-unlisted = e-posta, sağlayıcı tablomuzda yer almayan { $host } sunucusuna yönlendiriliyor
standing-traces = MX kaydı { $host } sunucusunu gösteriyor, başka kayıtlar ise { $provider } hizmetine işaret ediyor
standing-gateway =
    e-posta { $gateway } güvenlik geçidinden geçiyor, arkasındaki posta sistemi ise kayıtlardan görünmüyor
standing-forwarder = e-posta { $gateway } yönlendirme hizmetine geliyor, nereye iletildiği ise kayıtlardan görünmüyor
standing-undetermined = posta kutularını kimin barındırdığı kayıtlardan anlaşılmıyor
standing-null-mx = alan adı, null MX kaydıyla e-posta almadığını bildiriyor
standing-no-mx = alan adının MX kaydı bulunmuyor
standing-unanswered = e-postanın hangi sunucuya yönlendirildiği henüz bilinmiyor
standing-tenant-without-mail =
    iş ortağı yönlendirmesi bir Microsoft kiracısı gösteriyor, bu alan adında ise kullanılabilir bir MX kaydı yok
standing-tenant-elsewhere =
    iş ortağı yönlendirmesi bir Microsoft kiracısı gösteriyor, MX kaydı ise { $host } sunucusuna işaret ediyor
standing-tenant-only = iş ortağı yönlendirmesi bir Microsoft kiracısı gösteriyor

## One-liner: one sentence.

one-liner-migration =
    { $domain }: { $standing }; { $band ->
        [top] { $score } puanla Microsoft 365 geçişi için çok güçlü bir aday
        [high] { $score } puanla Microsoft 365 geçişi için güçlü bir aday
        [middle] { $score } puanla Microsoft 365 geçişi için umut vadeden bir aday
        [low] { $score } puanla Microsoft 365 geçişi için henüz erken
       *[unknown] Microsoft 365 geçişi için bir aday, puanı henüz hesaplanmadı
    }{ $tails }.
one-liner-existing =
    { $domain }: { $standing }; { $band ->
        [top] { $score } puanla düzenli görünen bir Microsoft müşterisi, görüşme konusu yenileme ve ek güvenlik
        [high] { $score } puanla iyi durumda bir Microsoft müşterisi, görüşme konusu yenileme ve iyileştirme
        [middle] { $score } puanla gelişime açık bir Microsoft müşterisi, görüşme konusu temel güvenlik ayarları
        [low] { $score } puanla eksikleri olan bir Microsoft müşterisi, görüşme konusu temel güvenlik ayarları
       *[unknown] puanı henüz hesaplanmamış bir Microsoft müşterisi
    }{ $tails }.
one-liner-cold =
    { $domain }: { $standing }; { $band ->
        [top] { $score } puanla altyapısı iyi görünen ama henüz soğuk bir aday
        [high] { $score } puanla altyapısı iyi görünen ama henüz soğuk bir aday
        [middle] { $score } puanla henüz soğuk bir aday, tanışma görüşmesi için uygun
        [low] { $score } puanla soğuk bir aday, acele etmeden tanışmakta yarar var
       *[unknown] puanı henüz hesaplanmamış, soğuk bir aday
    }{ $tails }.
one-liner-skip =
    { $domain }: { $standing }; { $band ->
        [top] { $score } puana rağmen şimdilik arama listesinin dışında
        [high] { $score } puana rağmen şimdilik arama listesinin dışında
        [middle] { $score } puanla şimdilik arama listesinin dışında
        [low] { $score } puanla şimdilik arama listesinin dışında
       *[unknown] şimdilik arama listesinin dışında
    }{ $tails }.
one-liner-none = { $domain }: { $standing }; segmenti henüz belli değil, önce eksik bilgiler tamamlanmalı{ $tails }.

tail-size =
    ; { $size ->
        [small] küçük ölçekli (1-50 kullanıcı)
        [medium] orta ölçekli (51-500 kullanıcı)
        [large] büyük ölçekli (501 ve üzeri kullanıcı)
       *[unknown] ölçeği bilinmiyor
    }
tail-country = ; IP verilerine göre sunucunun bulunduğu ülke { $country-name }
tail-proxy = ; dikkat: IP adresi vekil sunucu (proxy) olarak işaretli, konum bilgisi yanıltıcı olabilir

## Segment explanation.

segment-migration = Geçiş segmentinde (Migration): { $standing }.
segment-existing = Mevcut müşteri segmentinde (Existing): { $standing }.
segment-cold = Soğuk aday segmentinde (Cold): { $standing }.
segment-skip = Bekleme segmentinde (Skip): { $standing }.
segment-none = Segment henüz belirlenmedi: { $standing }.

segment-score = Hazırlık puanı 100 üzerinden { $score }; segment bu puana ve sağlayıcı sınıfına göre belirlendi.
segment-score-range =
    Hazırlık puanı eldeki bilgilere göre { $score }; eksik bilgiler tamamlandığında { $low } ile { $high } arasında bir
    değer alabilir.
segment-score-unknown = Hazırlık puanı henüz hesaplanmadı.
segment-score-alone = Hazırlık puanı 100 üzerinden { $score }.
segment-by-tenant =
    İş ortağı yönlendirmesinde bir Azure kiracı kimliği bulunduğu için mevcut müşteri sayılıyor.
segment-without-mail = Kullanılabilir bir MX kaydı olmadığı için puanlanmadan beklemeye alındı.

segment-advice-migration = Görüşmenin konusu, e-postanın Microsoft 365 ortamına taşınması.
segment-advice-existing = Görüşmenin konusu, mevcut kurulumun iyileştirilmesi ve yenileme tarihi.
segment-advice-cold = Önce tanışmak, geçiş teklifini sonraya bırakmak uygun olur.
segment-advice-skip = Şimdilik zaman ayırmayı gerektiren bir işaret yok; durum değişirse yeniden değerlendirin.
segment-advice-none = Eksik bilgiler tamamlanınca alan adını yeniden değerlendirin.

unknown-facts = Henüz bilinmeyenler: { $unknown }.

## Provider reasoning: the evidence, quoted.

evidence-mx = En öncelikli MX sunucusu: { $host }.
evidence-named-listed = Bu sunucu, sağlayıcı tablomuzda { $provider } olarak geçiyor.
evidence-named-unconfirmed = Sınıflandırma sonucu { $provider }; görüşmede doğrulayın.
evidence-behind-gateway =
    Öndeki sunucu bir { $gateway } { $front ->
        [forwarder] yönlendirme hizmeti
       *[gateway] güvenlik geçidi
    }; alan adının başka kayıtları, arkasında { $provider } altyapısı olduğuna işaret ediyor.
evidence-own =
    Sunucu, şirketin kendi alan adı altında; nerede barındırıldığı ve hangi yazılımla çalıştığı kayıtlardan anlaşılmıyor,
    görüşmede sorun.
evidence-unlisted = Bu sunucu sağlayıcı tablomuzda yok; bu yüzden bir sağlayıcı adı vermiyoruz.
evidence-traces =
    Bu sunucu sağlayıcı tablomuzda yok; alan adının başka kayıtları { $provider } hizmetine işaret ediyor. Posta
    kutularının nerede olduğunu görüşmede doğrulayın.
evidence-gateway =
    Öndeki sunucu bir { $gateway } güvenlik geçidi; arkasında hangi posta sisteminin olduğu kayıtlardan görünmüyor,
    görüşmede sorun.
evidence-forwarder = Bu sunucu, gelen e-postayı başka bir adrese ileten { $gateway } hizmetine ait.
evidence-undetermined = Posta kutularının hangi sistemde olduğu kayıtlardan anlaşılmıyor; ilk soru bu olmalı.
evidence-null-mx = Alan adı null MX kaydı yayımlıyor; yani e-posta kabul etmediğini kendisi bildiriyor.
evidence-no-mx = MX sorgusuna kesin yanıt geldi: kayıt yok. Şirket başka bir alan adı kullanıyor olabilir.
evidence-unanswered = MX kaydı için elimizde henüz bir yanıt yok; sağlayıcı hakkında bir şey söylemek için erken.
evidence-tenant-without-mail =
    Alan adında kullanılabilir bir MX kaydı yok; şirket e-posta için başka bir alan adı kullanıyor olabilir.
evidence-tenant-elsewhere =
    Bu sunucu, bilinen Microsoft MX adları arasında değil; posta kutuları ile kiracının ilişkisini görüşmede netleştirin.
evidence-tenant-only = MX kaydı için elimizde henüz bir yanıt yok; posta kutularının nerede olduğunu görüşmede sorun.
evidence-spf = SPF kaydı, { $spf-include } kaynağına gönderim izni veriyor.
evidence-dkim = DKIM kaydı { $dkim-target } adresine işaret ediyor.
evidence-autodiscover = Autodiscover kaydı, Outlook istemcilerini { $autodiscover-target } adresine yönlendiriyor.
evidence-tenant-name = DKIM kaydında görünen kiracı adı: { $tenant-name }.
evidence-senders = Gönderim için tanımlanmış diğer hizmetler: { $senders }.
evidence-tenant =
    İş ortağı yönlendirmesinde bir Azure kiracı kimliği var; bu, kiracının varlığını gösterir, lisans türünü göstermez.
evidence-licence = Lisans türü DNS kayıtlarından anlaşılmaz; görüşmede sorun.
