//! The words of `--only`, and the packages behind each: the one table of them.

use crate::workspace::Workspace;

/// A part of the house that can be tested alone.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// The word after `--only`.
    pub(crate) word: &'static str,
    /// Its packages; the first is the one that makes the group exist.
    pub(crate) packages: &'static [&'static str],
    /// A folder with a `package.json` whose `npm test` belongs to the group.
    pub(crate) npm: Option<&'static str>,
}

/// All groups, from the core outwards.
pub(crate) const GROUPS: &[Group] = &[
    rust("core", &["hunter-core"]),
    rust("scan", &["hunter-scan", "hunter-nameserver"]),
    rust("store", &["hunter-store"]),
    rust("server", &["hunter-server", "hunter-demo", "hunter-sheets", "hunter-tests"]),
    rust("py", &["hunter-py"]),
    rust("node", &["hunter-node", "hunter-arrow"]),
    rust("benches", &["hunter-benches"]),
    Group { word: "ui", packages: &[], npm: Some("hunter-server/ui") },
];

const fn rust(word: &'static str, packages: &'static [&'static str]) -> Group {
    Group { word, packages, npm: None }
}

impl Group {
    /// What is missing, when the group has not been built yet.
    pub(crate) fn missing(&self, workspace: &Workspace) -> Option<String> {
        if let Some(folder) = self.npm {
            let there = workspace.root.join(folder).join("package.json").is_file();
            return (!there).then(|| format!("{folder}/package.json does not exist"));
        }
        let first = self.packages.first()?;
        (!workspace.has(first)).then(|| format!("{first} is not in the workspace"))
    }

    /// The group's packages that are in the workspace.
    pub(crate) fn present(&self, workspace: &Workspace) -> Vec<&'static str> {
        self.packages.iter().copied().filter(|name| workspace.has(name)).collect()
    }
}

/// The argument of `--only`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Only {
    Group(&'static Group),
    Docs,
}

impl Only {
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        if word == "docs" {
            return Some(Self::Docs);
        }
        GROUPS.iter().find(|group| group.word == word).map(Self::Group)
    }
}
