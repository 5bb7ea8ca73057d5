//! Reading a body into memory that was reserved for it.
//!
//! One that says how long it is gets its room before the first byte is read; one that does not grows, and reserves each
//! time before it does. Neither is read beyond the longest body that there may be.

use std::error::Error;

use axum::body::Body;
use http_body_util::BodyExt as _;
use muster_store::{PackedBody, pack_body};

use super::NotTaken;
use super::budget::{BodyBudget, Reservation};
use crate::serve::BodyError;
use crate::verify::{MAX_BODY, Refusal};

/// Room that a body of unknown length gets at first.
const FIRST: usize = 16 * 1024;

/// A whole body, and the room that it takes.
#[derive(Debug)]
pub(super) struct WholeBody {
    pub(super) bytes: Vec<u8>,
    room: Reservation,
}

/// A body as it is recorded, and the room that it takes.
#[derive(Debug)]
pub(super) struct BodyToRecord {
    pub(super) bytes: Vec<u8>,
    /// Bytes of the body before it was packed.
    pub(super) packed_from: Option<u32>,
    _room: Reservation,
}

impl WholeBody {
    /// Packs it, where that makes it shorter and nobody is likely to want the room that it takes.
    pub(super) fn pack(self) -> BodyToRecord {
        let Self { mut bytes, mut room } = self;
        let mut packed_from = None;
        if room.grow_where_there_is_plenty(bytes.capacity() + PackedBody::room(bytes.len())) {
            if let Some(packed) = pack_body(&bytes) {
                (bytes, packed_from) = (packed.bytes, Some(packed.from));
            }
            room.grow_to(bytes.capacity());
        }
        BodyToRecord { bytes, packed_from, _room: room }
    }
}

/// Reads a body.
pub(super) async fn read(
    mut body: Body,
    declared: Option<u64>,
    budget: &BodyBudget,
) -> Result<WholeBody, NotTaken> {
    let longest = MAX_BODY as usize;
    let first = declared.map_or(FIRST, |length| usize::try_from(length).unwrap_or(usize::MAX));
    if first > longest {
        return Err(Refusal::TooLarge.into());
    }
    let mut room = budget.reserve(first).ok_or(NotTaken::NoRoom)?;
    let mut bytes: Vec<u8> = Vec::with_capacity(first);
    while let Some(frame) = body.frame().await {
        let Ok(piece) = frame.map_err(|error| why(&error))?.into_data() else { continue };
        let length = bytes.len() + piece.len();
        if length > longest {
            return Err(Refusal::TooLarge.into());
        }
        if length > bytes.capacity() {
            let capacity = (2 * bytes.capacity()).clamp(length, longest);
            // For a moment both may be there: what has come, and the place that it moves to.
            if !room.grow_to(bytes.capacity() + capacity) {
                return Err(NotTaken::NoRoom);
            }
            bytes.reserve_exact(capacity - bytes.len());
            room.grow_to(capacity);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(WholeBody { bytes, room })
}

/// Layers in between may have wrapped the reason.
fn why(error: &axum::Error) -> NotTaken {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(BodyError::TooSlow) = error.downcast_ref() {
            return NotTaken::TooSlow;
        }
        cause = error.source();
    }
    NotTaken::Incomplete
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use futures_util::stream;

    use super::*;

    fn pieces(count: usize, bytes: usize) -> Body {
        Body::from_stream(stream::iter((0..count).map(move |_| Ok::<_, BodyError>(vec![b'x'; bytes]))))
    }

    #[tokio::test]
    async fn a_body_of_unknown_length_takes_room_as_it_grows() {
        let budget = BodyBudget::new(400_000);
        let body = read(pieces(10, 10_000), None, &budget).await.unwrap();
        assert_eq!(body.bytes.len(), 100_000);
        assert_eq!(budget.in_use(), 128_000.max(body.bytes.capacity()).min(4 * 32_768));
        let other = read(pieces(40, 10_000), None, &budget).await.unwrap_err();
        assert_eq!(other, NotTaken::NoRoom);
        drop(body);
        assert_eq!(budget.in_use(), 0);
        assert!(read(pieces(20, 10_000), None, &budget).await.is_ok());
    }

    #[tokio::test]
    async fn a_body_is_packed_where_there_is_room_to_do_so() {
        for (bytes, packed_from) in [(500_000, Some(100_000)), (250_000, None), (150_000, None)] {
            let budget = BodyBudget::new(bytes);
            let body = read(pieces(1, 100_000), Some(100_000), &budget).await.unwrap().pack();
            assert_eq!(body.packed_from, packed_from);
            assert_eq!(budget.in_use(), body.bytes.capacity());
            assert_eq!(body.bytes.len() < 1000, packed_from.is_some());
        }
    }

    #[tokio::test]
    async fn an_endless_body_is_left_behind_the_longest_that_there_may_be() {
        let budget = BodyBudget::new(100 << 20);
        let piece = Bytes::from(vec![0; 1 << 20]);
        let endless = Body::from_stream(stream::repeat_with(move || Ok::<_, BodyError>(piece.clone())));
        assert_eq!(read(endless, None, &budget).await.unwrap_err(), NotTaken::Refused(Refusal::TooLarge));
        assert_eq!(budget.in_use(), 0);
    }

    #[tokio::test]
    async fn no_room_is_said_before_anything_is_read() {
        let budget = BodyBudget::new(1000);
        let unread =
            Body::from_stream(stream::poll_fn(|_| -> std::task::Poll<Option<Result<Bytes, BodyError>>> {
                panic!("it was read")
            }));
        assert_eq!(read(unread, Some(1001), &budget).await.unwrap_err(), NotTaken::NoRoom);
        let slow = Body::from_stream(stream::iter([Ok(Bytes::from_static(b"a")), Err(BodyError::TooSlow)]));
        assert_eq!(read(slow, Some(2), &budget).await.unwrap_err(), NotTaken::TooSlow);
        assert_eq!(budget.in_use(), 0);
    }
}
