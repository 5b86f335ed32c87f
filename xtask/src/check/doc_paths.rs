//! Every path of the repository that a document names in backticks exists.

use std::path::{Path, PathBuf};

/// Folders of the house. A path that begins with one is checked even before the folder exists.
const TOP_FOLDERS: &[&str] = &[
    "hunter-core",
    "hunter-scan",
    "hunter-store",
    "hunter-server",
    "hunter-py",
    "hunter-node",
    "nameserver",
    "demo",
    "benches",
    "tests",
    "examples",
    "fuzz",
    "xtask",
    "deploy",
    "docs",
    ".cargo",
    ".ci",
];

/// Folders that hold no files of the repository.
const NOT_OURS: &[&str] = &["target", ".git", "node_modules", "__pycache__", ".venv", "dist"];

/// Every path in README.md, CONTRIBUTING.md and docs that does not exist, as a sentence.
pub(crate) fn faults(root: &Path) -> Result<Vec<String>, String> {
    let mut files = Vec::new();
    walk(root, root, &mut files)?;
    let mut faults = Vec::new();
    for document in files.iter().filter(|path| is_document(path)) {
        let text = std::fs::read_to_string(root.join(document))
            .map_err(|error| format!("{}: {error}", document.display()))?;
        for (line, code) in code_spans(&text) {
            if let Some(path) = path_of(code)
                && !exists(root, document, path, &files)
            {
                faults.push(format!("{}:{line}: `{code}` does not exist", document.display()));
            }
        }
    }
    Ok(faults)
}

fn is_document(path: &Path) -> bool {
    path == Path::new("README.md")
        || path == Path::new("CONTRIBUTING.md")
        || path.starts_with("docs") && path.extension().is_some_and(|ending| ending == "md")
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut entries = std::fs::read_dir(folder)
        .map_err(failed)?
        .collect::<Result<Vec<_>, _>>()
        .map_err(failed)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() {
            if !NOT_OURS.iter().any(|name| entry.file_name() == *name) {
                walk(root, &entry.path(), files)?;
            }
        } else if let Ok(inside) = entry.path().strip_prefix(root) {
            files.push(inside.to_owned());
        }
    }
    Ok(())
}

/// The code spans of a document, each with its line; fenced blocks hold commands and are left out.
fn code_spans(text: &str) -> Vec<(usize, &str)> {
    let mut spans = Vec::new();
    let mut fence: Option<&str> = None;
    for (at, line) in text.lines().enumerate() {
        let start = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| start.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) => {
                let pieces: Vec<&str> = line.split('`').collect();
                // Of an odd number of backticks the last one opens nothing.
                let closed = pieces.len() - 1;
                spans.extend(
                    pieces[..closed].iter().skip(1).step_by(2).map(|piece| (at + 1, *piece)),
                );
            }
            _ => {}
        }
    }
    spans
}

/// The path that a code span names, when it looks like a path of the repository: without an anchor
/// or a line number behind it.
fn path_of(code: &str) -> Option<&str> {
    let path = code.split('#').next().unwrap_or(code);
    let path = path.split_once(':').map_or(path, |(path, _)| path);
    // Blanks make a command; the others make a pattern or a place to fill in.
    if path.is_empty() || path.contains([' ', '*', '<', '{', '$', '(', '…', '@', '~']) {
        return None;
    }
    let file = [".rs", ".toml", ".md"].iter().any(|ending| {
        path.len() > ending.len() && path.ends_with(ending) && !path.starts_with('.')
    });
    let first = path.split_once('/').map(|(first, _)| first);
    let ours = first.is_some_and(|first| TOP_FOLDERS.contains(&first));
    (file || ours).then_some(path)
}

/// Whether a path leads somewhere: from the root, from beside the document, or, for a short name
/// such as `cell.rs`, as the end of exactly that path.
fn exists(root: &Path, document: &Path, path: &str, files: &[PathBuf]) -> bool {
    if root.join(path).exists() {
        return true;
    }
    let beside = document.parent().is_some_and(|folder| root.join(folder).join(path).exists());
    let rooted = path.split_once('/').is_some_and(|(first, _)| TOP_FOLDERS.contains(&first));
    beside || (!rooted && files.iter().any(|file| file.ends_with(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_found_outside_of_fences() {
        let text = "see `a.rs` and `b.md`\n```sh\ncat `c.rs`\n```\nthen `d.toml`, a lone ` here\n";
        assert_eq!(code_spans(text), [(1, "a.rs"), (1, "b.md"), (5, "d.toml")]);
    }

    #[test]
    fn only_what_looks_like_a_path_of_the_repository_is_taken() {
        for (code, path) in [
            ("hunter-core/src/lib.rs", Some("hunter-core/src/lib.rs")),
            ("docs/", Some("docs/")),
            ("docs/TESTING.md#fuzz", Some("docs/TESTING.md")),
            ("xtask/src/main.rs:12", Some("xtask/src/main.rs")),
            ("deny.toml", Some("deny.toml")),
            ("tests/vectors/*.jsonl", None),
            ("docs/decisions/<number>.md", None),
            ("cargo run -p demo docs/a.md", None),
            ("application/json", None),
            ("v=spf1", None),
            (".rs", None),
            ("", None),
        ] {
            assert_eq!(path_of(code), path, "{code}");
        }
    }

    #[test]
    fn a_path_that_is_not_there_is_named_with_its_place() {
        let root = std::env::temp_dir().join(format!("xtask-doc-paths-{}", std::process::id()));
        std::fs::create_dir_all(root.join("docs/decisions")).unwrap();
        std::fs::create_dir_all(root.join("xtask/src")).unwrap();
        std::fs::write(root.join("xtask/src/main.rs"), "").unwrap();
        std::fs::write(root.join("docs/decisions/0001-one.md"), "`main.rs`").unwrap();
        std::fs::write(
            root.join("README.md"),
            "`docs/decisions/0001-one.md`, `src/main.rs`\n`xtask/main.rs`\n`gone.rs`\n",
        )
        .unwrap();
        std::fs::write(root.join("docs/A.md"), "`decisions/0001-one.md` `docs/gone/`\n").unwrap();
        let found = faults(&root).unwrap();
        std::fs::remove_dir_all(&root).unwrap();
        assert_eq!(
            found,
            [
                "README.md:2: `xtask/main.rs` does not exist",
                "README.md:3: `gone.rs` does not exist",
                "docs/A.md:1: `docs/gone/` does not exist",
            ]
        );
    }
}
