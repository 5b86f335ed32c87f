//! Starting other programs: shown as they go, and read where their closing lines matter.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, IsTerminal as _, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

/// The cargo that started this program, or the one on the path.
pub(crate) fn cargo_path() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// A cargo command in the repository.
pub(crate) fn cargo(root: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(cargo_path());
    command.args(args).current_dir(root);
    command
}

/// An npm command in a folder.
pub(crate) fn npm(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.args(args).current_dir(folder);
    command
}

/// Where cargo puts what it builds, and this program what it makes.
pub(crate) fn target(root: &Path) -> PathBuf {
    let folder =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    root.join(folder)
}

/// Runs a command whose output goes straight through; the error names the command.
pub(crate) fn run(mut command: Command) -> Result<(), String> {
    let status = command.status().map_err(|error| cannot_start(&command, &error))?;
    judge(&command, status)
}

/// Runs a command, shows its output, and gives each line to `read` as well.
pub(crate) fn run_reading(
    mut command: Command,
    read: &mut (dyn FnMut(&str) + Send),
) -> Result<(), String> {
    // Behind a pipe the tools would drop their colours.
    if std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| cannot_start(&command, &error))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let read = std::sync::Mutex::new(read);
    let pass_on = |line: &str| {
        // A panic in `read` ends the run anyway.
        if let Ok(mut read) = read.lock() {
            read(line);
        }
    };
    thread::scope(|scope| {
        scope.spawn(|| stdout.map(|pipe| tee(pipe, std::io::stdout(), &pass_on)));
        scope.spawn(|| stderr.map(|pipe| tee(pipe, std::io::stderr(), &pass_on)));
    });
    let status = child.wait().map_err(|error| cannot_start(&command, &error))?;
    judge(&command, status)
}

/// Copies whole lines, so that the two outputs never mix within one.
fn tee(pipe: impl Read, mut out: impl Write, pass_on: &impl Fn(&str)) {
    let mut pipe = BufReader::new(pipe);
    let mut line = Vec::new();
    while pipe.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
        // Nothing can be done when our own output is closed; the tests still run to their end.
        let _ = out.write_all(&line).and_then(|()| out.flush());
        pass_on(&String::from_utf8_lossy(&line));
        line.clear();
    }
}

/// What a command prints to standard output; errors go straight through.
pub(crate) fn capture(mut command: Command) -> Result<Vec<u8>, String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| cannot_start(&command, &error))?;
    judge(&command, output.status)?;
    Ok(output.stdout)
}

/// The words of a command, for messages.
pub(crate) fn spell(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or(program.as_os_str());
    std::iter::once(program)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

fn judge(command: &Command, status: ExitStatus) -> Result<(), String> {
    if status.success() { Ok(()) } else { Err(format!("`{}`: {status}", spell(command))) }
}

fn cannot_start(command: &Command, error: &std::io::Error) -> String {
    format!("cannot run `{}`: {error}", spell(command))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_both_outputs_are_read_and_the_status_is_judged() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo one; echo two >&2; exit 3"]);
        let mut lines = Vec::new();
        let result = run_reading(command, &mut |line| lines.push(line.trim().to_owned()));
        lines.sort();
        assert_eq!(lines, ["one", "two"]);
        let message = result.unwrap_err();
        assert!(message.starts_with("`sh -c echo one;") && message.contains('3'), "{message}");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let message = run(Command::new("no-such-program-here")).unwrap_err();
        assert!(message.starts_with("cannot run `no-such-program-here`: "), "{message}");
    }
}
