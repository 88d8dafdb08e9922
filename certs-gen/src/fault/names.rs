//! Subjects and alternative names that can be read in two ways.

mod address_added;
mod cn_8_kib;
mod cn_backslash_2c_admin;
mod cn_backslash_comma_admin;
mod cn_bmp;
mod cn_bmp_octets_admin;
mod cn_case_twin;
mod cn_comma_admin;
mod cn_crlf;
mod cn_crlf_header;
mod cn_cyrillic;
mod cn_dotless;
mod cn_empty;
mod cn_fullwidth;
mod cn_hash_admin;
mod cn_invalid_utf8;
mod cn_json_admin;
mod cn_ldap_filter;
mod cn_leading_space;
mod cn_line_feed;
mod cn_nul;
mod cn_only;
mod cn_overlong_utf8;
mod cn_path_admin;
mod cn_percent_admin;
mod cn_plus_admin;
mod cn_printable;
mod cn_quote_admin;
mod cn_right_to_left;
mod cn_right_to_left_mark;
mod cn_semicolon_admin;
mod cn_slash_admin;
mod cn_t61;
mod cn_terminal_escape;
mod cn_trailing_space;
mod cn_universal;
mod cn_wildcard;
mod cn_with_uid_admin;
mod cn_zero_width;
mod constraint_address;
mod constraint_directory;
mod constraint_directory_excluded;
mod constraint_dns;
mod constraint_dns_wildcard;
mod constraint_email;
mod constraint_email_excluded;
mod constraint_uri;
mod directory_name_admin;
mod dns_name_admin;
mod email_added;
mod email_attribute_admin;
mod email_nul;
mod email_replaced;
mod email_two_ats;
mod empty_subject;
mod no_common_name;
mod no_names;
mod organization_admin;
mod principal_name_admin;
mod reversed_subject;
mod san_comma_admin;
mod san_crlf_header;
mod san_empty;
mod san_only;
mod san_twice;
mod san_wildcard;
mod two_cns_admin_first;
mod two_cns_admin_last;
mod two_cns_in_one_part;
mod uid_admin;
mod uri_admin;

use std::mem::discriminant;

use super::{Fault, Mint, Minted};
use crate::authority::Role;
use crate::certificate::Extension;
use crate::name::{Attribute, GeneralName, Name};
use crate::spec::PkiError;
use crate::{der, oid};

/// The rows of the group, sorted by name.
pub(super) static FAULTS: &[&Fault] = &[
    &address_added::FAULT,
    &cn_8_kib::FAULT,
    &cn_backslash_2c_admin::FAULT,
    &cn_backslash_comma_admin::FAULT,
    &cn_bmp::FAULT,
    &cn_bmp_octets_admin::FAULT,
    &cn_case_twin::FAULT,
    &cn_comma_admin::FAULT,
    &cn_crlf::FAULT,
    &cn_crlf_header::FAULT,
    &cn_cyrillic::FAULT,
    &cn_dotless::FAULT,
    &cn_empty::FAULT,
    &cn_fullwidth::FAULT,
    &cn_hash_admin::FAULT,
    &cn_invalid_utf8::FAULT,
    &cn_json_admin::FAULT,
    &cn_ldap_filter::FAULT,
    &cn_leading_space::FAULT,
    &cn_line_feed::FAULT,
    &cn_nul::FAULT,
    &cn_only::FAULT,
    &cn_overlong_utf8::FAULT,
    &cn_path_admin::FAULT,
    &cn_percent_admin::FAULT,
    &cn_plus_admin::FAULT,
    &cn_printable::FAULT,
    &cn_quote_admin::FAULT,
    &cn_right_to_left::FAULT,
    &cn_right_to_left_mark::FAULT,
    &cn_semicolon_admin::FAULT,
    &cn_slash_admin::FAULT,
    &cn_t61::FAULT,
    &cn_terminal_escape::FAULT,
    &cn_trailing_space::FAULT,
    &cn_universal::FAULT,
    &cn_wildcard::FAULT,
    &cn_with_uid_admin::FAULT,
    &cn_zero_width::FAULT,
    &constraint_address::FAULT,
    &constraint_directory::FAULT,
    &constraint_directory_excluded::FAULT,
    &constraint_dns::FAULT,
    &constraint_dns_wildcard::FAULT,
    &constraint_email::FAULT,
    &constraint_email_excluded::FAULT,
    &constraint_uri::FAULT,
    &directory_name_admin::FAULT,
    &dns_name_admin::FAULT,
    &email_added::FAULT,
    &email_attribute_admin::FAULT,
    &email_nul::FAULT,
    &email_replaced::FAULT,
    &email_two_ats::FAULT,
    &empty_subject::FAULT,
    &no_common_name::FAULT,
    &no_names::FAULT,
    &organization_admin::FAULT,
    &principal_name_admin::FAULT,
    &reversed_subject::FAULT,
    &san_comma_admin::FAULT,
    &san_crlf_header::FAULT,
    &san_empty::FAULT,
    &san_only::FAULT,
    &san_twice::FAULT,
    &san_wildcard::FAULT,
    &two_cns_admin_first::FAULT,
    &two_cns_admin_last::FAULT,
    &two_cns_in_one_part::FAULT,
    &uid_admin::FAULT,
    &uri_admin::FAULT,
];

/// Context tag of the permitted subtrees of nameConstraints (RFC 5280 4.2.1.10).
const PERMITTED: u8 = 0;
/// Context tag of the excluded subtrees.
const EXCLUDED: u8 = 1;

/// The user's leaf with another common name: string type and octets, which need not fit it.
fn common_name(mint: &Mint<'_>, tag: u8, value: &[u8]) -> Result<Minted, PkiError> {
    let attribute = Attribute::common_name(tag, value);
    mint.altered(|draft| draft.subject = mint.user().subject.clone().with_common_name(attribute).to_der())
}

/// The user's leaf with an altered subject.
fn subject(mint: &Mint<'_>, alter: impl FnOnce(&mut Name)) -> Result<Minted, PkiError> {
    let mut name = mint.user().subject.clone();
    alter(&mut name);
    mint.altered(|draft| draft.subject = name.to_der())
}

/// Where the first common name stands; the end when there is none.
fn common_name_at(name: &Name) -> usize {
    let holds = |relative: &Vec<Attribute>| {
        relative
            .iter()
            .any(|attribute| attribute.kind == oid::COMMON_NAME)
    };
    name.0.iter().position(holds).unwrap_or(name.0.len())
}

/// Puts an attribute into the relative name of the first common name.
fn beside_common_name(name: &mut Name, attribute: Attribute) {
    let at = common_name_at(name);
    match name.0.get_mut(at) {
        Some(relative) => relative.push(attribute),
        None => name.0.push(vec![attribute]),
    }
}

/// The user's leaf with these alternative names in place of its own.
fn alternative_names(mint: &Mint<'_>, names: &[GeneralName]) -> Result<Minted, PkiError> {
    let names: Vec<Vec<u8>> = names.iter().map(GeneralName::to_der).collect();
    mint.altered(|draft| draft.replace(Extension::subject_alt_name(false, &names)))
}

/// The user's leaf with one more alternative name, after its own.
fn also_named(mint: &Mint<'_>, name: GeneralName) -> Result<Minted, PkiError> {
    alternative_names(mint, &[mint.user().san.clone(), vec![name]].concat())
}

/// The user's leaf under an intermediate that is constrained to, or from, a subtree. A leaf without any name of the
/// subtree's kind, which would be outside the constraint's reach, gets `own`.
fn constrained(
    mint: &Mint<'_>,
    own: Option<GeneralName>,
    field: u8,
    subtree: &GeneralName,
) -> Result<Minted, PkiError> {
    let subtree = der::context(field, &der::sequence(&[&subtree.to_der()]));
    let constraints = Extension::new(oid::NAME_CONSTRAINTS, true, der::sequence(&[&subtree]));
    let issuing = mint.altered_authority(Role::Issuing, |draft| draft.replace(constraints))?;
    let mut names = mint.user().san.clone();
    let same_kind = |name: &GeneralName, other: &GeneralName| discriminant(name) == discriminant(other);
    names.extend(own.filter(|own| !mint.user().san.iter().any(|name| same_kind(name, own))));
    let names: Vec<Vec<u8>> = names.iter().map(GeneralName::to_der).collect();
    mint.altered_under(&issuing, mint.key()?, |draft| {
        if !names.is_empty() {
            draft.replace(Extension::subject_alt_name(false, &names));
        }
    })
}

/// The domain of the user's first address.
fn own_domain(mint: &Mint<'_>) -> String {
    let domain = mint.user().san.iter().find_map(|name| match name {
        GeneralName::Email(address) => String::from_utf8_lossy(address)
            .rsplit_once('@')
            .map(|(_, domain)| domain.to_owned()),
        GeneralName::Dns(_)
        | GeneralName::Uri(_)
        | GeneralName::Ip(_)
        | GeneralName::Directory(_)
        | GeneralName::Other(..) => None,
    });
    domain.unwrap_or_else(|| "example.test".to_owned())
}

/// The address that the victim would have.
fn victim_address(mint: &Mint<'_>) -> String {
    format!("{}@{}", mint.victim(), own_domain(mint))
}

/// A name with its first letter that has a look-alike in the table exchanged for it.
fn look_alike(name: &str, table: &[(char, char)]) -> Result<String, PkiError> {
    let twin = |letter: char| table.iter().find(|(plain, _)| *plain == letter);
    name.chars()
        .find_map(twin)
        .map(|(plain, other)| name.replacen(*plain, &other.to_string(), 1))
        .ok_or(PkiError::Unavailable(
            "the other user's name has no letter with a look-alike",
        ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::der::Reader;
    use crate::pki::Pki;
    use crate::spec::PkiSpec;

    /// The subject field of a certificate.
    fn subject_of(leaf: &[u8]) -> &[u8] {
        let certificate = Reader::new(leaf).content(der::SEQUENCE).unwrap();
        let signed = Reader::new(certificate).content(der::SEQUENCE).unwrap();
        let mut fields = Reader::new(signed);
        (0..6).map(|_| fields.any().unwrap().1).last().unwrap()
    }

    #[test]
    fn no_leaf_has_the_whole_name_of_another_user() {
        let pki = Pki::generate(&PkiSpec::default()).unwrap();
        for fault in FAULTS {
            let credential = pki.credential(fault.name).unwrap();
            let subject = subject_of(credential.leaf().unwrap());
            for other in ["bob", "admin"] {
                assert_ne!(
                    subject,
                    pki.user(other).unwrap().subject.to_der(),
                    "{}",
                    fault.name
                );
            }
        }
    }

    #[test]
    fn look_alikes_change_one_letter_or_say_that_there_is_none() {
        assert_eq!(look_alike("bob", &[('o', '0')]).unwrap(), "b0b");
        assert!(look_alike("bob", &[('x', 'y')]).is_err());
    }
}
