//! The ClientHello, with the secrets behind it and the early data that goes out with it.

use aws_lc_rs::rand;

use super::guard::Guard;
use super::link::{APPLICATION_DATA, HANDSHAKE, seal};
use super::message::{
    ALPN, CLIENT_HELLO, EARLY_DATA, EXTENDED_MASTER_SECRET, Extensions, KEY_SHARE, POINT_FORMATS,
    POST_HANDSHAKE_AUTH, PRE_SHARED_KEY, PSK_MODES, RENEGOTIATION_INFO, SERVER_NAME, SESSION_TICKET,
    SIGNATURE_ALGORITHMS, SUPPORTED_GROUPS, SUPPORTED_VERSIONS, code_list, extensions, message,
};
use super::plan::RoguePlan;
use super::schedule::{Schedule, finished};
use super::server;
use super::suite::{Exchange, GROUPS, SUITES, Share, Suite, suite};
use super::ticket::{Kept, Kept12, Kept13};
use crate::tls::client::{PlanError, Versions};
use crate::tls::encoding::{vector8, vector16};

/// How much early data goes into one record.
const PIECE: usize = 16_384;

/// A ClientHello that is ready to be sent, once or often.
#[derive(Debug)]
pub(super) struct Offer {
    /// The handshake message.
    pub(super) message: Vec<u8>,
    pub(super) random: [u8; 32],
    pub(super) session_id: Vec<u8>,
    pub(super) suites: Vec<Suite>,
    pub(super) shares: Vec<Share>,
    /// The records of the hello and of the early data.
    pub(super) first_flight: Vec<u8>,
    /// The early data's keys and how many records they have protected.
    pub(super) early: Option<Early>,
}

/// Early data that goes out with the hello.
#[derive(Debug)]
pub(super) struct Early {
    suite: Suite,
    secret: Vec<u8>,
    records: u64,
    /// Bytes of plaintext.
    pub(super) length: usize,
}

impl Early {
    /// The keys for what follows the early data.
    pub(super) fn guard(&self) -> Option<Guard> {
        Guard::tls13(self.suite, &self.secret).map(|guard| guard.after(self.records))
    }
}

impl Offer {
    /// The hello of a fresh connection.
    pub(super) fn new(plan: &RoguePlan) -> Result<Self, PlanError> {
        let binding = plan.secure_renegotiation.then(Vec::new);
        let mut offer = Self::draft(
            plan,
            plan.tls.versions,
            binding,
            plan.resume.as_ref().map(|ticket| &*ticket.0),
        )?;
        // The record version is TLS 1.0, since old servers want it so (RFC 8446 section 5.1).
        offer.first_flight = framed(&offer.message, [3, 1]);
        if let (Some(bytes), Some(Kept::Tls13(kept))) =
            (&plan.early_data, plan.resume.as_ref().map(|ticket| &*ticket.0))
        {
            let limit = usize::try_from(early_limit(plan))
                .unwrap_or(usize::MAX)
                .min(bytes.len());
            if limit > 0 {
                offer.add_early_data(kept, bytes.get(..limit).unwrap_or(bytes))?;
            }
        }
        Ok(offer)
    }

    /// The hello of a renegotiation, TLS 1.2 only; `binding` is the content of renegotiation_info.
    pub(super) fn again(plan: &RoguePlan, binding: Option<Vec<u8>>) -> Result<Self, PlanError> {
        Self::draft(plan, Versions::Tls12, binding, None)
    }

    fn draft(
        plan: &RoguePlan,
        versions: Versions,
        binding: Option<Vec<u8>>,
        resume: Option<&Kept>,
    ) -> Result<Self, PlanError> {
        let suites = suites(plan, versions)?;
        let groups = groups(plan)?;
        let mut random = [0; 32];
        let mut session_id = Vec::new();
        rand::fill(&mut random).map_err(|_| no_randomness())?;
        let kept12 = match resume {
            Some(Kept::Tls12(kept)) => Some(kept),
            Some(Kept::Tls13(_)) | None => None,
        };
        if let Some(kept) = kept12 {
            // A server that takes a ticket says so by echoing the id, whatever it is (RFC 5077 section 3.4).
            session_id = if kept.session_id.is_empty() {
                random.to_vec()
            } else {
                kept.session_id.clone()
            };
        }
        let mut shares = Vec::new();
        if versions != Versions::Tls12 {
            for group in &groups {
                shares.push(Share::fresh(*group).ok_or_else(no_randomness)?);
            }
        }
        let mut list = common_extensions(plan, versions, &groups, &shares, kept12);
        if let Some(binding) = binding
            && versions != Versions::Tls13
        {
            list.push((RENEGOTIATION_INFO, vector8(&binding)));
        }
        let codes: Vec<u16> = suites.iter().map(|suite| suite.code).collect();
        let head = [
            &[3, 3],
            &random[..],
            &vector8(&session_id),
            &code_list(&codes),
            &vector8(&[0]),
        ]
        .concat();
        let message = match resume {
            Some(Kept::Tls13(kept)) => {
                if !suites
                    .iter()
                    .any(|suite| suite.hash == kept.suite.hash && suite.exchange == Exchange::Tls13)
                {
                    return Err(PlanError::Unsupported("a ticket whose suite is not offered"));
                }
                if early_limit(plan) > 0 && plan.early_data.as_ref().is_some_and(|data| !data.is_empty()) {
                    list.push((EARLY_DATA, Vec::new()));
                }
                with_binder(&head, list, kept)
            }
            Some(Kept::Tls12(_)) | None => message(CLIENT_HELLO, &[head, extensions(&list)].concat()),
        };
        Ok(Self {
            message,
            random,
            session_id,
            suites,
            shares,
            first_flight: Vec::new(),
            early: None,
        })
    }

    fn add_early_data(&mut self, kept: &Kept13, bytes: &[u8]) -> Result<(), PlanError> {
        let secret = Schedule::early(kept.suite.hash, Some(&kept.psk)).derive("c e traffic", &self.message);
        let mut guard = Guard::tls13(kept.suite, &secret);
        let mut records = 0;
        for piece in bytes.chunks(PIECE) {
            let record = seal(guard.as_mut(), APPLICATION_DATA, piece)
                .ok_or(PlanError::Unsupported("early data under this suite"))?;
            self.first_flight.extend(record);
            records += 1;
        }
        self.early = Some(Early {
            suite: kept.suite,
            secret,
            records,
            length: bytes.len(),
        });
        Ok(())
    }

    pub(super) fn share(&self, group: u16) -> Option<&Share> {
        self.shares.iter().find(|share| share.group == group)
    }
}

fn no_randomness() -> PlanError {
    PlanError::Library("no randomness".to_owned())
}

/// What the ticket allows.
fn early_limit(plan: &RoguePlan) -> u32 {
    plan.resume
        .as_ref()
        .map_or(0, super::ticket::RogueTicket::early_data_limit)
}

/// The suites of the plan that a version has. Static RSA is offered only when it is named.
fn suites(plan: &RoguePlan, versions: Versions) -> Result<Vec<Suite>, PlanError> {
    let mut chosen: Vec<Suite> = match &plan.tls.suites {
        None => SUITES
            .into_iter()
            .filter(|suite| suite.exchange != Exchange::Rsa)
            .collect(),
        Some(codes) => codes
            .iter()
            .map(|code| suite(*code).ok_or(PlanError::UnknownSuite(*code)))
            .collect::<Result<_, _>>()?,
    };
    chosen.retain(|suite| match versions {
        Versions::Tls12 => suite.exchange != Exchange::Tls13,
        Versions::Tls13 => suite.exchange == Exchange::Tls13,
        Versions::Both => true,
    });
    if chosen.is_empty() {
        return Err(PlanError::Unsupported("a version for which no suite is offered"));
    }
    Ok(chosen)
}

fn groups(plan: &RoguePlan) -> Result<Vec<u16>, PlanError> {
    match &plan.tls.groups {
        None => Ok(GROUPS.to_vec()),
        Some(codes) => match codes.iter().find(|code| !GROUPS.contains(code)) {
            Some(unknown) => Err(PlanError::UnknownGroup(*unknown)),
            None => Ok(codes.clone()),
        },
    }
}

fn common_extensions(
    plan: &RoguePlan,
    versions: Versions,
    groups: &[u16],
    shares: &[Share],
    kept12: Option<&Kept12>,
) -> Extensions {
    let mut list = Vec::new();
    if let Some(name) = &plan.tls.server_name {
        list.push((
            SERVER_NAME,
            vector16(&[&[0], vector16(name.as_bytes()).as_slice()].concat()),
        ));
    }
    list.push((SUPPORTED_GROUPS, code_list(groups)));
    list.push((SIGNATURE_ALGORITHMS, code_list(&server::schemes())));
    if !plan.tls.alpn.is_empty() {
        let names: Vec<u8> = plan.tls.alpn.iter().flat_map(|name| vector8(name)).collect();
        list.push((ALPN, vector16(&names)));
    }
    if versions != Versions::Tls13 {
        list.push((POINT_FORMATS, vector8(&[0])));
        // A session that was made with the extension is resumed only with it (RFC 7627 section 5.3).
        if kept12.map_or(plan.extended_master_secret, |kept| kept.extended_master_secret) {
            list.push((EXTENDED_MASTER_SECRET, Vec::new()));
        }
        if plan.sessions || kept12.is_some() {
            list.push((
                SESSION_TICKET,
                kept12.map(|kept| kept.ticket.clone()).unwrap_or_default(),
            ));
        }
    }
    if versions != Versions::Tls12 {
        let offered: &[u8] = if versions == Versions::Both {
            &[3, 4, 3, 3]
        } else {
            &[3, 4]
        };
        list.push((SUPPORTED_VERSIONS, vector8(offered)));
        // psk_dhe_ke; without this extension no ticket is issued (RFC 8446 section 4.2.9).
        if plan.sessions || plan.resume.is_some() {
            list.push((PSK_MODES, vector8(&[1])));
        }
        let shares: Vec<u8> = shares
            .iter()
            .flat_map(|share| [&share.group.to_be_bytes()[..], &vector16(&share.public)].concat())
            .collect();
        list.push((KEY_SHARE, vector16(&shares)));
        if plan.post_handshake.is_some() {
            list.push((POST_HANDSHAKE_AUTH, Vec::new()));
        }
    }
    list
}

/// The hello that offers a pre-shared key: its last extension holds a MAC over everything before that MAC (RFC 8446
/// section 4.2.11.2).
fn with_binder(head: &[u8], mut list: Extensions, kept: &Kept13) -> Vec<u8> {
    let hash = kept.suite.hash;
    let identity = [
        vector16(&kept.ticket),
        kept.obfuscated_age().to_be_bytes().to_vec(),
    ]
    .concat();
    let binders = |binder: &[u8]| vector16(&vector8(binder));
    let blank = binders(&vec![0; hash.len()]);
    list.push((PRE_SHARED_KEY, [vector16(&identity), blank.clone()].concat()));
    let mut hello = message(CLIENT_HELLO, &[head, &extensions(&list)].concat());
    hello.truncate(hello.len() - blank.len());
    let key = Schedule::early(hash, Some(&kept.psk)).derive("res binder", &[]);
    let binder = finished(hash, &key, &hello);
    hello.extend(binders(&binder));
    hello
}

/// Records in the clear.
fn framed(message: &[u8], version: [u8; 2]) -> Vec<u8> {
    message
        .chunks(PIECE)
        .flat_map(|piece| [&[HANDSHAKE][..], &version, &vector16(piece)].concat())
        .collect()
}
