//! Processor time and memory of processes, as Linux tells them below `/proc` (proc(5)).

use std::fs;

/// The unit of times in `stat`, which is fixed for programs whatever the kernel's own clock.
const TICKS_PER_SECOND: f64 = 100.0;

/// Seconds of processor time that this process has used.
pub fn own_seconds() -> f64 {
    let (own, _) = times(&read("stat"));
    own
}

/// Seconds of processor time that programs started from here had used when they ended.
pub fn ended_seconds() -> f64 {
    let (_, ended) = times(&read("stat"));
    ended
}

/// The most memory that this process ever held, in KiB.
pub fn peak_kib() -> u64 {
    peak(&read("status"))
}

fn read(file: &str) -> String {
    let path = format!("/proc/self/{file}");
    fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{path}: {error}: the scan benchmark wants Linux"))
}

/// Fields 14 and 15 of `stat`, and 16 and 17. The second field is a name that may hold blanks.
fn times(stat: &str) -> (f64, f64) {
    let (_, fields) = stat.rsplit_once(')').expect("a name in brackets");
    let ticks: Vec<f64> =
        fields.split_whitespace().skip(11).take(4).filter_map(|field| field.parse().ok()).collect();
    let [user, system, ended_user, ended_system] = ticks[..] else { panic!("stat: {stat}") };
    ((user + system) / TICKS_PER_SECOND, (ended_user + ended_system) / TICKS_PER_SECOND)
}

fn peak(status: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok());
    number.unwrap_or_else(|| panic!("no peak in {status}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_of_the_manual_are_read() {
        let stat = "7 (a ) b) S 1 7 7 0 -1 4 10 20 0 0 150 50 300 25 20 0 3 0 99";
        assert_eq!(times(stat), (2.0, 3.25));
        assert_eq!(peak("VmPeak:\t  9 kB\nVmHWM:\t   1234 kB\nVmRSS:\t 2 kB\n"), 1234);
        assert!(peak_kib() > 0 && own_seconds() >= 0.0 && ended_seconds() >= 0.0);
    }
}
