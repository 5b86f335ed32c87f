### Dated facts for the call, named by data/hooks.toml. Said aloud to the customer.

hook-smtp-auth-basic =
    Microsoft, SMTP AUTH için parolayla oturum açmanın 2026 yılının Aralık ayı sonunda mevcut müşterilerde varsayılan
    olarak kapatılacağını duyurdu; yöneticiler yeniden açabilecek. Yazıcı, tarayıcı ya da uygulamalarınızdan bu yolla
    posta gönderen var mı?
hook-exchange-end-of-support =
    Posta sunucunuzda Exchange 2016 ya da 2019 mu çalışıyor? Bu sürümlerin desteği { $date } tarihinde sona erdi.
hook-bulk-senders =
    Outlook.com, { $date } tarihinden bu yana kendisine günde 5.000 iletiden fazla gönderen alan adlarından SPF, DKIM ve en
    az p=none düzeyinde DMARC istiyor. { $domain } alan adında DMARC kaydı yok; toplu gönderim yapıyor musunuz?
hook-price-rise =
    Microsoft 365 liste fiyatları { $date } tarihinde birçok planda arttı ve artış her müşteriye kendi yenileme tarihinde
    yansıyor. Sizin yenileme tarihiniz ne zaman?
hook-isimtescil-txt =
    Alan adınız İsimtescil ad sunucularında görünüyor. Panelde TXT kayıtları 255 karakterle sınırlı olabiliyor ve 2048
    bitlik DKIM anahtarları kesilebiliyor; CNAME ile verilen anahtarlar etkilenmiyor. Böyle bir sorun yaşadınız mı?
hook-mx-microsoft =
    MX kaydınız mx.microsoft ile bitiyor; Microsoft bu adı 2026 yılının Temmuz ayından bu yana yeni eklenen alan adlarına
    veriyor. Alan adınızı Microsoft 365 ortamına yakın zamanda mı eklediniz?
