//! The operations, one entry each.

use super::lead_row::LEAD_ROW;
use super::{Answer, Argument, Operation};

const fn given(name: &'static str, kind: &'static str) -> Argument {
    Argument { name, kind, nullable: false, default: None }
}

const fn given_or_null(name: &'static str, kind: &'static str) -> Argument {
    Argument { name, kind, nullable: true, default: None }
}

const fn optional(name: &'static str, kind: &'static str) -> Argument {
    Argument { name, kind, nullable: true, default: Some("null") }
}

const fn or(name: &'static str, kind: &'static str, default: &'static str) -> Argument {
    Argument { name, kind, nullable: false, default: Some(default) }
}

const fn answer(name: &'static str, fields: &'static [&'static str]) -> Answer {
    Answer { name, fields }
}

const LEAD: Argument = or("lead", "lead: company, seats, country, referral, addresses", "{}");
const LOCALE: Argument = or("locale", "language tag", "\"tr\"");

/// Every operation, in the order of the document.
pub const OPERATIONS: &[Operation] = &[
    Operation {
        name: "score",
        summary: "Scores a domain by its provider, signals and MX records.",
        arguments: &[
            given_or_null("provider", "provider class; null: nobody knows"),
            given("signals", "signals: spf, dkim, dmarc_policy, spf_record"),
            given_or_null("mx_records", "list of MX records or hosts; null: nobody knows"),
            optional("domain", "domain"),
        ],
        answer: answer(
            "ScoreAnswer",
            &[
                "domain",
                "scan_status",
                "score",
                "score_low",
                "score_high",
                "partial",
                "unknown",
                "segment",
                "segment_certain",
                "technical_heat",
                "commercial_segment",
                "commercial_heat",
                "priority_category",
                "priority_label",
                "priority_score",
                "breakdown",
                "rules_version",
                "rules_hash",
            ],
        ),
        errors: &["unknown_word", "domain_*"],
        example: r#"{"provider": "Google", "signals": {"spf": true}, "mx_records": ["1 aspmx.l.google.com"]}"#,
    },
    Operation {
        name: "segment",
        summary: "The technical segment of a score and a class.",
        arguments: &[given("score", "score, 0 to 100"), given("provider", "provider class")],
        answer: answer("SegmentAnswer", &["segment"]),
        errors: &["unknown_word", "argument_range"],
        example: r#"{"score": 67, "provider": "Google"}"#,
    },
    Operation {
        name: "priority_score",
        summary: "The priority score, 1 (best) to 7, of a segment and a score.",
        arguments: &[
            given_or_null("segment", "segment"),
            given_or_null("score", "score, 0 to 100"),
        ],
        answer: answer("PriorityScoreAnswer", &["priority_score"]),
        errors: &["unknown_word", "argument_range"],
        example: r#"{"segment": "Migration", "score": 67}"#,
    },
    Operation {
        name: "commercial",
        summary: "Heats, commercial segment and category of a segment, a class and a score.",
        arguments: &[
            given("segment", "segment"),
            given("provider", "provider class"),
            given("score", "score, 0 to 100"),
        ],
        answer: answer(
            "CommercialAnswer",
            &[
                "technical_heat",
                "commercial_segment",
                "commercial_heat",
                "priority_category",
                "priority_label",
                "priority_score",
            ],
        ),
        errors: &["unknown_word", "argument_range"],
        example: r#"{"segment": "Migration", "provider": "Google", "score": 67}"#,
    },
    Operation {
        name: "next_step",
        summary: "What to do with a lead, by when, and how important it is.",
        arguments: &[
            given_or_null("segment", "segment"),
            given("opportunity_potential", "potential, 0 to 100"),
            given("urgency", "level: high, medium, low"),
        ],
        answer: answer("NextStepAnswer", &["action", "timeline", "priority"]),
        errors: &["unknown_word", "argument_range"],
        example: r#"{"segment": "Migration", "opportunity_potential": 80, "urgency": "high"}"#,
    },
    Operation {
        name: "assess",
        summary: "Assesses an observation; the answer is the lead row.",
        arguments: &[
            given("observation", "observation, or its JSON text"),
            LEAD,
            optional("today", "date; null: the day of the observation"),
        ],
        answer: answer("Assessment", LEAD_ROW),
        errors: &["observation_syntax", "observation_version", "unknown_word"],
        example: r#"{"observation": {"v": 1, "domain": "ornek.com.tr", "observed_at": "2026-11-24T09:30:00Z"}}"#,
    },
    Operation {
        name: "sales_summary",
        summary: "What to say and do with a lead, from an assessment or the fields of its row.",
        arguments: &[
            given("assessment", "assessment, or fields of a lead row"),
            LEAD,
            LOCALE,
            optional("today", "date; null: today"),
        ],
        answer: answer(
            "SalesSummary",
            &[
                "domain",
                "one_liner",
                "segment_explanation",
                "provider_reasoning",
                "security_reasoning",
                "call_script",
                "discovery_questions",
                "offer_tier",
                "opportunity_potential",
                "opportunity_rationale",
                "urgency",
                "next_step",
                "metadata",
                "urgency_reason",
                "hooks",
                "unknown",
            ],
        ),
        errors: &[
            "argument_missing",
            "argument_range",
            "locale_unknown",
            "unknown_word",
            "domain_*",
        ],
        example: r#"{"assessment": {"domain": "ornek.com.tr", "segment": "Migration", "readiness_score": 67, "priority_score": 1}}"#,
    },
    Operation {
        name: "explain",
        summary: "Everything about an observed domain: lead row, sales summary, script, open questions.",
        arguments: &[
            given("observation", "observation, or its JSON text"),
            LEAD,
            LOCALE,
            optional("today", "date; null: today"),
        ],
        answer: answer("ExplainAnswer", &["lead", "sales", "script", "unanswered"]),
        errors: &["observation_syntax", "observation_version", "locale_unknown", "unknown_word"],
        example: r#"{"observation": {"v": 1, "domain": "ornek.com.tr", "observed_at": "2026-11-24T09:30:00Z"}}"#,
    },
    Operation {
        name: "normalize_domain",
        summary: "Reads a domain from a spreadsheet cell, a web address or an e-mail address.",
        arguments: &[given("text", "text")],
        answer: answer(
            "NormalizeDomainAnswer",
            &["domain", "unicode", "registrable", "suggestion"],
        ),
        errors: &["domain_*"],
        example: r#"{"text": "https://www.ornek.com.tr/iletisim"}"#,
    },
    Operation {
        name: "parse_spf",
        summary: "Reads an SPF record, with all findings.",
        arguments: &[given("text", "text of one TXT record")],
        answer: answer(
            "ParseSpfAnswer",
            &["is_record", "valid", "all", "redirect", "includes", "lookups", "terms", "findings"],
        ),
        errors: &[],
        example: r#"{"text": "v=spf1 include:_spf.google.com ~all"}"#,
    },
    Operation {
        name: "parse_dkim",
        summary: "Reads a DKIM key record, with all findings.",
        arguments: &[given("text", "text of one TXT record")],
        answer: answer(
            "ParseDkimAnswer",
            &["is_record", "valid", "revoked", "key_type", "bits", "testing", "strict", "findings"],
        ),
        errors: &[],
        example: r#"{"text": "v=DKIM1; k=rsa; p="}"#,
    },
    Operation {
        name: "parse_dmarc",
        summary: "Reads a DMARC record, with all findings.",
        arguments: &[given("text", "text of one TXT record")],
        answer: answer(
            "ParseDmarcAnswer",
            &[
                "is_record",
                "valid",
                "dmarc_policy",
                "policy",
                "subdomain_policy",
                "non_existent_policy",
                "testing",
                "dmarc_coverage",
                "dkim_alignment",
                "spf_alignment",
                "aggregate_reports",
                "failure_reports",
                "findings",
            ],
        ),
        errors: &[],
        example: r#"{"text": "v=DMARC1; p=reject"}"#,
    },
    Operation {
        name: "classify_mx",
        summary: "Names who takes a domain's mail, by its MX records alone.",
        arguments: &[given("records", "list of MX records or hosts"), optional("domain", "domain")],
        answer: answer(
            "ClassifyMxAnswer",
            &[
                "provider",
                "undetermined",
                "provider_id",
                "provider_name",
                "local_provider",
                "gateway",
                "gateway_name",
                "basis",
                "confidence",
                "evidence",
            ],
        ),
        errors: &["domain_*"],
        example: r#"{"records": ["1 aspmx.l.google.com"]}"#,
    },
    Operation {
        name: "signals_hash",
        summary: "The hash of signals under which a score is cached.",
        arguments: &[given("signals", "JSON text; in Python any dict, in Node any object, too")],
        answer: answer("SignalsHashAnswer", &["hash"]),
        errors: &["signals_json", "signals_depth"],
        example: r#"{"signals": "{\"spf\": true}"}"#,
    },
    Operation {
        name: "signals_canonical",
        summary: "The canonical JSON that the signals hash is taken of.",
        arguments: &[given("signals", "JSON text; in Python any dict, in Node any object, too")],
        answer: answer("SignalsCanonicalAnswer", &["canonical"]),
        errors: &["signals_json", "signals_depth"],
        example: r#"{"signals": "{\"spf\": true}"}"#,
    },
    Operation {
        name: "diff",
        summary: "What changed between two scans of a domain, and which changes raise an alert.",
        arguments: &[
            given_or_null("before", "assessment, or fields of a lead row; null: a first scan"),
            given("after", "assessment, or fields of a lead row"),
        ],
        answer: answer("DiffAnswer", &["changes"]),
        errors: &["argument_missing", "unknown_word", "domain_*"],
        example: r#"{"before": null, "after": {"scanned_at": "2026-11-24T09:30:00Z"}}"#,
    },
    Operation {
        name: "contacts",
        summary: "What a lead's e-mail addresses say: their quality and their pattern.",
        arguments: &[given("domain", "domain"), given("addresses", "list of texts")],
        answer: answer(
            "ContactsAnswer",
            &[
                "count",
                "own",
                "own_domain_share",
                "contact_quality_score",
                "generic",
                "linkedin_pattern",
                "repeated",
                "rejected",
            ],
        ),
        errors: &["domain_*"],
        example: r#"{"domain": "ornek.com.tr", "addresses": ["info@ornek.com.tr"]}"#,
    },
];
