//! The letters of the page: Noto Sans, which is part of the program and of every page.

use std::sync::LazyLock;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};
use unicode_normalization::UnicodeNormalization as _;

const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/NotoSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../../assets/fonts/NotoSans-Bold.ttf");

static FACES: LazyLock<[Face; 2]> = LazyLock::new(|| [Face::new(REGULAR), Face::new(BOLD)]);

/// What stands where something was cut off.
const ELLIPSIS: char = '…';

/// How heavy letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// One face of the font.
pub(super) struct Face {
    pub(super) font: Font,
    letters: FontRef<'static>,
}

impl Weight {
    pub(super) fn face(self) -> &'static Face {
        let [regular, bold] = &*FACES;
        match self {
            Self::Regular => regular,
            Self::Bold => bold,
        }
    }
}

impl Face {
    fn new(data: &'static [u8]) -> Self {
        // A test draws with both.
        let font = Font::new(data.into(), 0).expect("a font");
        Self { font, letters: FontRef::new(data).expect("a font") }
    }

    /// How wide a letter is, in parts of the size.
    fn advance(&self, letter: char) -> (u32, f32) {
        let glyph = self.letters.charmap().map(letter).unwrap_or_default();
        let metrics = self.letters.glyph_metrics(Size::new(1.0), LocationRef::default());
        (glyph.to_u32(), metrics.advance_width(glyph).unwrap_or_default())
    }

    /// How wide a text is at a size.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|letter| self.advance(letter).1).sum::<f32>() * size
    }

    /// The letters of a text.
    pub(super) fn glyphs(&self, text: &str) -> Vec<KrillaGlyph> {
        text.char_indices()
            .map(|(at, letter)| {
                let (id, x_advance) = self.advance(letter);
                KrillaGlyph {
                    glyph_id: GlyphId::new(id),
                    text_range: at..at + letter.len_utf8(),
                    x_advance,
                    x_offset: 0.0,
                    y_offset: 0.0,
                    y_advance: 0.0,
                    location: None,
                }
            })
            .collect()
    }

    /// A text in lines of some width, as many as allowed; what does not fit gives way to an ellipsis.
    pub(super) fn lines(&self, text: &str, size: f32, width: f32, most: usize) -> Vec<String> {
        let text = printable(text);
        let mut lines: Vec<String> = Vec::new();
        let mut line = String::new();
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            for piece in self.pieces(word, size, width) {
                let joined =
                    if line.is_empty() { piece.clone() } else { format!("{line} {piece}") };
                if line.is_empty() || self.width(&joined, size) <= width {
                    line = joined;
                } else {
                    lines.push(std::mem::replace(&mut line, piece));
                }
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        if lines.len() > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                *last = self.cut(last, size, width, true);
            }
        }
        lines
    }

    /// A text in one line of some width.
    pub(super) fn line(&self, text: &str, size: f32, width: f32) -> String {
        self.cut(&printable(text), size, width, false)
    }

    /// A word that is wider than a line, in pieces that are not.
    fn pieces(&self, word: &str, size: f32, width: f32) -> Vec<String> {
        let mut pieces = vec![String::new()];
        let mut used = 0.0;
        for letter in word.chars() {
            let advance = self.advance(letter).1 * size;
            if used + advance > width && used > 0.0 {
                pieces.push(String::new());
                used = 0.0;
            }
            used += advance;
            if let Some(piece) = pieces.last_mut() {
                piece.push(letter);
            }
        }
        pieces
    }

    /// As much of a text as fits before an ellipsis; all of it where it fits and nothing follows it.
    fn cut(&self, text: &str, size: f32, width: f32, follows: bool) -> String {
        if !follows && self.width(text, size) <= width {
            return text.to_owned();
        }
        let mut room = width - self.advance(ELLIPSIS).1 * size;
        let mut kept = String::new();
        for letter in text.chars() {
            room -= self.advance(letter).1 * size;
            if room < 0.0 {
                break;
            }
            kept.push(letter);
        }
        let mut kept = kept.trim_end_matches([' ', ',', '.', ';', ':']).to_owned();
        kept.push(ELLIPSIS);
        kept
    }
}

/// A text as it can be drawn: letters with their marks as one, and nothing that steers a terminal or turns
/// the direction of what follows.
pub(super) fn printable(text: &str) -> String {
    let drawn = |c: char| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let spaced = |c: char| if c.is_control() || c.is_whitespace() { ' ' } else { c };
    text.nfc().filter(|c| drawn(*c)).map(spaced).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_of_the_languages_is_there() {
        for weight in [Weight::Regular, Weight::Bold] {
            for letter in
                "ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZabcçdefgğhıijklmnoöprsştuüvyzâîû₺€$£%–—…·“”‘’•əƏЖяΩ"
                    .chars()
            {
                let (glyph, advance) = weight.face().advance(letter);
                assert!(glyph > 0 && advance > 0.0, "{letter}");
            }
        }
    }

    #[test]
    fn lines_are_never_wider_than_they_may_be() {
        let face = Weight::Regular.face();
        let text = "Örnek Holding Anonim Şirketi, merkezi İstanbul'da olan bir-çok-uzun-kelimeyle-anılan şirket";
        for width in [40.0, 90.0, 300.0] {
            for most in [1, 3, 20] {
                let lines = face.lines(text, 10.0, width, most);
                assert!(lines.len() <= most);
                assert!(lines.iter().all(|line| face.width(line, 10.0) <= width), "{lines:?}");
            }
        }
        let short = face.lines(text, 10.0, 90.0, 2);
        assert!(short[1].ends_with('…') && !short[0].contains('…'), "{short:?}");
        assert_eq!(face.lines("bir iki", 10.0, 300.0, 1), ["bir iki"]);
        assert!(face.lines(" \n ", 10.0, 300.0, 1).is_empty());
    }

    #[test]
    fn marks_join_their_letters_and_what_steers_is_left_out() {
        assert_eq!(printable("s\u{327}irket\u{202e}\n A"), "şirket  A");
    }
}
