//! Certificates made for something else than a TLS client.

mod any_purpose;
mod ca_as_leaf;
mod code_signing_only;
mod email_protection_only;
mod empty_key_usage;
mod empty_purposes;
mod intermediate_constraints_not_critical;
mod intermediate_server_auth_only;
mod key_agreement_only;
mod key_encipherment_only;
mod no_basic_constraints;
mod no_key_usage;
mod no_purposes;
mod ocsp_signing_only;
mod server_auth_only;
mod unknown_critical_extension;
mod unknown_extension;
mod version_1_leaf;

use super::Fault;

/// The rows of the group, sorted by name.
pub(super) static FAULTS: &[&Fault] = &[
    &any_purpose::FAULT,
    &ca_as_leaf::FAULT,
    &code_signing_only::FAULT,
    &email_protection_only::FAULT,
    &empty_key_usage::FAULT,
    &empty_purposes::FAULT,
    &intermediate_constraints_not_critical::FAULT,
    &intermediate_server_auth_only::FAULT,
    &key_agreement_only::FAULT,
    &key_encipherment_only::FAULT,
    &no_basic_constraints::FAULT,
    &no_key_usage::FAULT,
    &no_purposes::FAULT,
    &ocsp_signing_only::FAULT,
    &server_auth_only::FAULT,
    &unknown_critical_extension::FAULT,
    &unknown_extension::FAULT,
    &version_1_leaf::FAULT,
];
