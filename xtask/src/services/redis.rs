//! A Redis server of the tests' own.

use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use super::{Folder, free_port, wait_for};

pub(super) struct Redis {
    server: Child,
    port: u16,
    /// Removed after the server has stopped.
    _folder: Folder,
}

impl Redis {
    pub(super) fn start() -> Result<Self, String> {
        let folder = Folder::new("redis")?;
        let port = free_port()?;
        let server = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
            .args(["--save", "", "--appendonly", "no", "--dir"])
            .arg(&folder.0)
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| format!("cannot run `redis-server`: {error}"))?;
        let redis = Self { server, port, _folder: folder };
        wait_for("Redis", || TcpStream::connect(("127.0.0.1", port)).is_ok())?;
        Ok(redis)
    }

    pub(super) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // It keeps nothing, so that it need not be asked politely.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
