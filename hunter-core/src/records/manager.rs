//! Who manages a domain's mail authentication: services that reports go to, and that host SPF. The
//! table is data: [`Fingerprints::dmarc_services`].

use super::dmarc::DmarcTags;
use super::spf::{SpfRecord, SpfTermKind, literal_end};
use crate::provider::{DmarcService, Fingerprints};

/// The service that a report address belongs to, by its domain and whole labels.
pub fn report_service<'t>(table: &'t Fingerprints, domain: &str) -> Option<&'t DmarcService> {
    table.report_service(domain)
}

/// The services that a DMARC record sends reports to, each once, those of `rua` first.
///
/// ```
/// use hunter_core::provider::Fingerprints;
/// use hunter_core::records::{dmarc::DmarcTags, manager::report_services};
///
/// let table = Fingerprints::builtin();
/// let record = "v=DMARC1; p=none; rua=mailto:a@ag.dmarcian.com,mailto:b@ornek.com";
/// let tags = DmarcTags::read(record).expect("DMARC");
/// let names: Vec<_> = report_services(&table, &tags).iter().map(|s| s.name.as_str()).collect();
/// assert_eq!(names, ["dmarcian"]);
/// ```
pub fn report_services<'t>(table: &'t Fingerprints, tags: &DmarcTags<'_>) -> Vec<&'t DmarcService> {
    let mut services: Vec<&DmarcService> = Vec::new();
    for destination in tags.aggregate_reports.iter().chain(&tags.failure_reports) {
        let service = destination.domain().and_then(|domain| report_service(table, domain));
        if let Some(service) = service
            && !services.iter().any(|known| known.id == service.id)
        {
            services.push(service);
        }
    }
    services
}

/// The same from the text of a record, for those who read none of its tags: in a DMARC record, only
/// report addresses are `mailto:`.
pub(crate) fn report_services_in<'t>(table: &'t Fingerprints, text: &str) -> Vec<&'t DmarcService> {
    let mut services: Vec<&DmarcService> = Vec::new();
    for uri in text.split([',', ';', '=', ' ', '\t']) {
        let Some((scheme, address)) = uri.split_at_checked("mailto:".len()) else { continue };
        if !scheme.eq_ignore_ascii_case("mailto:") {
            continue;
        }
        let domain = address.rsplit_once('@').map(|(_, domain)| domain);
        let domain = domain.map(|domain| domain.split('!').next().unwrap_or(domain));
        if let Some(service) = domain.and_then(|domain| report_service(table, domain))
            && !services.iter().any(|known| known.id == service.id)
        {
            services.push(service);
        }
    }
    services
}

/// The service that hosts an SPF record, so that the senders are not in it and nothing should be
/// added to it by hand: a target of `include`, `redirect` or `exists` lies in the service's zone,
/// often behind macros.
///
/// ```
/// use hunter_core::provider::Fingerprints;
/// use hunter_core::records::{manager::spf_manager, spf::SpfRecord};
///
/// let table = Fingerprints::builtin();
/// let record = SpfRecord::parse("v=spf1 include:%{i}._ip.%{h}._ehlo.%{d}._spf.vali.email ~all");
/// let service = spf_manager(&table, &record.expect("valid")).expect("managed");
/// assert_eq!(service.name, "Valimail");
/// ```
pub fn spf_manager<'t>(
    table: &'t Fingerprints,
    record: &SpfRecord<'_>,
) -> Option<&'t DmarcService> {
    let delegates = [SpfTermKind::Include, SpfTermKind::Redirect, SpfTermKind::Exists];
    record
        .terms
        .iter()
        .filter(|term| delegates.contains(&term.kind))
        .filter_map(|term| table.spf_host(literal_end(term.target?)))
        // The first in the table's order, whatever the order of the terms.
        .min_by_key(|service| table.dmarc_services().iter().position(|s| s.id == service.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosted_records_are_known_with_and_without_macros() {
        let table = Fingerprints::builtin();
        let manager = |text| {
            let record = SpfRecord::parse(text).expect("valid");
            spf_manager(&table, &record).map(|service| service.id.as_str())
        };
        for (text, id) in [
            ("v=spf1 include:%{i}._ip.%{h}._ehlo.%{d}._spf.vali.email ~all", "valimail"),
            ("v=spf1 include:%{ir}.%{v}.%{d}.spf.has.pphosted.com -all", "proofpoint-efd"),
            ("v=spf1 include:_u.ornek.com._spf.smart.ondmarc.com ~all", "ondmarc"),
            ("v=spf1 redirect=kn9b255k1x.powerspf.com", "powerdmarc"),
            ("v=spf1 include:_spf.ornek_com._d.easydmarc.pro ~all", "easydmarc"),
            ("v=spf1 exists:%{i}._i.%{d}._d.espf.agari-dns.net -all", "agari"),
            ("v=spf1 include:_s00430413.autospf.email -all", "autospf"),
            ("v=spf1 redirect=_sn4qmlzpy.sdmarc.net", "sendmarc"),
        ] {
            assert_eq!(manager(text), Some(id), "{text}");
        }
        for text in
            ["v=spf1 include:spf.protection.outlook.com -all", "v=spf1 a:evilvali.email -all"]
        {
            assert_eq!(manager(text), None, "{text}");
        }
    }

    #[test]
    fn tags_and_text_name_the_same_services() {
        let table = Fingerprints::builtin();
        for text in [
            "v=DMARC1; p=none; rua=mailto:a@ag.dmarcian.com,mailto:b@ornek.com; ruf=mailto:c@fr.dmarcian.com",
            "v=DMARC1;p=reject;rua=MAILTO:x@rua.easydmarc.com!10m , mailto:y@ag.dmarcian.eu",
            "v=DMARC1; p=none; rua=https://ornek.com/dmarcian.com",
            "v=DMARC1; p=none",
        ] {
            let tags = DmarcTags::read(text).expect("DMARC");
            let ids = |list: Vec<&DmarcService>| -> Vec<String> {
                list.iter().map(|service| service.id.clone()).collect()
            };
            let by_tags = ids(report_services(&table, &tags));
            assert_eq!(by_tags, ids(report_services_in(&table, text)), "{text}");
        }
    }

    #[test]
    fn reports_name_their_service_by_whole_labels() {
        let table = Fingerprints::builtin();
        let service = |domain| report_service(&table, domain).map(|service| service.id.as_str());
        assert_eq!(service("AG.eu.dmarcian.com"), Some("dmarcian"));
        assert_eq!(service("mxtoolbox.dmarc-report.com"), Some("mxtoolbox"));
        assert_eq!(service("notdmarcian.com"), None);
        assert_eq!(service("ornek.com"), None);
    }
}
