//! Prints the sales summary, in Turkish and English, of one lead of every segment.
//!
//! Run with `cargo run -p hunter-core --example print_sales`, and read the texts aloud. With a
//! language behind it (`-- tr`) it prints the lines of many thousand variants, each line once.

use std::collections::HashSet;
use std::io::{self, Write};

use hunter_core::assess::{Finding, FindingKind};
use hunter_core::observation::Signal;
use hunter_core::sales::{MailStatus, SalesEngine, SalesFacts, SpfFault};
use hunter_core::signals::{DmarcSignal, UnknownSignal};
use hunter_core::vocabulary::{DmarcPolicy, ProviderClass, Segment, TenantSize};
use time::macros::{date, datetime};

#[expect(clippy::disallowed_methods, reason = "an example is a program: it reads and prints")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = SalesEngine::builtin();
    let now = datetime!(2026-11-24 09:30 UTC);
    let mut out = io::stdout().lock();
    let locale = std::env::args().nth(1);
    if let Some(locale) = locale {
        let mut seen = HashSet::new();
        for facts in variants(&leads()?) {
            let summary = engine.summarize(&facts, &locale, now)?;
            let factors = &summary.opportunity_rationale.factors;
            let comments: Vec<_> = factors.iter().map(|factor| factor.comment.as_str()).collect();
            let page = engine.render_text(&summary, &locale)?;
            for line in page.lines().chain(comments) {
                if seen.insert(line.to_owned()) {
                    writeln!(out, "{line}")?;
                }
            }
        }
        return Ok(());
    }
    for facts in leads()? {
        for locale in ["tr", "en"] {
            let summary = engine.summarize(&facts, locale, now)?;
            writeln!(out, "=== {locale} ===")?;
            writeln!(out, "{}", engine.render_text(&summary, locale)?)?;
        }
    }
    Ok(())
}

fn leads() -> Result<Vec<SalesFacts>, hunter_core::Error> {
    let migration = SalesFacts {
        company: Some("Çiçek Tekstil A.Ş.".into()),
        status: MailStatus::Mail,
        provider: Some(ProviderClass::Local),
        provider_name: Some("Natro (team.blue)".into()),
        mx_host: Some("mx01.natrohost.com".into()),
        listed: true,
        local_provider: Some("Natro (team.blue)".into()),
        segment: Some(Segment::Migration),
        readiness_score: Some(67),
        score_low: Some(57),
        score_high: Some(87),
        unknown: vec![UnknownSignal::Dmarc],
        priority_score: Some(3),
        tenant_size: Some(TenantSize::Small),
        spf: Signal::Present,
        dkim: Signal::Missing,
        dkim_selectors_tried: vec!["default".into(), "mail".into(), "ntr".into()],
        contact_quality_score: Some(76),
        expires: Some(date!(2026 - 12 - 31)),
        registrar: Some("Natro".into()),
        country: Some("TR".into()),
        is_proxy: Some(true),
        ..SalesFacts::new("çiçek.com.tr".parse()?)
    };
    let existing = SalesFacts {
        company: Some("Örnek Lojistik".into()),
        status: MailStatus::Mail,
        provider: Some(ProviderClass::M365),
        provider_name: Some("Microsoft 365 (Exchange Online, worldwide and GCC)".into()),
        mx_host: Some("ornek-com-tr.n-v1.mx.microsoft".into()),
        listed: true,
        spf_include: Some("spf.protection.outlook.com".into()),
        dkim_target: Some(
            "selector1-ornek-com-tr._domainkey.ornek.n-v1.dkim.mail.microsoft".into(),
        ),
        segment: Some(Segment::Existing),
        readiness_score: Some(55),
        priority_score: Some(4),
        tenant_size: Some(TenantSize::Large),
        spf: Signal::Present,
        dkim: Signal::Present,
        dmarc: DmarcSignal::Policy(DmarcPolicy::None),
        ..SalesFacts::new("ornek.com.tr".parse()?)
    };
    let cold = SalesFacts {
        status: MailStatus::Mail,
        provider: Some(ProviderClass::Local),
        mx_host: Some("mail.kucukfirma.com.tr".into()),
        own_mx: true,
        segment: Some(Segment::Cold),
        readiness_score: Some(12),
        priority_score: Some(7),
        spf: Signal::Missing,
        spf_fault: Some(SpfFault::SeveralRecords),
        dkim: Signal::Missing,
        dkim_certain: true,
        dmarc: DmarcSignal::Policy(DmarcPolicy::Quarantine),
        dmarc_written: Some(DmarcPolicy::Reject),
        dmarc_testing: true,
        dmarc_coverage: Some(50),
        expires: Some(date!(2025 - 10 - 20)),
        ..SalesFacts::new("kucukfirma.com.tr".parse()?)
    };
    let skip = SalesFacts {
        status: MailStatus::NullMx,
        provider: Some(ProviderClass::Unknown),
        segment: Some(Segment::Skip),
        readiness_score: Some(0),
        priority_score: Some(7),
        ..SalesFacts::new("kapali.com.tr".parse()?)
    };
    let undecided = SalesFacts {
        gateway_name: Some("Proofpoint Essentials".into()),
        status: MailStatus::Mail,
        provider: Some(ProviderClass::Unknown),
        mx_host: Some("mx1-eu1.ppe-hosted.com".into()),
        listed: true,
        unknown: vec![UnknownSignal::Provider],
        ..SalesFacts::new("gizli.com.tr".parse()?)
    };
    let referred = SalesFacts {
        status: MailStatus::Mail,
        provider: Some(ProviderClass::M365),
        mx_host: Some("mx.yandex.net".into()),
        listed: true,
        segment: Some(Segment::Existing),
        readiness_score: Some(80),
        priority_score: Some(3),
        tenant_size: Some(TenantSize::Medium),
        tenant_known: true,
        spf: Signal::Present,
        dkim: Signal::Present,
        dmarc: DmarcSignal::Policy(DmarcPolicy::Reject),
        ..SalesFacts::new("ortak.com.tr".parse()?)
    };
    Ok(vec![migration, existing, cold, skip, undecided, referred])
}

/// Every lead in every segment, with one part of its facts changed at a time.
fn variants(leads: &[SalesFacts]) -> Vec<SalesFacts> {
    let mut variants = Vec::new();
    for lead in leads {
        for segment in Segment::ALL {
            let lead = SalesFacts { segment: Some(*segment), ..lead.clone() };
            for change in [by_mail, by_score, by_signals, by_findings, by_calendar] {
                variants.extend(change(&lead));
            }
        }
    }
    variants
}

fn by_mail(lead: &SalesFacts) -> Vec<SalesFacts> {
    let mut variants = Vec::new();
    for provider in ProviderClass::ALL.iter().copied().map(Some).chain([None]) {
        for (listed, own_mx, tenant_known) in
            [(true, false, false), (false, false, false), (false, true, false), (true, false, true)]
        {
            for gateway in [None, Some("Proofpoint Essentials".to_owned())] {
                variants.push(SalesFacts {
                    status: MailStatus::Mail,
                    mx_host: Some("mx.ornek.example".into()),
                    provider,
                    provider_name: None,
                    local_provider: None,
                    gateway_name: gateway,
                    listed,
                    own_mx,
                    tenant_known,
                    nameservers: vec!["tr.dnsenable.com".into()],
                    ..lead.clone()
                });
            }
        }
    }
    for status in [MailStatus::NullMx, MailStatus::NoMx, MailStatus::Unknown] {
        for tenant_known in [false, true] {
            variants.push(SalesFacts {
                status,
                mx_host: None,
                gateway_name: None,
                provider: Some(ProviderClass::Unknown),
                tenant_known,
                ..lead.clone()
            });
        }
    }
    variants
}

fn by_score(lead: &SalesFacts) -> Vec<SalesFacts> {
    let mut variants = Vec::new();
    for readiness_score in [None, Some(0), Some(35), Some(60), Some(75), Some(90)] {
        for tenant_size in TenantSize::ALL.iter().copied().map(Some).chain([None]) {
            for priority_score in [None, Some(1), Some(2), Some(7)] {
                variants.push(SalesFacts {
                    readiness_score,
                    tenant_size,
                    priority_score,
                    ..lead.clone()
                });
            }
        }
    }
    variants
}

fn by_signals(lead: &SalesFacts) -> Vec<SalesFacts> {
    let policies = DmarcPolicy::ALL.iter().copied().map(DmarcSignal::Policy);
    let mut variants = Vec::new();
    for dmarc in policies.chain([DmarcSignal::Absent, DmarcSignal::Unknown]) {
        for (spf, spf_fault) in [
            (Signal::Present, None),
            (Signal::Missing, None),
            (Signal::Missing, Some(SpfFault::SeveralRecords)),
            (Signal::Missing, Some(SpfFault::Syntax)),
            (Signal::Unknown, None),
        ] {
            for (dkim, dkim_certain) in [
                (Signal::Present, false),
                (Signal::Missing, true),
                (Signal::Missing, false),
                (Signal::Unknown, false),
            ] {
                for dmarc_coverage in [None, Some(0), Some(50)] {
                    variants.push(SalesFacts {
                        spf,
                        spf_fault,
                        dkim,
                        dkim_certain,
                        dmarc,
                        dmarc_coverage,
                        ..lead.clone()
                    });
                }
            }
        }
    }
    variants
}

fn by_findings(lead: &SalesFacts) -> Vec<SalesFacts> {
    let mut variants = Vec::new();
    for (kind, record) in [
        (FindingKind::EstablishedCustomer, "0 ornek-com-tr.mail.protection.outlook.com"),
        (FindingKind::BasicsUndone, "0 ornek-com-tr.n-v1.mx.microsoft"),
        (FindingKind::GatewayConsolidation, "10 mx1-eu1.ppe-hosted.com"),
        (FindingKind::OldTenant, "lyncdiscover.ornek.com.tr CNAME webdir.online.lync.com"),
        (
            FindingKind::UnmaintainedTenant,
            "msoid.ornek.com.tr CNAME clientconfig.microsoftonline-p.net",
        ),
        (FindingKind::DormantTenant, "ornek-com-tr.mail.protection.outlook.com A 52.101.73.1"),
        (FindingKind::TenantClaimed, "MS=ms12345678"),
        (
            FindingKind::SplitEstate,
            "enterpriseenrollment.ornek.com.tr CNAME enterpriseenrollment.manage.microsoft.com",
        ),
        (FindingKind::Hybrid, "include:spf.protection.outlook.com"),
        (FindingKind::OwnServersBehindGateway, "v=spf1 ip4:192.0.2.0/24 -all"),
        (FindingKind::Forwarding, "10 route1.mx.cloudflare.net"),
        (FindingKind::FederatedIdentity, "https://sts.ornek.com.tr/adfs/ls/"),
        (FindingKind::MailboxByTraces, "10 mail.ornek.com.tr"),
        (FindingKind::DmarcTestMode, "_dmarc.ornek.com.tr"),
    ] {
        let records = vec![record.to_owned()];
        variants.push(SalesFacts {
            findings: vec![Finding { kind, records }],
            autodiscover_target: Some("autodiscover.outlook.com".into()),
            tenant_name: Some("ornekas".into()),
            senders: vec!["Amazon SES".into(), "Mailchimp".into()],
            ..lead.clone()
        });
    }
    variants
}

fn by_calendar(lead: &SalesFacts) -> Vec<SalesFacts> {
    [date!(2025 - 10 - 20), date!(2026 - 11 - 24), date!(2026 - 11 - 25), date!(2027 - 01 - 30)]
        .map(|day| SalesFacts {
            expires: Some(day),
            registrar: Some("Natro".into()),
            ..lead.clone()
        })
        .into()
}
