//! A door before a database server: it can be shut, and it can swallow the server's answer to the next commit, so that the
//! sender of that commit never learns whether it was done.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use muster_store::DatabaseUrl;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use url::Url;

const OPEN: u8 = 0;
const SHUT: u8 = 1;
/// The next commit is done, and its answer is lost with the connection.
const SWALLOWING: u8 = 2;

/// The door.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    address: SocketAddr,
    manner: Arc<AtomicU8>,
    cut: broadcast::Sender<()>,
}

impl Door {
    /// An open one before the server of this address.
    pub(crate) async fn before(server: &Url) -> Self {
        let server = server.socket_addrs(|| Some(5432)).unwrap()[0];
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let door = Self { address, manner: Arc::default(), cut: broadcast::channel(1).0 };
        let keeper = door.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if keeper.manner.load(Ordering::SeqCst) != SHUT {
                    let (manner, mut cut) = (Arc::clone(&keeper.manner), keeper.cut.subscribe());
                    tokio::spawn(async move {
                        tokio::select! {
                            () = pass(client, server, &manner) => {}
                            _ = cut.recv() => {}
                        }
                    });
                }
            }
        });
        door
    }

    /// The address of a database through this door.
    pub(crate) fn through(&self, address: &Url) -> DatabaseUrl {
        let mut through = address.clone();
        through.set_host(Some("127.0.0.1")).unwrap();
        through.set_port(Some(self.address.port())).unwrap();
        through.as_str().parse().unwrap()
    }

    /// Lets nobody in, and throws out who is inside.
    pub(crate) fn shut(&self) {
        self.manner.store(SHUT, Ordering::SeqCst);
        _ = self.cut.send(());
    }

    pub(crate) fn open(&self) {
        self.manner.store(OPEN, Ordering::SeqCst);
    }

    pub(crate) fn swallow_next_commit(&self) {
        self.manner.store(SWALLOWING, Ordering::SeqCst);
    }
}

async fn pass(mut client: TcpStream, server: SocketAddr, manner: &AtomicU8) {
    let mut server = TcpStream::connect(server).await.unwrap();
    let (mut from_client, mut from_server) = (vec![0; 16 * 1024], vec![0; 16 * 1024]);
    let mut is_lost = false;
    loop {
        tokio::select! {
            read = client.read(&mut from_client) => {
                let Ok(count @ 1..) = read else { return };
                let is_commit = from_client[..count].windows(7).any(|window| window == b"COMMIT\0");
                if is_commit {
                    let swallows = manner.compare_exchange(SWALLOWING, OPEN, Ordering::SeqCst, Ordering::SeqCst);
                    is_lost = swallows.is_ok();
                }
                if server.write_all(&from_client[..count]).await.is_err() {
                    return;
                }
            }
            read = server.read(&mut from_server) => {
                let Ok(count @ 1..) = read else { return };
                if is_lost || client.write_all(&from_server[..count]).await.is_err() {
                    return; // the server has answered: it is committed
                }
            }
        }
    }
}
