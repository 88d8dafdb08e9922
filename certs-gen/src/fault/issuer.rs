//! Chains that do not lead from the leaf to the trusted root.

mod authority_key_id_mismatch;
mod cross_signed;
mod duplicate_intermediate;
mod duplicate_leaf;
mod intermediate_ca_false;
mod intermediate_first;
mod intermediate_version_1;
mod intermediate_without_basic_constraints;
mod intermediate_without_cert_sign;
mod issuer_name_mismatch;
mod leaf_as_issuer;
mod missing_intermediate;
mod other_ca;
mod other_ca_same_name;
mod path_length_exceeded;
mod root_included;
mod self_signed;
mod self_signed_stranger;
mod true_chain_false_key;
mod victim_appended;
mod wrong_order;

use super::Fault;

/// The rows of the group, sorted by name.
pub(super) static FAULTS: &[&Fault] = &[
    &authority_key_id_mismatch::FAULT,
    &cross_signed::FAULT,
    &duplicate_intermediate::FAULT,
    &duplicate_leaf::FAULT,
    &intermediate_ca_false::FAULT,
    &intermediate_first::FAULT,
    &intermediate_version_1::FAULT,
    &intermediate_without_basic_constraints::FAULT,
    &intermediate_without_cert_sign::FAULT,
    &issuer_name_mismatch::FAULT,
    &leaf_as_issuer::FAULT,
    &missing_intermediate::FAULT,
    &other_ca::FAULT,
    &other_ca_same_name::FAULT,
    &path_length_exceeded::FAULT,
    &root_included::FAULT,
    &self_signed::FAULT,
    &self_signed_stranger::FAULT,
    &true_chain_false_key::FAULT,
    &victim_appended::FAULT,
    &wrong_order::FAULT,
];
