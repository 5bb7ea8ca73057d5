//! The `muster` binary.

#[expect(dead_code, reason = "the commands that read it follow")]
mod environment;
#[expect(dead_code, reason = "the commands that print follow")]
mod print;

fn main() {}
