//! The `hunter` program as a process.

use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_mins(1);

/// A command of the program, without any setting of whoever runs the tests.
pub(crate) fn hunter(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hunter-under-test"));
    for (name, _) in std::env::vars_os() {
        let is_setting = name.to_str().is_some_and(|name| {
            name.starts_with("HUNTER_") || ["DATABASE_URL", "REDIS_URL", "PORT"].contains(&name)
        });
        if is_setting {
            command.env_remove(name);
        }
    }
    command.args(words).stdin(Stdio::null());
    command
}

/// A process that runs until it is killed, and all that it says.
pub(crate) struct Process {
    child: Child,
    said: PathBuf,
    words: String,
}

impl Process {
    /// Starts it; what it says goes to a file of this folder.
    pub(crate) fn start(mut command: Command, folder: &std::path::Path, name: &str) -> Self {
        let said = folder.join(format!("{name}.log"));
        let log = File::options().create(true).append(true).open(&said).expect("a log");
        command.stdout(log.try_clone().expect("a log")).stderr(log).current_dir(folder);
        let words = format!("{command:?}");
        Self { child: command.spawn().expect("the program"), said, words }
    }

    /// All that it said so far.
    pub(crate) fn said(&self) -> String {
        let mut bytes = Vec::new();
        File::open(&self.said).and_then(|mut file| file.read_to_end(&mut bytes)).expect("a log");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Where it listens, once it does.
    pub(crate) fn address(&mut self) -> String {
        let begun = Instant::now();
        loop {
            let said = self.said();
            let mut listening = said.lines().filter_map(|line| line.split_once("listening on "));
            if let Some((_, address)) = listening.next_back() {
                return address.trim().to_owned();
            }
            let ended = self.child.try_wait().expect("a child of this test");
            assert!(ended.is_none(), "{}: {ended:?}\n{said}", self.words);
            assert!(begun.elapsed() < PATIENCE, "{}: does not listen\n{said}", self.words);
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Whether it still runs.
    pub(crate) fn runs(&mut self) -> bool {
        self.child.try_wait().expect("a child of this test").is_none()
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL.
    pub(crate) fn kill(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        self.child.wait().expect("a child of this test");
    }

    /// SIGTERM, and whether it ended well within its time.
    pub(crate) fn end(&mut self) -> bool {
        let status = Command::new("kill").arg(self.id().to_string()).status();
        assert!(status.is_ok_and(|status| status.success()), "a child of this test");
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().expect("a child of this test") {
                return status.success();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
