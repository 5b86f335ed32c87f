//! Text of whatever encoding as UTF-8.

use std::io::{self, Read, Seek, SeekFrom};

use encoding_rs::{CoderResult, Decoder, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1254};

use crate::error::Result;
use crate::kind;

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, the lower byte first: what Excel calls Unicode text.
    Utf16Le,
    /// UTF-16, the higher byte first.
    Utf16Be,
    /// The Turkish code page of Windows. Western European text is the same but for six letters.
    Windows1254,
}

impl Encoding {
    /// The name of the encoding standard.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1254 => "windows-1254",
        }
    }

    const fn coder(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 => UTF_8,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
            Self::Windows1254 => WINDOWS_1254,
        }
    }
}

const BLOCK: usize = 64 << 10;

/// How a whole text is written: by its mark, else by its zeroes, else UTF-8 if all of it is that.
pub(crate) fn detect(mut file: impl Read + Seek) -> Result<Encoding> {
    file.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    file.by_ref().take(u64::try_from(kind::HEAD).unwrap_or(u64::MAX)).read_to_end(&mut head)?;
    if head.starts_with(b"\xff\xfe") {
        return Ok(Encoding::Utf16Le);
    }
    if head.starts_with(b"\xfe\xff") {
        return Ok(Encoding::Utf16Be);
    }
    let zeroes = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeroes(0), zeroes(1));
    let pairs = head.len() / 2;
    if pairs > 0 && odd * 5 > pairs * 2 && even * 20 < pairs {
        return Ok(Encoding::Utf16Le);
    }
    if pairs > 0 && even * 5 > pairs * 2 && odd * 20 < pairs {
        return Ok(Encoding::Utf16Be);
    }
    if even + odd > 0 {
        return kind::refuse("no text");
    }
    file.seek(SeekFrom::Start(0))?;
    Ok(if is_utf8(&mut file)? { Encoding::Utf8 } else { Encoding::Windows1254 })
}

fn is_utf8(file: &mut impl Read) -> io::Result<bool> {
    let mut block = vec![0; BLOCK];
    let mut kept = 0;
    loop {
        let read = file.read(&mut block[kept..])?;
        let end = kept + read;
        match std::str::from_utf8(&block[..end]) {
            Ok(_) => kept = 0,
            Err(error) if error.error_len().is_some() => return Ok(false),
            // A character is cut by the end of the block.
            Err(error) => {
                kept = end - error.valid_up_to();
                block.copy_within(error.valid_up_to()..end, 0);
            }
        }
        if read == 0 {
            return Ok(kept == 0);
        }
    }
}

/// Reads text as UTF-8, without a byte order mark. What is no character becomes U+FFFD.
pub(crate) struct Decoded<R> {
    file: R,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_at: usize,
    raw_end: usize,
    text: Vec<u8>,
    text_at: usize,
    text_end: usize,
    is_over: bool,
}

impl<R: Read> Decoded<R> {
    pub(crate) fn new(file: R, encoding: Encoding) -> Self {
        Self {
            file,
            decoder: encoding.coder().new_decoder_with_bom_removal(),
            raw: vec![0; BLOCK],
            raw_at: 0,
            raw_end: 0,
            text: vec![0; BLOCK],
            text_at: 0,
            text_end: 0,
            is_over: false,
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        while self.text_at == self.text_end && !self.is_over {
            let mut last = false;
            if self.raw_at == self.raw_end {
                self.raw_at = 0;
                self.raw_end = self.file.read(&mut self.raw)?;
                last = self.raw_end == 0;
            }
            let raw = &self.raw[self.raw_at..self.raw_end];
            let (result, read, written, _) = self.decoder.decode_to_utf8(raw, &mut self.text, last);
            self.raw_at += read;
            (self.text_at, self.text_end) = (0, written);
            self.is_over = last && result == CoderResult::InputEmpty;
        }
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.fill()?;
        let count = into.len().min(self.text_end - self.text_at);
        into[..count].copy_from_slice(&self.text[self.text_at..self.text_at + count]);
        self.text_at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn read(bytes: &[u8]) -> (Encoding, String) {
        let encoding = detect(Cursor::new(bytes)).expect("text");
        let mut text = String::new();
        Decoded::new(Cursor::new(bytes), encoding).read_to_string(&mut text).expect("UTF-8");
        (encoding, text)
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "Şirket;İl\nÖrnek Gıda A.Ş.;Ağrı\n";
        let units: Vec<u16> = text.encode_utf16().collect();
        let le: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let be: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        let (turkish, _, _) = WINDOWS_1254.encode(text);
        for (bytes, expected) in [
            (text.as_bytes().to_vec(), Encoding::Utf8),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), Encoding::Utf8),
            ([b"\xff\xfe", &le[..]].concat(), Encoding::Utf16Le),
            ([b"\xfe\xff", &be[..]].concat(), Encoding::Utf16Be),
            (le, Encoding::Utf16Le),
            (be, Encoding::Utf16Be),
            (turkish.into_owned(), Encoding::Windows1254),
        ] {
            assert_eq!(read(&bytes), (expected, text.to_owned()));
        }
    }

    #[test]
    fn a_character_across_blocks_is_whole() {
        for shift in 0..3 {
            let text = format!("{}{}", "a".repeat(shift), "ş€".repeat(BLOCK));
            assert_eq!(read(text.as_bytes()), (Encoding::Utf8, text));
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let error = detect(Cursor::new(b"\x01\x00\x00\x00\x02abcdef")).unwrap_err();
        assert_eq!(error.code(), "file_kind");
    }
}
