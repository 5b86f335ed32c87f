//! The demonstration from start to end, as whoever has just cloned the repository sees it.

use std::process::Command;

#[test]
fn a_list_goes_in_and_leads_come_out() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hunter-demo"));
    command.args(["--once", "--keys", "--listen", "127.0.0.1:0"]);
    // Settings of whoever runs the tests are not those of a fresh machine.
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("HUNTER_")) {
            command.env_remove(name);
        }
    }
    let output = command.output().expect("the demonstration");
    let (said, beside) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{beside}");
    for part in [
        "83 rows name a company, 7 do not:",
        "`nan`: ",
        "  done: 83 of 83, 0 failed",
        "Uydurma Makina",
        "What to say to uydurma-makina.com.tr:",
    ] {
        assert!(said.contains(part), "`{part}` is missing:\n{said}\n{beside}");
    }
    // The best lead stands first.
    let rows = said.lines().skip_while(|line| !line.trim_start().starts_with("score"));
    let first = rows.skip(1).find(|line| !line.is_empty()).unwrap_or_default();
    assert!(first.starts_with("P1"), "{said}");
}
