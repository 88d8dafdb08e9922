//! Bytes that no canonical encoder makes, and sizes that no honest issuer needs.

mod address_of_5_octets;
mod boolean_not_ff;
mod certificate_1_mib;
mod certificate_64_kib;
mod certificate_indefinite_length;
mod certificate_length_padded;
mod chain_of_100;
mod constructed_string;
mod deep_nesting;
mod deep_string;
mod default_encoded;
mod duplicate_extension;
mod empty_dns_name;
mod empty_extension_value;
mod empty_object_identifier;
mod empty_relative_name;
mod extension_trailing_bytes;
mod field_after_extensions;
mod high_tag_form;
mod huge_length;
mod huge_object_identifier;
mod hundred_candidate_issuers;
mod hundred_names;
mod ia5_string_beyond_ascii;
mod key_usage_padding_set;
mod key_usage_trailing_zeros;
mod odd_bmp_string;
mod padded_object_identifier;
mod serial_21_octets;
mod serial_4_kib;
mod serial_empty;
mod serial_length_padded;
mod serial_negative;
mod serial_padded;
mod serial_zero;
mod signature_unused_bits;
mod signed_part_indefinite_length;
mod signed_part_length_padded;
mod trailing_bytes;
mod unique_identifier;
mod version_4;

use super::{Fault, Mint, Minted};
use crate::certificate::Extension;
use crate::der::{self, Reader};
use crate::name::GeneralName;
use crate::oid;
use crate::spec::PkiError;

/// The rows of the group, sorted by name.
pub(super) static FAULTS: &[&Fault] = &[
    &address_of_5_octets::FAULT,
    &boolean_not_ff::FAULT,
    &certificate_1_mib::FAULT,
    &certificate_64_kib::FAULT,
    &certificate_indefinite_length::FAULT,
    &certificate_length_padded::FAULT,
    &chain_of_100::FAULT,
    &constructed_string::FAULT,
    &deep_nesting::FAULT,
    &deep_string::FAULT,
    &default_encoded::FAULT,
    &duplicate_extension::FAULT,
    &empty_dns_name::FAULT,
    &empty_extension_value::FAULT,
    &empty_object_identifier::FAULT,
    &empty_relative_name::FAULT,
    &extension_trailing_bytes::FAULT,
    &field_after_extensions::FAULT,
    &high_tag_form::FAULT,
    &huge_length::FAULT,
    &huge_object_identifier::FAULT,
    &hundred_candidate_issuers::FAULT,
    &hundred_names::FAULT,
    &ia5_string_beyond_ascii::FAULT,
    &key_usage_padding_set::FAULT,
    &key_usage_trailing_zeros::FAULT,
    &odd_bmp_string::FAULT,
    &padded_object_identifier::FAULT,
    &serial_21_octets::FAULT,
    &serial_4_kib::FAULT,
    &serial_empty::FAULT,
    &serial_length_padded::FAULT,
    &serial_negative::FAULT,
    &serial_padded::FAULT,
    &serial_zero::FAULT,
    &signature_unused_bits::FAULT,
    &signed_part_indefinite_length::FAULT,
    &signed_part_length_padded::FAULT,
    &trailing_bytes::FAULT,
    &unique_identifier::FAULT,
    &version_4::FAULT,
];

/// The content of one element.
fn inside(element: &[u8]) -> &[u8] {
    Reader::new(element).any().map_or(&[], |(_, _, content)| content)
}

/// The elements within a constructed value.
fn elements(content: &[u8]) -> Vec<Vec<u8>> {
    let mut reader = Reader::new(content);
    std::iter::from_fn(|| reader.any().ok())
        .map(|(_, whole, _)| whole.to_vec())
        .collect()
}

/// An element of indefinite length (X.690 8.1.3.6), which only BER has.
fn indefinite(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, 0x80], content, &[0, 0]].concat()
}

/// Three octets of length more than a small element needs.
fn padded_length(tag: u8, content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len()).unwrap_or(u32::MAX);
    [&[tag][..], &der::raw_length(&size.to_be_bytes()), content].concat()
}

/// The user's leaf with altered fields of the TBSCertificate, really signed. In order: version, serialNumber,
/// signature, issuer, validity, subject, subjectPublicKeyInfo, extensions.
fn fields(mint: &Mint<'_>, alter: impl FnOnce(&mut Vec<Vec<u8>>)) -> Result<Minted, PkiError> {
    mint.resigned(|to_be_signed| {
        let mut fields = elements(inside(&to_be_signed));
        alter(&mut fields);
        der::tlv(der::SEQUENCE, &fields.concat())
    })
}

/// The user's leaf with altered encodings of its extensions, really signed.
fn extensions(mint: &Mint<'_>, alter: impl FnOnce(&mut Vec<Vec<u8>>)) -> Result<Minted, PkiError> {
    fields(mint, |fields| {
        if let Some(field) = fields.last_mut() {
            let mut list = elements(inside(inside(field)));
            alter(&mut list);
            *field = der::context(3, &der::tlv(der::SEQUENCE, &list.concat()));
        }
    })
}

/// The user's leaf with another extended key usage, given as the elements of its list.
fn purposes(mint: &Mint<'_>, purposes: &[&[u8]]) -> Result<Minted, PkiError> {
    let value = der::sequence(purposes);
    mint.altered(|draft| draft.replace(Extension::new(oid::EXTENDED_KEY_USAGE, false, value)))
}

/// The user's leaf with another serial number, given as content octets.
fn serial(mint: &Mint<'_>, alter: impl FnOnce(&mut Vec<u8>)) -> Result<Minted, PkiError> {
    mint.altered(|draft| alter(&mut draft.serial))
}

/// The user's leaf with a further alternative name, given encoded.
fn also_named(mint: &Mint<'_>, name: Vec<u8>) -> Result<Minted, PkiError> {
    let own = mint.user().san.iter().map(GeneralName::to_der);
    let names: Vec<Vec<u8>> = own.chain([name]).collect();
    mint.altered(|draft| draft.replace(Extension::subject_alt_name(false, &names)))
}

/// The user's leaf with a non-critical extension that nobody knows.
fn unknown_extension(mint: &Mint<'_>, value: Vec<u8>) -> Result<Minted, PkiError> {
    mint.altered(|draft| draft.extensions.push(Extension::new(oid::UNKNOWN, false, value)))
}

/// Octets to fill space with.
fn filler(mint: &Mint<'_>, size: usize) -> Vec<u8> {
    mint.noise("filler").into_iter().cycle().take(size).collect()
}
