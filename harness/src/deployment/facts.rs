//! What a deployment file lets one try: its facts, in the words of `Need`.

use std::collections::BTreeSet;

use super::file::{BackendFile, DeploymentFile};
use crate::scenario::vocabulary::{Need, TlsVersion};

/// What is known of a deployment, and so which scenarios can be tried.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    has: BTreeSet<Need>,
}

impl Facts {
    /// The facts that the file alone tells. HTTP/2 and the tap are added by whoever finds them.
    pub fn of(file: &DeploymentFile) -> Self {
        let app = &file.app;
        let pki = &file.pki;
        let mints = pki.generate || pki.issuer.is_some();
        let secret = |name: &str| {
            file.users
                .get("alice")
                .is_some_and(|user| user.secrets.contains_key(name))
        };
        let role = file.users.values().any(|user| user.role.is_some());
        let launched = file.launch.as_ref();
        let facts = [
            (Need::Admin, app.admin.is_some() && role),
            (Need::AlsoTrusted, pki.generate || !pki.also_trusted.is_empty()),
            (Need::AppIdentity, app.identity.is_some()),
            (Need::ApiKey, app.api_key.is_some() && secret("api-key")),
            (
                Need::Backend,
                file.backend.as_ref().is_some_and(BackendFile::is_named),
            ),
            (Need::Change, app.change.is_some()),
            (Need::Csrf, app.csrf.is_some()),
            (Need::Echo, app.echo.is_some()),
            (Need::Error, app.error.is_some()),
            (Need::Http2, file.front.http2 == Some(true)),
            (Need::Identity, file.identity.is_some()),
            (Need::Login, app.login.is_some() && secret("password")),
            (Need::Logs, file.logs.is_some()),
            (Need::Mint, mints),
            (Need::OtherNames, !file.front.other_names.is_empty()),
            (Need::Owned, app.owned.len() >= 2),
            (Need::OwnedList, app.owned_list.is_some()),
            (Need::OwnedFilter, app.owned_filter.len() >= 2),
            (Need::OwnedNested, app.owned_nested.len() >= 2),
            (Need::SecondFactor, app.second_factor.is_some()),
            (Need::OwnedChange, app.owned_change.len() >= 2),
            (Need::Plain, file.front.plain.is_some()),
            (Need::Public, app.public.is_some()),
            (
                Need::Reload,
                pki.crl.is_some()
                    || launched.is_some_and(|launch| {
                        launch
                            .process
                            .iter()
                            .any(crate::deployment::launch_file::ProcessFile::is_reloadable)
                    }),
            ),
            (Need::Responder, launched.is_some_and(|launch| launch.responder)),
            (Need::Root, pki.generate || pki.root.is_some()),
            (
                Need::ProxySecret,
                file.identity
                    .as_ref()
                    .is_some_and(|identity| identity.secret.is_some()),
            ),
            (Need::Storage, file.storage.is_some()),
            (
                Need::Tls13Alone,
                file.front.tls_versions.as_deref() == Some(&[TlsVersion::Tls13]),
            ),
            (Need::Tap, launched.is_some_and(|launch| launch.tap.is_some())),
            (
                Need::UpstreamTls,
                launched.is_some_and(|launch| launch.tap.as_ref().is_some_and(|tap| tap.tls)),
            ),
            (
                Need::UpstreamMutual,
                launched.is_some_and(|launch| launch.tap.as_ref().is_some_and(|tap| tap.tls && tap.mutual)),
            ),
        ];
        Self {
            has: facts
                .into_iter()
                .filter(|(_, has)| *has)
                .map(|(need, _)| need)
                .collect(),
        }
    }

    /// Is this at hand?
    pub fn has(&self, need: Need) -> bool {
        self.has.contains(&need)
    }

    /// Adds what was found out by looking.
    pub fn add(&mut self, need: Need) {
        self.has.insert(need);
    }

    /// The reason to skip: which key of the deployment file would unlock it.
    pub fn reason_without(need: Need) -> &'static str {
        match need {
            Need::Admin => "needs [app] admin and a user with a role",
            Need::AlsoTrusted => "needs a second trusted CA: [pki] also-trusted",
            Need::AppIdentity => {
                "needs [app] identity: where a response says who the app thinks the client is"
            }
            Need::ApiKey => "needs [app] api-key and [users.alice] secrets.api-key",
            Need::Backend => "needs the app's own address: [backend] url",
            Need::Change => "needs [app] change",
            Need::Csrf => "needs [app] csrf",
            Need::Echo => "needs [app] echo",
            Need::Error => "needs [app] error",
            Need::Http2 => "needs a front that speaks HTTP/2",
            Need::Identity => "needs [identity]: the headers that tell the app who the client is",
            Need::Login => "needs [app] login and [users.alice] secrets.password",
            Need::Logs => "needs [logs]",
            Need::Mint => "needs a CA to mint under: [pki] issuer",
            Need::OtherNames => "needs [front] other-names: a virtual host that asks for no certificate",
            Need::Owned => "needs [app] owned for two users",
            Need::OwnedList => "needs [app] owned-list",
            Need::OwnedFilter => "needs [app] owned-filter for two users",
            Need::OwnedNested => "needs [app] owned-nested for two users",
            Need::SecondFactor => "needs [app] second-factor",
            Need::OwnedChange => "needs [app] owned-change for two users",
            Need::Plain => "needs [front] plain",
            Need::Public => "needs [app] public",
            Need::Reload => "needs a reload: [pki] crl with its command, or `reload` of a [[launch.process]]",
            Need::Responder => "needs a front that asks the harness's OCSP responder: [launch] responder",
            Need::Root => "needs the CA above the issuer: [pki] root",
            Need::ProxySecret => "needs [identity] secret",
            Need::Storage => "needs [storage]",
            Need::Tap => "needs a tap between proxy and app",
            Need::Tls13Alone => "needs a front that speaks TLS 1.3 alone: [front] tls-versions",
            Need::UpstreamTls => "needs TLS between proxy and app, with the tap as the app: [launch.tap] tls",
            Need::UpstreamMutual => {
                "needs a proxy with a certificate of its own for the app: [launch.tap] mutual"
            }
        }
    }
}

impl BackendFile {
    /// All addresses, as the file gives them.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        self.url.iter().chain(&self.urls).map(String::as_str)
    }

    fn is_named(&self) -> bool {
        self.addresses().next().is_some()
    }
}
