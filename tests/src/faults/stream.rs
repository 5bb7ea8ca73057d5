//! Deliveries that come without end while things happen: commits are pushed, issues are opened, and each is sent until
//! it is taken, as a person redelivers what failed.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::home::Home;
use super::remotes::{Remotes, Said};

/// A request that waits for longer is given up; the service may have been killed under it.
const PATIENCE: Duration = Duration::from_secs(20);

/// What was sent and how it was answered.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) taken: AtomicUsize,
    /// Taken before, but the answer was lost.
    pub(crate) repeats: AtomicUsize,
    pub(crate) refused: AtomicUsize,
    pub(crate) unanswered: AtomicUsize,
}

/// The stream.
pub(crate) struct Stream {
    pub(crate) tally: Arc<Tally>,
    said: Arc<Mutex<Vec<Said>>>,
    stop: Arc<AtomicBool>,
    to: watch::Sender<Option<SocketAddr>>,
    senders: Vec<JoinHandle<()>>,
}

impl Stream {
    /// Begins: a sender for each repository, with a breath between two deliveries.
    pub(crate) fn start(home: &Arc<Home>, remotes: &Arc<Remotes>, breath: Duration) -> Self {
        let (tally, said, stop) =
            (Arc::<Tally>::default(), Arc::<Mutex<Vec<Said>>>::default(), Arc::default());
        let (to, address) = watch::channel(None);
        let senders = (0..remotes.count).map(|repository| {
            let (home, remotes, mut address) = (home.clone(), remotes.clone(), address.clone());
            let (tally, said, stop) = (Arc::clone(&tally), Arc::clone(&said), Arc::clone(&stop));
            tokio::spawn(async move {
                let mut turn = 0;
                while !AtomicBool::load(&stop, Ordering::SeqCst) {
                    turn += 1;
                    let n = turn * remotes.count + repository;
                    let told = if turn % 5 == 1 {
                        let remotes = remotes.clone();
                        tokio::task::spawn_blocking(move || remotes.push(repository, n)).await.unwrap()
                    } else {
                        Remotes::issue(repository, n)
                    };
                    said.lock().unwrap().push(told.clone());
                    deliver(&home, &told, &mut address, &tally).await;
                    tokio::time::sleep(breath).await;
                }
            })
        });
        let senders = senders.collect();
        Self { tally, said, stop, to, senders }
    }

    /// Where the service is now.
    pub(crate) fn redirect(&self, to: SocketAddr) {
        _ = self.to.send(Some(to));
    }

    /// Ends when all that was begun is taken; gives what was sent.
    pub(crate) async fn end(self) -> (Vec<Said>, Arc<Tally>) {
        self.stop.store(true, Ordering::SeqCst);
        for sender in self.senders {
            sender.await.unwrap();
        }
        let mut said = self.said.lock().unwrap().clone();
        said.sort_by_key(|said| said.n);
        (said, self.tally)
    }
}

/// Sends a delivery until it is taken.
async fn deliver(home: &Home, said: &Said, to: &mut watch::Receiver<Option<SocketAddr>>, tally: &Tally) {
    let delivery = home.delivery(said);
    loop {
        let Some(address) = *to.borrow_and_update() else {
            to.changed().await.unwrap();
            continue;
        };
        let answer = tokio::time::timeout(PATIENCE, delivery.try_send(address)).await.ok().flatten();
        let (counted, is_taken) = match answer.map(|answer| answer.status) {
            Some(202) => (&tally.taken, true),
            Some(200) => (&tally.repeats, true),
            Some(503) => (&tally.refused, false),
            None => (&tally.unanswered, false),
            Some(other) => panic!("answered {other}"),
        };
        counted.fetch_add(1, Ordering::SeqCst);
        if is_taken {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Sends everything once more to another database, undisturbed, and waits until it is applied.
pub(crate) async fn send_all(home: &Home, said: &[Said], to: SocketAddr) {
    for said in said {
        home.delivery(said).taken(to).await;
    }
    home.settled().await;
}
