//! Expectations: the file's words with the deployment's names put in.

use super::compose::needs;
use super::exchange::Act;
use super::forgery::Forgery;
use super::names::Surroundings;
use super::{Expect, Identity, OwnForwarded};
use crate::scenario::expectation::{Expectation, Outcome};
use crate::scenario::step::Step;
use crate::scenario::vocabulary::Need;

/// What must come of a step.
///
/// # Errors
/// What is wrong with the expectation.
pub fn resolve(
    step: &Step,
    act: &Act,
    forgery: &Forgery,
    surroundings: &Surroundings<'_>,
) -> Result<Expect, String> {
    let default = Expectation {
        outcome: Some(Outcome::Refused),
        ..Expectation::default()
    };
    let written = step.expect.as_ref().unwrap_or(&default);
    if let Some(rule) = &written.header {
        return Ok(Expect::Header(rule.clone()));
    }
    if let Some(rule) = &written.cookie {
        let session = surroundings
            .deployment
            .file
            .app
            .login
            .as_ref()
            .map(|login| login.cookie.clone());
        return Ok(Expect::Cookie(rule.clone(), session));
    }
    let user = step.user.as_deref().unwrap_or("alice");
    // Where nothing shows whom the app takes the client for, only grants and refusals can be told apart.
    let shows = surroundings.deployment.facts.has(Need::AppIdentity);
    if let Some(identity) = &written.identity {
        let identity = match identity.as_str() {
            "anonymous" => Identity::Anonymous,
            name => {
                needs(Need::AppIdentity, surroundings)?;
                Identity::User(surroundings.deployment.shown_as(name))
            }
        };
        return match written.or {
            None => Ok(Expect::Granted(identity)),
            Some(Outcome::Refused) => Ok(Expect::GrantedOrRefused(identity)),
            Some(other) => Err(format!("`or` can only be \"refused\", not \"{other}\"")),
        };
    }
    let outcome = written.outcome.unwrap_or(Outcome::Refused);
    if matches!(outcome, Outcome::GrantedOrRefused | Outcome::OwnOrRefused) {
        needs(Need::AppIdentity, surroundings)?;
    }
    let own = || match shows {
        true => Identity::User(surroundings.deployment.shown_as(user)),
        false => Identity::Unshown,
    };
    Ok(match outcome {
        Outcome::Refused => Expect::Refused,
        Outcome::RefusedAsAbsent => Expect::RefusedAsAbsent,
        Outcome::Closed => Expect::Closed,
        Outcome::Granted => Expect::Granted(own()),
        Outcome::GrantedOrRefused => Expect::GrantedOrRefused(own()),
        Outcome::OwnOrRefused => Expect::OwnOrRefused {
            enrolled: surroundings
                .deployment
                .file
                .users
                .keys()
                .map(|name| surroundings.deployment.shown_as(name))
                .collect(),
            presented: match act {
                Act::Exchange(exchange) => exchange
                    .present
                    .as_ref()
                    .and_then(|credential| surroundings.certificates.chain(credential).ok())
                    .and_then(|chain| chain.into_iter().next()),
                Act::Hello(_) | Act::Storage(_) => None,
            },
        },
        Outcome::Survived => Expect::Survived,
        Outcome::NoCanary => Expect::NoCanary,
        Outcome::NotOffered => Expect::NotOffered,
        Outcome::Offered => Expect::Offered,
        Outcome::NotForwarded => Expect::NotForwarded(forgery.values.clone()),
        Outcome::NotSmuggled => Expect::NotSmuggled,
        Outcome::RedirectsToFront => Expect::RedirectsTo(surroundings.setting.front_host.clone()),
        Outcome::Audited => Expect::Audited,
        Outcome::Holds => Expect::Holds,
        Outcome::OwnForwarded => Expect::OwnForwarded(own_forwarded(act, surroundings)?),
        Outcome::NoServerError => Expect::NoServerError,
        Outcome::IncompleteOrRefused => Expect::IncompleteOrRefused,
    })
}

/// What the identity headers behind the proxy are held against, for one exchange.
///
/// # Errors
/// The reason to skip: the deployment has no identity headers.
pub fn own_forwarded(act: &Act, surroundings: &Surroundings<'_>) -> Result<OwnForwarded, String> {
    let (dialect, names) = surroundings.dialect()?;
    let presented = match act {
        Act::Exchange(exchange) => exchange.present.as_ref(),
        Act::Hello(_) | Act::Storage(_) => None,
    };
    let chain = |credential: &String| surroundings.certificates.chain(credential);
    Ok(OwnForwarded {
        dialect: dialect.name().to_owned(),
        names: names.iter().map(|(role, name)| (role, name.to_owned())).collect(),
        presented: presented.map(chain).transpose()?,
        enrolled: surroundings
            .deployment
            .file
            .users
            .keys()
            .filter_map(|user| chain(user).ok())
            .collect(),
    })
}
