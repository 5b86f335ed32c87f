//! What must hold of a fingerprint table beyond its shape.

use std::collections::HashSet;

use super::schema::File;
use crate::data_file::DataFile;
use crate::error::DataError;

pub(super) fn duplicate(at: DataFile<'_>, value: &str, key: String) -> DataError {
    let quoted = format!("\"{value}\"");
    at.error_at_text("data_duplicate", &quoted, 1, key, format!("`{value}` stands twice"))
}

/// How many characters a short name may have: a column of a table and a spoken sentence bear it.
const LONGEST_SHORT_NAME: usize = 24;

/// Identifiers are unique, and every sign has a source that is listed.
pub(super) fn check(at: DataFile<'_>, file: &File) -> Result<(), DataError> {
    let mut ids = HashSet::new();
    for (nth, provider) in file.providers.iter().enumerate() {
        if !ids.insert(provider.id.as_str()) {
            return Err(duplicate(at, &provider.id, format!("providers[{nth}].id")));
        }
        if let Some(short) = &provider.short_name
            && !is_short_name(short)
        {
            let key = format!("providers[{nth}].short_name");
            let problem = format!(
                "`{short}` is no short name: use 1 to {LONGEST_SHORT_NAME} characters without \
                 brackets and without ` / `"
            );
            let needle = format!("\"{short}\"");
            return Err(at.error_at_text("data_value", &needle, 0, key, problem));
        }
        let mut signs: Vec<(&str, &[String])> = Vec::new();
        let suffixes = [
            &provider.mx_suffix,
            &provider.spf_include,
            &provider.dkim_cname_suffix,
            &provider.ptr_suffix,
        ];
        for sign in suffixes.into_iter().chain(provider.cname.values()).flatten() {
            signs.push((sign.value.as_str(), &sign.sources));
        }
        let texts = [
            &provider.dkim_selector,
            &provider.txt_token,
            &provider.ns_suffix,
            &provider.srv,
            &provider.smtp_banner,
        ];
        for sign in texts.into_iter().flatten() {
            signs.push((&sign.value, &sign.sources));
        }
        if signs.is_empty() && provider.asn.is_empty() {
            let key = format!("providers[{nth}]");
            let problem = format!("`{}` has no sign to be known by", provider.id);
            return Err(at.error_at_text(
                "data_missing_key",
                &format!("\"{}\"", provider.id),
                0,
                key,
                problem,
            ));
        }
        for (value, sources) in signs {
            check_sources(at, file, &format!("providers[{nth}]"), value, sources)?;
        }
    }
    for (nth, service) in file.dmarc_services.iter().enumerate() {
        for sign in service.rua_domain.iter().chain(&service.spf_include) {
            let key = format!("dmarc_services[{nth}]");
            check_sources(at, file, &key, sign.value.as_str(), &sign.sources)?;
        }
    }
    for (nth, service) in file.txt_services.iter().enumerate() {
        check_sources(at, file, &format!("txt_services[{nth}]"), &service.token, &service.sources)?;
    }
    for (nth, host) in file.dns_hosts.iter().enumerate() {
        check_sources(at, file, &format!("dns_hosts[{nth}]"), &host.suffix, &host.sources)?;
    }
    Ok(())
}

pub(super) fn is_short_name(name: &str) -> bool {
    (1..=LONGEST_SHORT_NAME).contains(&name.chars().count())
        && name.trim() == name
        && !name.contains(['(', ')', '[', ']'])
        && !name.contains(" / ")
}

fn check_sources(
    at: DataFile<'_>,
    file: &File,
    key: &str,
    value: &str,
    sources: &[String],
) -> Result<(), DataError> {
    let place = |code, problem| {
        Err(at.error_at_text(code, &format!("\"{value}\""), 0, key.to_owned(), problem))
    };
    if sources.is_empty() {
        return place("data_missing_key", format!("`{value}` names no source"));
    }
    match sources.iter().find(|source| !file.sources.contains_key(*source)) {
        Some(unknown) => place(
            "data_reference",
            format!("`{value}` names the source `{unknown}`, which is not listed"),
        ),
        None => Ok(()),
    }
}
