//! Laws of the chain: whatever is done to it, the first entry that is not as it was is found.

use proptest::prelude::*;

use super::chain::{BEFORE_THE_FIRST, Chain, ChainFault, hash_of};
use super::{AuditHead, AuditRecord};
use crate::{AuditSeq, TenantId, Timestamp};

const TENANT: TenantId = TenantId(uuid::Uuid::from_u128(0x0123_4567_89ab_cdef));

/// A chain of so many entries.
fn log(length: i64) -> Vec<AuditRecord> {
    let mut entries: Vec<AuditRecord> = Vec::new();
    for seq in 1..=length {
        let mut record = AuditRecord {
            seq: AuditSeq(seq),
            recorded_at: Timestamp(1_700_000_000_000 + seq),
            actor: "cli:ada".to_owned(),
            action: "user.add".to_owned(),
            subject: format!("user:{seq}"),
            details: r#"{"role":"member"}"#.to_owned(),
            previous_hash: entries.last().map_or(BEFORE_THE_FIRST, |last| last.hash),
            hash: BEFORE_THE_FIRST,
        };
        record.hash = hash_of(TENANT, &record);
        entries.push(record);
    }
    entries
}

fn followed(entries: &[AuditRecord], expected: Option<AuditHead>) -> Result<AuditHead, ChainFault> {
    let mut chain = Chain::new(TENANT, expected);
    entries.iter().try_for_each(|entry| chain.follow(entry.seq, Some(entry)))?;
    chain.end().map(|()| chain.head)
}

fn head(entries: &[AuditRecord]) -> AuditHead {
    entries.last().map_or(AuditHead::EMPTY, |last| AuditHead { seq: last.seq, hash: last.hash })
}

/// Changes one field in the way that its number says.
fn alter(record: &mut AuditRecord, field: usize, with: &str) {
    match field {
        0 => record.recorded_at.0 ^= 1,
        1 => record.actor.push_str(with),
        2 => record.action.push_str(with),
        3 => record.subject.insert_str(0, with),
        4 => record.details.push_str(with),
        // A letter that moves from the end of one field to the beginning of the next.
        5 => {
            let letter = record.actor.pop().unwrap();
            record.action.insert(0, letter);
        }
        6 => record.previous_hash[7] ^= 1,
        _ => record.hash[31] ^= 128,
    }
}

#[test]
fn the_format_is_what_it_was() {
    // The same came from another program that was written after docs/AUDIT_LOG.md. Were it to change, no log would hold.
    insta::assert_snapshot!(head(&log(1)).to_string(), @"1:e6a65430359e97b80853d468c2ed34c60dc2c1df6ed01e80483b4796d614fe48");
    insta::assert_snapshot!(head(&log(2)).to_string(), @"2:6ae1274633bf7b294d053ca9612be8969783a207ab5ccda91b16f11f73c85695");
}

#[test]
fn the_same_entries_are_another_tenants_chain() {
    let mut chain = Chain::new(TenantId(uuid::Uuid::from_u128(1)), None);
    assert_eq!(chain.follow(AuditSeq(1), log(1).first()), Err(ChainFault::Altered(AuditSeq(1))));
}

#[test]
fn what_cannot_be_read_was_altered() {
    let mut chain = Chain::new(TENANT, None);
    assert_eq!(chain.follow(AuditSeq(1), None), Err(ChainFault::Altered(AuditSeq(1))));
    assert_eq!(chain.follow(AuditSeq(-1), None), Err(ChainFault::Altered(AuditSeq(-1))));
}

proptest! {
    #[test]
    fn a_log_holds_and_so_does_every_head_that_it_had(length in 0..20_i64, then in 0..20_usize) {
        let entries = log(length);
        let earlier = head(&entries[..then.min(entries.len())]);
        prop_assert_eq!(followed(&entries, None), Ok(head(&entries)));
        prop_assert_eq!(followed(&entries, Some(earlier)), Ok(head(&entries)));
    }

    #[test]
    fn an_altered_entry_is_found(at in 0..9_usize, field in 0..8_usize, with in "[a-z\0 ]{1,4}") {
        let mut entries = log(9);
        alter(&mut entries[at], field, &with);
        prop_assert_eq!(followed(&entries, None), Err(ChainFault::Altered(AuditSeq(at as i64 + 1))));
    }

    #[test]
    fn an_entry_that_was_hashed_anew_does_not_fit_the_next(at in 0..8_usize, field in 0..6_usize) {
        let mut entries = log(9);
        alter(&mut entries[at], field, "x");
        entries[at].hash = hash_of(TENANT, &entries[at]);
        prop_assert_eq!(followed(&entries, None), Err(ChainFault::Unlinked(AuditSeq(at as i64 + 2))));
    }

    #[test]
    fn a_removed_entry_is_found(at in 0..8_usize) {
        let mut entries = log(9);
        entries.remove(at);
        prop_assert_eq!(followed(&entries, None), Err(ChainFault::Missing(AuditSeq(at as i64 + 1))));
    }

    #[test]
    fn a_lost_end_is_found_beside_a_head(kept in 0..9_usize) {
        let entries = log(9);
        let expected = Some(head(&entries));
        let fault = ChainFault::CutOff { last: AuditSeq(kept as i64), expected: AuditSeq(9) };
        prop_assert_eq!(followed(&entries[..kept], expected), Err(fault));
        prop_assert_eq!(followed(&entries[..kept], None), Ok(head(&entries[..kept])));
    }

    #[test]
    fn a_log_that_was_written_anew_is_found_beside_a_head(at in 0..9_usize) {
        let (before, mut entries) = (log(9), log(9));
        entries[at].actor = "cli:eve".to_owned();
        for place in at..entries.len() {
            entries[place].previous_hash = place.checked_sub(1).map_or(BEFORE_THE_FIRST, |before| entries[before].hash);
            entries[place].hash = hash_of(TENANT, &entries[place]);
        }
        prop_assert_eq!(followed(&entries, None), Ok(head(&entries)));
        prop_assert_eq!(followed(&entries, Some(head(&before))), Err(ChainFault::Rewritten(AuditSeq(9))));
    }
}
