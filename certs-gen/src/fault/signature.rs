//! Signatures and keys that prove too little.

mod algorithm_mismatch;
mod altered_after_signing;
mod bit_flipped;
mod curve_mismatch;
mod ecdsa_null_parameters;
mod empty_signature;
mod md5_rsa;
mod outer_algorithm_unknown;
mod p224_key;
mod point_off_curve;
mod rsa_1024_key;
mod rsa_512_key;
mod rsa_e1_key;
mod rsa_e3_key;
mod rsa_pss;
mod rsa_pss_odd_parameters;
mod secp256k1_key;
mod sha1;
mod sha1_rsa;
mod unknown_key_algorithm;
mod zero_signature;

use super::Fault;

/// The rows of the group, sorted by name.
pub(super) static FAULTS: &[&Fault] = &[
    &algorithm_mismatch::FAULT,
    &altered_after_signing::FAULT,
    &bit_flipped::FAULT,
    &curve_mismatch::FAULT,
    &ecdsa_null_parameters::FAULT,
    &empty_signature::FAULT,
    &md5_rsa::FAULT,
    &outer_algorithm_unknown::FAULT,
    &p224_key::FAULT,
    &point_off_curve::FAULT,
    &rsa_1024_key::FAULT,
    &rsa_512_key::FAULT,
    &rsa_e1_key::FAULT,
    &rsa_e3_key::FAULT,
    &rsa_pss::FAULT,
    &rsa_pss_odd_parameters::FAULT,
    &secp256k1_key::FAULT,
    &sha1::FAULT,
    &sha1_rsa::FAULT,
    &unknown_key_algorithm::FAULT,
    &zero_signature::FAULT,
];
