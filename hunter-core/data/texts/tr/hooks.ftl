### Dated facts for the call, named by data/hooks.toml. Said aloud to the customer.

hook-smtp-auth-basic =
    Microsoft, SMTP AUTH gönderiminde parolaya dayalı temel kimlik doğrulamayı Aralık 2026 sonunda mevcut müşterilerde
    varsayılan olarak kapatacağını duyurdu; yöneticiler isterse yeniden açabilecek. Bu yolla e-posta gönderen yazıcınız,
    tarayıcınız ya da uygulamanız var mı?
hook-exchange-end-of-support =
    Posta sunucunuzda Exchange 2016 ya da 2019 mu kullanıyorsunuz? Bu sürümlerin desteği { $date } tarihinde sona erdi.
hook-bulk-senders =
    Outlook.com, { $date } tarihinden bu yana kendisine günde 5.000'den fazla ileti gönderen alan adlarından SPF, DKIM ve
    en az p=none düzeyinde DMARC istiyor. { $domain } alan adında DMARC kaydı yok; toplu gönderim yapıyor musunuz?
hook-price-rise =
    Microsoft 365 liste fiyatları { $date } tarihinde birçok planda arttı; artış her müşteriye kendi yenileme tarihinde
    yansıyor. Sizin yenileme tarihiniz ne zaman?
hook-gateway-defender =
    Defender for Office 365 Plan 1, artık Business Premium ile birlikte E3 planlarında da yer alıyor. Planınız bunlardan
    biriyse güvenlik geçidinizin sözleşmesini yenilemeden önce ikisini karşılaştırmak ister misiniz?
hook-isimtescil-txt =
    Kayıtlarınızda İsimtescil altyapısı görünüyor. Alan adınızı bu panelden yönetiyorsanız TXT kayıtları 255 karakterle
    sınırlı kalabiliyor ve 2048 bitlik DKIM anahtarları kesilebiliyor; CNAME ile tanımlanan anahtarlar etkilenmiyor.
    Böyle bir sorun yaşadınız mı?
hook-mx-microsoft =
    MX kaydınız mx.microsoft ile bitiyor; Microsoft bu adı Temmuz 2026'dan bu yana yeni eklenen alan adlarına veriyor.
    Alan adınızı Microsoft 365 ortamına yakın zamanda mı eklediniz?
