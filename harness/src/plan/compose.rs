//! From one step of a file to one concrete exchange.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::alpn_of;
use super::credential::who;
use super::exchange::{Exchange, GrantRule, TlsChoice};
use super::forgery::Forgery;
use super::names::Surroundings;
use super::request::{Target, build, server_name};
use crate::deployment::Facts;
use crate::scenario::step::{RequestStep, Step};
use crate::scenario::vocabulary::{Endpoint, Handshake, HostForm, HttpVersion, Interface, Need, Possession};

/// Holds a step to what the deployment has.
///
/// # Errors
/// The reason to skip: which key of the deployment file is missing.
pub(super) fn needs(need: Need, surroundings: &Surroundings<'_>) -> Result<(), String> {
    if surroundings.deployment.facts.has(need) {
        Ok(())
    } else {
        Err(Facts::reason_without(need).to_owned())
    }
}
/// The exchange of a step. `backend` is the number of the listener where there are several.
///
/// # Errors
/// The reason to skip.
pub(super) fn exchange(
    step: &Step,
    backend: usize,
    forgery: &Forgery,
    nonce: String,
    surroundings: &Surroundings<'_>,
) -> Result<Exchange, String> {
    let (user, present) = who(step, surroundings)?;
    let endpoint = step.to.unwrap_or(Endpoint::Front);
    let http = step.http.unwrap_or(HttpVersion::Http11);
    match endpoint {
        Endpoint::Plain => needs(Need::Plain, surroundings)?,
        Endpoint::Backend => needs(Need::Backend, surroundings)?,
        Endpoint::Other => needs(Need::OtherNames, surroundings)?,
        Endpoint::Front => {}
    }
    if step.handshake.is_some() && !matches!(endpoint, Endpoint::Front | Endpoint::Other) {
        return Err("`handshake` is about the front's TLS".to_owned());
    }
    if matches!(endpoint, Endpoint::Front | Endpoint::Other) {
        if http == HttpVersion::Http2 {
            needs(Need::Http2, surroundings)?;
        }
        let spoken = surroundings.deployment.file.front.tls_versions.as_deref();
        if let (Some(version), Some(spoken)) = (step.tls.version, spoken)
            && !spoken.contains(&version)
        {
            return Err(format!("the front speaks no TLS {version}: [front] tls-versions"));
        }
    }
    let default = RequestStep::default();
    let target = Target {
        endpoint,
        http,
        nonce: &nonce,
        forgery,
    };
    let (request, mut grant, _) = build(step.request.as_ref().unwrap_or(&default), &target, surroundings)?;
    if http == HttpVersion::Http2
        && (request.fields.iter().chain(&request.trailers)).any(|field| field.http2.is_none())
    {
        return Err("HTTP/2 has no way to write this".to_owned());
    }
    let login = step.request.as_ref().and_then(|request| request.route.as_deref()) == Some("login");
    if login {
        grant = GrantRule::default();
    }
    let afterwards = afterwards(step, &user, surroundings)?;
    let tls = &step.tls;
    let sni = tls.sni.unwrap_or(if endpoint == Endpoint::Other {
        HostForm::Other
    } else {
        HostForm::Front
    });
    Ok(Exchange {
        endpoint,
        backend,
        interface: interface(step, backend, surroundings)?,
        firewalled: endpoint == Endpoint::Backend
            && surroundings
                .deployment
                .file
                .backend
                .as_ref()
                .is_some_and(|backend| backend.firewalled),
        login: login.then(|| user.clone()),
        user,
        present,
        possession: step.possession.unwrap_or(Possession::Honest),
        handshake: step.handshake,
        afterwards,
        tls: TlsChoice {
            version: tls.version,
            sni: server_name(sni, surroundings)?,
            alpn: match &tls.alpn {
                Some(names) => names.iter().map(|name| name.clone().into_bytes()).collect(),
                None => alpn_of(http),
            },
            resume: tls.resume,
            early_data: tls.early_data,
            record_size: tls.record_size,
            hello_fragment: tls.hello_fragment,
            hello_size: tls.hello_size,
            suites: tls.suites.clone(),
            groups: tls.groups.clone(),
        },
        http,
        request,
        nonce,
        session: step.session.clone(),
        api_key: step.api_key.clone(),
        csrf: step.csrf,
        keep: step.keep,
        grant,
        object: None,
        canary: None,
        look_in_logs: false,
        audit: None,
        look_at_tap: false,
        smuggled: None,
        upstream: step.upstream.clone(),
    })
}

/// Whose certificate comes after the handshake: another user's, so that it shows which one counts.
fn afterwards(step: &Step, user: &str, surroundings: &Surroundings<'_>) -> Result<Option<String>, String> {
    let Some(Handshake::CertificateAfterwards | Handshake::Renegotiation | Handshake::RenegotiationLegacy) =
        step.handshake
    else {
        return Ok(None);
    };
    let mut others = surroundings.deployment.file.users.keys();
    let other = others
        .find(|name| *name != user)
        .ok_or_else(|| "needs a second user in [users]".to_owned())?;
    surroundings.certificates.chain(other)?;
    Ok(Some(other.clone()))
}

/// The other address of the backend's host that a step names.
fn interface(step: &Step, backend: usize, surroundings: &Surroundings<'_>) -> Result<Option<IpAddr>, String> {
    let Some(wanted) = step.interface else {
        return Ok(None);
    };
    let setting = surroundings.setting;
    let own = setting.backend_addresses.get(backend).copied().flatten();
    let own = own.ok_or_else(|| "needs a [backend] with a TCP port on this host".to_owned())?;
    let address = match wanted {
        Interface::Ipv6Loopback => IpAddr::V6(Ipv6Addr::LOCALHOST),
        Interface::OtherLoopback => IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)),
        Interface::HostAddress if !setting.launched => {
            return Err(
                "only a deployment that is launched is tried on addresses that nobody named".to_owned(),
            );
        }
        Interface::HostAddress => setting
            .host_address
            .ok_or_else(|| "this host has no address but loopback".to_owned())?,
    };
    if address == own {
        return Err(format!("the backend is at {address} by its own right"));
    }
    Ok(Some(address))
}
