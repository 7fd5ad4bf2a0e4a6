//! Graceful shutdown, in memory and with a paused clock.

use std::sync::Arc;
use std::time::Duration;

use enact::{Action, ActionError, Context, Registry};
use enact_hyper::ActionsService;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};

use crate::client::{VERSIONS, call};
use crate::serve::Limits;
use crate::server::{MemoryServer, WIDE};

const WAIT: Action<(), u32> = Action::json("wait");
const QUICK: Action<(), u32> = Action::json("quick");

/// Controls the calls of `WAIT`: each reports that it has begun, then waits for a permit to complete.
#[derive(Clone)]
struct Control {
    begun: Arc<Semaphore>,
    may_complete: Arc<Semaphore>,
}

fn start(limits: Limits) -> (MemoryServer, Control) {
    let control = Control { begun: Arc::new(Semaphore::new(0)), may_complete: Arc::new(Semaphore::new(0)) };
    let wait = {
        let control = control.clone();
        move |(): (), _: Context| {
            let control = control.clone();
            async move {
                control.begun.add_permits(1);
                let _permit = control.may_complete.acquire().await.map_err(ActionError::internal)?;
                Ok::<_, ActionError>(42)
            }
        }
    };
    let actions = Registry::builder()
        .action(WAIT.handler(wait))
        .action(QUICK.handler(async |(): (), _: Context| Ok::<_, ActionError>(1)))
        .build()
        .unwrap();
    (MemoryServer::start(ActionsService::new(actions), limits), control)
}

#[tokio::test(start_paused = true)]
async fn running_call_completes_and_new_connections_are_refused() {
    for version in VERSIONS {
        let (mut server, control) = start(WIDE);
        let mut client = server.connect(version).await;
        let calling = tokio::spawn(async move {
            let response = client.fetch(call("/_actions/wait", "")).await;
            (client, response)
        });
        control.begun.acquire().await.unwrap().forget();
        server.stop();
        server.wait_until_closed().await;
        sleep(Duration::from_secs(8)).await;
        assert!(!server.has_stopped(), "{version:?}: the server did not wait");
        control.may_complete.add_permits(1);
        let (client, response) = calling.await.unwrap();
        assert_eq!(response.unwrap(), (200, "[42]".to_owned()), "{version:?}");
        client.wait_until_closed().await;
        server.wait_until_stopped().await;
    }
}

#[tokio::test(start_paused = true)]
async fn running_call_is_aborted_after_the_grace_period() {
    let grace = Duration::from_secs(3);
    for version in VERSIONS {
        let (mut server, control) = start(Limits { grace, ..WIDE });
        let mut client = server.connect(version).await;
        let calling = tokio::spawn(async move { client.fetch(call("/_actions/wait", "")).await });
        control.begun.acquire().await.unwrap().forget();
        let stopped = Instant::now();
        server.stop();
        server.wait_until_stopped().await;
        assert_eq!(stopped.elapsed().as_secs(), grace.as_secs(), "{version:?}");
        assert!(calling.await.unwrap().is_err(), "{version:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn idle_connections_do_not_delay_shutdown() {
    for version in VERSIONS {
        let (mut server, _) = start(WIDE);
        let mut client = server.connect(version).await;
        assert_eq!(client.fetch(call("/_actions/quick", "")).await.unwrap().0, 200);
        let stopped = Instant::now();
        server.stop();
        server.wait_until_stopped().await;
        assert!(stopped.elapsed() < Duration::from_secs(1), "{version:?}: {:?}", stopped.elapsed());
        client.wait_until_closed().await;
    }
}

#[tokio::test(start_paused = true)]
async fn connections_without_a_request_delay_shutdown_by_the_idle_time_at_most() {
    let idle = Duration::from_secs(2);
    let (mut server, _) = start(Limits { idle, ..WIDE });
    let silent = server.open();
    let mut half_a_head = server.open();
    half_a_head.write_all(b"POST /_actions/quick HTTP/1.1\r\n").await.unwrap();
    sleep(idle / 2).await;
    let stopped = Instant::now();
    server.stop();
    server.wait_until_stopped().await;
    assert!(stopped.elapsed() <= idle + Duration::from_millis(10), "{:?}", stopped.elapsed());
    drop((silent, half_a_head));
}
