### Labels of the one-page summary of a lead.

page-title = Aday özeti
page-score = Hazırlık puanı
page-score-range = olası aralık: { $low }–{ $high }
page-score-none = E-posta sağlayıcısı bilinmediği için puan verilmedi.
page-priority = Öncelik
page-category =
    { $category ->
        [p1] yüksek potansiyel, rakip yok
        [p2] rakipten geçiş
        [p3] iş ortağı zayıf
        [p4] yenileme baskısı
        [p5] uzun soluklu takip
       *[p6] arşiv
    }
page-size = Büyüklük
page-confidence = güven: %{ $percent }
page-gateway = Ağ geçidi
page-expiry = Alan adı bitişi
page-breakdown = Puanın dağılımı
page-no-breakdown = Puanı oluşturan satır yok.
page-total = Toplam
page-evidence = Kanıtlar
page-no-evidence = Kayıt yok.
page-unknown = Henüz bilinmeyenler
page-all-known = Puanın dayandığı her şey biliniyor.
page-not-known = bilinmiyor
page-footer = Gözlem: { $date } · Kurallar: { $rules }
page-fact =
    { $fact ->
        [present] var
        [missing] yok
       *[unknown] bilinmiyor
    }

# The rows of a score.
page-points =
    { $row ->
        [base] Başlangıç
        [provider] E-posta sağlayıcısı
        [spf] SPF var
        [dkim] DKIM var
        [dmarc-reject] DMARC: reject
        [dmarc-quarantine] DMARC: quarantine
        [dmarc-none] DMARC: none
        [no-spf] SPF yok
        [no-dkim] DKIM yok
        [dkim-none] DKIM anahtarı bulunamadı
        [hosting-mx-weak] Zayıf paylaşımlı barındırma
        [spf-multiple-includes] SPF'te çok sayıda include
        [clamp] 0–100 sınırı
        [referral-tenant] Yönlendirme: kiracı
        [referral-co-sell] Yönlendirme: ortak satış
       *[other] Diğer
    }
