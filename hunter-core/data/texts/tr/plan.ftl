### Offer, potential, urgency and next step. Written for the seller.

offer-price = { $license }: kullanıcı başına aylık { $price }.
offer-migration-fee = Tek seferlik geçiş ücreti { $fee }.
offer-defender = Microsoft Defender eklentisi kullanıcı başına aylık { $defender }.
offer-consulting = Danışmanlık paketi { $consulting }.
offer-existing = Önce mevcut lisansı sorun; aşağıdaki fiyat yalnızca karşılaştırma içindir.
offer-cold = İlk görüşmede fiyat vermeyin; ihtiyaç netleşirse aşağıdaki fiyattan başlayabilirsiniz.
offer-skip = Şimdilik teklif hazırlamayın; ilgi doğarsa aşağıdaki fiyattan başlayabilirsiniz.
offer-size-unknown = Kullanıcı sayısı bilinmediği için kademe kesin değil; görüşmede netleştirin.
offer-as-of = Fiyatlar { $as-of } tarihli listeye göredir.

factor-segment = Segment ({ $segment-name }): { $points } puan.
factor-readiness = Hazırlık puanı { $score }: { $points } puan.
factor-readiness-none = Hazırlık puanı bilinmiyor; taban değer olarak { $points } puan.
factor-readiness-zero = Hazırlık puanı 0; taban değer olarak { $points } puan.
factor-priority = Öncelik sırası { $priority } (1 en yüksek, 7 en düşük): { $points } puan.
factor-priority-none = Öncelik sırası bilinmiyor: { $points } puan.
factor-size = Ölçek ({ $size-name }): { $points } puan.
factor-contact = İletişim bilgilerinin kalitesi, 100 üzerinden { $quality }: { $points } puan.

potential-parts =
    segment { $segment-points }, hazırlık { $readiness-points }, öncelik { $priority-points }, ölçek { $size-points }
potential-parts-contact = { $parts }, iletişim { $contact-points }
potential-plain = Fırsat puanı { $total }: { $parts }.
potential-tuned = Fırsat puanı { $total }: { $parts }; toplam { $sum }, ayar katsayısı { $factor }.
potential-capped = Fırsat puanı { $total }: { $parts }; toplam { $sum }, ayar katsayısı { $factor }, üst sınır 100.

urgency-priority = Öncelik sırası { $priority }, listenin üst sıralarında.
urgency-score = Segment: { $segment-name }; hazırlık puanı: { $score }.
urgency-nothing = Acele gerektiren bir işaret yok.
registration-ended =
    Alan adının kayıt süresi { $days } gün önce, { $date } tarihinde sona ermiş görünüyor; yenilenip yenilenmediğini
    sorun.
registration-ends-today = Alan adının kayıt süresi bugün, { $date } tarihinde sona eriyor.
registration-ends = Alan adının kayıt süresi { $days } gün sonra, { $date } tarihinde sona eriyor.
registration-registrar = Kayıt kuruluşu olarak { $registrar } görünüyor.

step-call =
    { $timeline-name } içinde arayın. { $segment ->
        [migration] E-postanın Microsoft 365 ortamına taşınması için yarım saatlik bir planlama görüşmesi önerin.
        [existing] Mevcut Microsoft kurulumunu birlikte gözden geçirmeyi önerin, yenileme tarihini öğrenin.
        [cold] Kısaca kendinizi tanıtın, bugünkü e-posta düzenlerini dinleyin.
       *[none] Bugünkü e-posta düzenlerini ve kullanıcı sayısını öğrenin.
    }
step-email =
    { $timeline-name } içinde kısa bir e-posta gönderin. { $segment ->
        [migration] Geçişin nasıl yürüdüğünü anlatan bir sayfalık bir özet ekleyin ve görüşme için gün önerin.
        [existing] E-posta güvenliği kontrolünden ve yenileme tarihinden söz edin.
        [cold] Kendinizi tanıtın, herkese açık kayıtlardan çıkan özeti paylaşın.
       *[none] Kendinizi tanıtın, e-posta düzenlerini öğrenmek istediğinizi yazın.
    }
step-wait = Şimdilik aramayın; { $timeline-name } sonra kayıtları yeniden tarayıp durumu tekrar değerlendirin.

note-summary = Fırsat puanı { $potential }, aciliyet { $level-name }.
note-refusal = İletişime geçmeden önce ret listesini kontrol edin.
