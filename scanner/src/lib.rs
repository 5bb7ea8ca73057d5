//! scanner
pub mod wire;
