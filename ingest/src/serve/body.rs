//! Bodies on their way in and out, watched: how fast one comes, and when an answer has been given.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use thiserror::Error;
use tokio::time::{Instant, Sleep};

use super::Pace;
use super::place::{Place, Stage};

/// Why the rest of a body does not come. Fits "failed to ...".
#[derive(Debug, Error)]
pub(crate) enum BodyError {
    /// It comes so slowly that it holds up others.
    #[error("read the body: it comes too slowly")]
    TooSlow,
    /// The sender went away, or what he sends is not HTTP.
    #[error("read the body")]
    Broken(#[from] hyper::Error),
}

/// A body on its way in, which has to keep its pace.
#[derive(Debug)]
pub(super) struct PacedBody {
    body: Incoming,
    pace: Pace,
    began: Instant,
    received: u64,
    until: Option<Pin<Box<Sleep>>>,
    place: Arc<Place>,
}

impl PacedBody {
    pub(super) fn new(body: Incoming, pace: Pace, place: Arc<Place>) -> Self {
        Self { body, pace, began: Instant::now(), received: 0, until: None, place }
    }

    /// When the next bytes have to be here.
    fn deadline(&self) -> Instant {
        let earned = self.received.saturating_mul(1000) / self.pace.bytes_per_second.max(1);
        let at_pace = self.pace.grace.saturating_add(std::time::Duration::from_millis(earned));
        self.began + at_pace.min(self.pace.total)
    }
}

impl Body for PacedBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            match &frame {
                Some(Ok(frame)) => {
                    self.received += frame.data_ref().map_or(0, |data| data.len() as u64);
                    if self.body.is_end_stream() {
                        self.place.enter(Stage::Working);
                    }
                }
                Some(Err(_)) | None => self.place.enter(Stage::Working),
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(BodyError::Broken)));
        }
        let deadline = self.deadline();
        match &mut self.until {
            Some(until) if until.deadline() == deadline => {}
            Some(until) => until.as_mut().reset(deadline),
            until @ None => *until = Some(Box::pin(tokio::time::sleep_until(deadline))),
        }
        if let Some(until) = &mut self.until {
            ready!(until.as_mut().poll(context));
        }
        Poll::Ready(Some(Err(BodyError::TooSlow)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for PacedBody {
    fn drop(&mut self) {
        if !self.body.is_end_stream() {
            self.place.leave_unread();
        }
        if self.place.seen().stage == Stage::Body {
            self.place.enter(Stage::Working);
        }
    }
}

/// An answer on its way out: the connection is idle again when it is dropped.
#[derive(Debug)]
pub(super) struct Answer {
    body: axum::body::Body,
    place: Arc<Place>,
}

impl Answer {
    pub(super) fn new(body: axum::body::Body, place: Arc<Place>) -> Self {
        Self { body, place }
    }
}

impl Body for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.place.enter(Stage::Idle);
    }
}
