//! wip
pub mod der;
pub mod oid;
pub mod hash;
pub mod signature;
pub mod key;
