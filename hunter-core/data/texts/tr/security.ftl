### Mail authentication. The clauses are also said aloud to the customer.

security-clauses =
    { $spf ->
        [present] SPF yayında
        [missing] SPF kaydı yok
        [several] SPF yayında ama birden fazla kayıt olduğu için geçersiz
        [malformed] SPF yayında ama yazım hatası yüzünden geçersiz
       *[unknown] SPF için henüz yanıt yok
    }, { $dkim ->
        [present] DKIM yayında
        [missing] DKIM kaydı yok
        [not-found] DKIM anahtarı hiçbir yaygın seçicide bulunamadı
       *[unknown] DKIM için henüz yanıt yok
    }, { $dmarc ->
        [absent] DMARC kaydı yok
        [none] DMARC yayında ama yalnızca izleme düzeyinde
        [quarantine] DMARC quarantine politikasıyla yürürlükte
        [reject] DMARC reject politikasıyla yürürlükte
        [partial] DMARC { $policy } politikasıyla yürürlükte ama pct etiketi yüzde { $coverage } değerinde
       *[unknown] DMARC için henüz yanıt yok
    }

security-summary =
    { $risk ->
        [high] Risk yüksek
        [medium] Risk orta
       *[low] Risk düşük
    }: { $clauses }.
security-summary-partial =
    Bilinen kayıtlara göre risk { $risk ->
        [high] yüksek
        [medium] orta
       *[low] düşük
    }: { $clauses }.

detail-spf =
    SPF: { $spf ->
        [present] geçerli bir kayıt yayında.
        [missing] kayıt yok; alıcılar bu alan adıyla kimin e-posta gönderebileceğini bilemiyor.
        [several] kayıt yayında ama geçersiz; birden fazla SPF kaydı var ve alıcılar bunu hata sayar.
        [malformed] kayıt yayında ama geçersiz; yazımında hata var.
       *[unknown] bu sorguya henüz yanıt yok; var ya da yok demek için erken.
    }
detail-spf-over-limit =
    Ancak kayıt, içerdiği kayıtlarla birlikte alıcıların yaptığından daha çok DNS sorgusu gerektiriyor; alıcılar bunu kalıcı
    hata sayar.
detail-spf-broken-include =
    Ancak kaydın içerdiği kayıtlardan biri yok ya da hatalı; alıcılar bunu kalıcı hata sayar.
detail-spf-managed =
    Kaydı bir SPF hizmeti barındırıyor; gönderenler orada yönetiliyor, bu yüzden kayda elle ekleme önermeyin.
detail-dkim =
    DKIM: { $dkim ->
        [present] yayında bir anahtar bulundu.
        [missing] kayıt yok; alan adında _domainkey adı hiç tanımlı değil.
        [not-found] hiçbir yaygın seçicide anahtar bulunamadı; farklı bir seçici kullanılıyor olabilir.
       *[unknown] bu sorguya henüz yanıt yok; var ya da yok demek için erken.
    }
detail-selectors = Denenen seçiciler: { $selectors }.
detail-dmarc =
    DMARC: { $dmarc ->
        [absent] kayıt yok; alıcılara sahte e-posta için bir politika bildirilmiyor.
        [none] kayıt yayında, yürürlükteki politika p=none; alıcılardan sahte e-posta için bir işlem istenmiyor.
        [quarantine] yürürlükteki politika quarantine; sahte e-postanın şüpheli sayılması isteniyor.
        [reject] yürürlükteki politika reject; sahte e-postanın geri çevrilmesi isteniyor.
       *[unknown] bu sorguya henüz yanıt yok; var ya da yok demek için erken.
    }
detail-testing =
    Kayıtta { $written } yazıyor, ancak t=y deneme işareti yüzünden politika bir kademe daha zayıf uygulanıyor.
detail-test-mode = Deneme işaretinin (t=y) bulunduğu kayıt: { $records }.
detail-coverage =
    Kayıttaki pct etiketi RFC 7489 döneminden kalma; onu hâlâ okuyan alıcılar politikayı { $coverage ->
        [0] hiçbir iletiye uygulamaz
       *[other] iletilerin yüzde { $coverage } kadarına uygular
    }.

angle =
    { $consequence ->
        [forgery] Konuyu alan adının taklit edilmesi üzerinden açın: sahte e-postanın geri çevrilmesini isteyen bir
            DMARC politikası yürürlükte değil. Teknik ayrıntıya girmeyin, kısa bir örnek yeterli olur.
        [delivery] Konuyu e-postaların alıcıya ulaşması üzerinden açın: DMARC politikası sıkı, SPF ve DKIM tarafı ise
            buna hazır görünmüyor; şirketin kendi e-postaları da takılabilir.
        [gap] Küçük ama somut bir iyileştirme önerin: e-posta kimlik doğrulama kayıtlarını birlikte gözden geçirmek iyi
            bir başlangıç olur.
        [partial] Başlanmış bir işi tamamlamayı önerin: DMARC politikası yürürlükte, eski pct etiketi ise kapsamını
            daraltabiliyor.
       *[clean] Bilinen kayıtlarda bir sorun yok; güvenlik kaygısı üzerinden değil, ek koruma ve yenileme tarihi
            üzerinden konuşun.
    }

remedy-unknown = Henüz yanıtı olmayan bilgileri yeniden sorgulayın: { $unknown }.
remedy-spf =
    { $spf ->
        [several] SPF kayıtlarını tek bir kayıtta birleştirin.
        [malformed] SPF kaydındaki yazım hatasını düzeltin.
       *[missing] E-posta gönderen sunucuları listeleyip tek bir SPF kaydı yayımlayın.
    }
remedy-dkim =
    { $dkim ->
        [missing] DKIM imzalamayı açıp anahtarı yayımlayın.
       *[not-found] Hangi DKIM seçicisinin kullanıldığını sorun; kullanılmıyorsa DKIM imzalamayı açın.
    }
remedy-dmarc =
    { $dmarc ->
        [absent] DMARC kaydını önce p=none ve bir rapor adresiyle yayımlayın, raporlarda sorun kalmayınca politikayı
            sıkılaştırın.
       *[none] DMARC raporlarını inceleyip politikayı önce quarantine, ardından reject düzeyine çıkarın.
    }
remedy-testing = Deneme dönemi bittiğinde DMARC kaydındaki t=y işaretini kaldırın.
remedy-coverage = DMARC kaydındaki pct etiketini kaldırın; RFC 9989 bu etiketi artık tanımıyor.
remedy-nothing = Şimdilik bir kayıt değişikliği gerekmiyor; DMARC raporlarını izlemek yeterli.
