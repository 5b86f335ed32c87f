//! Keeps the library in the process for good. Node unloads it with the last environment that uses it,
//! such as a worker thread; the threads of scans outlive that, and would run on in memory that is gone.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
}
