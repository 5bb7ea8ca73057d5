//! A client of the stream on a bare socket, which reads chunks and events and may leave at any moment.

use std::net::SocketAddr;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// An event as it was read. The name is empty for a block without data, which is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) id: Option<i64>,
    pub(crate) name: String,
    pub(crate) data: String,
}

/// A client.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    /// Status line and headers.
    pub(crate) head: String,
    text: String,
}

impl Client {
    /// Asks for a path with these header lines, and reads the head of the answer.
    pub(crate) async fn ask(address: SocketAddr, path: &str, headers: &str) -> Self {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut client = Self { stream: BufReader::new(stream), head: String::new(), text: String::new() };
        while !client.head.ends_with("\r\n\r\n") {
            assert!(client.stream.read_line(&mut client.head).await.unwrap() > 0, "{}", client.head);
        }
        client
    }

    /// The status.
    pub(crate) fn status(&self) -> &str {
        self.head.split(' ').nth(1).unwrap()
    }

    /// The whole body of an answer that declares its length.
    pub(crate) async fn body(mut self) -> String {
        let lower = self.head.to_ascii_lowercase();
        let (_, rest) = lower.split_once("content-length: ").unwrap();
        let mut body = vec![0; rest.split("\r\n").next().unwrap().parse().unwrap()];
        self.stream.read_exact(&mut body).await.unwrap();
        String::from_utf8(body).unwrap()
    }

    /// The next block; `None` where the stream has ended.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let event = parsed(block);
                self.text = rest.to_owned();
                return Some(event);
            }
            let mut length = String::new();
            if self.stream.read_line(&mut length).await.unwrap_or(0) == 0 {
                return None;
            }
            let length = usize::from_str_radix(length.trim(), 16).unwrap();
            let mut chunk = vec![0; length + 2];
            self.stream.read_exact(&mut chunk).await.unwrap();
            if length == 0 {
                return None;
            }
            self.text.push_str(std::str::from_utf8(&chunk[..length]).unwrap());
        }
    }

    /// The next event, whatever else there is.
    pub(crate) async fn event(&mut self) -> Event {
        loop {
            let block = self.next().await.expect("the stream goes on");
            if !block.name.is_empty() {
                return block;
            }
        }
    }

    /// The id that the stream begins with.
    pub(crate) async fn beginning(&mut self) -> i64 {
        self.next().await.unwrap().id.unwrap()
    }
}

fn parsed(block: &str) -> Event {
    let mut event = Event::default();
    for line in block.lines() {
        match line.split_once(": ") {
            Some(("id", id)) => event.id = Some(id.parse().unwrap()),
            Some(("event", name)) => name.clone_into(&mut event.name),
            Some(("data", data)) => data.clone_into(&mut event.data),
            _ => {}
        }
    }
    event
}
