//! What templates see: ports, paths, users, secrets, the PKI's files.

use std::collections::BTreeMap;

use certs_gen::{Pki, PkiSpec, UserSpec};

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::credential::secret_text;
use super::{LaunchError, LaunchOptions, pki_folder};
use crate::deployment::Deployment;
use crate::deployment::file::IdentityFile;
use crate::tap::{Face, Faces, SPOKEN_VERSION, Tampering};

/// A random-looking text that the seed decides.
pub(super) fn secret(seed: u64, name: &str) -> String {
    let digest = Sha256::digest(format!("{seed} {name}"));
    pki_folder::hexadecimal(digest.get(..20).unwrap_or_default())
}

/// `a-b` as templates can write it: `a_b`.
pub(super) fn with_underscores<'a, V: Into<Value>>(
    pairs: impl IntoIterator<Item = (&'a String, V)>,
) -> Map<String, Value> {
    pairs
        .into_iter()
        .map(|(key, value)| (key.replace('-', "_"), value.into()))
        .collect()
}

pub(super) fn spec(deployment: &Deployment, options: &LaunchOptions, host: &str) -> PkiSpec {
    let users = deployment.file.users.iter();
    let users = users.map(|(name, user)| UserSpec {
        name: name.clone(),
        subject: user.subject.clone(),
        san: user.san.clone(),
    });
    let mut server_names: Vec<String> = vec![host.to_owned()];
    server_names.extend(deployment.file.front.other_names.iter().cloned());
    for name in PkiSpec::default().server_names {
        if !server_names.contains(&name) {
            server_names.push(name);
        }
    }
    PkiSpec {
        seed: options.seed,
        now: options.now,
        users: users.collect(),
        server_names,
        ..PkiSpec::default()
    }
}

pub(super) fn secrets(deployment: &Deployment) -> BTreeMap<(String, String), String> {
    let users = deployment.file.users.iter();
    let pairs = users.flat_map(|(name, user)| user.secrets.iter().map(move |(key, text)| (name, key, text)));
    pairs
        .filter_map(|(name, key, text)| Some(((name.clone(), key.clone()), secret_text(text)?)))
        .collect()
}

/// The chains of the honest credentials under the own root, leaf first: none of the other roots in the bundle.
fn own_chains(pki: &Pki) -> Vec<Vec<client_identity::Certificate>> {
    let own_root = pki
        .trust_anchors()
        .first()
        .and_then(|root| client_identity::Certificate::from_der(root).ok())
        .map(|root| root.subject);
    let user = pki.main_user().map(|user| user.name.clone()).unwrap_or_default();
    let twins = certs_gen::HONEST
        .iter()
        .map(|honest| format!("{user}-{}", honest.suffix));
    std::iter::once(user.clone())
        .chain(twins)
        .filter_map(|name| pki.credential(&name).ok())
        .filter(|credential| credential.fault.is_none())
        .filter_map(|credential| {
            let certificates = credential.chain.iter();
            certificates
                .map(|der| client_identity::Certificate::from_der(der).ok())
                .collect::<Option<Vec<_>>>()
        })
        .filter(|chain| chain.last().map(|top| &top.issuer) == own_root.as_ref())
        .collect()
}

/// Subjects of the CAs under the own root that issue honest certificates: an app that enrols by subject and issuer must
/// know each of them, and none of the other roots in the bundle.
pub(super) fn own_issuers(pki: &Pki) -> Vec<String> {
    let mut issuers = Vec::new();
    for leaf in own_chains(pki).iter().filter_map(|chain| chain.first()) {
        let issuer = leaf.issuer.to_rfc4514();
        if !issuers.contains(&issuer) {
            issuers.push(issuer);
        }
    }
    issuers
}

/// The intermediate CAs of the honest certificates, DER: whoever verifies a chain of which only the leaf is forwarded must
/// have them.
pub(super) fn own_intermediates(pki: &Pki) -> Vec<Vec<u8>> {
    let mut found: Vec<Vec<u8>> = Vec::new();
    for certificate in own_chains(pki).iter().flat_map(|chain| chain.iter().skip(1)) {
        if !found.iter().any(|known| known == certificate.der()) {
            found.push(certificate.der().to_vec());
        }
    }
    found
}

pub(super) fn users(deployment: &Deployment, pki: &Pki) -> Value {
    let mut all = Map::new();
    let issuers = own_issuers(pki);
    for (name, user) in &deployment.file.users {
        let mut entry = Map::new();
        entry.insert("subject".to_owned(), json!(user.subject));
        entry.insert("san".to_owned(), json!(user.san));
        entry.insert("issuers".to_owned(), json!(issuers));
        entry.insert("role".to_owned(), json!(user.role.as_deref().unwrap_or("user")));
        for (key, text) in &user.secrets {
            entry.insert(
                key.replace('-', "_"),
                json!(secret_text(text).unwrap_or_default()),
            );
        }
        let leaf = pki
            .credential(name)
            .ok()
            .and_then(|credential| credential.chain.into_iter().next());
        if let Some(leaf) = leaf {
            entry.insert(
                "sha256".to_owned(),
                json!(pki_folder::hexadecimal(&Sha256::digest(&leaf))),
            );
            if let Ok(certificate) = client_identity::Certificate::from_der(&leaf) {
                entry.insert("issuer".to_owned(), json!(certificate.issuer.to_rfc4514()));
                entry.insert("serial".to_owned(), json!(certificate.serial.upper_hex()));
            }
        }
        all.insert(name.clone(), Value::Object(entry));
    }
    Value::Object(all)
}

/// `{{ identity... }}`.
pub(super) fn identity(identity: &IdentityFile) -> Value {
    let headers = with_underscores(identity.headers.iter().map(|(role, name)| (role, name.clone())));
    json!({
        "dialect": identity.dialect,
        "headers": headers,
        "roles": identity.headers,
        "secret": identity.secret,
        "mapping": identity.mapping,
    })
}

/// The kind of server certificate that is the app's own.
const HONEST_FACE: &str = "server";

/// Servers of one old version, with its code point. They cannot finish a handshake; 1.2 is there to show that a proxy says
/// another thing to a version that it speaks.
const OLD: &[(&str, u16)] = &[
    ("server-tls1.0", 0x0301),
    ("server-tls1.1", 0x0302),
    (SPOKEN_VERSION, 0x0303),
];

/// The right app, with somebody on the way to the proxy who has no key.
const TAMPERING: &[(&str, Tampering)] = &[
    ("server-answer-changed", Tampering::Change),
    ("server-answer-cut", Tampering::Cut),
];

/// The certificates that the tap can show as the app's: every kind of server certificate whose key a TLS library signs with,
/// and what an app may ask of the proxy before it shows the right one.
/// `host` is the name by which the proxy knows the app.
pub(super) fn faces(pki: &Pki, host: &str) -> Result<Faces, LaunchError> {
    let mut faces = BTreeMap::new();
    for kind in certs_gen::SERVERS {
        let credential = pki
            .server(kind)
            .map_err(|error| LaunchError::Pki(error.to_string()))?;
        let Some(key) = credential.key.pkcs8_der() else {
            continue;
        };
        let key = key.to_vec();
        let chain = credential.chain;
        // 1024 bits and SHA-1 are nothing that rustls would sign with: not our proxy's business here.
        if !matches!(*kind, "server-weak-key" | "server-sha1") {
            let face = Face {
                chain,
                key,
                asks: None,
                named: None,
                old: None,
                tampers: None,
            };
            faces.insert((*kind).to_owned(), face);
        }
    }
    // The right certificate in the hands of one who has another key.
    if let (Some(right), Some(other)) = (faces.get(HONEST_FACE).cloned(), faces.get("server-wrong-name")) {
        let stolen = Face {
            key: other.key.clone(),
            ..right.clone()
        };
        let authority = pki.server_ca();
        let asking = Face {
            asks: Some(authority.map_err(|error| LaunchError::Pki(error.to_string()))?),
            ..right.clone()
        };
        let named = Face {
            named: Some(host.to_owned()),
            ..right.clone()
        };
        for (name, tampering) in TAMPERING {
            let tampered = Face {
                tampers: Some(*tampering),
                ..right.clone()
            };
            faces.insert((*name).to_owned(), tampered);
        }
        for (name, version) in OLD {
            let old = Face {
                old: Some(*version),
                ..right.clone()
            };
            faces.insert((*name).to_owned(), old);
        }
        faces.extend([
            ("server-without-key".to_owned(), stolen),
            ("server-that-asks".to_owned(), asking),
            ("server-by-name".to_owned(), named),
        ]);
    }
    Ok(Faces {
        faces,
        honest: HONEST_FACE.to_owned(),
    })
}
