//! Lines in: from a file, from standard input, or from the arguments.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::thread;

use futures::stream::{self, Stream};
use tokio::sync::mpsc;

use crate::error::ServerError;

/// One line of input, numbered from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) number: usize,
    pub(super) text: String,
}

/// The lines of a file, read as they are needed; `-` is standard input. A file whose name ends with
/// `.zst` is decompressed.
///
/// Every line is given, also an empty one, so that the output can answer each. Bytes that are not
/// UTF-8 are replaced, so that a bad line is refused by its content and hides no other.
pub(super) fn lines(
    path: &Path,
) -> Result<impl Iterator<Item = Result<Line, ServerError>> + Send + use<>, ServerError> {
    let fail = |source| ServerError::Read { path: path.to_owned(), source };
    let reader: Box<dyn Read + Send> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        let file = File::open(path).map_err(fail)?;
        if is_zstd(path) {
            Box::new(zstd::Decoder::new(file).map_err(fail)?)
        } else {
            Box::new(file)
        }
    };
    Ok(Lines { reader: BufReader::new(reader), path: path.to_owned(), number: 0 })
}

/// Whether a file is compressed, by its name.
pub(super) fn is_zstd(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zst"))
}

/// How many lines a regular file has; `None` for what can be read only once, is compressed, or
/// cannot be read at all.
pub(super) fn count(path: &Path) -> Option<usize> {
    if is_zstd(path) {
        return None;
    }
    let mut file = File::open(path).ok().filter(|_| path != Path::new("-"))?;
    if !file.metadata().ok()?.is_file() {
        return None;
    }
    let mut buffer = vec![0; 1 << 16];
    let (mut breaks, mut last) = (0, b'\n');
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Some(breaks + usize::from(last != b'\n')),
            Ok(read) => {
                breaks += memchr::memchr_iter(b'\n', &buffer[..read]).count();
                last = buffer[read - 1];
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
}

/// Lines as a stream, read by a thread of their own: a list that comes slowly, such as a pipe, must
/// not hold up what is already on its way. At most `ahead` lines are read before they are needed.
///
/// The thread ends when the lines do, or at the first line that nobody takes.
pub(super) fn stream(
    lines: impl Iterator<Item = Result<Line, ServerError>> + Send + 'static,
    ahead: usize,
) -> Result<impl Stream<Item = Result<Line, ServerError>>, ServerError> {
    let (sender, mut receiver) = mpsc::channel(ahead);
    thread::Builder::new()
        .name("list".to_owned())
        .spawn(move || {
            for line in lines {
                if sender.blocking_send(line).is_err() {
                    return;
                }
            }
        })
        .map_err(ServerError::Start)?;
    Ok(stream::poll_fn(move |context| receiver.poll_recv(context)))
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
    fn lines_are_counted_as_they_are_given() {
        let path = std::env::temp_dir().join(format!("hunter-count-{}", std::process::id()));
        for text in ["", "\n", "a.com", "a.com\r\n\nlast", "a.com\nb.com\n"] {
            std::fs::write(&path, text).expect("a file");
            let given = lines(&path).expect("readable").count();
            assert_eq!(count(&path), Some(given), "{text:?}");
        }
        std::fs::remove_file(&path).expect("the file was ours");
        assert_eq!((count(&path), count(Path::new("-"))), (None, None));
        assert_eq!(count(&std::env::temp_dir()), None);
    }

    #[test]
    fn every_line_is_given_whatever_its_bytes() {
        let bytes: &[u8] = b"a.com\r\n\n\xff\xfe.com\nlast";
        let lines = Lines { reader: BufReader::new(bytes), path: "x".into(), number: 0 };
        let texts: Vec<_> = lines.map(|line| line.expect("readable").text).collect();
        assert_eq!(texts, ["a.com", "", "\u{FFFD}\u{FFFD}.com", "last"]);
    }
}
