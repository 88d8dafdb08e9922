//! What exchanges of one attempt keep for those after them: cookies, tokens, tickets.

use std::collections::BTreeMap;

use attack_wire::tls::ticket::Ticket;

/// What was kept. Each attempt and each control has its own; nothing leaks from one scenario into another.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// Session cookies by user, `name=value`.
    pub sessions: BTreeMap<String, String>,
    /// CSRF token and its cookie, `name=value`.
    pub csrf: Option<(String, String)>,
    tickets: Vec<Ticket>,
}

impl State {
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
