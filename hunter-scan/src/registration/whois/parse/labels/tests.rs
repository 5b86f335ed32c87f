use super::*;

fn field(label: &str) -> Option<Field> {
    meaning(label).map(|meaning| meaning.field)
}

#[test]
fn a_label_means_the_same_in_every_spelling() {
    for (field_of, labels) in [
        (
            Field::Expires,
            &[
                "Registry Expiry Date",
                "EXPIRATION-DATE",
                "expires_on",
                "paid-till",
                "Valid Until",
                "Renewal date",
                "Record Expired",
                "domain_datebilleduntil",
                "Registrar Registration Expiration Date",
                "Data de expiração / Expiration Date (dd/mm/yyyy)",
                "Fecha de vencimiento",
                "Date d'expiration",
                "有効期限",
                "Domain will expire",
            ][..],
        ),
        (
            Field::Created,
            &[
                "Creation Date",
                "created",
                "Domain Registration Date",
                "First Registered Date",
                "Registered on",
                "Record Created",
                "Date de création",
                "登録年月日",
            ],
        ),
        (
            Field::Updated,
            &["Updated Date", "last-update", "Last Modified", "changed", "Última modificación"],
        ),
        (
            Field::NameServer,
            &[
                "Name Server",
                "nserver",
                "ns1_hostname",
                "Name Server 2",
                "NS 1",
                "Domain Servers",
                "Servidores de nombre (Domain servers)",
            ],
        ),
        (
            Field::Registrar,
            &[
                "Registrar",
                "Sponsoring Registrar",
                "registrar-name",
                "Current Registar",
                "Registrado por",
            ],
        ),
        (Field::Status, &["Status", "domain_status", "Estatus del dominio", "Estado / Status"]),
        (Field::Domain, &["Domain Name", "DOMAIN", "Nombre de Dominio"]),
    ] {
        for label in labels {
            assert_eq!(field(label), Some(field_of), "{label}");
        }
    }
}

#[test]
fn what_only_sounds_alike_means_nothing() {
    for label in [
        "Created by Registrar",
        "Last Updated by Registrar",
        "Last Transferred Date",
        "Registrant Created",
        "Tech Updated",
        "Registrar URL",
        "Registrar IANA ID",
        "Registrar WHOIS Server",
        "Whois database was last updated on",
        "Name Server IP",
        "DNSSEC",
        "Transfer Status",
        "free-date",
        "Last Update Time",
        "",
    ] {
        assert!(
            !matches!(
                field(label),
                Some(Field::Created | Field::Expires | Field::Registrar | Field::NameServer)
            ) && (label == "Last Update Time" || field(label) != Some(Field::Updated)),
            "{label}: {:?}",
            field(label)
        );
    }
}

#[test]
fn headings_open_what_they_name() {
    for (heading, section_of) in [
        ("Registrar", Some(Section::Registrar)),
        ("Registrar Information", Some(Section::Registrar)),
        ("Registrar Technical Contacts", Some(Section::Other)),
        ("Domain Holder", Some(Section::Other)),
        ("Domain Owners / Registrant", Some(Section::Other)),
        ("NAME SERVER INFORMATION", Some(Section::NameServers)),
        ("Domain Details", Some(Section::Domain)),
        ("Registrar IANA ID", None),
        ("Disclaimer", None),
    ] {
        assert_eq!(section(heading), section_of, "{heading}");
    }
}
