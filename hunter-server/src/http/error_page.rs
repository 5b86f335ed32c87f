//! `/docs/errors`: every code with its meaning and what to do, where the `type` of each problem leads.
//!
//! It is written once, from the tables of the code; it needs no script and nothing from elsewhere.

use std::fmt::Write as _;

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use hunter_core::error::CodeInfo;

use super::problem::{self, status_of};

/// The tables that a code of this program can come from.
pub(crate) const TABLES: [(&str, &str, &[CodeInfo]); 6] = [
    ("HTTP interface", "http", problem::CODES),
    ("Files", "files", hunter_sheets::CODES),
    ("Rules and input", "core", hunter_core::error::CODES),
    ("Scans", "scan", hunter_scan::CODES),
    ("Database", "store", hunter_store::CODES),
    ("Program", "program", crate::error::CODES),
];

const HEAD: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hunter: error codes</title>
<style>
:root { color-scheme: light dark; --ink: #3b4151; --soft: #6b7280; --line: #d8dde7; --paper: #fafafa;
  --card: #fff; --accent: #4990e2; --client: #b45309; --server: #b91c1c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e5e7eb; --soft: #9ca3af; --line: #374151;
  --paper: #16181d; --card: #1f232b; --client: #fbbf24; --server: #f87171; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
header { background: #1b1b1b; color: #fff; padding: .75rem 1.25rem; }
header a { color: #fff; text-decoration: none; font-weight: 700; }
header span { opacity: .7; margin-left: .75rem; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.9rem; margin: .5rem 0; }
h2 { margin: 2.5rem 0 .75rem; padding-bottom: .35rem; border-bottom: 1px solid var(--line); }
nav { margin-top: .75rem; }
nav a { margin-right: 1rem; }
a { color: var(--accent); }
code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .95em; }
article { background: var(--card); border: 1px solid var(--line); border-radius: 6px;
  padding: .75rem 1rem; margin: .6rem 0; }
article:target { border-color: var(--accent); box-shadow: 0 0 0 3px #4990e255; }
h3 { display: flex; flex-wrap: wrap; gap: .6rem; align-items: baseline; margin: 0; font-size: 1.05rem; }
h3 a { color: inherit; text-decoration: none; }
h3 a:hover { text-decoration: underline; }
.status { margin-left: auto; font-size: .85rem; font-weight: 600; color: var(--client); }
.status.server { color: var(--server); }
p { margin: .25rem 0 0; }
.remedy { color: var(--soft); }
</style>
</head>
<body>
<header><a href="/docs/">Hunter</a><span>error codes</span></header>
<main>
<h1>Error codes</h1>
<p>Every error carries one of these codes. A code is the same over HTTP, on the command line, in Rust, Python
and Node, and it does not change its meaning between versions; the sentence beside it may. A code with a status
is answered as <code>application/problem+json</code> (RFC 9457); one without stands in results, in the log or
on the command line.</p>
"#;

/// The page.
pub(crate) fn page() -> Response {
    static PAGE: std::sync::LazyLock<String> = std::sync::LazyLock::new(written);
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], PAGE.as_str()).into_response()
}

fn written() -> String {
    let mut page = String::from(HEAD);
    page.push_str("<nav>");
    for (title, id, _) in TABLES {
        // Writing to a string cannot fail.
        let _ = write!(page, "<a href=\"#-{id}\">{title}</a> ");
    }
    page.push_str("</nav>\n");
    for (title, id, codes) in TABLES {
        let _ = writeln!(page, "<section>\n<h2 id=\"-{id}\">{title}</h2>");
        for row in codes {
            article(&mut page, row);
        }
        page.push_str("</section>\n");
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn article(page: &mut String, row: &CodeInfo) {
    let CodeInfo { code, meaning, remedy } = row;
    let (meaning, remedy) = (prose(meaning), prose(remedy));
    let _ =
        write!(page, "<article id=\"{code}\">\n<h3><a href=\"#{code}\"><code>{code}</code></a>");
    if let Some(status) = status_of(code) {
        let of_server = if status.is_server_error() { " server" } else { "" };
        let _ = write!(page, "<span class=\"status{of_server}\">{status}</span>");
    }
    let _ = writeln!(page, "</h3>\n<p>{meaning}</p>\n<p class=\"remedy\">{remedy}</p>\n</article>");
}

/// A text of the tables as a sentence: its backticks are code.
fn prose(text: &str) -> String {
    let mut prose = String::with_capacity(text.len() + 16);
    for (i, part) in text.split('`').enumerate() {
        let escaped = part.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        if i % 2 == 1 {
            let _ = write!(prose, "<code>{escaped}</code>");
        } else if i == 0 {
            let mut letters = escaped.chars();
            prose.extend(letters.next().into_iter().flat_map(char::to_uppercase));
            prose.push_str(letters.as_str());
        } else {
            prose.push_str(&escaped);
        }
    }
    if !prose.ends_with(['.', '!', '?']) {
        prose.push('.');
    }
    prose
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_anchor_and_its_texts() {
        let page = written();
        for (_, _, codes) in TABLES {
            for row in codes {
                let anchor = format!("<article id=\"{}\">", row.code);
                assert_eq!(page.matches(&anchor).count(), 1, "{}", row.code);
                assert!(page.contains(&prose(row.meaning)), "{}", row.code);
                assert!(page.contains(&prose(row.remedy)), "{}", row.code);
            }
        }
        for (code, status) in problem::STATUSES {
            let at = page.find(&format!("id=\"{code}\"")).unwrap_or_else(|| panic!("{code}"));
            let article = &page[at..page[at..].find("</article>").expect("its end") + at];
            assert!(article.contains(&format!(">{status} ")), "{code}: {article}");
        }
        assert!(
            !page.contains("<script") && !page.contains("http://") && !page.contains("https://")
        );
    }

    #[test]
    fn texts_become_sentences() {
        assert_eq!(prose("use `a < b`"), "Use <code>a &lt; b</code>.");
        assert_eq!(prose("`x` is no name"), "<code>x</code> is no name.");
        assert_eq!(prose("is it?"), "Is it?");
    }
}
