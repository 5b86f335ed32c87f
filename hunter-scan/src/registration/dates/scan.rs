//! A text as numbers, words and marks.

use super::month;

/// A piece of a text. A run of blanks is one blank mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// ASCII digits, with their value where it is small.
    Number { text: &'a str, value: Option<u16> },
    /// Letters.
    Word(&'a str),
    /// Any other character.
    Mark(char),
}

/// No registry writes a longer line around a date; what stands behind is not looked at.
const MOST_TOKENS: usize = 64;

pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if found.len() == MOST_TOKENS {
            break;
        }
        let run = |belongs: fn(char) -> bool| {
            rest.find(|c| !belongs(c)).unwrap_or(rest.len()).max(first.len_utf8())
        };
        let (token, taken) = if first.is_ascii_digit() {
            let text = &rest[..run(|c| c.is_ascii_digit())];
            let value = (text.len() <= 4).then(|| text.parse().ok()).flatten();
            (Token::Number { text, value }, text.len())
        } else if first.is_alphabetic() {
            let text = &rest[..run(char::is_alphabetic)];
            (Token::Word(text), text.len())
        } else if first.is_whitespace() {
            (Token::Mark(' '), run(char::is_whitespace))
        } else {
            (Token::Mark(first), first.len_utf8())
        };
        // `2010. 08. 12.` has the marks of `2010.08.12`.
        if !(token == Token::Mark(' ') && found.last() == Some(&Token::Mark('.'))) {
            found.push(token);
        }
        rest = &rest[taken..];
    }
    found
}

impl Token<'_> {
    /// Four digits that can be a year.
    pub(super) fn year(self) -> Option<u16> {
        match self {
            Self::Number { text, value } if text.len() == 4 => value,
            _ => None,
        }
    }

    /// Two digits, as the years since 1970.
    pub(super) fn short_year(self) -> Option<u16> {
        match self {
            Self::Number { text, value: Some(value) } if text.len() == 2 => {
                Some(if value < 70 { 2000 + value } else { 1900 + value })
            }
            _ => None,
        }
    }

    /// One or two digits.
    pub(super) fn small(self) -> Option<u16> {
        match self {
            Self::Number { text, value } if text.len() <= 2 => value,
            _ => None,
        }
    }

    pub(super) fn month(self) -> Option<u16> {
        match self {
            Self::Word(word) => month(word),
            _ => None,
        }
    }

    pub(super) fn is_word_of(self, words: &[&str]) -> bool {
        matches!(self, Self::Word(word) if words.iter().any(|one| word.eq_ignore_ascii_case(one)))
    }
}
