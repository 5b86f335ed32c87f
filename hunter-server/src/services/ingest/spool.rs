//! Files beside the memory: what is sent in, and the packed rows of what was read.

use std::fs::File;
use std::io::{self, BufReader, Read as _, Seek as _, SeekFrom, Write};

use bytes::Bytes;
use hunter_store::ingest::Packed;
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Pieces that wait to be written.
const WAITING: usize = 4;

/// A file that is being sent in. It has no name, and goes with its last handle.
#[derive(Debug)]
pub struct Upload {
    pieces: mpsc::Sender<Bytes>,
    writing: JoinHandle<io::Result<Received>>,
}

/// A file that was sent in.
#[derive(Debug)]
pub struct Received {
    /// The file, at its beginning.
    pub file: File,
    /// What tells it from every other.
    pub digest: Vec<u8>,
}

impl Upload {
    /// An empty file.
    pub fn new() -> Self {
        let (pieces, mut incoming) = mpsc::channel::<Bytes>(WAITING);
        let writing = tokio::task::spawn_blocking(move || {
            let mut file = tempfile::tempfile()?;
            let mut digest = Sha256::new();
            while let Some(piece) = incoming.blocking_recv() {
                digest.update(&piece);
                file.write_all(&piece)?;
            }
            file.seek(SeekFrom::Start(0))?;
            Ok(Received { file, digest: digest.finalize().to_vec() })
        });
        Self { pieces, writing }
    }

    /// Adds to it. Whether that was written is told by [`end`](Self::end).
    pub async fn add(&self, piece: Bytes) {
        // Whoever does not take it any more has an error to tell.
        let _ = self.pieces.send(piece).await;
    }

    /// The file, when all of it is there.
    ///
    /// # Errors
    /// When it could not be written.
    pub async fn end(self) -> io::Result<Received> {
        drop(self.pieces);
        self.writing.await.map_err(io::Error::other)?
    }
}

impl Default for Upload {
    fn default() -> Self {
        Self::new()
    }
}

/// Adds a batch: its rows and its length, four bytes each, and its body.
pub(super) fn write(out: &mut impl Write, packed: &Packed) -> io::Result<()> {
    let length = u32::try_from(packed.body.len()).map_err(io::Error::other)?;
    out.write_all(&packed.rows.to_le_bytes())?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(&packed.body)
}

/// Packed batches, as they were written.
#[derive(Debug)]
pub struct Batches {
    file: BufReader<File>,
    failed: Option<io::Error>,
}

impl Batches {
    pub(super) fn new(file: File) -> Self {
        Self { file: BufReader::new(file), failed: None }
    }

    /// Why there were no more batches, if that was not their end. To be asked before what was read is
    /// committed.
    ///
    /// # Errors
    /// What kept the next batch from being read.
    pub fn ended(self) -> io::Result<()> {
        self.failed.map_or(Ok(()), Err)
    }

    fn read(&mut self) -> io::Result<Option<Packed>> {
        let mut head = [0; 8];
        if io::BufRead::fill_buf(&mut self.file)?.is_empty() {
            return Ok(None);
        }
        self.file.read_exact(&mut head)?;
        let number =
            |at: usize| u32::from_le_bytes(head[at..at + 4].try_into().expect("four bytes"));
        let length = usize::try_from(number(4)).map_err(io::Error::other)?;
        let mut body = vec![0; length];
        self.file.read_exact(&mut body)?;
        Ok(Some(Packed { rows: number(0), body }))
    }
}

impl Iterator for Batches {
    type Item = Packed;

    fn next(&mut self) -> Option<Packed> {
        self.read().unwrap_or_else(|error| {
            self.failed = Some(error);
            None
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_come_back_as_they_were_written() {
        let all = [Packed { rows: 3, body: b"abc".to_vec() }, Packed { rows: 1, body: Vec::new() }];
        let mut file = tempfile::tempfile().unwrap();
        for packed in &all {
            write(&mut file, packed).unwrap();
        }
        file.seek(SeekFrom::Start(0)).unwrap();
        let mut batches = Batches::new(file);
        assert_eq!(batches.by_ref().collect::<Vec<_>>(), all);
        batches.ended().unwrap();
    }

    #[test]
    fn a_spool_that_was_cut_is_told() {
        let mut file = tempfile::tempfile().unwrap();
        write(&mut file, &Packed { rows: 3, body: b"abc".to_vec() }).unwrap();
        file.set_len(10).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        let mut batches = Batches::new(file);
        assert_eq!(batches.next(), None);
        assert!(batches.ended().is_err());
    }
}
