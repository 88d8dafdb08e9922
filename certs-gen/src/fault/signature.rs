//! Signatures and keys that prove too little.

mod bit_flipped;
mod sha1;

use super::Fault;

/// The rows of the group, sorted by name.
pub(super) static FAULTS: &[&Fault] = &[&bit_flipped::FAULT, &sha1::FAULT];
