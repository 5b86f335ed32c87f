### Mail authentication. The clauses are also said aloud to the customer.

security-clauses =
    { $spf ->
        [present] SPF yayında
        [missing] SPF kaydı yok
        [several] SPF yayında ama birden fazla kayıt olduğu için geçersiz
        [malformed] SPF yayında ama yazım hatası yüzünden geçersiz
       *[unknown] SPF için yanıt alınamadı
    }, { $dkim ->
        [present] DKIM yayında
        [missing] DKIM kaydı yok
        [not-found] DKIM anahtarı olağan seçicilerde bulunamadı
       *[unknown] DKIM için yanıt alınamadı
    }, { $dmarc ->
        [absent] DMARC kaydı yok
        [none] DMARC yayında ama yalnızca izleme düzeyinde
        [quarantine] DMARC quarantine politikasıyla yürürlükte
        [reject] DMARC reject politikasıyla yürürlükte
        [partial] DMARC { $policy } politikasıyla yürürlükte ama pct etiketi yüzde { $coverage } düzeyinde
       *[unknown] DMARC için yanıt alınamadı
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
        [missing] kayıt yok; alıcılar bu alan adı adına kimin posta gönderebileceğini bilemiyor.
        [several] kayıt yayında ama geçersiz; birden fazla SPF kaydı var ve alıcılar bunu hata sayar.
        [malformed] kayıt yayında ama geçersiz; yazımında hata var.
       *[unknown] bu soruya yanıt alınamadı; var ya da yok demek için erken.
    }
detail-dkim =
    DKIM: { $dkim ->
        [present] yayında bir anahtar bulundu.
        [missing] kayıt yok; alan adında _domainkey adı hiç tanımlı değil.
        [not-found] olağan seçicilerin hiçbirinde anahtar bulunamadı; farklı bir seçici kullanılıyor olabilir.
       *[unknown] bu soruya yanıt alınamadı; var ya da yok demek için erken.
    }
detail-selectors = Denenen seçiciler: { $selectors }.
detail-dmarc =
    DMARC: { $dmarc ->
        [absent] kayıt yok; alıcılara sahte posta için bir politika bildirilmiyor.
        [none] kayıt yayında, yürürlükteki politika p=none; sahte posta yalnızca izleniyor.
        [quarantine] yürürlükteki politika quarantine; sahte posta şüpheli sayılıyor.
        [reject] yürürlükteki politika reject; sahte postanın geri çevrilmesi isteniyor.
       *[unknown] bu soruya yanıt alınamadı; var ya da yok demek için erken.
    }
detail-testing =
    Kayıtta { $written } yazıyor, ancak t=y deneme işareti yüzünden politika bir adım zayıf uygulanıyor.
detail-coverage =
    Kayıttaki pct etiketi, RFC 7489 döneminden kalma; onu hâlâ okuyan alıcılar politikayı { $coverage ->
        [0] hiçbir iletiye
       *[other] iletilerin yaklaşık yüzde { $coverage } kadarına
    } uygular.

angle =
    { $consequence ->
        [forgery] Konuyu alan adının taklit edilmesi üzerinden açın: sahte postanın geri çevrilmesini isteyen bir
            DMARC politikası yürürlükte değil. Teknik ayrıntıya girmeden, kısa bir örnek yeterli olur.
        [delivery] Konuyu postaların yerine ulaşması üzerinden açın: DMARC politikası sıkı, SPF ve DKIM tarafı ise
            buna hazır görünmüyor; şirketin kendi postaları da takılabilir.
        [gap] Küçük ama somut bir iyileştirme önerin: e-posta kimlik doğrulamasını birlikte gözden geçirmek iyi bir
            başlangıç olur.
        [partial] Başlanmış bir işi tamamlamayı önerin: DMARC politikası yürürlükte, eski pct etiketi ise kapsamını
            daraltıyor.
       *[clean] Bilinen kayıtlar düzgün; güvenlik kaygısı üzerinden değil, ek koruma ve yenileme tarihi üzerinden
            konuşun.
    }

remedy-unknown = Yanıt alınamayan sorguları yineleyin: { $unknown }.
remedy-spf =
    { $spf ->
        [several] SPF kayıtlarını tek bir kayıtta birleştirin.
        [malformed] SPF kaydındaki yazım hatasını düzeltin.
       *[missing] Posta gönderen sunucuları listeleyip tek bir SPF kaydı yayımlayın.
    }
remedy-dkim =
    { $dkim ->
        [missing] DKIM imzalamayı açıp anahtarı yayımlayın.
       *[not-found] Hangi DKIM seçicisinin kullanıldığını sorun; kullanılmıyorsa DKIM imzalamayı açın.
    }
remedy-dmarc =
    { $dmarc ->
        [absent] DMARC kaydını önce p=none ve bir rapor adresiyle yayımlayın, raporlar düzelince politikayı
            sıkılaştırın.
       *[none] DMARC raporlarını inceleyip politikayı önce quarantine, ardından reject düzeyine çıkarın.
    }
remedy-testing = Deneme dönemi bittiğinde DMARC kaydındaki t=y işaretini kaldırın.
remedy-coverage = DMARC kaydındaki pct etiketini kaldırın; RFC 9989 bu etiketi artık tanımıyor.
remedy-nothing = Şimdilik bir kayıt değişikliği gerekmiyor; DMARC raporlarını izlemeyi sürdürmek yeterli.
