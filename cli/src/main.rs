//! The `muster` binary.

#[expect(dead_code, reason = "the commands that read it follow")]
mod environment;

fn main() {}
