//! What scans need: resolvers that can be believed, and data files that can be read.

use std::time::Duration;

use hunter_core::operations::Hunter;
use hunter_scan::ip_data::{IpData, IpDataConfig};
use hunter_store::limiter::Limiter;
use tokio::time::timeout;

use super::report::Check;
use crate::cli::{DataArgs, assembly};
use crate::config::Config;
use crate::services::scanning::{SalesWords, scanner};

/// How long the resolvers may take: each is asked a few times.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) async fn looks(config: &Config, data: &DataArgs) -> Vec<Check> {
    let mut checks = Vec::new();
    let hunter = match assembly::hunter(config, data) {
        Ok(hunter) => {
            let rules = hunter.rules();
            let hash: String = rules.hash().chars().take(12).collect();
            let detail = format!("rule set {} ({hash})", rules.version());
            checks.push(Check::ok("data files", detail));
            hunter
        }
        Err(error) => {
            let detail = format!("{error} [{}]", error.code());
            checks.push(Check::failed("data files", detail, "mend the file that is named"));
            Hunter::builtin()
        }
    };
    checks.push(match SalesWords::new(hunter.clone(), &config.data.language) {
        Ok(_) => Check::ok("texts", format!("there are texts in `{}`", config.data.language)),
        Err(error) => Check::failed("texts", error.to_string(), "mend `data.language`"),
    });
    let files = config.scan.ip_data.clone();
    let (ip_data, problems) = IpData::open(IpDataConfig { files, ..IpDataConfig::default() });
    for problem in problems {
        let detail = format!("{problem} [{}]", problem.code());
        checks.push(Check::warn("IP data", detail, "fetch the file anew; scans go on without it"));
    }
    for (path, _) in ip_data.databases() {
        checks.push(Check::ok("IP data", format!("`{}` can be read", path.display())));
    }
    checks.push(resolvers(config, &hunter).await);
    checks
}

async fn resolvers(config: &Config, hunter: &Hunter) -> Check {
    const NAME: &str = "resolvers";
    let none = IpData::open(IpDataConfig::default()).0;
    let scanner = match scanner(&config.scan, hunter, Limiter::in_process(), &none) {
        Ok(scanner) => scanner,
        Err(error) => return Check::failed(NAME, error.to_string(), "mend `scan.resolvers`"),
    };
    match timeout(PATIENCE, scanner.check()).await {
        Ok(Ok(sound)) => {
            let silent: Vec<String> = sound
                .iter()
                .filter_map(|one| Some(format!("{} ({})", one.resolver, one.silent?)))
                .collect();
            if silent.is_empty() {
                let names: Vec<&str> = sound.iter().map(|one| one.resolver.as_str()).collect();
                return Check::ok(NAME, format!("{} answer and can be believed", names.join(", ")));
            }
            let detail = format!("no answer from {}", silent.join(", "));
            Check::warn(NAME, detail, "check them, or take them out of `scan.resolvers`")
        }
        Ok(Err(error)) => {
            let remedy = if error.code() == "scan_resolver_lies" {
                "name another resolver in `scan.resolvers`: scans by this one would find what is not there"
            } else {
                "check the network and port 53, or name other resolvers in `scan.resolvers`"
            };
            Check::failed(NAME, format!("{error} [{}]", error.code()), remedy)
        }
        Err(_) => Check::failed(NAME, "they take too long", "name others in `scan.resolvers`"),
    }
}
