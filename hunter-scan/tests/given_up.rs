//! A scan that is given up leaves nothing behind. Alone in its program, because sockets are counted
//! over the whole of it.

use std::fs;
use std::time::{Duration, Instant};

use futures::StreamExt;
use hunter_core::Domain;
use hunter_core::observation::Observation;
use hunter_nameserver::{Fault, NameServer};
use hunter_scan::{ScanConfig, Scanner};
use tokio::runtime::Handle;

/// Sockets of this process.
fn sockets() -> usize {
    let open = fs::read_dir("/proc/self/fd").expect("Linux").flatten();
    open.filter_map(|fd| fs::read_link(fd.path()).ok())
        .filter(|link| link.to_string_lossy().starts_with("socket:"))
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_that_is_given_up_leaves_nothing_behind() {
    let silence = NameServer::builder().fault("*.silent.com.tr", None, Fault::Timeout);
    let server = silence.spawn().await.expect("a server");
    let config = ScanConfig {
        resolvers: vec![server.addr().into()],
        concurrency: 500,
        ..ScanConfig::default()
    };
    let scanner = Scanner::new(config, |_: &Observation| Vec::new()).expect("a scanner");
    let metrics = Handle::current().metrics();
    let (sockets_before, tasks_before) = (sockets(), metrics.num_alive_tasks());
    // Those that do not exist are done at once, the others are silent.
    let names = (0..520)
        .map(|n| if n < 20 { format!("d{n}.com.tr") } else { format!("d{n}.silent.com.tr") });
    let domains: Vec<Domain> = names.map(|name| name.parse().expect("a domain")).collect();
    let mut results = Box::pin(scanner.observe_all(futures::stream::iter(domains)));
    for _ in 0..10 {
        results.next().await.expect("one that is done");
    }
    assert!(sockets() > sockets_before + 8, "questions are on their way");
    drop(results);
    let dropped = Instant::now();
    while sockets() > sockets_before || metrics.num_alive_tasks() > tasks_before {
        assert!(
            dropped.elapsed() < Duration::from_millis(500),
            "{} sockets where {sockets_before} were, {} tasks where {tasks_before} were",
            sockets(),
            metrics.num_alive_tasks(),
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
