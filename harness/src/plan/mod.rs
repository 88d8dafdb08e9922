//! Plans: what exactly will be sent, and which honest exchanges bracket it.
//!
//! Pure: a scenario, a deployment's facts, a seed and the names under which the deployment is reached go in; concrete
//! exchanges come out. The same seed gives the same plan, byte for byte. Controls are added here and not in the files, so
//! that no scenario can forget them. Next stage: `attack`.

mod absent;
mod bracket;
pub mod canary;
mod compose;
pub mod control;
mod credential;
pub mod exchange;
pub mod expand;
pub mod forgery;
pub mod hello;
pub mod names;
pub mod path;
pub mod request;
pub mod resolve;
pub mod smuggling;
pub mod state;
pub mod text;
mod variety;

pub use control::{ControlPlan, Demand};
pub use exchange::{Act, Exchange, FieldLine, HelloPlan, RequestPlan};
pub use expand::{Attempt, Planned, plan};
pub use names::{Certificates, Setting, Surroundings};
pub use state::StateChange;

use crate::scenario::vocabulary::HttpVersion;

/// What must come of an attempt, resolved: the words of the file with the deployment's names put in.
#[derive(Debug, Clone, PartialEq)]
pub enum Expect {
    /// Never the protected content.
    Refused,
    /// Never, and told by nothing from an object that does not exist.
    RefusedAsAbsent,
    /// Nobody listens.
    Closed,
    /// The protected content, as this identity.
    Granted(Identity),
    /// The protected content as this identity, or a refusal.
    GrantedOrRefused(Identity),
    /// Any identity but those of enrolled users, or a refusal.
    OwnOrRefused {
        /// What the app shows for enrolled users.
        enrolled: Vec<String>,
        /// Subject of the presented certificate, to compare with what the tap saw.
        presented: Option<Vec<u8>>,
    },
    /// An answer of any kind; the controls afterwards are the judgement.
    Survived,
    /// No planted secret is found.
    NoCanary,
    /// The raw hello is not taken.
    NotOffered,
    /// The raw hello is taken.
    Offered,
    /// No forged value reaches the app, as the tap saw it.
    NotForwarded(Vec<Vec<u8>>),
    /// No hidden request reaches the app as one of its own.
    NotSmuggled,
    /// A redirect to https on this host.
    RedirectsTo(String),
    /// A log line tells of the refusal.
    Audited,
    /// The property of files holds.
    Holds,
    /// No identity but the presented certificate's reaches the app, as the tap saw it.
    OwnForwarded(OwnForwarded),
    /// Any answer but that of a server which failed.
    NoServerError,
    /// No success that looks whole.
    IncompleteOrRefused,
    /// A rule about a response header.
    Header(crate::scenario::expectation::HeaderRule),
    /// A rule about cookies, with the session cookie's name.
    Cookie(crate::scenario::expectation::CookieRule, Option<String>),
}

/// What the identity headers behind the proxy are held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnForwarded {
    /// The dialect's name.
    pub dialect: String,
    /// The deployment's header names, by role.
    pub names: Vec<(client_identity::dialect::Role, String)>,
    /// The presented chain, DER, leaf first; `None` where no certificate is presented.
    pub presented: Option<Vec<Vec<u8>>>,
    /// The chains of all enrolled users.
    pub enrolled: Vec<Vec<Vec<u8>>>,
}

/// Whom the app must have seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// Nobody: a grant that names no user.
    Anonymous,
    /// Whoever it is: the app shows no identity.
    Unshown,
    /// This user, as the app shows it.
    User(String),
}

impl std::fmt::Display for Identity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Anonymous => formatter.write_str("nobody"),
            Self::Unshown => formatter.write_str("whoever it is"),
            Self::User(name) => formatter.write_str(name),
        }
    }
}

impl std::fmt::Display for Expect {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused => formatter.write_str("refused"),
            Self::RefusedAsAbsent => formatter.write_str("refused, as an object that does not exist"),
            Self::Closed => formatter.write_str("nobody listens there"),
            Self::Granted(identity) => write!(formatter, "granted as {identity}"),
            Self::GrantedOrRefused(identity) => write!(formatter, "granted as {identity}, or refused"),
            Self::OwnOrRefused { .. } => formatter.write_str("granted as nobody who is enrolled, or refused"),
            Self::Survived => formatter.write_str("any answer, and the server alive afterwards"),
            Self::NoCanary => formatter.write_str("the planted secret is nowhere"),
            Self::NotOffered => formatter.write_str("the hello is refused"),
            Self::Offered => formatter.write_str("the hello is taken"),
            Self::NotForwarded(_) => formatter.write_str("no forged value reaches the app"),
            Self::NotSmuggled => formatter.write_str("no hidden request reaches the app as its own"),
            Self::RedirectsTo(host) => write!(formatter, "a redirect to https://{host}"),
            Self::Audited => formatter.write_str("refused, and a log line says so"),
            Self::Holds => formatter.write_str("the property holds"),
            Self::OwnForwarded(_) => formatter.write_str("no other identity reaches the app"),
            Self::NoServerError => formatter.write_str("no server fails"),
            Self::IncompleteOrRefused => formatter.write_str("refused, or an answer that is seen to be cut"),
            Self::Header(rule) => write!(formatter, "a proper {} header", rule.name),
            Self::Cookie(..) => formatter.write_str("cookies with all their guards"),
        }
    }
}

/// The ALPN names that go with an HTTP version.
pub fn alpn_of(http: HttpVersion) -> Vec<Vec<u8>> {
    match http {
        HttpVersion::Http10 | HttpVersion::Http11 => vec![b"http/1.1".to_vec()],
        HttpVersion::Http2 => vec![b"h2".to_vec()],
    }
}
