//! What may happen to the queue, and how often.

use proptest::prelude::*;

/// An operation. A number picks among those that are held, late or dead at that moment.
#[derive(Clone, Debug)]
pub(super) enum Op {
    Enqueue { tenant: usize, serial: u8, coalescing: u8, long: bool, nightly: bool, delay: i64 },
    Claim { worker: usize, slots: usize },
    Succeed(usize),
    Fail(usize),
    Die(usize),
    Limit(usize),
    Release(usize),
    Late(usize),
    Pass(i64),
    Reap,
    Retry(usize),
}

pub(super) fn op() -> impl Strategy<Value = Op> {
    let n = 0..1000_usize;
    prop_oneof![
        6 => (0..3_usize, 0..4_u8, 0..4_u8, any::<bool>(), any::<bool>(), 0..3_i64).prop_map(
            |(tenant, serial, coalescing, long, nightly, delay)| {
                Op::Enqueue { tenant, serial, coalescing, long, nightly, delay: delay * 5000 }
            }),
        6 => (0..3_usize, 1..5_usize).prop_map(|(worker, slots)| Op::Claim { worker, slots }),
        3 => n.clone().prop_map(Op::Succeed),
        2 => n.clone().prop_map(Op::Fail),
        1 => n.clone().prop_map(Op::Die),
        1 => n.clone().prop_map(Op::Limit),
        1 => n.clone().prop_map(Op::Release),
        1 => n.clone().prop_map(Op::Late),
        3 => (1..20_000_i64).prop_map(Op::Pass),
        2 => Just(Op::Reap),
        1 => n.prop_map(Op::Retry),
    ]
}
