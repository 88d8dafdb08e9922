//! Who a step is, and whether the deployment can be shown that credential at all.

use super::compose::needs;
use super::names::Surroundings;
use super::state::SHORT_LIVED;
use crate::deployment::file::Mapping;
use crate::scenario::step::Step;
use crate::scenario::vocabulary::Need;

/// The user of a step, and the credential that it presents.
///
/// # Errors
/// The reason to skip.
pub(super) fn who(step: &Step, surroundings: &Surroundings<'_>) -> Result<(String, Option<String>), String> {
    let user = step.user.clone().unwrap_or_else(|| "alice".to_owned());
    if surroundings.deployment.user(&user).is_none() {
        return Err(format!("needs [users.{user}]"));
    }
    match step.present.as_deref() {
        None => Ok((user.clone(), Some(user))),
        Some("none") => Ok((user, None)),
        Some(SHORT_LIVED) => {
            needs(Need::Mint, surroundings)?;
            known_to_the_app(surroundings)?;
            Ok((user, Some(SHORT_LIVED.to_owned())))
        }
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
