//! Listens for invalidations, and knows whether Redis is there.

use std::sync::{Arc, Weak};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{PushInfo, PushKind, RedisError, Value};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::oneshot;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::shared::Shared;

/// How often the connection is probed: with the half second that a probe may take, a silent loss is
/// found within a second.
const PROBE: Duration = Duration::from_millis(250);
/// The pauses between attempts to connect grow to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Starts the listener, which ends with the last user of `shared`, and waits for its first
/// connection, at most for `patience`.
pub(super) async fn start(shared: &Arc<Shared>, patience: Duration) {
    let (ready, is_ready) = oneshot::channel();
    tokio::spawn(run(Arc::downgrade(shared), ready));
    if timeout(patience, is_ready).await.is_err() {
        tracing::warn!("redis does not answer yet: the cache serves from memory alone");
    }
}

async fn run(shared: Weak<Shared>, ready: oneshot::Sender<()>) {
    let mut ready = Some(ready);
    let mut pause = PROBE;
    loop {
        let Some(strong) = shared.upgrade() else { return };
        match connect(&strong).await {
            Ok((connection, messages)) => {
                pause = PROBE;
                if let Some(ready) = ready.take() {
                    // Nobody waits any more where patience ran out.
                    let _ = ready.send(());
                }
                drop(strong);
                let Some(why) = listen(&shared, connection, messages).await else { return };
                if let Some(strong) = shared.upgrade() {
                    strong.away(&why);
                }
            }
            Err(error) => {
                strong.away(&error);
                drop(strong);
                sleep(pause).await;
                pause = LONGEST_PAUSE.min(pause * 2);
            }
        }
    }
}

/// Subscribes, and only then lets Redis be used: memory is dropped in between, since invalidations
/// up to here were not heard.
async fn connect(
    shared: &Shared,
) -> Result<(MultiplexedConnection, UnboundedReceiver<PushInfo>), RedisError> {
    let (sender, messages) = unbounded_channel();
    let mut connection = shared.link().listen(sender).await?;
    connection.subscribe(shared.channel()).await?;
    shared.settle(&mut connection).await?;
    // The connection for commands notices its loss by a command that fails.
    if shared.link().ping().await.is_err() {
        shared.link().ping().await?;
    }
    shared.missed();
    shared.back();
    Ok((connection, messages))
}

/// Hears messages until the connection is lost, and says why; `None` when nobody is left to tell.
async fn listen(
    shared: &Weak<Shared>,
    mut connection: MultiplexedConnection,
    mut messages: UnboundedReceiver<PushInfo>,
) -> Option<String> {
    let mut probe = interval(PROBE);
    probe.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            message = messages.recv() => match message {
                Some(PushInfo { kind: PushKind::Message, data }) => {
                    if let Some(Value::BulkString(text)) = data.get(1) {
                        shared.upgrade()?.heard(text);
                    }
                }
                Some(PushInfo { kind: PushKind::Disconnection, .. }) | None => {
                    return Some("the connection was closed".to_owned());
                }
                Some(_) => {}
            },
            _ = probe.tick() => {
                if let Err(error) = redis::cmd("PING").query_async::<()>(&mut connection).await {
                    return Some(error.to_string());
                }
                let shared = shared.upgrade()?;
                if !shared.in_use() && let Ok(()) = shared.settle(&mut connection).await {
                    // A command failed while this connection held: no message was missed.
                    shared.back();
                }
            }
        }
    }
}
