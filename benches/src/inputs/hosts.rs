//! Company domains and the MX hosts that they point to.

use hunter_core::provider::Fingerprints;

use super::random::Random;

/// Suffixes of hosts that the table lists, by identifier of their provider.
pub(super) struct Suffixes {
    all: Vec<(String, String)>,
}

pub(super) fn suffixes(table: &Fingerprints) -> Suffixes {
    let all = table.providers().iter().flat_map(|provider| {
        provider.mx_suffix.iter().map(|sign| (provider.id.clone(), sign.value.as_str().to_owned()))
    });
    Suffixes { all: all.collect() }
}

/// A company's domain.
pub(super) fn company(random: &mut Random) -> String {
    const FRONT: [&str; 16] = [
        "anadolu", "deniz", "ege", "toros", "mavi", "kuzey", "yildiz", "bosfor", "ilke", "ada",
        "cinar", "zirve", "marmara", "atlas", "doga", "nehir",
    ];
    const BACK: [&str; 12] = [
        "celik", "tekstil", "lojistik", "gida", "yazilim", "makina", "insaat", "saglik", "enerji",
        "otomotiv", "-holding", "ltd",
    ];
    const SUFFIX: [&str; 8] = ["com.tr", "com.tr", "com.tr", "com", "com", "net", "org.tr", "de"];
    let number = if random.one_in(3) { random.below(1000).to_string() } else { String::new() };
    format!("{}{}{number}.{}", random.word(&FRONT), random.word(&BACK), random.word(&SUFFIX))
}

/// A host that the table lists, of a company's own where the provider names it so.
pub(super) fn listed(random: &mut Random, suffixes: &Suffixes, company: &str) -> String {
    let (_, suffix) = random.pick(&suffixes.all);
    below(random, suffix, company)
}

/// A host of one provider.
pub(super) fn of(random: &mut Random, suffixes: &Suffixes, id: &str, company: &str) -> String {
    let own: Vec<_> = suffixes.all.iter().filter(|(provider, _)| provider == id).collect();
    let (_, suffix) = *random.pick(&own);
    below(random, suffix, company)
}

fn below(random: &mut Random, suffix: &str, company: &str) -> String {
    let suffix = suffix.replace('*', random.word(&["eu-west-1", "us", "eu"]));
    match random.below(4) {
        0 => suffix,
        1 => format!("mx{}.{suffix}", 1 + random.below(4)),
        _ => format!("{}.{suffix}", company.replace('.', "-")),
    }
}

/// A host that the table does not list: the company's own, or that of a small hoster.
pub(super) fn unlisted(random: &mut Random, company: &str) -> String {
    const LABEL: [&str; 8] = ["mail", "mx", "mx1", "mx2", "smtp", "posta", "mailgate", "webmail"];
    let label = random.word(&LABEL);
    if random.one_in(3) {
        format!("{label}.sunucu{}.barindirma-{}.net", random.below(90), random.below(400))
    } else {
        format!("{label}.{company}")
    }
}
