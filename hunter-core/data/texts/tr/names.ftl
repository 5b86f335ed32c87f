### Dates, sums, lists and names. A line break inside a message reads as a blank.

date =
    { $day } { $month ->
        [1] Ocak
        [2] Şubat
        [3] Mart
        [4] Nisan
        [5] Mayıs
        [6] Haziran
        [7] Temmuz
        [8] Ağustos
        [9] Eylül
        [10] Ekim
        [11] Kasım
       *[12] Aralık
    } { $year }

sum =
    { $amount } { $currency ->
        [EUR] €
        [USD] $
        [GBP] £
        [TRY] TL
       *[other] { $currency }
    }

number-group = .
number-decimal = ,

list-comma = { $first }, { $last }
list-and = { $first } ve { $last }

timeline =
    { $timeline ->
        [day] 24 saat
        [three-days] 3 gün
        [week] 1 hafta
       *[month] 1 ay
    }

segment-name =
    { $segment ->
        [migration] geçiş
        [existing] mevcut müşteri
        [cold] soğuk aday
        [skip] bekleme
       *[none] belirsiz
    }

size-name =
    { $size ->
        [small] küçük, 1-50 kullanıcı
        [medium] orta, 51-500 kullanıcı
        [large] büyük, 501 ve üzeri kullanıcı
       *[unknown] bilinmiyor
    }

level-name =
    { $level ->
        [high] yüksek
        [medium] orta
       *[low] düşük
    }

# What stands in for a provider's name where only the class is known.
class-name =
    { $class ->
        [m365] Microsoft 365
        [google] Google Workspace
        [yandex] Yandex 360
        [zoho] Zoho Mail
        [amazon] Amazon
        [sendgrid] SendGrid
        [mailgun] Mailgun
        [hosting] barındırma
        [local] yerel sunucu
       *[unknown] bilinmeyen
    }

signal-name =
    { $signal ->
        [provider] e-posta sağlayıcısı
        [spf] SPF
        [dkim] DKIM
       *[dmarc] DMARC
    }

country-name =
    { $country ->
        [TR] Türkiye
        [DE] Almanya
        [US] ABD
        [NL] Hollanda
        [GB] Birleşik Krallık
        [FR] Fransa
        [IE] İrlanda
        [IT] İtalya
        [ES] İspanya
        [BE] Belçika
        [CH] İsviçre
        [AT] Avusturya
        [BG] Bulgaristan
        [GR] Yunanistan
        [FI] Finlandiya
        [SE] İsveç
        [PL] Polonya
        [RU] Rusya
        [AZ] Azerbaycan
        [CY] Kıbrıs
        [AE] Birleşik Arap Emirlikleri
       *[other] { $country }
    }

## Headings of the plain-text summary.

heading-segment = Segment
heading-provider = E-posta altyapısı
heading-security = Güvenlik
heading-script = Görüşme metni
heading-hooks = Görüşmede değinilebilecek güncel konular
heading-questions = Sorulacak sorular
heading-offer = Teklif
heading-potential = Fırsat puanı
heading-urgency = Aciliyet
heading-next-step = Sonraki adım
heading-note = İç not
