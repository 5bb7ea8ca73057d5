//! The chain itself: what a hash covers, and whether an entry follows the one before. Pure.

use sha2::{Digest, Sha256};
use thiserror::Error;

use super::{AuditHead, AuditRecord};
use crate::{AuditSeq, TenantId};

/// What the first entry names as the hash before it.
pub(super) const BEFORE_THE_FIRST: [u8; 32] = [0; 32];

/// Where a chain does not hold, first. Fits "failed to verify the audit log: ...".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ChainFault {
    /// There is none of that number, and there are later ones.
    #[error("entry {0} is missing: it was removed")]
    Missing(AuditSeq),
    /// Its own hash is not that of what it says.
    #[error("entry {0} is not as it was written: it was altered, or put in")]
    Altered(AuditSeq),
    /// It is another entry of the log; the one that follows here stands elsewhere.
    #[error("entry {seq} is out of order: the one that belongs there is number {found}")]
    OutOfOrder {
        /// Which.
        seq: AuditSeq,
        /// Where the one that belongs there stands now.
        found: AuditSeq,
    },
    /// Whole in itself, and it names another entry as the one before.
    #[error("entry {0} does not follow the one before it: one of the two was replaced or put in")]
    Unlinked(AuditSeq),
    /// The log ends before the head that was expected.
    #[error(
        "the log ends with entry {last}, and entry {expected} is known to have been there: its end was removed"
    )]
    CutOff {
        /// The last that is there.
        last: AuditSeq,
        /// The expected head.
        expected: AuditSeq,
    },
    /// The entry has another hash than the head that was expected.
    #[error(
        "entry {0} is not the one that is known to have been there: the log was written anew up to there"
    )]
    Rewritten(AuditSeq),
}

/// What the hash of an entry covers: SHA-256 over these fields in this order, each behind its length in 8 bytes, so that
/// no two lists of fields give the same bytes. Numbers are 8 bytes, big-endian.
pub(crate) fn hash_of(tenant: TenantId, record: &AuditRecord) -> [u8; 32] {
    let fields: [&[u8]; 9] = [
        b"muster audit entry",
        tenant.0.as_bytes(),
        &record.seq.0.to_be_bytes(),
        &record.recorded_at.0.to_be_bytes(),
        record.actor.as_bytes(),
        record.action.as_bytes(),
        record.subject.as_bytes(),
        record.details.as_bytes(),
        &record.previous_hash,
    ];
    let mut hash = Sha256::new();
    for field in fields {
        hash.update((field.len() as u64).to_be_bytes());
        hash.update(field);
    }
    hash.finalize().into()
}

/// A chain that is followed from its first entry on.
pub(super) struct Chain {
    tenant: TenantId,
    expected: Option<AuditHead>,
    /// The last entry that holds.
    pub(super) head: AuditHead,
}

impl Chain {
    pub(super) fn new(tenant: TenantId, expected: Option<AuditHead>) -> Self {
        Self { tenant, expected, head: AuditHead::EMPTY }
    }

    /// The entry that comes next has this number.
    pub(super) fn next(&self) -> AuditSeq {
        AuditSeq(self.head.seq.0 + 1)
    }

    /// Takes the entry that comes next by number. Of one that cannot be read all that is known is its number.
    pub(super) fn follow(&mut self, seq: AuditSeq, record: Option<&AuditRecord>) -> Result<(), ChainFault> {
        if seq > self.next() {
            return Err(ChainFault::Missing(self.next()));
        }
        let record = record.filter(|_| seq == self.next()).ok_or(ChainFault::Altered(seq))?;
        if record.hash != hash_of(self.tenant, record) {
            return Err(ChainFault::Altered(seq));
        }
        if record.previous_hash != self.head.hash {
            return Err(ChainFault::Unlinked(seq));
        }
        if self.expected.is_some_and(|expected| expected.seq == seq && expected.hash != record.hash) {
            return Err(ChainFault::Rewritten(seq));
        }
        self.head = AuditHead { seq, hash: record.hash };
        Ok(())
    }

    /// Whether it may end here.
    pub(super) fn end(&self) -> Result<(), ChainFault> {
        match self.expected {
            Some(expected) if expected.seq > self.head.seq => {
                Err(ChainFault::CutOff { last: self.head.seq, expected: expected.seq })
            }
            _ => Ok(()),
        }
    }
}
