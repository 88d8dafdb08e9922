//! How a dialect's bytes are known, and what is not known of it.

/// How the bytes are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Evidence {
    /// A real server was run, and what it sent for hostile certificates is kept in `tests/captured`.
    Captured,
    /// The vendor's documentation; nobody here has run the product. What it does not say is listed as [`Unknown`].
    Documentation,
    /// A real server was run, but its bytes are not kept.
    Seen,
    /// A standard.
    Standard,
}

/// What becomes of a client's own header of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClientCopy {
    /// A client cannot make one: its headers have other names in the environ.
    Impossible,
    /// It is passed on beside the proxy's, or in its place, unless the operator removes it.
    Kept,
    /// It is removed, and the proxy's put in its place if there is one.
    Replaced,
    /// Nobody has said or seen it.
    Unknown,
}

/// Something about a dialect that its documentation does not say, so that the encoder's bytes are one possibility.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unknown {
    /// What is sent without a certificate.
    AbsentForm,
    /// How the certificate's bytes are written: which characters are escaped, whether it is one line.
    CertificateEncoding,
    /// What becomes of a client's own header: [`ClientCopy::Unknown`].
    ClientCopy,
    /// How a date is written.
    DateFormat,
    /// How a name is written where it has characters that need care: separators, controls, non-ASCII.
    DnEscapes,
    /// Whether a fingerprint's digits are of upper or lower case, or have colons.
    FingerprintFormat,
    /// Whether a serial number is hexadecimal or decimal, and what becomes of leading zeros and a sign.
    SerialFormat,
    /// From which size on a value is cut, emptied or refused.
    SizeLimits,
}
