//! The file of observations: written while a scan runs, and taken up again by the next one.
//!
//! One JSON object a line, compressed where the name ends with `.zst`. Lines are handed to the
//! system at every pause of the scan, so that a killed scan loses at most the line that it was writing;
//! a compressed file consists of whole frames up to there.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use hunter_core::Observation;
use hunter_core::observation::Outcome;

use super::input;
use crate::error::ServerError;

/// How many compressed bytes of lines make a frame, at most: larger frames compress better, smaller
/// ones lose less.
const FRAME: usize = 1 << 20;

/// The file that observations are written to.
pub(super) struct Save {
    path: PathBuf,
    sink: Sink,
}

enum Sink {
    Plain(BufWriter<File>),
    /// The lines of the frame that is still open.
    Zstd(File, Vec<u8>),
}

impl Save {
    /// A new file in place of any other, unless it is the list itself: that is still to be read.
    pub(super) fn create(path: &Path, list: Option<&Path>) -> Result<Self, ServerError> {
        let fail = |source| ServerError::Write { path: path.to_owned(), source };
        let place = |path: &Path| path.canonicalize().ok();
        if place(path).is_some_and(|kept| list.and_then(place) == Some(kept)) {
            return Err(fail(io::Error::new(io::ErrorKind::InvalidInput, "it is the list itself")));
        }
        Ok(Self::over(path, File::create(path).map_err(fail)?))
    }

    fn over(path: &Path, file: File) -> Self {
        let sink = if input::is_zstd(path) {
            Sink::Zstd(file, Vec::new())
        } else {
            Sink::Plain(BufWriter::new(file))
        };
        Self { path: path.to_owned(), sink }
    }

    pub(super) fn write(&mut self, observation: &Observation) -> Result<(), ServerError> {
        self.write_line(observation.to_json().as_bytes())
    }

    fn write_line(&mut self, line: &[u8]) -> Result<(), ServerError> {
        let written = match &mut self.sink {
            Sink::Plain(file) => file.write_all(line).and_then(|()| file.write_all(b"\n")),
            Sink::Zstd(file, open) => {
                open.extend_from_slice(line);
                open.push(b'\n');
                if open.len() >= FRAME { close_frame(file, open) } else { Ok(()) }
            }
        };
        written.map_err(|source| ServerError::Write { path: self.path.clone(), source })
    }

    /// Hands everything written so far to the system.
    pub(super) fn flush(&mut self) -> Result<(), ServerError> {
        let flushed = match &mut self.sink {
            Sink::Plain(file) => file.flush(),
            Sink::Zstd(file, open) => close_frame(file, open),
        };
        flushed.map_err(|source| ServerError::Write { path: self.path.clone(), source })
    }
}

fn close_frame(file: &mut File, open: &mut Vec<u8>) -> io::Result<()> {
    if !open.is_empty() {
        file.write_all(&zstd::bulk::compress(open, 0)?)?;
        open.clear();
    }
    Ok(())
}

/// What an earlier scan has saved and need not be asked again: every observation under the same
/// profile in which no question failed. They lie in a temporary file; only their places are in
/// memory.
pub(super) struct Earlier {
    spool: File,
    places: HashMap<String, (u64, usize)>,
}

impl Earlier {
    /// Reads what was saved, and rewrites the file with only that. A last line that was cut off, and
    /// observations with failures, are left out: both are asked again. The old file is replaced in one
    /// step, when the new one is complete.
    ///
    /// # Errors
    /// A file that is not what a scan under this profile saved is refused, and stays as it is.
    pub(super) fn resume(path: &Path, profile: &str) -> Result<(Self, Save), ServerError> {
        let fail = |source| ServerError::Write { path: path.to_owned(), source };
        let mut earlier =
            Self { spool: tempfile::tempfile().map_err(fail)?, places: HashMap::new() };
        if path.exists() {
            earlier.read_all(path, profile)?;
        }
        let new = path.with_extension("resumed.tmp");
        let file = File::create(&new).map_err(fail)?;
        let mut save = Save::over(path, file);
        let mut places: Vec<(u64, usize)> = earlier.places.values().copied().collect();
        places.sort_unstable();
        for place in places {
            let line = earlier.read(place).map_err(fail)?;
            save.write_line(&line)?;
        }
        save.flush()?;
        fs::rename(&new, path).map_err(fail)?;
        Ok((earlier, save))
    }

    fn read_all(&mut self, path: &Path, profile: &str) -> Result<(), ServerError> {
        let refuse = |problem: String| ServerError::Resume { path: path.to_owned(), problem };
        let mut end = 0;
        let mut unreadable = None;
        for line in input::lines(path)? {
            let line = match line {
                Ok(line) => line,
                // Where the last frame ends too early the earlier scan was cut off.
                Err(ServerError::Read { source, .. })
                    if source.kind() == io::ErrorKind::UnexpectedEof =>
                {
                    break;
                }
                Err(error) => return Err(error),
            };
            // Only the last line can have been cut off.
            if let Some(number) = unreadable {
                return Err(refuse(format!("line {number} is no observation")));
            }
            let Ok(seen) = Observation::from_json(&line.text) else {
                unreadable = Some(line.number);
                continue;
            };
            if seen.profile != profile {
                return Err(refuse(format!("it was saved under the profile `{}`", seen.profile)));
            }
            if is_settled(&seen) {
                let written = self.spool.write_all(line.text.as_bytes());
                written.map_err(|source| ServerError::Write { path: path.to_owned(), source })?;
                let place = (end, line.text.len());
                self.places.insert(seen.domain.as_str().to_owned(), place);
                end += line.text.len() as u64;
            }
        }
        match unreadable {
            Some(number) if end == 0 && number == 1 => {
                Err(refuse("its only line is no observation".to_owned()))
            }
            _ => Ok(()),
        }
    }

    /// The saved observation of a domain, if it need not be asked again.
    pub(super) fn find(&mut self, domain: &str) -> Option<Observation> {
        let place = *self.places.get(domain)?;
        let line = self.read(place).ok()?;
        Observation::from_json(std::str::from_utf8(&line).ok()?).ok()
    }

    fn read(&mut self, (start, length): (u64, usize)) -> io::Result<Vec<u8>> {
        self.spool.seek(SeekFrom::Start(start))?;
        let mut line = vec![0; length];
        self.spool.read_exact(&mut line)?;
        Ok(line)
    }
}

/// Whether asking again could tell nothing more: no question, look-up or probe failed for the time
/// being.
fn is_settled(seen: &Observation) -> bool {
    let failed = |outcome: &Outcome<Vec<String>>| match outcome {
        Outcome::TempFail { .. } => true,
        Outcome::NotAsked { reason } => reason == "apex_failed",
        _ => false,
    };
    let registration = seen.registration.as_ref().map(|looked_up| &looked_up.outcome);
    !(seen.answers.iter().any(|answer| failed(&answer.outcome))
        || registration.is_some_and(|outcome| matches!(outcome, Outcome::TempFail { .. }))
        || seen.probes.values().any(|probe| matches!(probe.0, Outcome::TempFail { .. })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(domain: &str, state: &str) -> Observation {
        Observation::from_json(&format!(
            r#"{{"v":1,"domain":"{domain}","observed_at":"2026-11-24T09:30:00Z","profile":"light",
              "answers":[{{"name":"{domain}","type":"MX",{state}}}]}}"#
        ))
        .expect("well-formed")
    }

    const FOUND: &str = r#""state":"found","records":["10 mx.ornek.com.tr"]"#;
    const FAILED: &str = r#""state":"temp_fail","reason":"timeout""#;

    #[test]
    fn what_is_settled_is_kept_and_the_rest_is_asked_again() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["seen.jsonl", "seen.jsonl.zst"] {
            let path = folder.path().join(name);
            let mut save = Save::create(&path, None).expect("a new file");
            save.write(&seen("a.com.tr", FOUND)).expect("room");
            save.flush().expect("room");
            save.write(&seen("b.com.tr", FAILED)).expect("room");
            save.write(&seen("c.com.tr", FOUND)).expect("room");
            save.flush().expect("room");
            drop(save);
            // A scan that was killed in the middle of a line, or of a frame.
            let mut bytes = fs::read(&path).expect("written");
            bytes.truncate(bytes.len() - 7);
            fs::write(&path, bytes).expect("room");

            let (mut earlier, mut save) = Earlier::resume(&path, "light").expect("readable");
            assert_eq!(earlier.find("a.com.tr"), Some(seen("a.com.tr", FOUND)), "{name}");
            assert_eq!(earlier.find("b.com.tr"), None, "it had failed");
            assert_eq!(earlier.find("c.com.tr"), None, "it was cut off");
            save.write(&seen("b.com.tr", FOUND)).expect("room");
            save.flush().expect("room");
            let lines: Vec<String> =
                input::lines(&path).expect("there").map(|line| line.expect("whole").text).collect();
            assert_eq!(
                lines,
                [seen("a.com.tr", FOUND).to_json(), seen("b.com.tr", FOUND).to_json()]
            );

            let before = fs::read(&path).expect("there");
            let refused = Earlier::resume(&path, "full").err().expect("another profile");
            assert_eq!(refused.code(), "save_not_resumable");
            assert_eq!(fs::read(&path).expect("there"), before, "a refusal leaves it as it is");
        }
    }

    #[test]
    fn a_file_of_something_else_is_refused_and_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("companies.txt");
        for text in ["a.com.tr\nb.com.tr\n", "a.com.tr"] {
            fs::write(&path, text).expect("room");
            let refused = Earlier::resume(&path, "light").err().expect("no observations");
            assert_eq!(refused.code(), "save_not_resumable");
            assert_eq!(fs::read_to_string(&path).expect("there"), text);
        }
    }

    #[test]
    fn a_failed_look_up_of_the_registration_is_not_settled() {
        let mut observation = seen("a.com.tr", FOUND);
        assert!(is_settled(&observation));
        let facts = r#"{"state":"temp_fail","reason":"rate_limited"}"#;
        observation.registration = Some(serde_json::from_str(facts).expect("well-formed"));
        assert!(!is_settled(&observation));
    }

    #[test]
    fn a_file_that_is_not_there_yet_is_begun() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("new.jsonl");
        let (mut earlier, _save) = Earlier::resume(&path, "light").expect("begun");
        assert_eq!(earlier.find("a.com.tr"), None);
        assert!(path.exists());
    }
}
