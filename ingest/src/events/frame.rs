//! How an event is written: lines that end with an empty one.

use axum::body::Bytes;
use muster_store::{ChangeRecord, Timestamp};
use serde::Serialize;

/// A change as its data has it.
#[derive(Serialize)]
struct Change {
    seq: i64,
    kind: &'static str,
    repository_id: Option<String>,
    pushed_at: Option<String>,
    received_at: Option<String>,
    visible_at: String,
}

/// RFC 3339 in UTC, to the millisecond: what is told here is how fresh something is.
fn precise(time: Timestamp) -> String {
    let seconds = time.to_string();
    let milliseconds = time.0.rem_euclid(1000);
    format!("{}.{milliseconds:03}Z", seconds.trim_end_matches('Z'))
}

/// A change: the event `change`, whose id is its seq.
pub(super) fn change(change: &ChangeRecord, into: &mut Vec<u8>) {
    let data = Change {
        seq: change.seq,
        kind: change.kind.as_str(),
        repository_id: change.repository.map(|id| id.to_string()),
        pushed_at: change.pushed_at.map(precise),
        received_at: change.received_at.map(precise),
        visible_at: precise(change.visible_at),
    };
    let data = serde_json::to_string(&data).expect("numbers and texts can always be written as JSON");
    into.extend_from_slice(format!("id: {}\nevent: change\ndata: {data}\n\n", change.seq).as_bytes());
}

/// Some changes are no longer kept: look at everything anew, and go on from `latest`.
pub(super) fn reset(latest: i64) -> Bytes {
    format!("id: {latest}\nevent: reset\ndata: {{\"latest\":{latest}}}\n\n").into()
}

/// The beginning: how soon to come back, and the id to come back with although nothing has happened yet. A block without data
/// is no event, and its id counts all the same.
pub(super) fn beginning(after: i64) -> Bytes {
    format!("retry: 2000\nid: {after}\n\n").into()
}

/// Nothing, so that nobody takes the stream for dead.
pub(super) fn heartbeat() -> Bytes {
    Bytes::from_static(b":\n\n")
}

#[cfg(test)]
mod tests {
    use muster_store::{ChangeKind, RepositoryId};

    use super::*;

    #[test]
    fn an_event_is_a_few_lines() {
        let record = ChangeRecord {
            seq: 42,
            repository: Some(RepositoryId(7)),
            kind: ChangeKind::Repository,
            pushed_at: None,
            received_at: Some(Timestamp(1_709_164_800_007)),
            visible_at: Timestamp(-1),
        };
        let mut written = beginning(41).to_vec();
        change(&record, &mut written);
        written.extend_from_slice(&heartbeat());
        written.extend_from_slice(&reset(57));
        insta::assert_snapshot!(String::from_utf8(written).unwrap(), @r#"
        retry: 2000
        id: 41

        id: 42
        event: change
        data: {"seq":42,"kind":"repository","repository_id":"7","pushed_at":null,"received_at":"2024-02-29T00:00:00.007Z","visible_at":"1969-12-31T23:59:59.999Z"}

        :

        id: 57
        event: reset
        data: {"latest":57}
        "#);
    }
}
