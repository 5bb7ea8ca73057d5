//! Bodies of deliveries are kept packed, as blocks of LZ4: a payload of GitHub's repeats itself, and takes a third of the room.
//!
//! Whoever receives packs, before he records: that is done on many processors at once, and recording is not. LZ4 because
//! packing must cost less than it saves on the way to the disk. What does not get shorter stays as it is.

use std::borrow::Cow;

use lz4_flex::block::{compress_into, decompress, get_maximum_output_size};

use crate::StoreError;

/// Shorter ones are not worth it.
const WORTH_IT: usize = 512;
/// No body that is recorded is longer (25 MiB is the most that is taken); what says it is, is damaged.
const LONGEST: i64 = 32 << 20;

/// A body that was packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedBody {
    /// The block.
    pub bytes: Vec<u8>,
    /// Bytes of the body.
    pub from: u32,
}

/// Packs a body; none where it would not be shorter. Takes [`PackedBody::room`] for as long as it lasts.
pub fn pack_body(body: &[u8]) -> Option<PackedBody> {
    if body.len() < WORTH_IT {
        return None;
    }
    let from = u32::try_from(body.len()).ok()?;
    let mut bytes = vec![0; get_maximum_output_size(body.len())];
    // There is room for the worst case.
    let length = compress_into(body, &mut bytes).ok()?;
    bytes.truncate(length);
    bytes.shrink_to_fit();
    (length < body.len()).then_some(PackedBody { bytes, from })
}

impl PackedBody {
    /// Bytes that packing a body of this length takes beside it.
    pub fn room(body: usize) -> usize {
        get_maximum_output_size(body)
    }
}

/// The body, as it came.
pub(super) fn unpack(bytes: &[u8], packed_from: Option<i64>) -> Result<Cow<'_, [u8]>, StoreError> {
    const DAMAGED: StoreError = StoreError::Damaged("the body of a delivery cannot be unpacked");
    let Some(from) = packed_from else { return Ok(Cow::Borrowed(bytes)) };
    let length = usize::try_from(from).ok().filter(|_| from <= LONGEST).ok_or(DAMAGED)?;
    let body = decompress(bytes, length).map_err(|_| DAMAGED)?;
    if body.len() == length { Ok(Cow::Owned(body)) } else { Err(DAMAGED) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn there_and_back(body: &[u8]) -> Option<PackedBody> {
        let packed = pack_body(body);
        let (bytes, from) =
            packed.as_ref().map_or((body, None), |packed| (&packed.bytes[..], Some(i64::from(packed.from))));
        assert!(unpack(bytes, from).unwrap()[..] == *body);
        packed
    }

    proptest! {
        #[test]
        fn every_body_comes_back(
            piece in prop::collection::vec(any::<u8>(), 0..300), times in 0..50_usize, end in any::<[u8; 3]>(),
        ) {
            let mut body = piece.repeat(times);
            body.extend(end);
            there_and_back(&body);
        }

        #[test]
        fn what_is_no_block_is_refused_without_a_fuss(
            bytes in prop::collection::vec(any::<u8>(), 0..300), from in any::<i64>(),
        ) {
            let _ = unpack(&bytes, Some(from)).map(|body| assert_eq!(body.len() as i64, from));
        }
    }

    #[test]
    fn what_repeats_itself_gets_shorter_and_noise_stays_as_it_is() {
        let packed = there_and_back(&b"https://api.github.com/repos/".repeat(400)).unwrap();
        assert!(packed.bytes.len() < 200);
        let mut state = 1_u64;
        let noise: Vec<u8> = (0..20_000)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 56) as u8
            })
            .collect();
        assert_eq!(there_and_back(&noise), None);
        assert_eq!(pack_body(&[b'a'; WORTH_IT - 1]), None);
    }

    #[test]
    fn a_block_of_another_length_is_damaged() {
        let packed = pack_body(&[b'a'; 2000]).unwrap();
        for from in [-1, 0, 1999, 2001, LONGEST + 1] {
            assert!(matches!(unpack(&packed.bytes, Some(from)), Err(StoreError::Damaged(_))));
        }
        assert!(unpack(&packed.bytes[1..], Some(2000)).is_err());
    }
}
