//! Free ports for the servers of a run.
//!
//! A port is free when it is chosen and is bound by its server a moment later. So they are taken from below those that the
//! system gives to outgoing connections, and in turn: no other run of this process is given the same one meanwhile.

use std::net::TcpListener;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use super::LaunchError;

/// Lowest port that is given.
const LOWEST: u16 = 10_240;
/// One above the highest: where Linux begins with outgoing connections (`net.ipv4.ip_local_port_range`).
const END: u16 = 32_768;

/// The port that is tried next.
static NEXT: Mutex<Option<u16>> = Mutex::new(None);

/// Free ports by name, as templates see them. The listeners hold them until the servers are started.
pub(super) fn free(names: &[String]) -> Result<(Map<String, Value>, Vec<TcpListener>), LaunchError> {
    let (mut ports, mut held) = (Map::new(), Vec::new());
    for name in names {
        let (port, listener) = one()?;
        ports.insert(name.replace('-', "_"), json!(port));
        held.push(listener);
    }
    Ok((ports, held))
}

fn one() -> Result<(u16, TcpListener), LaunchError> {
    let mut next = NEXT.lock().unwrap_or_else(PoisonError::into_inner);
    let mut last = None;
    for _ in LOWEST..END {
        let port = next.unwrap_or_else(beginning);
        *next = Some(if port + 1 < END { port + 1 } else { LOWEST });
        match TcpListener::bind(("127.0.0.1", port)) {
            Ok(listener) => return Ok((port, listener)),
            Err(error) => last = Some(error),
        }
    }
    let why = last.unwrap_or_else(|| std::io::ErrorKind::AddrInUse.into());
    Err(LaunchError::file("127.0.0.1:0")(why))
}

/// Somewhere in the range: two processes shall not walk through it side by side.
fn beginning() -> u16 {
    let nanos = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.subsec_nanos());
    let place = nanos
        .wrapping_mul(31)
        .wrapping_add(std::process::id().wrapping_mul(7919));
    let room = u32::from(END - LOWEST);
    LOWEST + u16::try_from(place % room).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_port_that_was_given_back_is_not_given_again() {
        let mut seen = BTreeSet::new();
        for _ in 0..50 {
            let (ports, held) =
                free(&["front".to_owned(), "app-two".to_owned()]).expect("there are free ones");
            for name in ["front", "app_two"] {
                let port = ports[name].as_u64().expect("a number");
                assert!((u64::from(LOWEST)..u64::from(END)).contains(&port), "{port}");
                assert!(seen.insert(port), "{port} twice");
            }
            drop(held);
        }
    }
}
