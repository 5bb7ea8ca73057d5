//! `muster tenant` and `muster key`: the binary as its operator meets it.

mod keys;
mod life;
mod limits;
