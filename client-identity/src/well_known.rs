//! Header names of other conventions that an app may trust by mistake, and what a forger writes into each.

/// What a forger puts into a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForgedValue {
    /// The victim's certificate, in the deployment's encoding.
    Certificate,
    /// The victim's subject, as text.
    Subject,
    /// `SUCCESS`.
    Success,
    /// The victim's user name.
    UserName,
}

/// One header name.
#[derive(Debug, Clone, Copy)]
pub struct WellKnown {
    /// The name.
    pub name: &'static str,
    /// What a forger writes.
    pub value: ForgedValue,
}

const fn row(name: &'static str, value: ForgedValue) -> WellKnown {
    WellKnown { name, value }
}

/// The names, sorted.
pub static WELL_KNOWN: &[WellKnown] = &[
    row("Client-Cert", ForgedValue::Certificate),
    row("Remote-User", ForgedValue::UserName),
    row("SSL-Client-Cert", ForgedValue::Certificate),
    row("SSL-Client-Subject-DN", ForgedValue::Subject),
    row("SSL-Client-Verify", ForgedValue::Success),
    row("X-ARR-ClientCert", ForgedValue::Certificate),
    row("X-Amzn-Mtls-Clientcert-Subject", ForgedValue::Subject),
    row("X-Authenticated-User", ForgedValue::UserName),
    row("X-Client-Cert", ForgedValue::Certificate),
    row("X-Client-Verify", ForgedValue::Success),
    row("X-Forwarded-Client-Cert", ForgedValue::Certificate),
    row("X-Forwarded-Tls-Client-Cert", ForgedValue::Certificate),
    row("X-Forwarded-User", ForgedValue::UserName),
    row("X-Remote-User", ForgedValue::UserName),
    row("X-SSL-Client-Cert", ForgedValue::Certificate),
    row("X-SSL-Client-S-DN", ForgedValue::Subject),
    row("X-SSL-Client-Verify", ForgedValue::Success),
    row("X-User", ForgedValue::UserName),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_unique() {
        assert!(WELL_KNOWN.is_sorted_by(|one, other| one.name < other.name));
    }
}
