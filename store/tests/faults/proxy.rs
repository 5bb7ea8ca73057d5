//! A door to a server that can be shut: connections through it can be cut, refused or left without an answer.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use muster_store::DatabaseUrl;
use url::Url;

/// What becomes of who comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// He is let through.
    Open,
    /// He is let in and never answered.
    Silent,
}

/// The door.
#[derive(Debug)]
pub(crate) struct Proxy {
    server: SocketAddr,
    /// Where it stands.
    address: SocketAddr,
    manner: Manner,
    inside: Arc<Mutex<Vec<TcpStream>>>,
    keeper: Option<(Arc<AtomicBool>, JoinHandle<()>)>,
}

impl Proxy {
    /// An open door before the server of an address.
    pub(crate) fn before(server: &Url) -> Self {
        Self::with(server, Manner::Open)
    }

    /// One behind which nobody answers.
    pub(crate) fn silent(server: &Url) -> Self {
        Self::with(server, Manner::Silent)
    }

    fn with(server: &Url, manner: Manner) -> Self {
        let server = server.socket_addrs(|| Some(5432)).unwrap()[0];
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut proxy = Self { server, address, manner, inside: Arc::default(), keeper: None };
        proxy.open();
        proxy
    }

    /// The address of a database through this door.
    pub(crate) fn through(&self, address: &Url) -> DatabaseUrl {
        let mut through = address.clone();
        through.set_host(Some("127.0.0.1")).unwrap();
        through.set_port(Some(self.address.port())).unwrap();
        through.as_str().parse().unwrap()
    }

    /// Opens it again, at the same place.
    pub(crate) fn open(&mut self) {
        let listener = self.listen();
        self.address = listener.local_addr().unwrap();
        let closing = Arc::new(AtomicBool::new(false));
        let (inside, server, manner) = (Arc::clone(&self.inside), self.server, self.manner);
        let asked = Arc::clone(&closing);
        let keeper = std::thread::spawn(move || {
            for client in listener.incoming() {
                if asked.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(client) = client else { continue };
                inside.lock().unwrap().push(client.try_clone().unwrap());
                if manner == Manner::Open {
                    let Ok(server) = TcpStream::connect(server) else { continue };
                    inside.lock().unwrap().push(server.try_clone().unwrap());
                    pass_on(client.try_clone().unwrap(), server.try_clone().unwrap());
                    pass_on(server, client);
                }
            }
        });
        self.keeper = Some((closing, keeper));
    }

    /// Takes its place; where somebody else was given the port meanwhile, when he has left it.
    fn listen(&self) -> TcpListener {
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            match TcpListener::bind(self.address) {
                Err(reason) if reason.kind() == ErrorKind::AddrInUse && Instant::now() < until => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                bound => return bound.unwrap(),
            }
        }
    }

    /// Cuts every connection; who comes next is let through.
    pub(crate) fn cut(&self) {
        for stream in self.inside.lock().unwrap().drain(..) {
            _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Refuses everybody, and cuts who is inside.
    pub(crate) fn close(&mut self) {
        if let Some((closing, keeper)) = self.keeper.take() {
            closing.store(true, Ordering::SeqCst);
            // The keeper waits for somebody: this is he.
            _ = TcpStream::connect(self.address);
            keeper.join().unwrap();
        }
        self.cut();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.close();
    }
}

fn pass_on(mut from: TcpStream, mut to: TcpStream) {
    std::thread::spawn(move || {
        let mut bytes = [0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            if to.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        _ = to.shutdown(Shutdown::Both);
        _ = from.shutdown(Shutdown::Both);
    });
}
