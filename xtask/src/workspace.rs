//! The workspace as `cargo metadata` tells it.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The members of the workspace, and who depends on whom in the whole graph.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) members: Vec<Member>,
    /// Package id to node.
    pub(crate) nodes: HashMap<String, Node>,
}

/// A package that lives in this repository.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) manifest: PathBuf,
    pub(crate) has_library: bool,
    /// Names of the bench targets.
    pub(crate) benches: Vec<String>,
}

/// A package of the dependency graph.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) edges: Vec<Edge>,
}

/// A dependency of a package, as it was resolved.
#[derive(Debug)]
pub(crate) struct Edge {
    pub(crate) to: String,
    /// Linked into the package itself, and not only into its tests or its build script.
    pub(crate) normal: bool,
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn load(root: &Path) -> Result<Self, String> {
        let output = Command::new(crate::process::cargo_path())
            .args(["metadata", "--format-version", "1"])
            .current_dir(root)
            .output()
            .map_err(|error| format!("cannot start cargo: {error}"))?;
        if !output.status.success() {
            let text = String::from_utf8_lossy(&output.stderr);
            return Err(format!("cargo metadata failed:\n{}", text.trim_end()));
        }
        let value: Value = serde_json::from_slice(&output.stdout)
            .map_err(|error| format!("cargo metadata is not JSON: {error}"))?;
        Self::from_metadata(&value)
    }

    /// Reads the answer of `cargo metadata --format-version 1`.
    pub(crate) fn from_metadata(metadata: &Value) -> Result<Self, String> {
        let root = PathBuf::from(text(metadata, "workspace_root")?);
        let ids: Vec<&str> =
            list(metadata, "workspace_members")?.iter().filter_map(Value::as_str).collect();
        let mut members = Vec::new();
        let mut names = HashMap::new();
        // A macro runs in the compiler: neither it nor what it stands on is linked.
        let mut macros = HashSet::new();
        for package in list(metadata, "packages")? {
            let (id, name) = (text(package, "id")?, text(package, "name")?);
            names.insert(id, name);
            if list(package, "targets")?.iter().any(|target| is(target, &["proc-macro"])) {
                macros.insert(id);
            }
            if ids.contains(&id) {
                members.push(member(package, id, name)?);
            }
        }
        members.sort_by(|a, b| a.name.cmp(&b.name));
        let mut nodes = HashMap::new();
        let resolve = metadata.get("resolve").ok_or("cargo metadata has no `resolve`")?;
        for node in list(resolve, "nodes")? {
            let id = text(node, "id")?;
            let name = names.get(id).copied().unwrap_or(id).to_owned();
            let mut edges = list(node, "deps")?.iter().map(edge).collect::<Result<Vec<_>, _>>()?;
            for edge in &mut edges {
                edge.normal &= !macros.contains(edge.to.as_str());
            }
            nodes.insert(id.to_owned(), Node { name, edges });
        }
        Ok(Self { root, members, nodes })
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.member(name).is_some()
    }

    pub(crate) fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }
}

fn member(package: &Value, id: &str, name: &str) -> Result<Member, String> {
    let targets = list(package, "targets")?;
    Ok(Member {
        id: id.to_owned(),
        name: name.to_owned(),
        manifest: PathBuf::from(text(package, "manifest_path")?),
        has_library: targets.iter().any(|target| is(target, &["lib", "rlib", "proc-macro"])),
        benches: targets
            .iter()
            .filter(|target| is(target, &["bench"]))
            .map(|target| text(target, "name").map(str::to_owned))
            .collect::<Result<_, _>>()?,
    })
}

/// Whether a target is of one of these kinds.
fn is(target: &Value, wanted: &[&str]) -> bool {
    list(target, "kind")
        .is_ok_and(|kinds| kinds.iter().filter_map(Value::as_str).any(|k| wanted.contains(&k)))
}

fn edge(dependency: &Value) -> Result<Edge, String> {
    let kinds = list(dependency, "dep_kinds")?;
    let normal = kinds.iter().any(|kind| kind.get("kind").is_none_or(Value::is_null));
    Ok(Edge { to: text(dependency, "pkg")?.to_owned(), normal })
}

fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str, String> {
    value
        .get(key)
        .and_then(Value::as_str)
        .ok_or_else(|| format!("cargo metadata: `{key}` is missing or is not a text"))
}

fn list<'a>(value: &'a Value, key: &str) -> Result<&'a [Value], String> {
    value
        .get(key)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .ok_or_else(|| format!("cargo metadata: `{key}` is missing or is not a list"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_targets_and_edges_are_read() {
        let metadata = json!({
            "workspace_root": "/w",
            "workspace_members": ["path+a"],
            "packages": [
                {"id": "path+a", "name": "a", "manifest_path": "/w/a/Cargo.toml", "targets": [
                    {"kind": ["lib"], "name": "a"}, {"kind": ["bench"], "name": "core"}]},
                {"id": "reg+b", "name": "b", "manifest_path": "/r/b/Cargo.toml", "targets": []},
                {"id": "reg+m", "name": "m", "manifest_path": "/r/m/Cargo.toml",
                 "targets": [{"kind": ["proc-macro"], "name": "m"}]},
            ],
            "resolve": {"nodes": [
                {"id": "path+a", "deps": [
                    {"pkg": "reg+b", "dep_kinds": [{"kind": "dev"}, {"kind": null}]}]},
                {"id": "reg+b", "deps": [
                    {"pkg": "path+a", "dep_kinds": [{"kind": "dev"}]},
                    {"pkg": "reg+m", "dep_kinds": [{"kind": null}]}]},
            ]},
        });
        let workspace = Workspace::from_metadata(&metadata).unwrap();
        assert_eq!(workspace.members.len(), 1);
        let member = workspace.member("a").unwrap();
        assert!(member.has_library);
        assert_eq!(member.benches, ["core"]);
        assert!(workspace.nodes["path+a"].edges[0].normal, "a dependency of both kinds is linked");
        assert_eq!(workspace.nodes["reg+b"].name, "b");
        assert!(!workspace.nodes["reg+b"].edges[0].normal);
        assert!(!workspace.nodes["reg+b"].edges[1].normal, "a macro is not linked");
    }

    #[test]
    fn what_is_missing_is_named() {
        let message = Workspace::from_metadata(&json!({"workspace_root": "/w"})).unwrap_err();
        assert!(message.contains("`workspace_members`"), "{message}");
    }
}
