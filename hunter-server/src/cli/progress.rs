//! The progress bar: on a terminal only, and never in the output.

use std::io::{IsTerminal, stderr};

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over a number of lines, or a counter where the number is not known beforehand. Nothing is
/// drawn, and no total asked for, where standard error is not a terminal.
pub(super) fn bar(total: impl FnOnce() -> Option<usize>) -> ProgressBar {
    if !stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let (bar, style) = match total() {
        Some(total) => {
            (ProgressBar::new(total as u64), "{bar:32} {pos}/{len}  {per_sec}  {eta_precise} left")
        }
        None => (ProgressBar::new_spinner(), "{spinner} {pos} done  {per_sec}"),
    };
    bar.with_style(ProgressStyle::with_template(style).expect("a valid template"))
}
