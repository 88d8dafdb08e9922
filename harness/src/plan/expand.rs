//! From a scenario's rows to attempts with all their controls, or to the reason why not.

use super::canary;
use super::control::{self, ControlPlan, Demand, Honest};
use super::exchange::{Act, Exchange, GrantRule, TlsChoice};
use super::forgery::{self, Forgery};
use super::hello;
use super::names::Surroundings;
use super::request::{self, Target, build, server_name};
use super::resolve::resolve;
use super::{Expect, Identity, alpn_of};
use crate::deployment::Facts;
use crate::deployment::file::Mapping;
use crate::scenario::Scenario;
use crate::scenario::step::{Keep, Step};
use crate::scenario::vocabulary::{Canary, Endpoint, HostForm, HttpVersion, Need, SearchPlace};

/// One row of a scenario: planned, or skipped with a reason.
#[derive(Debug, Clone, PartialEq)]
pub enum Planned {
    /// To be tried.
    Attempt(Box<Attempt>),
    /// Not to be tried here.
    Skip {
        /// The row's name.
        row: String,
        /// Why not.
        reason: String,
    },
}

/// One attempt, concrete.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// The row's name; empty where there is only one.
    pub row: String,
    /// Exchanges that must be granted first.
    pub before: Vec<Act>,
    /// Honest exchanges before and after.
    pub controls: Vec<ControlPlan>,
    /// The attack.
    pub act: Act,
    /// An honest reading that must not change.
    pub unchanged: Option<Act>,
    /// What must come of it.
    pub expect: Expect,
}

/// A row after the file-level lists (backends, roles, routes, canaries) have been drawn apart too.
#[derive(Clone)]
struct Variety {
    row: String,
    step: Step,
    backend: usize,
    canary: Option<Canary>,
}

/// Plans every row of a scenario.
pub fn plan(scenario: &Scenario, surroundings: &Surroundings<'_>) -> Vec<Planned> {
    let missing = scenario
        .needs
        .iter()
        .find(|need| !surroundings.deployment.facts.has(**need));
    if let Some(need) = missing {
        return vec![Planned::Skip {
            row: String::new(),
            reason: Facts::reason_without(*need).to_owned(),
        }];
    }
    let mut planned = Vec::new();
    for row in &scenario.rows {
        match varieties(row.name.clone(), &row.step, surroundings) {
            Ok(varieties) => planned.extend(varieties.iter().map(|variety| {
                match attempt(scenario, variety, surroundings) {
                    Ok(attempt) => Planned::Attempt(Box::new(attempt)),
                    Err(reason) => Planned::Skip {
                        row: variety.row.clone(),
                        reason,
                    },
                }
            })),
            Err(reason) => planned.push(Planned::Skip {
                row: row.name.clone(),
                reason,
            }),
        }
    }
    planned
}

fn varieties(row: String, step: &Step, surroundings: &Surroundings<'_>) -> Result<Vec<Variety>, String> {
    let base = Variety {
        row,
        step: step.clone(),
        backend: 0,
        canary: None,
    };
    let mut all = vec![base];
    if step.to == Some(Endpoint::Backend) {
        if surroundings.setting.backends == 0 {
            return Err(Facts::reason_without(Need::Backend).to_owned());
        }
        if surroundings.setting.backends > 1 {
            all = spread(&all, &surroundings.setting.backend_labels, |variety, index, _| {
                variety.backend = index
            });
        }
    }
    if step
        .request
        .as_ref()
        .is_some_and(|request| request.route.as_deref() == Some("routes"))
    {
        let routes = surroundings.deployment.file.app.routes.clone();
        if routes.is_empty() {
            return Err("needs [app] routes".to_owned());
        }
        all = spread(&all, &routes, |variety, _, route| {
            variety.step.request.get_or_insert_default().route = Some(route.to_owned());
        });
    }
    if step.forge.as_ref().is_some_and(|forge| forge.each) {
        let (_, names) = surroundings.dialect()?;
        let mut roles: Vec<String> = vec!["all".to_owned()];
        roles.extend(names.iter().map(|(role, _)| role.word().to_owned()));
        all = spread(&all, &roles, |variety, _, role| {
            let forge = variety.step.forge.get_or_insert_default();
            forge.roles = if role == "all" {
                None
            } else {
                Some(vec![role.to_owned()])
            };
        });
    }
    if let Some(leak) = &step.leak {
        let words: Vec<String> = leak.plant.iter().map(|canary| canary.word().to_owned()).collect();
        all = spread(&all, &words, |variety, index, _| {
            variety.canary = leak.plant.get(index).copied()
        });
    }
    Ok(all)
}

fn spread(rows: &[Variety], labels: &[String], set: impl Fn(&mut Variety, usize, &str)) -> Vec<Variety> {
    let several = labels.len() > 1;
    rows.iter()
        .flat_map(|row| {
            labels
                .iter()
                .enumerate()
                .map(move |(index, label)| (row, index, label))
        })
        .map(|(row, index, label)| {
            let mut variety = row.clone();
            if several {
                variety.row = if row.row.is_empty() {
                    label.clone()
                } else {
                    format!("{}+{label}", row.row)
                };
            }
            set(&mut variety, index, label);
            variety
        })
        .collect()
}

fn attempt(
    scenario: &Scenario,
    variety: &Variety,
    surroundings: &Surroundings<'_>,
) -> Result<Attempt, String> {
    let step = &variety.step;
    let id = scenario.claim.id.0.as_str();
    let nonce = |part: &str| surroundings.nonce(id, &variety.row, part);
    let forgery = match &step.forge {
        Some(forge) => forgery::write(
            forge,
            step.user.as_deref().unwrap_or("alice"),
            surroundings,
            &nonce("secret"),
        )?,
        None => Forgery::default(),
    };
    let act = match (&step.storage, &step.hello) {
        (Some(storage), _) => {
            needs(Need::Storage, surroundings)?;
            Act::Storage(storage.check)
        }
        (None, Some(offer)) => Act::Hello(hello::build(offer, surroundings)?),
        (None, None) => {
            let mut exchange = exchange(step, variety.backend, &forgery, nonce("attack"), surroundings)?;
            if let (Some(planted), Some(leak)) = (variety.canary, &step.leak) {
                canary::plant(
                    &mut exchange,
                    planted,
                    &leak.search,
                    &nonce("canary"),
                    surroundings,
                )?;
            }
            Act::Exchange(Box::new(exchange))
        }
    };
    let expect = resolve(step, &act, &forgery, surroundings)?;
    let mut act = act;
    if let Act::Exchange(exchange) = &mut act {
        exchange.look_at_tap =
            step.forge.is_some() || matches!(expect, Expect::NotForwarded(_) | Expect::OwnOrRefused { .. });
        if expect == Expect::Audited {
            exchange.look_in_logs = true;
            exchange.audit = Some(canary::traces(exchange, surroundings));
        }
    }
    let nested = |steps: &[Step], part: &str| -> Result<Vec<Exchange>, String> {
        let numbered = steps.iter().enumerate();
        numbered
            .map(|(index, nested)| {
                let nonce = nonce(&format!("{part}{index}"));
                exchange(nested, 0, &Forgery::default(), nonce, surroundings)
            })
            .collect()
    };
    let mut earlier = nested(&step.before, "before")?;
    // A ticket of one TLS version resumes nothing in the other: it is fetched in the version of the attempt.
    for keeper in earlier
        .iter_mut()
        .filter(|exchange| exchange.keep == Some(Keep::Ticket))
    {
        keeper.tls.version = step.tls.version.or(keeper.tls.version);
    }
    let mut before: Vec<Act> = earlier
        .into_iter()
        .map(|exchange| Act::Exchange(Box::new(exchange)))
        .collect();
    before.extend(implied_before(step, &nonce, surroundings)?);
    let mut controls = derived_controls(step, &act, &expect, &nonce, surroundings)?;
    for (written, exchange) in step.control.iter().zip(nested(&step.control, "control")?) {
        controls.push(written_control(written, exchange, surroundings)?);
    }
    let unchanged = match &step.unchanged {
        Some(reading) => Some(Act::Exchange(Box::new(exchange(
            reading,
            0,
            &Forgery::default(),
            nonce("reading"),
            surroundings,
        )?))),
        None => None,
    };
    Ok(Attempt {
        row: variety.row.clone(),
        before,
        controls,
        act,
        unchanged,
        expect,
    })
}

fn needs(need: Need, surroundings: &Surroundings<'_>) -> Result<(), String> {
    if surroundings.deployment.facts.has(need) {
        Ok(())
    } else {
        Err(Facts::reason_without(need).to_owned())
    }
}

/// The user of a step, and the credential that it presents.
fn who(step: &Step, surroundings: &Surroundings<'_>) -> Result<(String, Option<String>), String> {
    let user = step.user.clone().unwrap_or_else(|| "alice".to_owned());
    if surroundings.deployment.user(&user).is_none() {
        return Err(format!("needs [users.{user}]"));
    }
    match step.present.as_deref() {
        None => Ok((user.clone(), Some(user))),
        Some("none") => Ok((user, None)),
        Some(credential) => {
            if surroundings.deployment.user(credential).is_none() {
                known_to_the_app(surroundings)?;
            }
            revocation_is_known(credential, surroundings)?;
            surroundings.certificates.chain(credential)?;
            Ok((user, Some(credential.to_owned())))
        }
    }
}

/// A certificate that we call revoked is revoked only where our own list is the deployment's.
fn revocation_is_known(credential: &str, surroundings: &Surroundings<'_>) -> Result<(), String> {
    let bare = credential.split_once(':').map_or(credential, |(_, fault)| fault);
    let fault = certs_gen::FAULTS.iter().find(|fault| fault.name == bare);
    let revoked = fault.is_some_and(|fault| fault.group == certs_gen::Group::Revocation);
    if revoked && !surroundings.setting.launched {
        return Err("needs a deployment whose revocation lists are ours: one that is launched".to_owned());
    }
    Ok(())
}

/// An app that looks users up by fingerprint or serial refuses every minted certificate as a stranger's, whatever the
/// proxy made of it: such a refusal would prove nothing.
fn known_to_the_app(surroundings: &Surroundings<'_>) -> Result<(), String> {
    let mapping = surroundings
        .deployment
        .file
        .identity
        .as_ref()
        .map(|identity| identity.mapping);
    match mapping {
        Some(mapping @ (Mapping::Fingerprint | Mapping::IssuerSerial)) => Err(format!(
            "the app looks users up by {mapping}: a minted certificate is a stranger's to it"
        )),
        Some(Mapping::Subject | Mapping::San) | None => Ok(()),
    }
}

fn exchange(
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
    if http == HttpVersion::Http2 && matches!(endpoint, Endpoint::Front | Endpoint::Other) {
        needs(Need::Http2, surroundings)?;
    }
    let default = crate::scenario::step::RequestStep::default();
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
    let tls = &step.tls;
    let sni = tls.sni.unwrap_or(if endpoint == Endpoint::Other {
        HostForm::Other
    } else {
        HostForm::Front
    });
    Ok(Exchange {
        endpoint,
        backend,
        login: login.then(|| user.clone()),
        user,
        present,
        possession: step
            .possession
            .unwrap_or(crate::scenario::vocabulary::Possession::Honest),
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
        canary: None,
        look_in_logs: false,
        audit: None,
        look_at_tap: false,
    })
}

/// What an attempt needs first by its nature: the session or token that it says it attaches, unless a step before gets it.
fn implied_before(
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
fn derived_controls(
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
            }]);
        }
        Act::Hello(_) => {
            return Ok(vec![ControlPlan {
                label: "a hello of today is taken".to_owned(),
                before: Vec::new(),
                act: Act::Hello(control::modern_hello(surroundings)?),
                demand: Demand::Offered,
            }]);
        }
        Act::Exchange(exchange) => exchange,
    };
    let twin = exchange
        .present
        .as_deref()
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
    first.look_at_tap = step.forge.is_some() && surroundings.deployment.facts.has(Need::Tap);
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
    if exchange.tls.resume {
        controls.push(resumption(step, exchange, nonce, surroundings)?);
    }
    if exchange.endpoint == Endpoint::Backend && !surroundings.setting.launched {
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
    let mut first = self::exchange(source, 0, &Forgery::default(), nonce("home-first"), surroundings)?;
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
    })
}

fn written_control(
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
        other @ (Expect::GrantedOrRefused(_)
        | Expect::OwnOrRefused { .. }
        | Expect::Survived
        | Expect::NoCanary
        | Expect::NotOffered
        | Expect::Offered
        | Expect::NotForwarded(_)
        | Expect::RedirectsTo(_)
        | Expect::Audited
        | Expect::Holds
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
    })
}
