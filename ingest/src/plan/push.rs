//! `push`: look at this ref. What the push says about commits is a hint, for payloads are cut, late and out of order.

use muster_model::{Change, RefHint};

use super::{Dead, Event, Ignored, Meaning};
use crate::payload::{Payload, Push};

pub(super) fn plan(payload: &Payload<'_>) -> Meaning {
    let push = Push::read(payload.root());
    let lacks = |field| Dead::Lacks { event: Event::Push.as_str(), field };
    let repository = push.repository.id.ok_or(lacks("repository.id"))?;
    let name = push.name.ok_or(lacks("ref"))?;
    if !Push::is_ref_name(&name) {
        return Err(Ignored::NoRefName(name).into());
    }
    if !name.starts_with("refs/heads/") && !name.starts_with("refs/tags/") {
        return Err(Ignored::OtherRef(name).into());
    }
    let Push { before, after, pushed_at, .. } = push;
    Ok(vec![Change::LookAt(RefHint { repository, name, before, after, pushed_at })])
}
