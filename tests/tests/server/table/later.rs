//! The routes that came after the first ones: files, webhooks, exports, addresses, the dashboard, and what
//! is not built yet.

use serde_json::json;

use super::{Known, LEAD, NO_JOB, Route};
use crate::client::Asked;

/// Part of a form: nothing is to be kept.
const DRY: &str = "--b\r\nContent-Disposition: form-data; name=\"dry_run\"\r\n\r\ntrue\r\n";

/// A file that is sent in, and more of its form.
pub(crate) fn list(text: &str, more: &str) -> Asked {
    let body = format!(
        "{more}--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"list.csv\"\r\n\r\n{text}\r\n--b--\r\n"
    );
    Asked::new("POST", "/api/v1/ingest/csv").text("multipart/form-data; boundary=b", body)
}

pub(super) fn routes(known: &Known) -> Vec<Route> {
    let off = |scope, name: &'static str| {
        let path = name.split_once(' ').expect("a path").1.replace("{domain}", LEAD);
        Route::of(scope, name).bad(400, "feature_disabled", path)
    };
    let (page, guess) = ("/api/v1/dashboard/activity", "/api/v1/email/generate");
    let (hook, root) = ("/api/v1/ingest/webhook", "/api/v1/providers/overrides");
    let lead = format!("/api/v1/leads/{LEAD}");
    let gone = "cikti.com.tr";
    let person = |domain: &str| json!({"domain": domain, "first_name": "Ali", "last_name": "Öz"});
    let mut file = Route::of("ingest", "POST /api/v1/ingest/csv");
    file.good.push((202, list("domain,company\nd0009.com.tr,Dokuz A.Ş.\nnan,Boş\n", "")));
    file.good.push((200, list("domain\nd0009.com.tr\n", DRY)));
    file.bad.push((422, "file_empty", list("", "")));
    file.bad.push((415, "media_type", Asked::json("POST", "/api/v1/ingest/csv", &json!({}))));
    vec![
        off("admin", "POST /api/v1/alerts/deliver"),
        off("scan", "POST /api/v1/dynamics/bulk-sync"),
        off("read", "GET /api/v1/dynamics/status/{domain}").bad(
            422,
            "domain_placeholder",
            "/api/v1/dynamics/status/nan",
        ),
        off("scan", "POST /api/v1/dynamics/sync/{domain}").bad(
            422,
            "domain_placeholder",
            "/api/v1/dynamics/sync/nan",
        ),
        off("read", "GET /api/v1/referrals"),
        off("scan", "POST /api/v1/referrals/sync"),
        Route::of("read", "GET /api/v1/dashboard").good(200, "/api/v1/dashboard"),
        Route::of("read", "GET /api/v1/dashboard/kpis").good(200, "/api/v1/dashboard/kpis"),
        Route::of("read", "GET /api/v1/dashboard/activity")
            .good(200, page)
            .bad(422, "validation", format!("{page}?limit=0"))
            .bad(422, "validation", format!("{page}?before=yesterday")),
        Route::of("read", "POST /api/v1/email/generate")
            .good_json(200, guess, &person("d0000.com.tr"))
            .bad_json(422, "domain_placeholder", guess, &person("nan")),
        Route::of("scan", "POST /api/v1/email/generate-and-validate")
            .good_json(200, format!("{guess}-and-validate"), &person("d0000.com.tr"))
            .bad_json(422, "domain_placeholder", format!("{guess}-and-validate"), &person("nan"))
            .bad_json(409, "opted_out", format!("{guess}-and-validate"), &person(gone)),
        file,
        Route::of("ingest", "GET /api/v1/ingest/csv/{job_id}/rejects")
            .good(200, format!("/api/v1/ingest/csv/{}/rejects", known.file))
            .bad(404, "job_not_found", format!("/api/v1/ingest/csv/{NO_JOB}/rejects")),
        Route::of("ingest", "POST /api/v1/ingest/webhook")
            .good_json(201, hook, &json!({"domain": "d0010.com.tr", "company_name": "On A.Ş."}))
            .bad_json(422, "validation", hook, &json!({"domain": "ali@gmail.com"}))
            .bad_json(409, "opted_out", hook, &json!({"domain": gone})),
        Route::of("admin", "GET /api/v1/ingest/webhook/calls")
            .good(200, "/api/v1/ingest/webhook/calls")
            .bad(422, "validation", "/api/v1/ingest/webhook/calls?limit=0"),
        Route::of("read", "GET /api/v1/leads/export")
            .good(200, "/api/v1/leads/export?format=csv")
            .good(200, "/api/v1/leads/export?format=xlsx")
            .bad(422, "validation", "/api/v1/leads/export?format=pdf"),
        Route::of("ingest", "POST /api/v1/leads/{domain}/enrich")
            .good_json(
                200,
                format!("{lead}/enrich"),
                &json!({"contact_emails": ["bilgi@d0000.com.tr"]}),
            )
            .bad_json(422, "validation", format!("{lead}/enrich"), &json!({"contact_emails": "x"}))
            .bad_json(
                409,
                "opted_out",
                format!("/api/v1/leads/{gone}/enrich"),
                &json!({"contact_emails": ["a@b.com"]}),
            )
            .bad_json(
                404,
                "lead_not_found",
                "/api/v1/leads/kimse.com.tr/enrich",
                &json!({"contact_emails": ["a@b.com"]}),
            ),
        Route::of("read", "GET /api/v1/leads/{domain}/summary.pdf")
            .good(200, format!("{lead}/summary.pdf"))
            .bad(404, "lead_not_found", "/api/v1/leads/kimse.com.tr/summary.pdf")
            .bad(422, "domain_placeholder", "/api/v1/leads/nan/summary.pdf")
            .bad(409, "opted_out", format!("/api/v1/leads/{gone}/summary.pdf")),
        Route::of("read", "GET /api/v1/providers").good(200, "/api/v1/providers"),
        Route::of("admin", "PUT /api/v1/providers/overrides/{mx_root}")
            .good_json(200, format!("{root}/ornek.net"), &json!({"provider": "google-workspace"}))
            .bad_json(
                422,
                "validation",
                format!("{root}/ornek.net"),
                &json!({"provider": "Local"}),
            ),
        Route::of("admin", "DELETE /api/v1/providers/overrides/{mx_root}")
            .good(200, format!("{root}/ornek.net"))
            .bad(404, "override_not_found", format!("{root}/kimse.net"))
            .bad(422, "domain_not_a_name", format!("{root}/not%20a%20name")),
        Route::of("read", "GET /healthz/metrics").good(200, "/healthz/metrics"),
        Route::of("read", "GET /metrics").good(200, "/metrics"),
    ]
}
