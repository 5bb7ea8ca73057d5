//! An HTTPS server of Git repositories on the loopback interface, which can be told to misbehave.
//!
//! Git's own `http-backend` answers behind it, so what is fetched comes from the reference implementation.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::http::{Request, answer, begin, chunk, read_headers};

/// How the server answers.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// As Git's own server.
    Git,
    /// The same, with a connection for each request.
    GitClosing,
    /// The same, but names without `.git` are redirected to those with it.
    GitOnlySuffixed,
    /// The same, to those who hold this user name and password, base64-encoded as `user:password`.
    GitFor(&'static str),
    /// With a redirect to this address, followed by the path that was asked for.
    Redirect(String),
    /// With a status alone.
    Status(&'static str),
    /// With this content type and body.
    Page(&'static str, Vec<u8>),
    /// As Git's own server, after some thought.
    Late,
    /// Not at all.
    Silence,
    /// As Git's own server, but silent where a pack should come.
    SilentPack,
    /// As Git's own server, but silent in the middle of a pack.
    HalfPack,
    /// With announcements that do not end.
    Endless,
    /// With announcements that do not end either, a few bytes at a time.
    Dribble,
}

/// What the server noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Noticed {
    /// It fell silent, as it was told to.
    Stalled,
    /// The client of a silent connection went away.
    Gone,
}

/// How long [`Answer::Late`] takes: longer than the rest of a small fetch, so that two at once meet here.
const THOUGHT: Duration = Duration::from_millis(300);

/// A running server; it lives as long as the test program.
pub(crate) struct Server {
    pub(crate) port: u16,
    /// Certificate in PEM form, which is its own authority.
    pub(crate) certificate: String,
    answer: Arc<Mutex<Answer>>,
    noticed: Mutex<mpsc::Receiver<Noticed>>,
    busy: Busy,
}

/// Fetches that wait for their first word, and the most that there ever were at once, by the path of the repository.
type Busy = Arc<Mutex<HashMap<String, (usize, usize)>>>;

struct Shared {
    root: PathBuf,
    answer: Arc<Mutex<Answer>>,
    notice: mpsc::Sender<Noticed>,
    tls: Arc<ServerConfig>,
    busy: Busy,
}

type Connection = BufReader<StreamOwned<ServerConnection, TcpStream>>;

impl Server {
    /// Serves the bare repositories below `root` to those who trust a certificate for `names`.
    pub(crate) fn start(root: &Path, names: &[&str]) -> Self {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let made = rcgen::generate_simple_self_signed(names).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (notice, noticed) = mpsc::channel();
        let (answer, busy) = (Arc::new(Mutex::new(Answer::Git)), Busy::default());
        let shared = Arc::new(Shared {
            root: root.to_owned(),
            answer: Arc::clone(&answer),
            notice,
            tls: Arc::new(tls),
            busy: Arc::clone(&busy),
        });
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    // A client that goes away, or does not trust us, is part of the play.
                    let _ = shared.converse(stream);
                });
            }
        });
        Self { port, certificate: made.cert.pem(), answer, noticed: Mutex::new(noticed), busy }
    }

    /// Behaves differently from now on.
    pub(crate) fn set(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    /// The most fetches at once that waited for their first word of any one repository ([`Answer::Late`]), and of how many.
    pub(crate) fn most_at_once(&self) -> (usize, usize) {
        let busy = self.busy.lock().unwrap();
        (busy.values().map(|(_, most)| *most).max().unwrap_or_default(), busy.len())
    }

    /// Waits until something is noticed.
    pub(crate) fn notices(&self) -> Noticed {
        let noticed = self.noticed.lock().unwrap();
        noticed.recv_timeout(Duration::from_secs(300)).expect("the server has something to notice")
    }
}

impl Shared {
    fn converse(&self, stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let tls = ServerConnection::new(Arc::clone(&self.tls)).map_err(io::Error::other)?;
        let mut connection = BufReader::new(StreamOwned::new(tls, stream));
        while let Some(request) = Request::read(&mut connection)? {
            let now = self.answer.lock().unwrap().clone();
            let out = connection.get_mut();
            match now {
                Answer::Git => self.git(&request, out, "keep-alive")?,
                Answer::Late => {
                    if request.method == "GET" {
                        self.ponder(&request);
                    }
                    self.git(&request, out, "keep-alive")?;
                }
                Answer::GitClosing => {
                    self.git(&request, out, "close")?;
                    out.conn.send_close_notify();
                    return out.flush();
                }
                Answer::GitOnlySuffixed if !request.path.contains(".git/") => {
                    let path = request.path.replace("/info/refs", ".git/info/refs");
                    let target = format!("https://localhost{path}?{}", request.query);
                    answer(out, "301 Moved Permanently", &[("Location", &target)], b"")?;
                }
                Answer::GitOnlySuffixed => self.git(&request, out, "keep-alive")?,
                Answer::GitFor(held) if request.header("authorization") == format!("Basic {held}") => {
                    self.git(&request, out, "keep-alive")?;
                }
                Answer::GitFor(_) => {
                    answer(out, "401 Unauthorized", &[("WWW-Authenticate", "Basic realm=\"git\"")], b"")?;
                }
                Answer::Redirect(to) => {
                    let target = format!("{to}{}?{}", request.path, request.query);
                    answer(out, "301 Moved Permanently", &[("Location", &target)], b"")?;
                }
                Answer::Status(status) => answer(out, status, &[], b"")?,
                Answer::Page(content_type, body) => {
                    answer(out, "200 OK", &[("Content-Type", content_type)], &body)?;
                }
                Answer::SilentPack | Answer::HalfPack if request.method == "GET" => {
                    self.git(&request, out, "keep-alive")?;
                }
                Answer::HalfPack => {
                    let mut whole = Vec::new();
                    self.git(&request, &mut whole, "keep-alive")?;
                    out.write_all(&whole[..whole.len() * 3 / 4])?;
                    out.flush()?;
                    return self.stall(&mut connection);
                }
                Answer::SilentPack => {
                    begin(out, "200 OK", &[("Content-Type", "application/x-git-upload-pack-result")])?;
                    return self.stall(&mut connection);
                }
                Answer::Silence => return self.stall(&mut connection),
                Answer::Endless => return endless(out),
                Answer::Dribble => return dribble(out),
            }
        }
        Ok(())
    }

    /// Says nothing more until the client is gone.
    fn stall(&self, connection: &mut Connection) -> io::Result<()> {
        let _ = self.notice.send(Noticed::Stalled);
        let mut rest = [0; 1024];
        while !matches!(connection.read(&mut rest), Ok(0) | Err(_)) {}
        let _ = self.notice.send(Noticed::Gone);
        Ok(())
    }

    /// Thinks for a while before the first word of a fetch, and counts who waits for that at once: none of them can have got
    /// any further.
    fn ponder(&self, request: &Request) {
        let repository = request.path.split(".git/").next().unwrap_or_default();
        {
            let mut busy = self.busy.lock().unwrap();
            let (now, most) = busy.entry(repository.to_owned()).or_default();
            *now += 1;
            *most = (*most).max(*now);
        }
        thread::sleep(THOUGHT);
        self.busy.lock().unwrap().entry(repository.to_owned()).or_default().0 -= 1;
    }

    /// Asks `git http-backend`, a CGI program (RFC 3875), and passes on what it says.
    fn git(&self, request: &Request, out: &mut impl Write, keep: &str) -> io::Result<()> {
        let mut backend = Command::new("git")
            .arg("http-backend")
            .env("GIT_PROJECT_ROOT", &self.root)
            .env("GIT_HTTP_EXPORT_ALL", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("REQUEST_METHOD", &request.method)
            .env("PATH_INFO", &request.path)
            .env("QUERY_STRING", &request.query)
            .env("CONTENT_TYPE", request.header("content-type"))
            .env("CONTENT_LENGTH", request.body.len().to_string())
            .env("HTTP_CONTENT_ENCODING", request.header("content-encoding"))
            .env("GIT_PROTOCOL", request.header("git-protocol"))
            .env("REMOTE_ADDR", "127.0.0.1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("git is installed: the wire's tests fetch from its http-backend");
        let (stdin, stdout) = (backend.stdin.take(), backend.stdout.take());
        let passed = stdin
            .expect("it is piped")
            .write_all(&request.body)
            .and_then(|()| pass_on(&mut BufReader::new(stdout.expect("it is piped")), out, keep));
        backend.wait()?;
        passed
    }
}

/// Passes a CGI program's answer on as HTTP.
fn pass_on(said: &mut impl BufRead, out: &mut impl Write, keep: &str) -> io::Result<()> {
    let headers = read_headers(said)?;
    assert!(!headers.is_empty(), "`git http-backend` is missing: install the whole of git");
    let status = headers.iter().find(|(name, _)| name == "Status").map_or("200 OK", |(_, value)| value);
    let others = headers.iter().filter(|(name, _)| name != "Status");
    let mut passed: Vec<(&str, &str)> = vec![("Connection", keep)];
    passed.extend(others.map(|(name, value)| (name.as_str(), value.as_str())));
    begin(out, status, &passed)?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = said.read(&mut buffer)?;
        chunk(out, &buffer[..count])?;
        if count == 0 {
            return Ok(());
        }
    }
}

/// Announces branch after branch, slowly. It goes on until the client is gone.
fn dribble(out: &mut impl Write) -> io::Result<()> {
    begin(out, "200 OK", &[("Content-Type", "application/x-git-upload-pack-advertisement")])?;
    chunk(out, b"001e# service=git-upload-pack\n0000")?;
    loop {
        chunk(out, format!("004d{:040x} refs/heads/{:020}\n", 1, 1).as_bytes())?;
        thread::sleep(Duration::from_millis(20));
    }
}

/// Announces branch after branch.
fn endless(out: &mut impl Write) -> io::Result<()> {
    begin(out, "200 OK", &[("Content-Type", "application/x-git-upload-pack-advertisement")])?;
    chunk(out, b"001e# service=git-upload-pack\n0000")?;
    for number in 0_u64.. {
        let capabilities = if number == 0 { "\0side-band-64k ofs-delta" } else { "" };
        let mut lines = format!("{:04x}", 77 + capabilities.len());
        lines.push_str(&format!("{:040x} refs/heads/{:020}{capabilities}\n", 1, number * 1000));
        for more in 1..1000 {
            lines.push_str(&format!("004d{:040x} refs/heads/{:020}\n", 1, number * 1000 + more));
        }
        chunk(out, lines.as_bytes())?;
    }
    Ok(())
}
