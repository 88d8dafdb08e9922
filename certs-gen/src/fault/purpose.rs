//! Certificates made for something else than a TLS client.

mod server_auth_only;

use super::Fault;

/// The rows of the group, sorted by name.
pub(super) static FAULTS: &[&Fault] = &[&server_auth_only::FAULT];
