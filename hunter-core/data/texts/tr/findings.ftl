### What the findings mean. Readings and tails are written for the seller; points and questions are said aloud, always
### with "siz". No sentence says more than the records show.

## Readings, with the records quoted.

record-word =
    { $count ->
        [1] kayıt
       *[other] kayıtlar
    }

finding-established-customer =
    Posta kutularının Microsoft tarafında olduğunu gösteren { record-word }: { $records }. SPF ve DKIM yayında, DMARC
    politikası da yürürlükte; temel ayarlar tamamlanmış görünüyor. Görüşmeyi Defender, Intune, Copilot ve yenileme
    tarihi üzerine kurabilirsiniz.
finding-basics-undone =
    Posta kutularının Microsoft tarafında olduğunu gösteren { record-word }: { $records }. DKIM ya da yürürlükte bir
    DMARC politikası ise eksik görünüyor; kısa bir e-posta kimlik doğrulama kontrolü, çabuk sonuç veren bir ilk adım
    olur.
finding-gateway-consolidation =
    Microsoft posta kutularının önünde ayrı bir ürün olduğunu gösteren { record-word }: { $records }. Koruma için iki
    ayrı ürüne para ödeniyor olabilir; bir şey söylemeden önce Microsoft planını ve geçidin sözleşmesini sorun. Geçit
    kalacaksa bağlayıcılar için gelişmiş filtreleme (Enhanced Filtering for Connectors) ayarına da bakılmalı.
finding-old-tenant =
    Eski bir kurulumdan kalmış olabilecek { record-word }: { $records }. Cihazları Intune'a yönlendiren
    enterpriseenrollment kaydı ise yok; plan Business Basic ya da Business Standard olabilir, kayıtlar bunu göstermez.
    Business Premium konusunu açmak için uygun bir başlangıç.
finding-unmaintained-tenant =
    Uzun süredir bakılmamış olabilecek { record-word }: { $records }. Bugün msoid kaydına yalnızca 21Vianet'in işlettiği
    Microsoft 365 ihtiyaç duyuyor; diğer kiracılarda Office etkinleştirmesini aksatabiliyor.
finding-dormant-tenant =
    Bir Microsoft kiracısının kurulmuş olduğunu gösteren { record-word }: { $records }. Gelen e-posta tarafında ise
    Microsoft görünmüyor. Kiracı Teams, OneDrive ya da Office için kullanılıyor olabilir, yarım kalmış bir deneme de
    olabilir; hangi lisansların bulunduğunu kayıtlar göstermez. Kimlik tarafı hazırsa geçiş kolaylaşır: önce genel
    yöneticinin kim olduğunu öğrenin.
finding-tenant-claimed =
    Alan adının bir Microsoft kiracısına eklenmek istendiğini gösteren { record-word }: { $records }. Bu yalnızca bir
    doğrulama kaydıdır; bugün bir kiracı bulunduğunu ya da kullanıldığını göstermez. Microsoft 365'in denenip
    denenmediğini sorun.
finding-split-estate =
    E-posta Google tarafında, cihaz kaydı ise Microsoft'a yönlendirilmiş: { $records }. İki platform yan yana yürütülüyor
    olabilir; Business Premium ya da E3 ile tek platformda birleştirmek konuşulabilir.
finding-hybrid =
    Exchange karma (hibrit) kurulumunu düşündüren { record-word }: { $records }. SPF kaydı Exchange Online'a gönderim
    izni veriyor, gelen e-posta ve Outlook istemcileri ise şirketin kendi alan adı altındaki sunuculara yönlendiriliyor.
    Sunucunun sürümünü sorun; desteği bitmiş bir sürümse taşıma ya da Exchange Server Subscription Edition gündeme
    gelir.
finding-own-servers-behind-gateway =
    Geçidin arkasında Microsoft ya da Google izi görünmüyor; SPF kaydı ise doğrudan sunucu adreslerine gönderim izni
    veriyor: { $records }. Arkada şirket içi bir posta sunucusu ya da bir barındırma hizmeti olabilir; öyleyse konu
    geçiştir.
finding-forwarding =
    Gelen e-postayı bir yönlendirme hizmetinin aldığını gösteren { record-word }: { $records }. Nereye iletildiğini
    kayıtlar göstermez; posta kutularının yerini görüşmede sorun.
finding-federated-identity =
    Microsoft, oturum açma sorgusuna verdiği yanıtta alan adını federe (Federated) olarak bildiriyor: { $records }. Yani
    oturumu AD FS ya da başka bir kimlik sağlayıcısı açıyor; proje kimlik tarafını da kapsayabilir.
finding-mailbox-by-traces = Posta kutuları için varılan bu sonucun dayandığı { record-word }: { $records }.

## Tails of the one-liner.

tail-dormant-tenant = ; kayıtlarda kurulmuş bir Microsoft kiracısı görünüyor
tail-tenant-claimed = ; alan adı bir Microsoft kiracısına eklenmek istenmiş görünüyor
tail-split-estate = ; cihaz kaydı Microsoft'a yönlendirilmiş görünüyor
tail-hybrid = ; Exchange karma (hibrit) kurulumu olabilir

## Points of the call.

script-gateway-consolidation =
    Gördüğümüz kadarıyla e-postalarınız Microsoft 365'e ayrı bir güvenlik geçidinden geçerek ulaşıyor; planınızda
    Defender for Office 365 varsa iki korumayı birlikte karşılaştırıp sadeleştirebiliriz.
script-old-tenant =
    Kayıtlarınızda eski bir kurulumun izleri olabilir; cihaz yönetimini de içeren Business Premium size uygun mu,
    birlikte bakabiliriz.
script-unmaintained-tenant =
    DNS kayıtlarınızda msoid adlı eski bir kayıt duruyor; Office etkinleştirmesini aksatabildiği için hâlâ gerekli olup
    olmadığına birlikte bakalım.
script-dormant-tenant =
    Alan adınız için bir Microsoft kiracısı kurulmuş görünüyor; bu kiracıya hâlâ erişebiliyorsanız geçişe sıfırdan
    başlamak gerekmeyebilir.
script-split-estate =
    Gördüğümüz kadarıyla e-postalarınız Google tarafında, cihaz kaydınız ise Microsoft'a yönlendirilmiş; ikisini tek
    platformda birleştirmenin size ne kazandıracağını birlikte hesaplayabiliriz.
script-hybrid =
    Kayıtlarınız, kendi sunucunuz ile Exchange Online'ın birlikte çalıştığını düşündürüyor; sunucuda kalan posta
    kutularının taşınmasını ya da sunucunun yenilenmesini birlikte planlayabiliriz.
script-own-servers-behind-gateway =
    E-postalarınızın bir güvenlik geçidinden geçtiğini görüyoruz; arkasındaki posta sunucusunu taşımak ya da yenilemek
    gündeminizdeyse seçenekleri birlikte çıkarabiliriz.

## Questions.

ask-established-customer = Defender, Intune ve Copilot lisanslarınızın içinde mi, yoksa gündeminizde mi?
ask-basics-undone = SPF, DKIM ve DMARC ayarlarınızla bugün kim ilgileniyor?
ask-gateway-consolidation = Microsoft planınızda Defender for Office 365 var mı; varsa etkin mi?
ask-old-tenant = Bilgisayarlarınızı ve telefonlarınızı Intune ile mi, başka bir araçla mı yönetiyorsunuz?
ask-unmaintained-tenant = DNS kayıtlarınızı bugün kim yönetiyor?
ask-dormant-tenant =
    Alan adınız için kurulmuş görünen Microsoft kiracısının genel yöneticisi kim; bugün Teams, OneDrive ya da Office
    kullanan ekipleriniz var mı?
ask-tenant-claimed = Microsoft 365'i daha önce denediniz mi; denediyseniz kiracıyı kim açmıştı?
ask-split-estate = Cihazlarınızı Microsoft tarafında mı yönetiyorsunuz; bunun için hangi lisansı kullanıyorsunuz?
ask-hybrid = Kendi Exchange sunucunuz var mı; varsa hangi sürümle çalışıyor ve üzerinde kaç posta kutusu kaldı?
ask-forwarding = Gelen e-postalarınız hangi adrese ya da hangi sisteme iletiliyor?
ask-federated-identity =
    Oturum açmayı AD FS, Okta ya da başka bir hizmetle mi yürütüyorsunuz; bu yapıyı sadeleştirmeyi düşünüyor musunuz?
ask-dmarc-test-mode = DMARC kaydınızdaki deneme dönemini ne zaman bitirmeyi planlıyorsunuz?
