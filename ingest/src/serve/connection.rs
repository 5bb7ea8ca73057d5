//! One connection from its first byte to its last: HTTP/1, by hyper.
//!
//! HTTP/1 alone, because that is what GitHub's deliveries come by; proxies that speak more speak it too. The connection
//! ends when the sender ends it, when its place is condemned, or in order when the service stops.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::Pace;
use super::admission::Ticket;
use super::body::{Answer, PacedBody};
use super::lingering::linger;
use super::place::{Place, Stage};

/// A head that is longer is answered 431.
const HEAD: usize = 32 * 1024;
/// So much of what has come is kept in front of whoever reads: with many connections this is the memory they cost.
const BUFFER: usize = 64 * 1024;

/// When a connection ends before its time.
#[derive(Clone, Debug)]
pub(super) struct Ends {
    /// After the request in flight.
    pub(super) stop: CancellationToken,
    /// At once.
    pub(super) cut: CancellationToken,
}

/// Answers the requests of one connection.
pub(super) async fn answer(stream: TcpStream, ticket: Ticket, router: Router, pace: Pace, ends: Ends) {
    // Answers are short, and nobody waits for more of one.
    _ = stream.set_nodelay(true);
    let place = Arc::clone(&ticket.place);
    let io = TokioIo::new(Heard { stream, place: Arc::clone(&place) });
    let service = service_fn(|request: Request<Incoming>| {
        place.enter(Stage::Body);
        let request = request.map(|body| Body::new(PacedBody::new(body, pace, Arc::clone(&place))));
        let (router, place) = (router.clone(), Arc::clone(&place));
        // Boxed, for a connection is only given back whole (see below) where it can be moved.
        Box::pin(async move {
            let response: Result<Response<Body>, Infallible> = router.oneshot(request).await;
            response.map(|response| response.map(|body| Answer::new(body, place)))
        })
    });
    let mut connection = http1::Builder::new()
        .half_close(true)
        .max_buf_size(BUFFER)
        .max_header_size(HEAD)
        .header_read_timeout(None)
        .serve_connection(io, service);

    let mut is_stopping = false;
    let ended = loop {
        tokio::select! {
            ended = poll_fn(|context| connection.poll_without_shutdown(context)) => break ended,
            () = place.condemned() => return,
            () = ends.cut.cancelled() => return,
            () = ends.stop.cancelled(), if !is_stopping => {
                is_stopping = true;
                Pin::new(&mut connection).graceful_shutdown();
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(error = &error as &dyn std::error::Error, "a connection broke");
        return;
    }
    let stream = connection.into_parts().io.into_inner().stream;
    tokio::select! {
        () = linger(stream, place.has_unread()) => {}
        () = place.condemned() => {}
        () = ends.cut.cancelled() => {}
    }
    drop(ticket);
}

/// A stream that tells its place when bytes come.
#[derive(Debug)]
struct Heard {
    stream: TcpStream,
    place: Arc<Place>,
}

impl AsyncRead for Heard {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.place.hear();
        }
        read
    }
}

impl AsyncWrite for Heard {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
