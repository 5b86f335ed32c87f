//! The table of routes: what each is asked, well and badly, and what it must answer.
//!
//! The walk fails where `/openapi.json` lists a route that is not in this table, so that a new route comes
//! with its lines here.

pub(crate) mod later;

use serde_json::{Value, json};

use crate::client::Asked;

/// One route.
pub(crate) struct Route {
    /// Method and path, as the description lists them.
    pub(crate) name: &'static str,
    /// The scope of a key; `None` for what is asked by machines without one.
    pub(crate) scope: Option<&'static str>,
    pub(crate) good: Vec<(u16, Asked)>,
    /// With the code of the problem.
    pub(crate) bad: Vec<(u16, &'static str, Asked)>,
}

impl Route {
    fn open(name: &'static str) -> Self {
        Self { name, scope: None, good: Vec::new(), bad: Vec::new() }
    }

    fn of(scope: &'static str, name: &'static str) -> Self {
        Self { scope: Some(scope), ..Self::open(name) }
    }

    fn method(&self) -> &'static str {
        self.name.split_once(' ').expect("a method and a path").0
    }

    fn good(mut self, status: u16, path: impl Into<String>) -> Self {
        self.good.push((status, Asked::new(self.method(), path)));
        self
    }

    fn good_json(mut self, status: u16, path: impl Into<String>, body: &Value) -> Self {
        self.good.push((status, Asked::json(self.method(), path, body)));
        self
    }

    fn bad(mut self, status: u16, code: &'static str, path: impl Into<String>) -> Self {
        self.bad.push((status, code, Asked::new(self.method(), path)));
        self
    }

    fn bad_json(
        mut self,
        status: u16,
        code: &'static str,
        path: impl Into<String>,
        body: &Value,
    ) -> Self {
        self.bad.push((status, code, Asked::json(self.method(), path, body)));
        self
    }
}

/// What is there before the walk begins.
pub(crate) struct Known {
    /// A scan of many domains that is done.
    pub(crate) job: String,
    /// One that waits, and one more.
    pub(crate) waiting: [String; 2],
    /// A file that was taken in.
    pub(crate) file: String,
    /// A key that nobody uses.
    pub(crate) key: i64,
}

/// A lead that stays.
pub(crate) const LEAD: &str = "d0000.com.tr";
/// Leads that are erased, one in the walk of each process.
const ERASED: [&str; 1] = ["d0001.com.tr"];
const STRANGER: &str = "kimse.com.tr";
const NO_JOB: &str = "01936f00-0000-7000-8000-000000000000";

pub(crate) fn routes(known: &Known) -> Vec<Route> {
    let mut routes = ingest();
    routes.extend(scans(known));
    routes.extend(leads());
    routes.extend(alerts());
    routes.extend(gone());
    routes.extend(administration(known.key));
    routes.extend(health());
    routes.extend(later::routes(known));
    routes
}

fn ingest() -> Vec<Route> {
    let path = "/api/v1/ingest/domain";
    let opt_outs = "/api/v1/opt-outs";
    vec![
        Route::of("ingest", "POST /api/v1/ingest/domain")
            .good_json(
                201,
                path,
                &json!({"domain": "https://www.d0002.com.tr/", "company_name": "Örnek A.Ş."}),
            )
            .good_json(201, path, &json!({"domain": "nan", "email": "ali@d0003.com.tr"}))
            .bad_json(422, "validation", path, &json!({"domain": "ali@gmail.com"}))
            .bad_json(422, "validation", path, &json!({"domain": 7}))
            .bad_json(422, "validation", path, &json!({}))
            .bad_json(422, "validation", path, &json!({"domain": "a\u{0}b.com"}))
            .bad_json(409, "opted_out", path, &json!({"domain": "cikti.com.tr"})),
        Route::of("read", "GET /api/v1/opt-outs")
            .good(200, opt_outs)
            .good(200, "/api/v1/opt-outs?after=c&limit=1")
            .good(200, "/api/v1/opt-outs?after=%00")
            .bad(422, "validation", "/api/v1/opt-outs?limit=0")
            .bad(422, "validation", "/api/v1/opt-outs?sort=up"),
        Route::of("ingest", "POST /api/v1/opt-outs")
            .good_json(
                201,
                opt_outs,
                &json!({"domain": "d0004.com.tr", "ground": "letter of 3 May"}),
            )
            .good_json(201, opt_outs, &json!({"domain": "d0005.com.tr"}))
            .bad_json(
                422,
                "validation",
                opt_outs,
                &json!({"domain": "d0004.com.tr", "ground": " "}),
            )
            .bad_json(422, "domain_empty_label", opt_outs, &json!({"domain": ".."})),
        Route::of("admin", "DELETE /api/v1/opt-outs")
            .good(204, "/api/v1/opt-outs?domain=d0004.com.tr")
            .bad(404, "opt_out_not_found", "/api/v1/opt-outs?domain=kimse.com.tr")
            .bad(422, "validation", opt_outs),
        Route::of("admin", "DELETE /api/v1/opt-outs/{domain}")
            .good(204, "/api/v1/opt-outs/d0005.com.tr")
            .bad(404, "opt_out_not_found", "/api/v1/opt-outs/kimse.com.tr")
            .bad(422, "domain_empty_label", "/api/v1/opt-outs/..%20"),
    ]
}

fn scans(known: &Known) -> Vec<Route> {
    let Known { job, waiting, .. } = known;
    let (bulk, again) = ("/api/v1/scan/bulk", "/api/v1/scan/bulk/rescan");
    let domain = "/api/v1/scan/domain";
    let list = json!({"domain_list": ["d0006.com.tr", "nan", "d0006.com.tr"]});
    let missing = format!("/api/v1/scan/bulk/{NO_JOB}");
    let results = format!("/api/v1/scan/bulk/{job}/results");
    let mut start = Route::of("scan", "POST /api/v1/scan/bulk")
        .good_json(200, bulk, &list)
        .bad_json(422, "validation", bulk, &json!({"domain_list": []}))
        .bad_json(422, "validation", bulk, &json!({"domain_list": ["nan", "cikti.com.tr"]}))
        .bad_json(422, "validation", bulk, &json!({"domain_list": "d0006.com.tr"}));
    let once = |body: &Value| Asked::json("POST", bulk, body).header("idempotency-key", "walk");
    start.good.push((200, once(&list)));
    start.good.push((200, once(&list)));
    let other = once(&json!({"domain_list": ["d0007.com.tr"]}));
    start.bad.push((422, "idempotency_conflict", other));
    vec![
        Route::of("scan", "POST /api/v1/scan/domain")
            .good_json(200, domain, &json!({"domain": "d0008.com.tr"}))
            .bad_json(422, "domain_placeholder", domain, &json!({"domain": "nan"}))
            .bad_json(422, "validation", domain, &json!({"domain": null}))
            .bad_json(409, "opted_out", domain, &json!({"domain": "cikti.com.tr"})),
        Route::of("scan", "POST /api/v1/scan/{domain}/rescan")
            .good(200, "/api/v1/scan/d0008.com.tr/rescan")
            .bad(409, "opted_out", "/api/v1/scan/cikti.com.tr/rescan")
            .bad(422, "domain_placeholder", "/api/v1/scan/nan/rescan"),
        start,
        Route::of("scan", "POST /api/v1/scan/bulk/rescan")
            .good_json(200, again, &json!({"domain_list": ["d0000.com.tr"]}))
            .bad_json(422, "validation", again, &json!({"domain_list": [""]}))
            .bad_json(422, "validation", again, &json!({"domains": ["d0000.com.tr"]})),
        Route::of("read", "GET /api/v1/scan/bulk/{job_id}")
            .good(200, format!("/api/v1/scan/bulk/{job}"))
            .bad(404, "job_not_found", &missing)
            .bad(404, "job_not_found", "/api/v1/scan/bulk/1"),
        Route::of("scan", "DELETE /api/v1/scan/bulk/{job_id}")
            .good(200, format!("/api/v1/scan/bulk/{}", waiting[0]))
            .good(200, format!("/api/v1/scan/bulk/{}", waiting[0]))
            .bad(409, "job_ended", format!("/api/v1/scan/bulk/{job}"))
            .bad(404, "job_not_found", &missing),
        Route::of("read", "GET /api/v1/scan/bulk/{job_id}/results")
            .good(200, &results)
            .good(200, format!("{results}?page_size=1&only_failed=true"))
            .bad(422, "validation", format!("{results}?page_size=0"))
            .bad(422, "validation", format!("{results}?only_failed=perhaps"))
            .bad(400, "cursor_invalid", format!("{results}?cursor=%21"))
            .bad(404, "job_not_found", format!("{missing}/results")),
        Route::of("read", "GET /api/v1/jobs/{job_id}")
            .good(200, format!("/api/v1/jobs/{job}"))
            .good(200, format!("/api/v1/jobs/{}", waiting[1]))
            .bad(404, "job_not_found", format!("/api/v1/jobs/{NO_JOB}")),
        Route::of("read", "GET /api/v1/jobs/{job_id}/events")
            .good(200, format!("/api/v1/jobs/{job}/events"))
            .bad(404, "job_not_found", format!("/api/v1/jobs/{NO_JOB}/events")),
    ]
}

fn leads() -> Vec<Route> {
    let lead = format!("/api/v1/leads/{LEAD}");
    let missing = format!("/api/v1/leads/{STRANGER}");
    let refused = "/api/v1/leads/nan";
    let mut list = Route::of("read", "GET /api/v1/leads")
        .bad(400, "use_cursor", "/api/v1/leads?page=201&page_size=50")
        .bad(400, "cursor_invalid", "/api/v1/leads?cursor=x");
    for query in [
        "",
        "?segment=Migration&min_score=1&max_score=99",
        "?provider=Google&priority_category=P1&commercial_segment=COMPETITIVE&tenant_size=small",
        "?tag=weak-spf&referral_type=co-sell&favorite=true",
        "?search=d0000",
        "?search=%25&page=1&page_size=200",
        "?search=%00",
        "?tag=%00",
        "?sort_by=domain&sort_order=desc",
        "?sort_by=readiness_score",
        "?sort_by=priority_score",
        "?sort_by=priority_category",
        "?sort_by=segment",
        "?sort_by=provider",
        "?sort_by=scanned_at",
    ] {
        list = list.good(200, format!("/api/v1/leads{query}"));
    }
    for query in [
        "?page=0",
        "?page_size=201",
        "?min_score=101",
        "?min_score=9&max_score=8",
        "?segment=Hot",
        "?sort_by=name",
        "?colour=red",
        "?page=1&cursor=x",
    ] {
        list = list.bad(422, "validation", format!("/api/v1/leads{query}"));
    }
    let of_lead = |name, after: &str| {
        Route::of("read", name)
            .good(200, format!("{lead}{after}"))
            .bad(404, "lead_not_found", format!("{missing}{after}"))
            .bad(422, "domain_placeholder", format!("{refused}{after}"))
    };
    vec![
        list,
        of_lead("GET /api/v1/leads/{domain}", ""),
        of_lead("GET /api/v1/leads/{domain}/score-breakdown", "/score-breakdown"),
        of_lead("GET /api/v1/leads/{domain}/sales-summary", "/sales-summary")
            .good(200, format!("{lead}/sales-summary?locale=en"))
            .bad(422, "locale_unknown", format!("{lead}/sales-summary?locale=xx")),
        of_lead("GET /api/v1/leads/{domain}/history", "/history")
            .good(200, format!("{lead}/history?limit=1"))
            .bad(422, "validation", format!("{lead}/history?limit=0")),
        of_lead("GET /api/v1/leads/{domain}/notes", "/notes"),
        of_lead("GET /api/v1/leads/{domain}/tags", "/tags"),
        Route::of("admin", "DELETE /api/v1/leads/{domain}")
            .good(204, format!("/api/v1/leads/{}", ERASED[0]))
            .bad(404, "lead_not_found", &missing)
            .bad(422, "domain_placeholder", refused),
    ]
}

fn alerts() -> Vec<Route> {
    let (config, schedule) = ("/api/v1/alerts/config", "/api/v1/alerts/schedule");
    let hook = |url: &str| json!({"alert_type": "mx_changed", "notification_method": "webhook", "webhook_url": url});
    vec![
        Route::of("read", "GET /api/v1/alerts")
            .good(200, "/api/v1/alerts")
            .good(200, "/api/v1/alerts?limit=1&before=2026-01-01T00:00:00Z")
            .bad(422, "validation", "/api/v1/alerts?limit=201")
            .bad(422, "validation", "/api/v1/alerts?before=yesterday"),
        Route::of("read", "GET /api/v1/alerts/config").good(200, config),
        Route::of("admin", "POST /api/v1/alerts/config")
            .good_json(201, config, &hook("https://kanca.ornek.com.tr/x"))
            .bad_json(422, "validation", config, &hook("http://kanca.ornek.com.tr/x"))
            .bad_json(422, "validation", config, &hook("https://kanca.ornek.com.tr/\u{0}"))
            .bad_json(
                422,
                "validation",
                config,
                &json!({"alert_type": "moon", "notification_method": "slack"}),
            ),
        Route::of("read", "GET /api/v1/alerts/schedule").good(200, schedule),
        Route::of("admin", "PUT /api/v1/alerts/schedule")
            .good_json(
                200,
                schedule,
                &json!({"enabled": true, "time": "08:30", "time_zone": "Europe/Istanbul"}),
            )
            .bad_json(
                422,
                "validation",
                schedule,
                &json!({"enabled": true, "time": "24:00", "time_zone": "Europe/Istanbul"}),
            )
            .bad_json(
                422,
                "validation",
                schedule,
                &json!({"enabled": true, "time": "08:30", "time_zone": "\u{0}"}),
            ),
    ]
}

/// Writes that moved elsewhere.
fn gone() -> Vec<Route> {
    [
        "POST /api/v1/leads/{domain}/notes",
        "PUT /api/v1/leads/{domain}/notes/{id}",
        "DELETE /api/v1/leads/{domain}/notes/{id}",
        "POST /api/v1/leads/{domain}/tags",
        "DELETE /api/v1/leads/{domain}/tags/{id}",
        "POST /api/v1/leads/{domain}/favorite",
        "DELETE /api/v1/leads/{domain}/favorite",
    ]
    .into_iter()
    .map(|name| {
        let path = name.split_once(' ').expect("a path").1;
        Route::of("read", name).bad(
            410,
            "gone",
            path.replace("{domain}", LEAD).replace("{id}", "1"),
        )
    })
    .collect()
}

fn administration(key: i64) -> Vec<Route> {
    let keys = "/api/v1/admin/api-keys";
    let ip = "/api/v1/debug/ip-enrichment";
    vec![
        Route::of("admin", "GET /api/v1/admin/api-keys").good(200, keys),
        Route::of("admin", "POST /api/v1/admin/api-keys")
            .good_json(
                201,
                keys,
                &json!({"name": "web form", "scopes": ["ingest"], "rate_limit_per_minute": 5}),
            )
            .good_json(201, keys, &json!({"name": "usual"}))
            .bad_json(422, "validation", keys, &json!({"name": ""}))
            .good_json(201, keys, &json!({"name": "a\u{0}b", "created_by": "a\u{0}b"}))
            .bad_json(422, "validation", keys, &json!({"name": "x", "scopes": ["root"]}))
            .bad_json(422, "validation", keys, &json!({"name": "x", "scopes": []}))
            .bad_json(422, "validation", keys, &json!({"name": "x", "rate_limit_per_minute": 0})),
        Route::of("admin", "PATCH /api/v1/admin/api-keys/{id}/deactivate")
            .good(200, format!("{keys}/{key}/deactivate"))
            .bad(404, "key_not_found", format!("{keys}/999999/deactivate"))
            .bad(422, "validation", format!("{keys}/first/deactivate")),
        Route::of("admin", "PATCH /api/v1/admin/api-keys/{id}/activate")
            .good(200, format!("{keys}/{key}/activate"))
            .bad(404, "key_not_found", format!("{keys}/9223372036854775807/activate"))
            .bad(422, "validation", format!("{keys}/-/activate")),
        Route::of("admin", "GET /api/v1/admin/audit")
            .good(200, "/api/v1/admin/audit?limit=1")
            .bad(422, "validation", "/api/v1/admin/audit?limit=0")
            .bad(422, "validation", "/api/v1/admin/audit?before=x"),
        Route::of("admin", "GET /api/v1/debug/ip-enrichment/config")
            .good(200, format!("{ip}/config")),
        Route::of("admin", "GET /api/v1/debug/ip-enrichment/{ip}")
            .good(200, format!("{ip}/192.0.2.1"))
            .good(200, format!("{ip}/2001:db8::1"))
            .bad(422, "validation", format!("{ip}/192.0.2.256")),
    ]
}

fn health() -> Vec<Route> {
    vec![
        Route::open("GET /healthz").good(200, "/healthz"),
        Route::open("GET /healthz/live").good(200, "/healthz/live"),
        Route::open("GET /healthz/ready").good(200, "/healthz/ready"),
        Route::open("GET /healthz/startup").good(200, "/healthz/startup"),
    ]
}
