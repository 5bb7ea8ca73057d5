//! What is said of projects beyond a tenant's quota: nothing fails, so words are all that tells of them.

use muster_store::BeyondQuota;

use crate::context::Context;
use crate::print::amounts::{counted, number};

/// Says how many there are, and what can be done.
pub(super) fn say_what_is_beyond(beyond: Option<BeyondQuota>, context: &Context) {
    let Some(BeyondQuota { projects, limit }) = beyond else { return };
    let verb = if projects == 1 { "is" } else { "are" };
    let tenant = &context.settings.tenant;
    context.say(&format!(
        "{} {verb} beyond the quota of {}: saved and counted, but left out of lists (muster projects --over-quota \
         shows all; muster tenant change {tenant} --max-projects N makes room)",
        counted(projects, "project"),
        number(limit)
    ));
}
