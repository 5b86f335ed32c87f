//! Columns by their names, in Turkish and English.

use super::Role;

/// Names that mean one thing, folded. The first three roles lead to a domain.
const EXACT: &[(Role, &[&str])] = &[
    (
        Role::Domain,
        &[
            "domain",
            "domains",
            "domain name",
            "domain adi",
            "alan adi",
            "alanadi",
            "alan adlari",
            "fqdn",
            "hostname",
            "company domain",
            "sirket domaini",
            "firma domaini",
            "web domain",
            "email domain",
            "e posta alan adi",
            "mail domain",
            "internet alan adi",
        ],
    ),
    (
        Role::Website,
        &[
            "website",
            "web site",
            "websites",
            "web",
            "url",
            "web url",
            "web adresi",
            "web sitesi",
            "web sayfasi",
            "websitesi",
            "site",
            "site url",
            "homepage",
            "home page",
            "internet sitesi",
            "internet adresi",
            "internet sayfasi",
            "company website",
            "website url",
            "web address",
            "www",
            "webpage",
            "web page",
        ],
    ),
    (
        Role::Email,
        &[
            "email",
            "e mail",
            "mail",
            "eposta",
            "e posta",
            "email address",
            "e mail address",
            "email addresses",
            "mail address",
            "e posta adresi",
            "eposta adresi",
            "mail adresi",
            "email adresi",
            "e mail adresi",
            "contact email",
            "contact emails",
            "contact e mail",
            "iletisim e posta",
            "iletisim eposta",
            "iletisim mail",
            "elektronik posta",
            "kep",
            "work email",
            "business email",
            "kurumsal e posta",
        ],
    ),
    (
        Role::Company,
        &[
            "company",
            "company name",
            "companyname",
            "firma",
            "firma adi",
            "firma unvani",
            "firma ismi",
            "sirket",
            "sirket adi",
            "sirket unvani",
            "sirket ismi",
            "unvan",
            "unvani",
            "ticari unvan",
            "ticaret unvani",
            "ticari unvani",
            "kurum",
            "kurum adi",
            "kurulus",
            "kurulus adi",
            "isletme",
            "isletme adi",
            "musteri",
            "musteri adi",
            "musteri unvani",
            "cari unvan",
            "cari adi",
            "hesap adi",
            "account",
            "account name",
            "organization",
            "organisation",
            "organization name",
            "organisation name",
            "business name",
            "legal name",
            "name",
            "customer",
            "customer name",
            "bayi",
            "bayi adi",
            "uye",
            "uye adi",
            "uye firma",
            "marka",
        ],
    ),
    (
        Role::Phone,
        &[
            "phone",
            "phone number",
            "telephone",
            "telephone number",
            "tel",
            "tel no",
            "telefon",
            "telefon no",
            "telefon numarasi",
            "telefonu",
            "is telefonu",
            "sabit telefon",
            "cep",
            "cep telefonu",
            "gsm",
            "gsm no",
            "mobile",
            "mobile phone",
            "work phone",
            "business phone",
            "iletisim numarasi",
        ],
    ),
    (
        Role::City,
        &[
            "city",
            "il",
            "ili",
            "sehir",
            "sehri",
            "town",
            "il adi",
            "province",
            "merkez ili",
            "bulundugu il",
        ],
    ),
    (Role::Country, &["country", "ulke", "ulkesi", "country code", "ulke kodu"]),
    (
        Role::Employees,
        &[
            "seats",
            "employees",
            "employee",
            "employee count",
            "number of employees",
            "no of employees",
            "employees count",
            "headcount",
            "staff",
            "company size",
            "size",
            "calisan",
            "calisanlar",
            "calisan sayisi",
            "personel",
            "personel sayisi",
            "kisi sayisi",
            "kullanici sayisi",
            "users",
            "user count",
            "lisans sayisi",
            "koltuk",
            "eleman sayisi",
            "istihdam",
        ],
    ),
];

/// Words that tell a role within a longer name, the most telling role first: `Firma E-posta Adresi` is an
/// address.
const WORDS: &[(Role, &[&str])] = &[
    (Role::Email, &["email", "e mail", "eposta", "e posta", "mail"]),
    (Role::Domain, &["domain", "alan adi"]),
    (Role::Website, &["website", "web", "url", "internet sitesi", "internet adresi"]),
    (Role::Phone, &["telefon", "telefonu", "phone", "tel", "gsm"]),
    (Role::Employees, &["calisan", "employees", "personel sayisi", "headcount"]),
    (Role::Company, &["firma", "sirket", "unvan", "unvani", "company", "organization"]),
];

/// Words that make something else of a name: `Domain type`, `Firma kodu`.
const OTHERWISE: &[&str] = &[
    "type",
    "tipi",
    "turu",
    "tur",
    "kodu",
    "kod",
    "code",
    "id",
    "no",
    "number",
    "numarasi",
    "tarihi",
    "tarih",
    "date",
    "durumu",
    "durum",
    "status",
    "sahibi",
    "owner",
    "expiry",
    "bitis",
    "score",
    "puani",
    "not",
    "notu",
    "notes",
    "registrar",
    "count",
    "verified",
    "opt",
    "izni",
    "onayi",
];

/// Names of columns that are about a person or a remark: what stands there names no company.
const NO_COMPANY: &[&str] = &[
    "ad",
    "adi",
    "soyad",
    "soyadi",
    "isim",
    "first",
    "last",
    "firstname",
    "lastname",
    "surname",
    "yetkili",
    "kisi",
    "contact",
    "person",
    "adres",
    "address",
    "adresi",
    "not",
    "notlar",
    "note",
    "notes",
    "aciklama",
    "description",
    "id",
    "kod",
    "kodu",
    "code",
    "type",
    "tip",
    "tur",
    "sektor",
    "sector",
    "industry",
    "durum",
    "status",
    "tarih",
    "date",
    "kaynak",
    "source",
    "gorev",
    "title",
    "pozisyon",
    "position",
    "ilce",
    "district",
    "state",
    "region",
    "bolge",
    "mahalle",
    "category",
    "kategori",
    "vergi",
    "tax",
    "posta",
];

/// A name as it is compared: lower case, without marks, words parted by one blank; what stands in
/// brackets and numbers at the end are left out (`E-Posta 2`, `Telefon (iş)`).
pub(super) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut depth = 0_u32;
    for c in text.chars().flat_map(char::to_lowercase) {
        let plain = match c {
            '(' | '[' => {
                depth += 1;
                ' '
            }
            ')' | ']' => {
                depth = depth.saturating_sub(1);
                ' '
            }
            _ if depth > 0 => continue,
            'ç' => 'c',
            'ğ' => 'g',
            'ı' | 'î' => 'i',
            'ö' => 'o',
            'ş' => 's',
            'ü' | 'û' => 'u',
            'â' => 'a',
            // Marks of decomposed letters, such as the dot that `İ` leaves in lower case.
            '\u{300}'..='\u{36f}' => continue,
            c if c.is_alphanumeric() => c,
            _ => ' ',
        };
        if plain != ' ' {
            folded.push(plain);
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    let end = folded.trim_end_matches(|c: char| c == ' ' || c.is_ascii_digit()).len();
    folded.truncate(end);
    folded
}

/// What a folded name means by itself.
pub(super) fn exact(name: &str) -> Option<Role> {
    EXACT.iter().find(|(_, names)| names.contains(&name)).map(|(role, _)| *role)
}

/// What a longer folded name probably means; what stands in the column has to bear it out.
pub(super) fn partial(name: &str) -> Option<Role> {
    if has_word_of(name, OTHERWISE) {
        return None;
    }
    let has = |words: &str| format!(" {name} ").contains(&format!(" {words} "));
    WORDS.iter().find(|(_, words)| words.iter().any(|word| has(word))).map(|(role, _)| *role)
}

/// Whether a column of this folded name may hold companies' names.
pub(super) fn may_be_company(name: &str) -> bool {
    !has_word_of(name, NO_COMPANY)
}

fn has_word_of(name: &str, words: &[&str]) -> bool {
    name.split(' ').any(|word| words.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_both_languages_and_any_spelling() {
        for (name, expected) in [
            ("Alan Adı", Role::Domain),
            ("ALAN ADI", Role::Domain),
            ("alan_adi", Role::Domain),
            ("Domain Name", Role::Domain),
            ("WEB SİTESİ", Role::Website),
            ("Web-Sitesi:", Role::Website),
            ("E-Posta", Role::Email),
            ("E-MAİL", Role::Email),
            ("E-posta 2", Role::Email),
            ("contact_emails", Role::Email),
            ("ŞİRKET ÜNVANI", Role::Company),
            ("Firma Adı *", Role::Company),
            ("company_name", Role::Company),
            ("Telefon (iş)", Role::Phone),
            ("İL", Role::City),
            ("ŞEHİR", Role::City),
            ("Ülke", Role::Country),
            ("Çalışan Sayısı", Role::Employees),
            ("# Employees", Role::Employees),
        ] {
            assert_eq!(exact(&folded(name)), Some(expected), "{name}");
        }
    }

    #[test]
    fn longer_names_by_their_most_telling_word() {
        for (name, expected) in [
            ("Security contact email", Some(Role::Email)),
            ("Firma E-posta Adresi (genel)", Some(Role::Email)),
            ("Firmanın web adresi", Some(Role::Website)),
            ("Domain type", None),
            ("Firma kodu", None),
            ("Domain bitiş tarihi", None),
            ("Bundesland", None),
        ] {
            assert_eq!(partial(&folded(name)), expected, "{name}");
        }
    }

    #[test]
    fn every_listed_name_is_folded_and_stands_once() {
        let mut seen = std::collections::BTreeSet::new();
        for (_, names) in EXACT {
            for name in *names {
                assert_eq!(folded(name), *name);
                assert!(seen.insert(name), "{name} stands twice");
            }
        }
    }
}
