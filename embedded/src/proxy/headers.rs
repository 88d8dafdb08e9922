//! Which headers reach the app: everything that could name a client is removed in every branch, then set.

use std::collections::BTreeSet;

use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};

use super::fault::{self, ProxyFaults};

/// Headers about one connection only (RFC 9110 7.6.1), and the framing, which is written anew.
const HOP_BY_HOP: [&str; 11] = [
    "connection",
    "content-length",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Names by which other proxies tell apps who the client is, or which URL or method is meant; lower case, `-` only.
const OTHER_NAMES: [&str; 26] = [
    "authenticated-user",
    "client-cert",
    "client-cert-chain",
    "front-end-https",
    "path-info",
    "proxy",
    "remote-addr",
    "remote-user",
    "script-name",
    "x-arr-clientcert",
    "x-client-dn",
    "x-client-verify",
    "x-client-verified",
    "x-http-method",
    "x-http-method-override",
    "x-https",
    "x-method-override",
    "x-original-uri",
    "x-original-url",
    "x-rewrite-url",
    "x-script-name",
    "x-url-scheme",
    "x-user",
    "x-username",
    "x-verify",
    "x-verified",
];

/// The same as beginnings of names.
const OTHER_FAMILIES: [&str; 18] = [
    "cf-cert-",
    "cf-client-cert",
    "cloudfront-viewer-cert",
    "https-",
    "remote-user-",
    "ssl-",
    "wsgi-",
    "x-amzn-mtls-",
    "x-auth-",
    "x-authenticated-",
    "x-client-cert",
    "x-client-ssl",
    "x-envoy-",
    "x-forwarded-client-cert",
    "x-forwarded-tls-client-cert",
    "x-forwarded-user",
    "x-remote-",
    "x-ssl-",
];

/// The proxy's headers about the request.
const FORWARDED: [&str; 8] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-forwarded-scheme",
    "x-real-ip",
];

/// The names that the configuration adds to the fixed ones.
pub(super) struct Rules {
    identity: Vec<String>,
    secret: Option<String>,
}

/// What one request adds to the rules.
pub(super) struct Facts<'a> {
    /// The identity headers that the proxy sets.
    pub(super) identity: &'a [(HeaderName, HeaderValue)],
    /// The header that proves the proxy to the app.
    pub(super) secret: Option<&'a (HeaderName, HeaderValue)>,
    /// Whether a certificate was presented.
    pub(super) certificate: bool,
    /// Whether the path is a public, static or unknown one.
    pub(super) public: bool,
    /// The client's address.
    pub(super) peer: &'a str,
    /// The Host that was checked.
    pub(super) host: &'a HeaderValue,
    /// Trailer fields of the request.
    pub(super) trailers: Option<&'a HeaderMap>,
}

impl Rules {
    /// `identity`: the headers of the dialect, as the operator names them.
    pub(super) fn new(identity: &[String], secret: Option<&str>) -> Self {
        Self {
            identity: identity.iter().map(|name| fold(name)).collect(),
            secret: secret.map(fold),
        }
    }

    /// The headers for the app.
    pub(super) fn forward(&self, original: &HeaderMap, faults: &ProxyFaults, facts: &Facts<'_>) -> HeaderMap {
        let tokens = connection_tokens(original);
        let mut headers = HeaderMap::new();
        for (name, value) in original {
            if self.passes(name.as_str(), faults, facts)
                // FAULT hop-by-hop = after-set removes them below instead.
                && (faults.hop_by_hop == fault::HopByHop::AfterSet || !tokens.contains(name.as_str()))
            {
                headers.append(name.clone(), value.clone());
            }
        }
        join_cookies(&mut headers);
        // FAULT clear = with-certificate: the whole branch is forgotten, the words for "none" with it.
        if faults.clear != fault::Clear::WithCertificate || facts.certificate {
            set_identity(&mut headers, original, faults, facts.identity);
        }
        if let Some((name, value)) = facts.secret {
            headers.insert(name.clone(), value.clone());
        }
        headers.insert(header::HOST, facts.host.clone());
        let mut describe = |name: &'static str, value: HeaderValue| {
            // FAULT forwarded.
            if faults.forwarded == fault::Forwarded::Set || !headers.contains_key(name) {
                headers.insert(name, value);
            }
        };
        describe("x-forwarded-proto", HeaderValue::from_static("https"));
        describe("x-forwarded-host", facts.host.clone());
        if let Ok(peer) = HeaderValue::from_str(facts.peer) {
            describe("x-forwarded-for", peer);
        }
        // FAULT hop-by-hop.
        if faults.hop_by_hop == fault::HopByHop::AfterSet {
            for token in &tokens {
                headers.remove(token);
            }
        }
        // FAULT trailers.
        if faults.trailers == fault::Trailers::Merge {
            for (name, value) in facts.trailers.into_iter().flatten() {
                headers.insert(name.clone(), value.clone());
            }
        }
        headers
    }

    /// Whether a header of the client reaches the app.
    fn passes(&self, name: &str, faults: &ProxyFaults, facts: &Facts<'_>) -> bool {
        if HOP_BY_HOP.contains(&name) || name == "host" {
            return false;
        }
        let folded = fold(name);
        if self.secret.as_ref() == Some(&folded) {
            return false;
        }
        if folded != name {
            // FAULT odd-names.
            return faults.odd_names == fault::OddNames::Pass;
        }
        if let Some(index) = self.identity.iter().position(|identity| *identity == folded) {
            // FAULT clear.
            return match faults.clear {
                fault::Clear::Always => false,
                fault::Clear::WithCertificate => !facts.certificate,
                fault::Clear::NotOnPublicPaths => facts.public,
                fault::Clear::OnlyFirst => index > 0,
                fault::Clear::Never => true,
            };
        }
        if FORWARDED.contains(&name) {
            return faults.forwarded == fault::Forwarded::Pass;
        }
        // FAULT other-dialects.
        faults.other_dialects == fault::OtherDialects::Pass
            || !(OTHER_NAMES.contains(&name) || OTHER_FAMILIES.iter().any(|family| name.starts_with(family)))
    }
}

fn set_identity(
    headers: &mut HeaderMap,
    original: &HeaderMap,
    faults: &ProxyFaults,
    identity: &[(HeaderName, HeaderValue)],
) {
    // A dialect may send one name several times; only what the client sent is replaced.
    for (name, _) in identity {
        headers.remove(name);
    }
    for (name, value) in identity {
        let theirs: Vec<HeaderValue> = original.get_all(name).iter().cloned().collect();
        let oversize = faults.oversize == fault::Oversize::Empty && value.len() > 2048;
        // FAULT oversize.
        let value = if oversize {
            HeaderValue::from_static("")
        } else {
            value.clone()
        };
        // FAULT identity-set.
        match faults.identity_set {
            fault::IdentitySet::Replace => drop(headers.append(name.clone(), value)),
            fault::IdentitySet::After => {
                for old in theirs {
                    headers.append(name.clone(), old);
                }
                headers.append(name.clone(), value);
            }
            fault::IdentitySet::Before => {
                headers.append(name.clone(), value);
                for old in theirs {
                    headers.append(name.clone(), old);
                }
            }
            fault::IdentitySet::Join => {
                let mut joined = Vec::new();
                for old in theirs {
                    joined.extend_from_slice(old.as_bytes());
                    joined.extend_from_slice(b", ");
                }
                joined.extend_from_slice(value.as_bytes());
                headers.append(name.clone(), HeaderValue::from_bytes(&joined).unwrap_or(value));
            }
        }
    }
}

/// A name as the most careless reader sees it: lower case, anything but letters and digits a `-`.
fn fold(name: &str) -> String {
    name.chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect()
}

fn connection_tokens(headers: &HeaderMap) -> BTreeSet<String> {
    headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|token| token.trim().to_ascii_lowercase())
        .filter(|token| HeaderName::from_bytes(token.as_bytes()).is_ok())
        .collect()
}

/// HTTP/2 may split the Cookie header; HTTP/1.1 may not (RFC 9113 8.2.3).
fn join_cookies(headers: &mut HeaderMap) {
    let crumbs: Vec<&[u8]> = headers
        .get_all(header::COOKIE)
        .iter()
        .map(HeaderValue::as_bytes)
        .collect();
    if crumbs.len() > 1
        && let Ok(cookie) = HeaderValue::from_bytes(&crumbs.join(&b"; "[..]))
    {
        headers.insert(header::COOKIE, cookie);
    }
}

/// The headers of the app's response that reach the client.
pub(super) fn respond(headers: &mut HeaderMap) {
    for token in connection_tokens(headers) {
        headers.remove(token);
    }
    for name in HOP_BY_HOP {
        if name != "content-length" {
            headers.remove(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forward(sent: &[(&str, &str)], faults: &ProxyFaults, certificate: bool) -> Vec<(String, String)> {
        let mut original = HeaderMap::new();
        for (name, value) in sent {
            original.append(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        let identity = if certificate {
            vec![(HeaderName::from_static("x-id"), HeaderValue::from_static("alice"))]
        } else {
            Vec::new()
        };
        let secret = (HeaderName::from_static("x-key"), HeaderValue::from_static("s"));
        Rules::new(&["X-Id".to_owned(), "X-Verify-Id".to_owned()], Some("X-Key"))
            .forward(
                &original,
                faults,
                &Facts {
                    identity: &identity,
                    secret: Some(&secret),
                    certificate,
                    public: false,
                    peer: "192.0.2.1",
                    host: &HeaderValue::from_static("api.example.test"),
                    trailers: None,
                },
            )
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect()
    }

    fn values(headers: &[(String, String)], wanted: &str) -> Vec<String> {
        headers
            .iter()
            .filter(|(name, _)| name == wanted)
            .map(|(_, value)| value.clone())
            .collect()
    }

    #[test]
    fn the_tables_are_sorted_and_unique() {
        assert!(HOP_BY_HOP.is_sorted() && FORWARDED.is_sorted());
        assert!(OTHER_FAMILIES.windows(2).all(|pair| pair[0] < pair[1]));
        for name in OTHER_NAMES {
            assert_eq!(fold(name), name);
        }
    }

    #[test]
    fn a_forged_identity_never_passes_in_any_branch() {
        let sent = [
            ("x-id", "bob"),
            ("x_id", "bob"),
            ("x.id", "bob"),
            ("x-verify-id", "SUCCESS"),
            ("x-key", "guess"),
            ("x_key", "guess"),
            ("x-remote-user", "bob"),
            ("x-ssl-client-s-dn", "CN=bob"),
            ("x-forwarded-proto", "http"),
            ("x-original-url", "/admin"),
            ("connection", "close, x-id, x-key"),
            ("upgrade", "h2c"),
        ];
        let strict = ProxyFaults::default();
        let with = forward(&sent, &strict, true);
        assert_eq!(values(&with, "x-id"), ["alice"]);
        assert_eq!(values(&with, "x-key"), ["s"]);
        let without = forward(&sent, &strict, false);
        for headers in [&with, &without] {
            for (name, value) in headers {
                assert!(
                    !value.contains("bob") && !value.contains("SUCCESS") && !value.contains("guess"),
                    "{name}: {value}"
                );
            }
            assert_eq!(values(headers, "x-forwarded-proto"), ["https"]);
            assert!(values(headers, "upgrade").is_empty() && values(headers, "connection").is_empty());
        }
        assert!(values(&without, "x-id").is_empty());
    }

    #[test]
    fn each_fault_lets_exactly_its_header_through() {
        let sent = [("x-id", "bob"), ("x_id", "carol")];
        let faults = |set: fn(&mut ProxyFaults)| {
            let mut faults = ProxyFaults::default();
            set(&mut faults);
            faults
        };
        let never = faults(|faults| faults.clear = fault::Clear::WithCertificate);
        assert_eq!(values(&forward(&sent, &never, false), "x-id"), ["bob"]);
        assert_eq!(values(&forward(&sent, &never, true), "x-id"), ["alice"]);
        let odd = faults(|faults| faults.odd_names = fault::OddNames::Pass);
        assert_eq!(values(&forward(&sent, &odd, true), "x_id"), ["carol"]);
        let after = faults(|faults| faults.identity_set = fault::IdentitySet::After);
        assert_eq!(values(&forward(&sent, &after, true), "x-id"), ["bob", "alice"]);
        let hop = faults(|faults| faults.hop_by_hop = fault::HopByHop::AfterSet);
        assert!(values(&forward(&[("connection", "X-Id")], &hop, true), "x-id").is_empty());
    }

    #[test]
    fn cookie_crumbs_are_joined() {
        let headers = forward(
            &[("cookie", "a=1"), ("cookie", "b=2")],
            &ProxyFaults::default(),
            false,
        );
        assert_eq!(values(&headers, "cookie"), ["a=1; b=2"]);
    }
}
