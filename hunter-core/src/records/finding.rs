//! What deserves a word about a record: a kind with a stable code, and the text that it is about.

use std::fmt;

/// What receivers do with the record that a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// The record does not do its work: receivers act as if it were not there, or answer with an error.
    Void,
    /// Receivers skip the part that is named and use the rest.
    Ignored,
    /// The record works as it stands; the finding is advice.
    Advice,
}

/// The kinds of findings of one sort of record.
pub trait FindingKind: Copy + Ord + fmt::Debug + 'static {
    /// Every kind, in declaration order.
    const ALL: &'static [Self];

    /// The stable code.
    fn code(self) -> &'static str;

    /// What receivers do.
    fn effect(self) -> Effect;
}

/// One finding, with the part of the record that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Finding<'a, K> {
    /// What was found.
    pub kind: K,
    /// The offending text, as it stands in the record; empty where something is missing.
    pub text: &'a str,
}

impl<'a, K: FindingKind> Finding<'a, K> {
    pub(crate) const fn new(kind: K, text: &'a str) -> Self {
        Self { kind, text }
    }

    /// The stable code of its kind.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// What receivers do.
    pub fn effect(&self) -> Effect {
        self.kind.effect()
    }
}

impl<K: FindingKind> fmt::Display for Finding<'_, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: `{}`", self.code(), self.text.escape_debug())
    }
}

/// Whether no finding says that receivers act as if the record were not there.
pub fn is_usable<K: FindingKind>(findings: &[Finding<'_, K>]) -> bool {
    findings.iter().all(|finding| finding.effect() != Effect::Void)
}

/// Declares the kinds of findings of one sort of record, each with its code and [`Effect`].
macro_rules! finding_kinds {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $( $(#[$vmeta:meta])* $variant:ident = $code:literal, $effect:ident; )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        $vis enum $name { $( $(#[$vmeta])* $variant ),+ }

        impl $crate::records::finding::FindingKind for $name {
            const ALL: &'static [Self] = &[ $( Self::$variant ),+ ];

            fn code(self) -> &'static str {
                match self { $( Self::$variant => $code ),+ }
            }

            fn effect(self) -> $crate::records::finding::Effect {
                match self { $( Self::$variant => $crate::records::finding::Effect::$effect ),+ }
            }
        }
    };
}

pub(crate) use finding_kinds;
