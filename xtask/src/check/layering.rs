//! Who may name whom: the layers of the house, held over `cargo metadata`.

use std::collections::{HashMap, VecDeque};

use crate::workspace::Workspace;

/// What one package of the workspace may name.
struct Rule {
    package: &'static str,
    /// Packages of the workspace that it may link.
    names: Names,
    /// Packages of the workspace that its tests may use besides.
    tests_name: &'static [&'static str],
}

enum Names {
    These(&'static [&'static str]),
    /// A package at the top, which joins the others and which no product crate names.
    Anything,
}

const CORE: &str = "hunter-core";
const ARROW: &str = "hunter-arrow";
const SCAN: &str = "hunter-scan";
const STORE: &str = "hunter-store";
const SERVER: &str = "hunter-server";
const SHEETS: &str = "hunter-sheets";
const NAMESERVER: &str = "hunter-nameserver";

/// One row a package; a package without a row is a fault, so that each new one gets its place.
const RULES: &[Rule] = &[
    rule(CORE, &[], &[]),
    rule(SCAN, &[CORE], &[NAMESERVER]),
    rule(STORE, &[CORE], &[]),
    rule(SHEETS, &[CORE], &[]),
    rule(SERVER, &[CORE, SCAN, SHEETS, STORE], &[NAMESERVER]),
    rule(ARROW, &[CORE], &[]),
    rule("hunter-py", &[CORE, SCAN, ARROW], &[NAMESERVER]),
    rule("hunter-node", &[CORE, SCAN, ARROW], &[NAMESERVER]),
    rule(NAMESERVER, &[CORE], &[]),
    rule("xtask", &[], &[]),
    rule("xtask-gen", &[CORE, ARROW, SCAN, SHEETS, STORE, SERVER, NAMESERVER], &[]),
    top("hunter-demo"),
    top("hunter-tests"),
    top("xtask-accuracy"),
    top("hunter-benches"),
];

const fn rule(
    package: &'static str,
    names: &'static [&'static str],
    tests_name: &'static [&'static str],
) -> Rule {
    Rule { package, names: Names::These(names), tests_name }
}

const fn top(package: &'static str) -> Rule {
    Rule { package, names: Names::Anything, tests_name: &[] }
}

/// What hunter-core must not link, not even through others; a star stands for any ending.
const FORBIDDEN_IN_CORE: &[(&str, &str)] = &[
    ("tokio", "core has no async"),
    ("reqwest", "core asks no network"),
    ("hickory-*", "core asks no network"),
    ("sqlx*", "core knows no database"),
    ("redis", "core knows no database"),
    ("axum*", "core knows no server"),
    ("pyo3*", "bindings stand in hunter-py"),
    ("napi*", "bindings stand in hunter-node"),
    ("getrandom", "core has no randomness"),
    ("rand", "core has no randomness"),
];

/// Every breach of the layers, as a sentence; empty when all is well.
pub(crate) fn faults(workspace: &Workspace) -> Vec<String> {
    let mut faults = Vec::new();
    for member in &workspace.members {
        let name = member.name.as_str();
        match RULES.iter().find(|rule| rule.package == name) {
            Some(rule) => direct(workspace, &member.id, rule, &mut faults),
            None => faults.push(format!(
                "{name} has no row in the layering table: add one in xtask/src/check/layering.rs"
            )),
        }
        if name == CORE {
            forbidden(workspace, &member.id, &mut faults);
        }
    }
    faults
}

fn direct(workspace: &Workspace, id: &str, rule: &Rule, faults: &mut Vec<String>) {
    let Names::These(names) = rule.names else { return };
    let Some(node) = workspace.nodes.get(id) else { return };
    for edge in node.edges.iter().filter(|edge| edge.to != id) {
        let Some(other) = workspace.members.iter().find(|member| member.id == edge.to) else {
            continue;
        };
        let other = other.name.as_str();
        if names.contains(&other) || (!edge.normal && rule.tests_name.contains(&other)) {
            continue;
        }
        let may = if names.is_empty() {
            "no crate of the workspace".to_owned()
        } else {
            names.join(", ")
        };
        let verb = if edge.normal { "names" } else { "names in its tests or build" };
        faults.push(format!("{} {verb} {other}: it may name {may}", rule.package));
    }
}

/// Walks everything that is linked into core, nearest first, and shows the way to what is banned.
fn forbidden(workspace: &Workspace, core: &str, faults: &mut Vec<String>) {
    let mut came_from: HashMap<&str, &str> = HashMap::new();
    let mut queue = VecDeque::from([core]);
    while let Some(id) = queue.pop_front() {
        let Some(node) = workspace.nodes.get(id) else { continue };
        if let Some((_, why)) = FORBIDDEN_IN_CORE.iter().find(|(ban, _)| matches(ban, &node.name)) {
            let way = way(workspace, &came_from, id);
            faults.push(format!("{CORE} links {}: {why} (through {way})", node.name));
        }
        for edge in node.edges.iter().filter(|edge| edge.normal) {
            if edge.to != core && !came_from.contains_key(edge.to.as_str()) {
                came_from.insert(&edge.to, id);
                queue.push_back(&edge.to);
            }
        }
    }
}

fn matches(ban: &str, name: &str) -> bool {
    ban.strip_suffix('*').map_or(ban == name, |stem| name.starts_with(stem))
}

fn way(workspace: &Workspace, came_from: &HashMap<&str, &str>, end: &str) -> String {
    let mut names = Vec::new();
    let mut at = Some(end);
    while let Some(id) = at {
        names.push(workspace.nodes.get(id).map_or(id, |node| node.name.as_str()));
        at = came_from.get(id).copied();
    }
    names.reverse();
    names.join(" → ")
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::workspace::{Edge, Member, Node};

    /// A workspace from lines such as `hunter-scan > hunter-core tokio ~hunter-nameserver`: a
    /// tilde marks a dependency of the tests, and names that begin a line are members.
    fn workspace(lines: &[&str]) -> Workspace {
        let mut workspace = Workspace::default();
        for line in lines {
            let (name, rest) = line.split_once('>').unwrap();
            let name = name.trim();
            let edges = rest
                .split_whitespace()
                .map(|to| Edge {
                    to: to.trim_start_matches('~').to_owned(),
                    normal: !to.starts_with('~'),
                })
                .collect();
            workspace.nodes.insert(name.to_owned(), Node { name: name.to_owned(), edges });
            let foreign = ["foreign", "tokio", "hickory-proto"].contains(&name);
            if !foreign {
                workspace.members.push(Member {
                    id: name.to_owned(),
                    name: name.to_owned(),
                    manifest: PathBuf::new(),
                    has_library: true,
                    benches: Vec::new(),
                });
            }
        }
        workspace
    }

    #[test]
    fn the_house_as_designed_has_no_faults() {
        let good = workspace(&[
            "hunter-core > foreign",
            "hunter-scan > hunter-core tokio ~hunter-nameserver",
            "hunter-store > hunter-core tokio",
            "hunter-server > hunter-core hunter-scan hunter-store ~hunter-nameserver",
            "hunter-py > hunter-core hunter-scan",
            "hunter-nameserver > tokio ~hunter-core",
            "hunter-demo > hunter-server hunter-nameserver",
            "hunter-tests > hunter-server",
            "xtask-gen > hunter-core",
            "xtask >",
            "foreign >",
            "tokio >",
        ]);
        assert_eq!(faults(&good), Vec::<String>::new());
    }

    #[test]
    fn core_is_searched_through_all_it_links() {
        let bad = workspace(&["hunter-core > foreign", "foreign > tokio", "tokio >"]);
        assert_eq!(
            faults(&bad),
            ["hunter-core links tokio: core has no async (through hunter-core → foreign → tokio)"]
        );
        let bad = workspace(&["hunter-core > hickory-proto", "hickory-proto >"]);
        assert!(
            faults(&bad)[0].starts_with("hunter-core links hickory-proto: core asks no network")
        );
    }

    #[test]
    fn what_only_the_tests_of_core_link_is_no_fault() {
        let good = workspace(&["hunter-core > ~foreign", "foreign > tokio", "tokio >"]);
        assert_eq!(faults(&good), Vec::<String>::new());
    }

    #[test]
    fn scan_and_store_never_name_each_other() {
        let bad = workspace(&["hunter-scan > hunter-store", "hunter-store > ~hunter-scan"]);
        assert_eq!(
            faults(&bad),
            [
                "hunter-scan names hunter-store: it may name hunter-core",
                "hunter-store names in its tests or build hunter-scan: it may name hunter-core",
            ]
        );
    }

    #[test]
    fn nobody_below_names_the_server() {
        for package in ["hunter-core", "hunter-scan", "hunter-store", "hunter-py", "hunter-node"] {
            let line = format!("{package} > hunter-server");
            let bad = workspace(&[&line, "hunter-server >"]);
            assert!(faults(&bad)[0].starts_with(&format!("{package} names hunter-server: ")));
        }
    }

    #[test]
    fn the_test_name_server_is_never_linked_into_a_product_crate() {
        let bad = workspace(&["hunter-scan > hunter-nameserver", "hunter-nameserver >"]);
        assert_eq!(faults(&bad), ["hunter-scan names hunter-nameserver: it may name hunter-core"]);
    }

    #[test]
    fn a_new_package_needs_a_row() {
        let bad = workspace(&["hunter-mail >"]);
        assert_eq!(
            faults(&bad),
            ["hunter-mail has no row in the layering table: add one in \
              xtask/src/check/layering.rs"]
        );
    }
}
