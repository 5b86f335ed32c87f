//! The routes that came after the first ones: files, webhooks, exports, addresses, the dashboard, and what
//! is not built yet.

use serde_json::json;

use super::{LEAD, NO_JOB, Route};
use crate::client::Asked;

pub(super) fn routes() -> Vec<Route> {
    let off = |scope, name: &'static str| {
        let path = name.split_once(' ').expect("a path").1.replace("{domain}", LEAD);
        Route::of(scope, name).bad(400, "feature_disabled", path)
    };
    let (page, guess) = ("/api/v1/dashboard/activity", "/api/v1/email/generate");
    let (hook, root) = ("/api/v1/ingest/webhook", "/api/v1/providers/overrides");
    let lead = format!("/api/v1/leads/{LEAD}");
    let mut file = Route::of("ingest", "POST /api/v1/ingest/csv");
    let form = |name: &str, body: &str| {
        let body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{body}\r\n--b--\r\n"
        );
        Asked::new("POST", "/api/v1/ingest/csv").text("multipart/form-data; boundary=b", body)
    };
    file.good.push((202, form("list.csv", "domain,company\nd0009.com.tr,Dokuz A.Ş.\nnan,Boş\n")));
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
        Route::of("read", "POST /api/v1/email/generate").good_json(
            200,
            guess,
            &json!({"domain": "d0000.com.tr", "first_name": "Ali", "last_name": "Öz"}),
        ),
        Route::of("scan", "POST /api/v1/email/generate-and-validate").good_json(
            200,
            "/api/v1/email/generate-and-validate",
            &json!({"domain": "d0000.com.tr", "first_name": "Ali", "last_name": "Öz"}),
        ),
        file,
        Route::of("ingest", "GET /api/v1/ingest/csv/{job_id}/rejects").bad(
            404,
            "job_not_found",
            format!("/api/v1/ingest/csv/{NO_JOB}/rejects"),
        ),
        Route::of("ingest", "POST /api/v1/ingest/webhook")
            .good_json(201, hook, &json!({"domain": "d0010.com.tr", "company_name": "On A.Ş."}))
            .bad_json(422, "validation", hook, &json!({"domain": "ali@gmail.com"})),
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
            .bad_json(
                404,
                "lead_not_found",
                "/api/v1/leads/kimse.com.tr/enrich",
                &json!({"contact_emails": ["a@b.com"]}),
            ),
        Route::of("read", "GET /api/v1/leads/{domain}/summary.pdf")
            .good(200, format!("{lead}/summary.pdf"))
            .bad(404, "lead_not_found", "/api/v1/leads/kimse.com.tr/summary.pdf")
            .bad(422, "domain_placeholder", "/api/v1/leads/nan/summary.pdf"),
        Route::of("read", "GET /api/v1/providers").good(200, "/api/v1/providers"),
        Route::of("admin", "PUT /api/v1/providers/overrides/{mx_root}").good_json(
            200,
            format!("{root}/ornek.net"),
            &json!({"provider": "Local"}),
        ),
        Route::of("admin", "DELETE /api/v1/providers/overrides/{mx_root}")
            .good(200, format!("{root}/ornek.net"))
            .bad(404, "override_not_found", format!("{root}/kimse.net")),
        Route::of("read", "GET /healthz/metrics").good(200, "/healthz/metrics"),
        Route::of("read", "GET /metrics").good(200, "/metrics"),
    ]
}
