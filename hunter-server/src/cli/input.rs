//! Lines in: from a file, from standard input, or from the arguments.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::error::ServerError;

/// One line of input, numbered from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) number: usize,
    pub(super) text: String,
}

/// The lines of a file, read as they are needed; `-` is standard input.
///
/// Every line is given, also an empty one, so that the output can answer each. Bytes that are not
/// UTF-8 are replaced, so that a bad line is refused by its content and hides no other.
pub(super) fn lines(
    path: &Path,
) -> Result<impl Iterator<Item = Result<Line, ServerError>>, ServerError> {
    let fail = |source| ServerError::Read { path: path.to_owned(), source };
    let reader: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).map_err(fail)?)
    };
    Ok(Lines { reader: BufReader::new(reader), path: path.to_owned(), number: 0 })
}

struct Lines<R> {
    reader: BufReader<R>,
    path: PathBuf,
    number: usize,
}

impl<R: Read> Iterator for Lines<R> {
    type Item = Result<Line, ServerError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut bytes = Vec::new();
        match self.reader.read_until(b'\n', &mut bytes) {
            Ok(0) => None,
            Ok(_) => {
                self.number += 1;
                let text = String::from_utf8_lossy(&bytes);
                let text = text.trim_end_matches(['\n', '\r']).to_owned();
                Some(Ok(Line { number: self.number, text }))
            }
            Err(source) => Some(Err(ServerError::Read { path: self.path.clone(), source })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_given_whatever_its_bytes() {
        let bytes: &[u8] = b"a.com\r\n\n\xff\xfe.com\nlast";
        let lines = Lines { reader: BufReader::new(bytes), path: "x".into(), number: 0 };
        let texts: Vec<_> = lines.map(|line| line.expect("readable").text).collect();
        assert_eq!(texts, ["a.com", "", "\u{FFFD}\u{FFFD}.com", "last"]);
    }
}
