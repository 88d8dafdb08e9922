//! The attribute types that OpenSSL and BoringSSL have a short name for, of the arcs that names are made of. Read off what
//! nginx (OpenSSL 3.0 and 3.3) and Envoy (BoringSSL) print for a name of all of them: `tests/captured`, case `all-types`.

use super::oid::{
    COMMON_NAME, COUNTRY, DOMAIN_COMPONENT, EMAIL_ADDRESS, LOCALITY, ORGANIZATION, ORGANIZATIONAL_UNIT,
    POSTAL_CODE, SERIAL_NUMBER, STATE, STREET, USER_ID,
};

/// One attribute type.
#[derive(Debug, Clone, Copy)]
pub struct AttributeType {
    /// DER content octets of the identifier.
    pub content: &'static [u8],
    /// OpenSSL's short name (`OBJ_nid2sn`).
    pub short_name: &'static str,
    /// Whether BoringSSL has it too, under the same name.
    pub in_boringssl: bool,
    /// What it holds, and where it is defined.
    pub meaning: &'static str,
}

const fn both(short_name: &'static str, content: &'static [u8], meaning: &'static str) -> AttributeType {
    AttributeType {
        content,
        short_name,
        in_boringssl: true,
        meaning,
    }
}

const fn openssl(short_name: &'static str, content: &'static [u8], meaning: &'static str) -> AttributeType {
    AttributeType {
        in_boringssl: false,
        ..both(short_name, content, meaning)
    }
}

/// The attribute types with a short name, sorted by it. The libraries print short names of identifiers of other arcs too
/// (`subjectAltName` and the like, which nobody names a client by); a name that is not here is reported as unknown, never
/// taken for another.
pub static ATTRIBUTE_TYPES: &[AttributeType] = &[
    both("C", COUNTRY, "country, two letters (X.520)"),
    both("CN", COMMON_NAME, "common name (X.520)"),
    both("DC", DOMAIN_COMPONENT, "one label of a domain name (RFC 4519)"),
    both("GN", &[0x55, 4, 0x2a], "given name (X.520)"),
    openssl(
        "INN",
        &[0x2a, 0x85, 3, 3, 0x81, 3, 1, 1],
        "INN (Russian registers)",
    ),
    both("L", LOCALITY, "locality (X.520)"),
    both("O", ORGANIZATION, "organisation (X.520)"),
    openssl("OGRN", &[0x2a, 0x85, 3, 0x64, 1], "OGRN (Russian registers)"),
    openssl("OGRNIP", &[0x2a, 0x85, 3, 0x64, 5], "OGRNIP (Russian registers)"),
    both("OU", ORGANIZATIONAL_UNIT, "organisational unit (X.520)"),
    both(
        "SMIME",
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 16],
        "S/MIME (PKCS #9)",
    ),
    both(
        "SMIME-CAPS",
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 15],
        "S/MIME Capabilities (PKCS #9)",
    ),
    both("SN", &[0x55, 4, 4], "surname (X.520); not a serial number"),
    openssl("SNILS", &[0x2a, 0x85, 3, 0x64, 3], "SNILS (Russian registers)"),
    both("ST", STATE, "state or province (X.520)"),
    both("UID", USER_ID, "user id (RFC 4519)"),
    both(
        "aRecord",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 26],
        "a record (RFC 4524 and its forerunners)",
    ),
    both(
        "associatedDomain",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x25],
        "associated domain (RFC 4524 and its forerunners)",
    ),
    both(
        "associatedName",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x26],
        "associated name (RFC 4524 and its forerunners)",
    ),
    both(
        "audio",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x37],
        "audio (RFC 4524 and its forerunners)",
    ),
    both(
        "authorityRevocationList",
        &[0x55, 4, 0x26],
        "authority revocation list (X.520)",
    ),
    both(
        "buildingName",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x30],
        "building name (RFC 4524 and its forerunners)",
    ),
    both("businessCategory", &[0x55, 4, 15], "kind of business (X.520)"),
    openssl("c3", &[0x55, 4, 0x62], "country, three letters (X.520)"),
    both(
        "cACertificate",
        &[0x55, 4, 0x25],
        "certificate of an authority (X.520)",
    ),
    both(
        "cNAMERecord",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 31],
        "CNAME record (RFC 4524 and its forerunners)",
    ),
    both(
        "certificateRevocationList",
        &[0x55, 4, 0x27],
        "certificate revocation list (X.520)",
    ),
    both(
        "challengePassword",
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 7],
        "challenge password (PKCS #9)",
    ),
    both(
        "contentType",
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 3],
        "content type (PKCS #9)",
    ),
    both(
        "countersignature",
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 6],
        "countersignature (PKCS #9)",
    ),
    both(
        "crossCertificatePair",
        &[0x55, 4, 0x28],
        "cross certificate pair (X.520)",
    ),
    both(
        "dITRedirect",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x36],
        "redirection in a directory (RFC 4524 and its forerunners)",
    ),
    both(
        "dSAQuality",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x31],
        "quality of a directory (RFC 4524 and its forerunners)",
    ),
    both(
        "deltaRevocationList",
        &[0x55, 4, 0x35],
        "delta revocation list (X.520)",
    ),
    both("description", &[0x55, 4, 13], "free text (X.520)"),
    both(
        "destinationIndicator",
        &[0x55, 4, 27],
        "destination indicator (X.520)",
    ),
    both(
        "distinguishedName",
        &[0x55, 4, 0x31],
        "distinguished name (X.520)",
    ),
    both("dmdName", &[0x55, 4, 0x36], "dmd name (X.520)"),
    both("dnQualifier", &[0x55, 4, 0x2e], "tells equal names apart (X.520)"),
    openssl("dnsName", &[0x55, 4, 0x64], "dns name (X.520)"),
    both(
        "documentAuthor",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 14],
        "document author (RFC 4524 and its forerunners)",
    ),
    both(
        "documentIdentifier",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 11],
        "document identifier (RFC 4524 and its forerunners)",
    ),
    both(
        "documentLocation",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 15],
        "document location (RFC 4524 and its forerunners)",
    ),
    both(
        "documentPublisher",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x38],
        "document publisher (RFC 4524 and its forerunners)",
    ),
    both(
        "documentTitle",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 12],
        "document title (RFC 4524 and its forerunners)",
    ),
    both(
        "documentVersion",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 13],
        "document version (RFC 4524 and its forerunners)",
    ),
    both("emailAddress", EMAIL_ADDRESS, "mail address (PKCS #9)"),
    both(
        "enhancedSearchGuide",
        &[0x55, 4, 0x2f],
        "enhanced search guide (X.520)",
    ),
    both(
        "extReq",
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 14],
        "extension Request (PKCS #9)",
    ),
    both(
        "extendedCertificateAttributes",
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 9],
        "extended certificate attributes (PKCS #9)",
    ),
    both(
        "facsimileTelephoneNumber",
        &[0x55, 4, 23],
        "facsimile telephone number (X.520)",
    ),
    both(
        "favouriteDrink",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 5],
        "favourite drink (RFC 4524 and its forerunners)",
    ),
    both(
        "friendlyCountryName",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x2b],
        "friendly country name (RFC 4524 and its forerunners)",
    ),
    both(
        "friendlyName",
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 20],
        "friendly name (PKCS #9)",
    ),
    both("generationQualifier", &[0x55, 4, 0x2c], "such as Jr. (X.520)"),
    both(
        "homePostalAddress",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x27],
        "home postal address (RFC 4524 and its forerunners)",
    ),
    both(
        "homeTelephoneNumber",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 20],
        "home telephone number (RFC 4524 and its forerunners)",
    ),
    both(
        "host",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 9],
        "host (RFC 4524 and its forerunners)",
    ),
    both("houseIdentifier", &[0x55, 4, 0x33], "house identifier (X.520)"),
    both(
        "id-pda-countryOfCitizenship",
        &[0x2b, 6, 1, 5, 5, 7, 9, 4],
        "country of citizenship (RFC 3739)",
    ),
    both(
        "id-pda-countryOfResidence",
        &[0x2b, 6, 1, 5, 5, 7, 9, 5],
        "country of residence (RFC 3739)",
    ),
    both(
        "id-pda-dateOfBirth",
        &[0x2b, 6, 1, 5, 5, 7, 9, 1],
        "date of birth (RFC 3739)",
    ),
    both("id-pda-gender", &[0x2b, 6, 1, 5, 5, 7, 9, 3], "gender (RFC 3739)"),
    both(
        "id-pda-placeOfBirth",
        &[0x2b, 6, 1, 5, 5, 7, 9, 2],
        "place of birth (RFC 3739)",
    ),
    both(
        "info",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 4],
        "info (RFC 4524 and its forerunners)",
    ),
    both("initials", &[0x55, 4, 0x2b], "initials (X.520)"),
    both(
        "internationaliSDNNumber",
        &[0x55, 4, 25],
        "internationali sDNNumber (X.520)",
    ),
    both(
        "janetMailbox",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x2e],
        "janet mailbox (RFC 4524 and its forerunners)",
    ),
    openssl(
        "jurisdictionC",
        &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 0x3c, 2, 1, 3],
        "country of incorporation (EV guidelines)",
    ),
    openssl(
        "jurisdictionL",
        &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 0x3c, 2, 1, 1],
        "locality of incorporation (EV guidelines)",
    ),
    openssl(
        "jurisdictionST",
        &[0x2b, 6, 1, 4, 1, 0x82, 0x37, 0x3c, 2, 1, 2],
        "state of incorporation (EV guidelines)",
    ),
    both(
        "lastModifiedBy",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 24],
        "last modified by (RFC 4524 and its forerunners)",
    ),
    both(
        "lastModifiedTime",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 23],
        "last modified time (RFC 4524 and its forerunners)",
    ),
    both(
        "localKeyID",
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 21],
        "local key iD (PKCS #9)",
    ),
    both(
        "mXRecord",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 28],
        "MX record (RFC 4524 and its forerunners)",
    ),
    both(
        "mail",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 3],
        "rfc822Mailbox (RFC 4524 and its forerunners)",
    ),
    both(
        "mailPreferenceOption",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x2f],
        "mail preference option (RFC 4524 and its forerunners)",
    ),
    both(
        "manager",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 10],
        "manager (RFC 4524 and its forerunners)",
    ),
    both("member", &[0x55, 4, 31], "member (X.520)"),
    both(
        "messageDigest",
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 4],
        "message digest (PKCS #9)",
    ),
    both(
        "mobileTelephoneNumber",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x29],
        "mobile telephone number (RFC 4524 and its forerunners)",
    ),
    openssl("n3", &[0x55, 4, 0x63], "country, three digits (X.520)"),
    both(
        "nSRecord",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 29],
        "NS record (RFC 4524 and its forerunners)",
    ),
    both("name", &[0x55, 4, 0x29], "any name (X.520)"),
    openssl(
        "organizationIdentifier",
        &[0x55, 4, 0x61],
        "registered organisation number (X.520)",
    ),
    both(
        "organizationalStatus",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x2d],
        "organizational status (RFC 4524 and its forerunners)",
    ),
    both(
        "otherMailbox",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 22],
        "other mailbox (RFC 4524 and its forerunners)",
    ),
    both("owner", &[0x55, 4, 0x20], "owner (X.520)"),
    both(
        "pagerTelephoneNumber",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x2a],
        "pager telephone number (RFC 4524 and its forerunners)",
    ),
    both(
        "personalSignature",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x35],
        "personal signature (RFC 4524 and its forerunners)",
    ),
    both(
        "personalTitle",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x28],
        "personal title (RFC 4524 and its forerunners)",
    ),
    both(
        "photo",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 7],
        "photo (RFC 4524 and its forerunners)",
    ),
    both(
        "physicalDeliveryOfficeName",
        &[0x55, 4, 19],
        "physical delivery office name (X.520)",
    ),
    both(
        "pilotAttributeType27",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 27],
        "pilot attribute type27 (RFC 4524 and its forerunners)",
    ),
    both("postOfficeBox", &[0x55, 4, 18], "post office box (X.520)"),
    both("postalAddress", &[0x55, 4, 16], "postal address (X.520)"),
    both("postalCode", POSTAL_CODE, "postal code (X.520)"),
    both(
        "preferredDeliveryMethod",
        &[0x55, 4, 28],
        "preferred delivery method (X.520)",
    ),
    both(
        "presentationAddress",
        &[0x55, 4, 29],
        "presentation address (X.520)",
    ),
    both(
        "protocolInformation",
        &[0x55, 4, 0x30],
        "protocol information (X.520)",
    ),
    both("pseudonym", &[0x55, 4, 0x41], "pseudonym (X.520)"),
    both("registeredAddress", &[0x55, 4, 26], "registered address (X.520)"),
    both("role", &[0x55, 4, 0x48], "role (X.520)"),
    both("roleOccupant", &[0x55, 4, 0x21], "role occupant (X.520)"),
    both(
        "roomNumber",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 6],
        "room number (RFC 4524 and its forerunners)",
    ),
    both(
        "sOARecord",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 30],
        "SOA record (RFC 4524 and its forerunners)",
    ),
    both("searchGuide", &[0x55, 4, 14], "search guide (X.520)"),
    both(
        "secretary",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 21],
        "secretary (RFC 4524 and its forerunners)",
    ),
    both("seeAlso", &[0x55, 4, 0x22], "see also (X.520)"),
    both(
        "serialNumber",
        SERIAL_NUMBER,
        "number of a device or person (X.520)",
    ),
    both(
        "signingTime",
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 5],
        "signing time (PKCS #9)",
    ),
    both(
        "singleLevelQuality",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x32],
        "single level quality (RFC 4524 and its forerunners)",
    ),
    both("street", STREET, "street (X.520)"),
    both(
        "subtreeMaximumQuality",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x34],
        "subtree maximum quality (RFC 4524 and its forerunners)",
    ),
    both(
        "subtreeMinimumQuality",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x33],
        "subtree minimum quality (RFC 4524 and its forerunners)",
    ),
    both(
        "supportedAlgorithms",
        &[0x55, 4, 0x34],
        "supported algorithms (X.520)",
    ),
    both(
        "supportedApplicationContext",
        &[0x55, 4, 30],
        "supported application context (X.520)",
    ),
    both("telephoneNumber", &[0x55, 4, 20], "telephone number (X.520)"),
    both(
        "teletexTerminalIdentifier",
        &[0x55, 4, 22],
        "teletex terminal identifier (X.520)",
    ),
    both("telexNumber", &[0x55, 4, 21], "telex number (X.520)"),
    both(
        "textEncodedORAddress",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 2],
        "text encoded oRAddress (RFC 4524 and its forerunners)",
    ),
    both("title", &[0x55, 4, 12], "title (X.520)"),
    openssl(
        "uid",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x2c],
        "unique identifier (RFC 4524 and its forerunners)",
    ),
    both("uniqueMember", &[0x55, 4, 0x32], "unique member (X.520)"),
    both(
        "unstructuredAddress",
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 8],
        "unstructured address (PKCS #9)",
    ),
    both(
        "unstructuredName",
        &[0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 9, 2],
        "free name (PKCS #9)",
    ),
    both("userCertificate", &[0x55, 4, 0x24], "user certificate (X.520)"),
    both(
        "userClass",
        &[9, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 8],
        "user class (RFC 4524 and its forerunners)",
    ),
    both("userPassword", &[0x55, 4, 0x23], "user password (X.520)"),
    both("x121Address", &[0x55, 4, 24], "x121Address (X.520)"),
    both(
        "x500UniqueIdentifier",
        &[0x55, 4, 0x2d],
        "tells equal names apart, as bits (X.520)",
    ),
];
