//! What exchanges of one attempt keep for those after them: cookies, tokens, tickets.

use std::collections::BTreeMap;

use attack_wire::tls::ticket::Ticket;

use super::presentation::Issued;

/// What was kept. Each attempt and each control has its own; nothing leaks from one scenario into another.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// Session cookies by user, `name=value`.
    pub sessions: BTreeMap<String, String>,
    /// CSRF token and its cookie, `name=value`.
    pub csrf: Option<(String, String)>,
    tickets: Vec<Ticket>,
    /// The certificate that was issued for this attempt, where one was.
    pub(super) issued: Option<Issued>,
}

impl State {
    /// Forgets the certificate that was issued, so that the next exchange that presents one gets a new one.
    pub fn forget_issued(&mut self) {
        self.issued = None;
    }

    /// The last second of the certificate that was issued, Unix seconds.
    pub fn issued_until(&self) -> Option<i64> {
        self.issued.as_ref().map(|issued| issued.not_after)
    }

    /// Keeps tickets, the newest last.
    pub fn keep_tickets(&mut self, tickets: Vec<Ticket>) {
        self.tickets.extend(tickets);
    }

    /// A ticket that was not used yet, if one is left.
    pub fn ticket(&self) -> Option<Ticket> {
        self.tickets
            .iter()
            .rev()
            .find(|ticket| ticket.version().is_some())
            .cloned()
    }
}
