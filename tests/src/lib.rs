//! The service as a whole, and the rules of the house.
//!
//! One crate and so one test binary: linking is most of what another binary would cost.

#[cfg(test)]
mod architecture;
#[cfg(test)]
mod connecting;
#[cfg(test)]
mod detector_cases;
#[cfg(test)]
mod dirty;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod equality;
#[cfg(test)]
mod events;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod history;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod incremental;
#[cfg(test)]
mod looking;
#[cfg(test)]
mod made;
#[cfg(test)]
mod objects;
#[cfg(test)]
mod postgres;
#[cfg(test)]
mod program;
#[cfg(test)]
mod read_back;
#[cfg(test)]
mod receive;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod saving_at_once;
#[cfg(test)]
mod scan_document;
#[cfg(test)]
#[path = "../../store/tests/scratch/mod.rs"]
mod scratch;
#[cfg(test)]
mod submodules;
#[cfg(test)]
mod tenants;
#[cfg(test)]
mod watch;
#[cfg(test)]
mod webhooks;
#[cfg(test)]
mod wire;
#[cfg(test)]
mod work;
