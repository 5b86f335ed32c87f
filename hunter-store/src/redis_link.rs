//! One connection to Redis, shared by all who need it: it fails fast and reconnects by itself.

use std::time::Duration;

use redis::aio::{
    AsyncPushSender, ConnectionManager, ConnectionManagerConfig, MultiplexedConnection,
};
use redis::{AsyncConnectionConfig, Client, ProtocolVersion, RedisError};

/// Longer than any healthy answer takes, short enough that callers do not pile up behind a dead
/// server.
const TIMEOUT: Duration = Duration::from_millis(500);

/// A connection to Redis that many share. Cheap to clone.
///
/// Nothing is sent before the first command, so a link can be made while Redis is away. A command
/// fails after half a second at the latest, and is not repeated: each user has its own way to do
/// without Redis.
#[derive(Clone)]
pub struct RedisLink {
    client: Client,
    commands: ConnectionManager,
}

impl std::fmt::Debug for RedisLink {
    /// Leaves out the credentials.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisLink")
            .field("addr", &self.client.get_connection_info().addr().to_string())
            .finish_non_exhaustive()
    }
}

impl RedisLink {
    /// A link to the server at `url`, such as `redis://127.0.0.1:6379/0`.
    ///
    /// Must be called within a tokio runtime.
    ///
    /// # Errors
    /// Where the text is no Redis URL.
    pub fn open(url: &str) -> Result<Self, RedisError> {
        let client = Client::open(url)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(Some(TIMEOUT))
            .set_number_of_retries(0);
        let commands = client.get_connection_manager_lazy(config)?;
        Ok(Self { client, commands })
    }

    /// The connection for commands.
    pub(crate) fn commands(&self) -> ConnectionManager {
        self.commands.clone()
    }

    /// How long Redis takes to answer now.
    ///
    /// # Errors
    /// Where Redis is away.
    pub async fn ping(&self) -> Result<Duration, RedisError> {
        let begun = tokio::time::Instant::now();
        redis::cmd("PING").query_async::<()>(&mut self.commands()).await?;
        Ok(begun.elapsed())
    }

    /// What time it is on the server's clock, since 1970.
    ///
    /// # Errors
    /// Where Redis is away.
    pub async fn clock(&self) -> Result<Duration, RedisError> {
        let (seconds, micros) =
            redis::cmd("TIME").query_async::<(u64, u64)>(&mut self.commands()).await?;
        Ok(Duration::from_secs(seconds) + Duration::from_micros(micros))
    }

    /// A connection of its own that hears what is published; it does not reconnect.
    pub(crate) async fn listen(
        &self,
        to: impl AsyncPushSender,
    ) -> Result<MultiplexedConnection, RedisError> {
        let info = self.client.get_connection_info().clone();
        let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(Some(TIMEOUT))
            .set_push_sender(to);
        let client = Client::open(info.set_redis_settings(settings))?;
        client.get_multiplexed_async_connection_with_config(&config).await
    }
}
