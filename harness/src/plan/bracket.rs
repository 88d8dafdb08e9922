//! Which controls an attempt needs by its nature, and what it needs before it.

use super::compose::{self, needs};
use super::control::{self, ControlPlan, Demand, Honest};
use super::exchange::{Act, Exchange, FieldLine};
use super::forgery::Forgery;
use super::names::Surroundings;
use super::request;
use super::resolve::resolve;
use super::state::SHORT_LIVED;
use super::{Expect, Identity};
use crate::deployment::Facts;
use crate::scenario::step::{Keep, Step};
use crate::scenario::vocabulary::{Endpoint, Handshake, HttpVersion, Need, SearchPlace};

/// What an attempt needs first by its nature: the session or token that it says it attaches, unless a step before gets it.
pub(super) fn implied_before(
    step: &Step,
    nonce: &impl Fn(&str) -> String,
    surroundings: &Surroundings<'_>,
) -> Result<Vec<Act>, String> {
    let mut before = Vec::new();
    let kept = |keep: Keep| step.before.iter().any(|earlier| earlier.keep == Some(keep));
    if let Some(user) = &step.session
        && !kept(Keep::Session)
    {
        needs(Need::Login, surroundings)?;
        before.push(Act::Exchange(Box::new(control::login(
            user,
            nonce("login"),
            surroundings,
        )?)));
    }
    let changes = matches!(
        step.request.as_ref().and_then(|request| request.route.as_deref()),
        Some("change")
    );
    if (step.csrf.is_some() || changes)
        && surroundings.deployment.file.app.csrf.is_some()
        && !kept(Keep::Csrf)
    {
        let user = step.user.as_deref().unwrap_or("alice");
        before.push(Act::Exchange(Box::new(control::csrf(
            user,
            nonce("csrf"),
            surroundings,
        )?)));
    }
    Ok(before)
}

/// The controls that the attempt's nature asks for (rules 1, 4 to 9).
pub(super) fn derived_controls(
    step: &Step,
    act: &Act,
    expect: &Expect,
    nonce: &impl Fn(&str) -> String,
    surroundings: &Surroundings<'_>,
) -> Result<Vec<ControlPlan>, String> {
    let exchange = match act {
        Act::Storage(check) => {
            return Ok(vec![ControlPlan {
                label: "the key files are there".to_owned(),
                before: Vec::new(),
                act: Act::Storage(*check),
                demand: Demand::Found,
                in_state: false,
            }]);
        }
        Act::Hello(_) => {
            return Ok(vec![ControlPlan {
                label: "a hello of today is taken".to_owned(),
                before: Vec::new(),
                act: Act::Hello(control::modern_hello(surroundings)?),
                demand: Demand::Offered,
                in_state: false,
            }]);
        }
        Act::Exchange(exchange) => exchange,
    };
    let twin = exchange
        .present
        .as_deref()
        // What is issued when the attempt is made has no chain to look at now; it is the user's own but for its last day.
        .filter(|credential| *credential != SHORT_LIVED)
        .map(|credential| surroundings.certificates.twin(credential))
        .transpose()?;
    // The certificate of somebody who is not enrolled has no twin that is granted: the step's own user stands in.
    let enrolled = twin.filter(|(_, user)| surroundings.deployment.user(user).is_some());
    // An honest credential is its own twin; what is odd about it (its issuer, say) is held against the user's plain one.
    let enrolled = enrolled.map(|(twin, user)| {
        if exchange.present.as_deref() == Some(twin.as_str()) {
            (user.clone(), user)
        } else {
            (twin, user)
        }
    });
    let (twin, user) = enrolled.unwrap_or_else(|| (exchange.user.clone(), exchange.user.clone()));
    let http = if surroundings.deployment.facts.has(Need::Http2) {
        exchange.http
    } else {
        HttpVersion::Http11
    };
    let http = if http == HttpVersion::Http10 {
        HttpVersion::Http11
    } else {
        http
    };
    let searched = exchange
        .canary
        .as_ref()
        .is_some_and(|canary| canary.search.contains(&SearchPlace::Logs));
    let logged = searched || *expect == Expect::Audited;
    let honest = |credential: &str, user: &str, route: &str, part: &str| {
        let spec = Honest {
            credential: credential.to_owned(),
            user: user.to_owned(),
            route,
            http,
            version: exchange.tls.version,
            nonce: nonce(part),
        };
        control::honest(&spec, surroundings)
    };
    let shown = |user: &str| Identity::User(surroundings.deployment.shown_as(user));
    let mut first = honest(&twin, &user, "protected", "honest")?;
    first.look_in_logs = logged;
    first.look_at_tap =
        (step.forge.is_some() || step.smuggle.is_some()) && surroundings.deployment.facts.has(Need::Tap);
    let demand = Demand::Granted {
        identity: first.grant.identity.then(|| shown(&user)),
        probe: first.look_at_tap,
        logged,
    };
    let mut controls = vec![granted(format!("{twin} is granted as {user}"), first, demand)];
    let simply = |exchange: Exchange, user: &str| Demand::Granted {
        identity: exchange.grant.identity.then(|| shown(user)),
        probe: false,
        logged: false,
    };
    let word = step
        .request
        .as_ref()
        .and_then(|request| request.route.as_deref())
        .unwrap_or("protected");
    let route = request::route(word, surroundings)?;
    if let Some(owner) = route.owner.filter(|owner| *owner != exchange.user) {
        let own = word.replace(&format!(".{owner}"), &format!(".{}", exchange.user));
        for (user, route, part) in [
            (owner.as_str(), word, "owner"),
            (exchange.user.as_str(), own.as_str(), "own"),
        ] {
            let act = honest(user, user, route, part)?;
            controls.push(granted(
                format!("{user} is granted on {route}"),
                act.clone(),
                simply(act, user),
            ));
        }
    }
    if word == "admin" {
        let holder = surroundings
            .deployment
            .file
            .users
            .iter()
            .find(|(_, user)| user.role.is_some());
        let (name, _) = holder.ok_or_else(|| Facts::reason_without(Need::Admin).to_owned())?;
        let act = honest(name, name, "admin", "admin")?;
        controls.push(granted(
            format!("{name} is granted on the admin route"),
            act.clone(),
            simply(act, name),
        ));
    }
    if word == "change" {
        let act = control::change(&exchange.user, word, nonce("change"), surroundings)?;
        controls.push(granted(
            "the honest change is granted".to_owned(),
            act.clone(),
            simply(act, &exchange.user),
        ));
    }
    if exchange.session.is_some() || exchange.api_key.is_some() {
        let owner = exchange
            .session
            .clone()
            .or_else(|| exchange.api_key.clone())
            .unwrap_or_else(|| exchange.user.clone());
        let mut act = honest(&owner, &owner, "protected", "credentialed")?;
        act.session.clone_from(&exchange.session);
        act.api_key.clone_from(&exchange.api_key);
        controls.push(granted(
            format!("{owner}'s session or key works with {owner}'s certificate"),
            act.clone(),
            simply(act, &owner),
        ));
    }
    if exchange.handshake.is_some() {
        // The same client on the same road with the same credential: one that cannot do the honest handshake proves nothing.
        let credential = exchange.present.as_deref().unwrap_or(&exchange.user);
        let mut act = honest(credential, &exchange.user, "protected", "honest-handshake")?;
        act.handshake = Some(Handshake::Honest);
        act.tls.suites.clone_from(&exchange.tls.suites);
        act.tls.groups.clone_from(&exchange.tls.groups);
        controls.push(granted(
            format!(
                "our own TLS client is served as {} where it is honest",
                exchange.user
            ),
            act.clone(),
            simply(act, &exchange.user),
        ));
    }
    if !exchange.request.trailers.is_empty() {
        // Where no request has trailers, a forged one is refused for having any: of its words nothing was on trial.
        let mut act = honest(&twin, &user, "protected", "trailer")?;
        act.request
            .trailers
            .push(FieldLine::new("X-Gauntlet-Trailer", b"harmless"));
        act.http = exchange.http;
        controls.push(granted(
            "a request with a harmless trailer is served".to_owned(),
            act,
            Demand::Carried,
        ));
    }
    if exchange.tls.resume {
        controls.push(resumption(step, exchange, nonce, surroundings)?);
    }
    // Of a backend that a firewall closes nothing answers, the public route included; of one that we started we know where
    // it is, but not that it listens where another address of the same host is tried.
    let in_doubt = !surroundings.setting.launched || exchange.interface.is_some();
    if exchange.endpoint == Endpoint::Backend && in_doubt && !exchange.firewalled {
        needs(Need::Public, surroundings)?;
        let mut act = honest(&user, &user, "public", "same-app")?;
        act.endpoint = Endpoint::Backend;
        act.backend = exchange.backend;
        controls.push(granted(
            "the backend answers the public route".to_owned(),
            act.clone(),
            simply(act, &user),
        ));
    }
    Ok(controls)
}

fn granted(label: String, exchange: Exchange, demand: Demand) -> ControlPlan {
    ControlPlan {
        label,
        before: Vec::new(),
        act: Act::Exchange(Box::new(exchange)),
        demand,
        in_state: false,
    }
}

/// Rule 5: the kept ticket resumes where it was issued; otherwise a refusal elsewhere says nothing.
fn resumption(
    step: &Step,
    exchange: &Exchange,
    nonce: &impl Fn(&str) -> String,
    surroundings: &Surroundings<'_>,
) -> Result<ControlPlan, String> {
    let source = step
        .before
        .iter()
        .find(|earlier| earlier.keep == Some(Keep::Ticket));
    let source = source.ok_or_else(|| "resume needs a step before that keeps a ticket".to_owned())?;
    let mut first = compose::exchange(source, 0, &Forgery::default(), nonce("home-first"), surroundings)?;
    first.tls.version = exchange.tls.version.or(first.tls.version);
    let mut again = first.clone();
    again.nonce = nonce("home-again");
    again.keep = None;
    again.tls.resume = true;
    let before = vec![Act::Exchange(Box::new(first))];
    let label = "the ticket resumes where it was issued".to_owned();
    Ok(ControlPlan {
        label,
        before,
        act: Act::Exchange(Box::new(again)),
        demand: Demand::Resumed,
        in_state: false,
    })
}

/// An honest exchange over HTTP/1.1.
///
/// # Errors
/// The reason to skip.
pub(super) fn plain_honest(
    credential: &str,
    user: &str,
    route: &str,
    nonce: String,
    surroundings: &Surroundings<'_>,
) -> Result<Exchange, String> {
    surroundings.certificates.chain(credential)?;
    let spec = Honest {
        credential: credential.to_owned(),
        user: user.to_owned(),
        route,
        http: HttpVersion::Http11,
        version: None,
        nonce,
    };
    control::honest(&spec, surroundings)
}

pub(super) fn written_control(
    step: &Step,
    exchange: Exchange,
    surroundings: &Surroundings<'_>,
) -> Result<ControlPlan, String> {
    let act = Act::Exchange(Box::new(exchange.clone()));
    let expect = match &step.expect {
        Some(_) => resolve(step, &act, &Forgery::default(), surroundings)?,
        None if exchange.grant.identity && exchange.present.is_some() => {
            Expect::Granted(Identity::User(surroundings.deployment.shown_as(&exchange.user)))
        }
        None => Expect::Granted(Identity::Anonymous),
    };
    let demand = match expect {
        Expect::Granted(identity) => {
            let identity = exchange.grant.identity.then_some(identity);
            Demand::Granted {
                identity,
                probe: false,
                logged: false,
            }
        }
        Expect::Refused => Demand::Refused,
        other @ (Expect::RefusedAsAbsent
        | Expect::Closed
        | Expect::GrantedOrRefused(_)
        | Expect::OwnOrRefused { .. }
        | Expect::Survived
        | Expect::NoCanary
        | Expect::NotOffered
        | Expect::Offered
        | Expect::NotForwarded(_)
        | Expect::NotSmuggled
        | Expect::RedirectsTo(_)
        | Expect::Audited
        | Expect::Holds
        | Expect::OwnForwarded(_)
        | Expect::NoServerError
        | Expect::IncompleteOrRefused
        | Expect::Header(_)
        | Expect::Cookie(..)) => {
            return Err(format!(
                "a control can only expect a grant or a refusal, not \"{other}\""
            ));
        }
    };
    let label = step
        .name
        .clone()
        .unwrap_or_else(|| format!("the control of {} is as expected", exchange.user));
    Ok(ControlPlan {
        label,
        before: Vec::new(),
        act,
        demand,
        in_state: false,
    })
}
