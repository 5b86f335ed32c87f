//! Folding: what is searched, and what is searched for, in one plain form on both databases.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Lower case without marks, with the dotless and the dotted i as one: `İĞDIR Şişe` is `igdir sise`.
/// People type Turkish names with and without Turkish keyboards, and in capitals.
pub(crate) fn folded(text: &str) -> String {
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(|c| match c {
        'ı' | 'I' => 'i'.to_lowercase(),
        other => other.to_lowercase(),
    });
    let mut folded = String::with_capacity(text.len());
    for c in plain {
        match c {
            'ß' => folded.push_str("ss"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' => folded.push('d'),
            // Letters of more than one character, such as the lower case of `İ`, bring marks again.
            other if is_combining_mark(other) => {}
            other if other.is_whitespace() => {
                if !folded.ends_with(' ') && !folded.is_empty() {
                    folded.push(' ');
                }
            }
            other => folded.push(other),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn turkish_letters_are_found_however_they_are_typed() {
        for form in ["İSTANBUL ÇAĞRI", "istanbul çağrı", "Istanbul Cagri", "ıstanbul  çağrı "]
        {
            assert_eq!(folded(form), "istanbul cagri", "{form}");
        }
        assert_eq!(folded("Şükrü Öztürk & Ümit A.Ş."), "sukru ozturk & umit a.s.");
        assert_eq!(folded("Große Łódź"), "grosse lodz");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once);
        }
    }
}
