//! Versions and lints stand once, in the workspace's manifest: no member states its own.

use crate::workspace::Workspace;

/// Every member that states a version or sets its own lints, as a sentence.
pub(crate) fn faults(workspace: &Workspace) -> Result<Vec<String>, String> {
    let mut faults = Vec::new();
    for member in &workspace.members {
        let text = std::fs::read_to_string(&member.manifest)
            .map_err(|error| format!("{}: {error}", member.manifest.display()))?;
        let place = member.manifest.strip_prefix(&workspace.root).unwrap_or(&member.manifest);
        faults.extend(
            manifest_faults(&text).into_iter().map(|fault| format!("{}: {fault}", place.display())),
        );
    }
    Ok(faults)
}

/// An entry of a manifest: `key = value` and the table in which it stands.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    table: String,
    key: String,
    value: String,
}

fn manifest_faults(manifest: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let entries = entries(manifest);
    let mut dependencies: Vec<(String, bool)> = Vec::new();
    let mut lints = false;
    for entry in &entries {
        lints |= (entry.table == "lints" && entry.key == "workspace"
            || entry.table.is_empty() && entry.key == "lints.workspace")
            && entry.value == "true";
        let Some((name, from_workspace)) = dependency(entry) else { continue };
        match dependencies.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known |= from_workspace,
            None => dependencies.push((name, from_workspace)),
        }
    }
    for (name, from_workspace) in dependencies {
        if !from_workspace {
            faults.push(format!(
                "`{name}` does not say `workspace = true`: state its version in the workspace's \
                 Cargo.toml"
            ));
        }
    }
    if !lints {
        faults.push(
            "the lints of the workspace are not taken: add `[lints] workspace = true`".into(),
        );
    }
    faults
}

/// The dependency that an entry speaks of, and whether the entry takes it from the workspace.
fn dependency(entry: &Entry) -> Option<(String, bool)> {
    let table: Vec<&str> = entry.table.split('.').collect();
    let at = table.iter().position(|part| part.ends_with("dependencies"))?;
    // `[workspace.dependencies]` is where versions belong.
    if table.first() == Some(&"workspace") {
        return None;
    }
    let kind = table[..=at].join(".");
    if let Some(name) = table.get(at + 1) {
        // `[dependencies.name]` with one key a line.
        let from_workspace = entry.key == "workspace" && entry.value == "true";
        return Some((format!("{kind}.{name}"), from_workspace));
    }
    let (name, field) = entry.key.split_once('.').unwrap_or((&entry.key, ""));
    let squeezed: String = entry.value.split_whitespace().collect();
    let from_workspace = (field == "workspace" && entry.value == "true")
        || (field.is_empty() && squeezed.starts_with('{') && squeezed.contains("workspace=true"));
    Some((format!("{kind}.{name}"), from_workspace))
}

/// The entries of a manifest. Values over several lines are joined; that is all of TOML that
/// manifests of this workspace use.
fn entries(manifest: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut table = String::new();
    let mut open = 0;
    for line in manifest.lines() {
        let line = without_comment(line).trim();
        if open > 0 {
            if let Some(last) = entries.last_mut() {
                last.value.push(' ');
                last.value.push_str(line);
            }
            open += depth(line);
        } else if let Some(name) = line.strip_prefix('[') {
            table = name.trim_matches(['[', ']']).replace(['"', ' '], "");
        } else if let Some((key, value)) = line.split_once('=') {
            let (key, value) = (key.trim().replace('"', ""), value.trim().to_owned());
            open = depth(&value);
            entries.push(Entry { table: table.clone(), key, value });
        }
    }
    entries
}

fn without_comment(line: &str) -> &str {
    let mut quoted = false;
    for (at, c) in line.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '#' if !quoted => return &line[..at],
            _ => {}
        }
    }
    line
}

/// How many more brackets a text opens than it closes.
fn depth(text: &str) -> i32 {
    text.chars().fold(0, |depth, c| match c {
        '[' | '{' => depth + 1,
        ']' | '}' => depth - 1,
        _ => depth,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINTS: &str = "\n[lints]\nworkspace = true\n";

    fn dependency_faults(tables: &str) -> Vec<String> {
        manifest_faults(&format!("{tables}{LINTS}"))
    }

    #[test]
    fn every_spelling_of_workspace_is_taken() {
        let tables = r#"
            [package]
            name = "a"              # a comment = "with" { brackets
            version.workspace = true
            [dependencies]
            serde.workspace = true
            tokio = { workspace = true, features = [
                "full",
            ] }
            [dev-dependencies.csv]
            workspace = true
            optional = true
            [target.'cfg(unix)'.dependencies]
            libc = { features = ["extra_traits"], workspace = true }
        "#;
        assert_eq!(dependency_faults(tables), Vec::<String>::new());
    }

    #[test]
    fn a_version_in_a_member_is_a_fault() {
        for table in [
            "[dependencies]\nserde = \"1\"\n",
            "[dependencies]\nserde = { version = \"1\", features = [\"derive\"] }\n",
            "[dependencies]\nserde = { path = \"../serde\" }\n",
            "[dependencies]\nserde.version = \"1\"\n",
            "[dependencies]\nserde = { workspace = false }\n",
            "[dependencies.serde]\nversion = \"1\"\n",
        ] {
            let faults = dependency_faults(table);
            assert_eq!(faults.len(), 1, "{table}");
            assert!(faults[0].starts_with("`dependencies.serde` does not say"), "{}", faults[0]);
        }
        let faults = dependency_faults("[target.\"cfg(unix)\".build-dependencies]\ncc = \"1\"\n");
        assert_eq!(faults.len(), 1);
        assert!(faults[0].starts_with("`target.cfg(unix).build-dependencies.cc`"));
    }

    #[test]
    fn the_workspace_itself_is_where_versions_stand() {
        let tables = "[workspace.dependencies]\nserde = \"1\"\n";
        assert_eq!(dependency_faults(tables), Vec::<String>::new());
    }

    #[test]
    fn a_member_without_the_lints_is_a_fault() {
        assert_eq!(manifest_faults("[package]\nname = \"a\"\n").len(), 1);
        assert_eq!(manifest_faults("[lints]\nworkspace = false\n").len(), 1);
        assert_eq!(manifest_faults("lints.workspace = true\n"), Vec::<String>::new());
    }
}
