//! Hostile PKI: authorities, honest credentials, and credentials with exactly one fault, signed under the authority
//! that a deployment trusts.
//!
//! ```text
//! PkiSpec ─generate/under→ Pki ─credential("alice")→ honest twin
//!  (seed, now, names)       │  ─credential("expired")→ Fault.mint: parameters │ lying signer │ DER surgery
//!                           ├→ crls, crl_variants, crls_revoking; ocsp::Answer for a Request
//!                           └→ server, trust_anchors
//! ```
//!
//! The same seed, time and key pool give the same bytes. Nothing here verifies anything: that is the business of the
//! `certs-oracles` crate, since a generator must not judge itself.
//!
//! ```
//! use certs_gen::{Pki, PkiSpec};
//! let pki = Pki::generate(&PkiSpec::default())?;
//! let expired = pki.credential("expired-1-day")?;
//! assert_eq!(expired.twin, "alice");
//! # Ok::<(), certs_gen::PkiError>(())
//! ```

// In stage order: a module imports only from those before it (`fault` and `pki` know each other: a fault is minted
// from a PKI, which finds it in the table).
pub mod authority; // who signs
pub mod certificate; // the parameters of a certificate
pub mod credential; // chain and key
pub mod crl; // who is revoked
pub mod crl_set; // the sets of lists
pub mod der; // bytes
pub mod fault; // the faulty ones
pub mod hash; // digests, and derivation from the seed
pub mod honest; // the honest credentials
pub mod key; // key pairs
pub mod name; // distinguished and general names
pub mod ocsp; // requests and answers about single certificates
pub mod oid; // numbers
pub mod pki;
pub mod recipe; // certificates by recipe, for campaigns
pub mod signature; // signature algorithms
pub mod spec; // the inputs
pub mod folder; // all of it as files

pub use credential::Credential;
pub use crl::Crl;
pub use crl_set::{CRL_SETS, CrlSet, CrlSituation, Ruling, WITNESSES};
pub use fault::{Expected, FAULTS, Fault, Group, Strict};
pub use honest::{HONEST, Honest};
pub use key::{KeyAlgorithm, KeyError, KeyPair};
pub use pki::{Pki, Revocation, SERVERS, Target};
pub use recipe::{Recipe, RecipeError};
pub use spec::{CaFiles, PkiError, PkiSpec, UserSpec};
