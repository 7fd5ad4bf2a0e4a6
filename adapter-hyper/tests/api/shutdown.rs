//! How the server ends.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use enact::{Action, ActionError, Context, Registry};
use enact_hyper::ActionsService;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use crate::client::{Client, VERSIONS, call};
use crate::serve::Limits;
use crate::server::{Server, WIDE};

const WAIT: Action<(), u32> = Action::json("wait");
const QUICK: Action<(), u32> = Action::json("quick");

/// A call that has begun and ends when it is let.
#[derive(Clone)]
struct Gate {
    begun: Arc<Semaphore>,
    may_end: Arc<Semaphore>,
}

fn start(limits: Limits) -> (Server, Gate) {
    let gate = Gate { begun: Arc::new(Semaphore::new(0)), may_end: Arc::new(Semaphore::new(0)) };
    let wait = {
        let gate = gate.clone();
        move |(): (), _: Context| {
            let gate = gate.clone();
            async move {
                gate.begun.add_permits(1);
                let _end = gate.may_end.acquire().await.map_err(ActionError::internal)?;
                Ok::<_, ActionError>(42)
            }
        }
    };
    let actions = Registry::builder()
        .action(WAIT, wait)
        .action(QUICK, async |(): (), _: Context| Ok::<_, ActionError>(1))
        .build()
        .unwrap();
    (Server::start(ActionsService::new(actions), limits), gate)
}

/// Waits until nobody listens there any more.
async fn refused(address: SocketAddr) {
    let refused = async {
        while TcpStream::connect(address).await.is_ok() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_secs(5), refused).await.expect("it takes new connections");
}

#[tokio::test]
async fn a_call_in_flight_ends_and_new_connections_are_refused() {
    for version in VERSIONS {
        let (mut server, gate) = start(WIDE);
        let mut client = Client::connect(server.address, version).await;
        let calling = tokio::spawn(async move {
            let answer = client.ask(call("/_actions/wait", "")).await;
            (client, answer)
        });
        gate.begun.acquire().await.unwrap().forget();
        server.stop();
        refused(server.address).await;
        assert!(!server.has_ended(), "{version:?}: it did not wait");
        gate.may_end.add_permits(1);
        let (client, answer) = calling.await.unwrap();
        assert_eq!(answer.unwrap(), (200, "[42]".to_owned()), "{version:?}");
        client.closed().await;
        timeout(Duration::from_secs(5), server.ended()).await.expect("it goes on");
    }
}

#[tokio::test]
async fn a_call_that_does_not_end_is_cut_off_once_the_grace_is_over() {
    let grace = Duration::from_millis(500);
    for version in VERSIONS {
        let (mut server, gate) = start(Limits { grace, ..WIDE });
        let mut client = Client::connect(server.address, version).await;
        let calling = tokio::spawn(async move { client.ask(call("/_actions/wait", "")).await });
        gate.begun.acquire().await.unwrap().forget();
        let stopped = Instant::now();
        server.stop();
        timeout(Duration::from_secs(5), server.ended()).await.expect("it waits for ever");
        assert!((grace..grace * 4).contains(&stopped.elapsed()), "{version:?}: {:?}", stopped.elapsed());
        assert!(calling.await.unwrap().is_err(), "{version:?}");
    }
}

#[tokio::test]
async fn nobody_waits_for_connections_that_are_idle() {
    for version in VERSIONS {
        let (mut server, _) = start(WIDE);
        let mut client = Client::connect(server.address, version).await;
        assert_eq!(client.ask(call("/_actions/quick", "")).await.unwrap().0, 200);
        server.stop();
        timeout(Duration::from_secs(1), server.ended()).await.expect("it waits");
        client.closed().await;
    }
}

#[tokio::test]
async fn a_client_that_has_sent_nothing_does_not_hold_up_the_end() {
    let (mut server, _) = start(Limits { idle: Duration::from_millis(500), ..WIDE });
    let connected = TcpStream::connect(server.address).await.unwrap();
    let begun = TcpStream::connect(server.address).await.unwrap();
    begun.writable().await.unwrap();
    begun.try_write(b"POST /_actions/quick HTTP/1.1\r\n").unwrap();
    sleep(Duration::from_millis(100)).await;
    server.stop();
    timeout(Duration::from_secs(2), server.ended()).await.expect("it waits");
    drop((connected, begun));
}
