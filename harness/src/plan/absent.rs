//! The request for an object that nobody has: the twin of a request for somebody else's (rule 8).
//!
//! The deployment file gives one route for each owner. What differs between two of them is the id; it is replaced by one of
//! the same kind that nobody was given.

use super::exchange::Exchange;
use super::names::Surroundings;
use super::request;
use crate::scenario::step::Step;

/// Marks the object's id in `exchange`, and gives the same request with an id that does not exist. `None` where the attack
/// is not about somebody else's object, or where no id can be seen.
pub(super) fn absent(
    step: &Step,
    exchange: &mut Exchange,
    nonce: String,
    surroundings: &Surroundings<'_>,
) -> Option<Exchange> {
    let word = step.request.as_ref()?.route.as_deref()?;
    let owner = request::route(word, surroundings).ok()?.owner?;
    if owner == exchange.user {
        return None;
    }
    let own_word = word.replace(&format!(".{owner}"), &format!(".{}", exchange.user));
    let path = |word: &str| {
        request::route(word, surroundings)
            .ok()
            .map(|route| route.file.path)
    };
    let (before, id, after) = object_id(&path(word)?, &path(&own_word)?)?;
    let stranger = stranger(&id, &nonce);
    let mut twin = exchange.clone();
    let target = String::from_utf8(exchange.request.target.clone()).ok()?;
    let at = target.find(&format!("{before}{id}{after}"))? + before.len();
    let (head, tail) = target.split_at_checked(at)?;
    let target = format!("{head}{stranger}{}", tail.get(id.len()..)?);
    twin.request.target = target.replace(&exchange.nonce, &nonce).into_bytes();
    twin.nonce = nonce;
    twin.object = Some(stranger);
    twin.look_at_tap = false;
    exchange.object = Some(id);
    Some(twin)
}

/// What differs between two paths, widened to whole words: the text before, the id, the text after.
fn object_id(foreign: &str, own: &str) -> Option<(String, String, String)> {
    let word = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    let start = foreign
        .char_indices()
        .zip(own.chars())
        .find(|((_, theirs), ours)| theirs != ours)
        .map_or_else(|| foreign.len().min(own.len()), |((at, _), _)| at);
    let head = foreign.get(..start)?.trim_end_matches(word);
    let rest = foreign.get(head.len()..)?;
    let id: String = rest.chars().take_while(|letter| word(*letter)).collect();
    let after = rest.get(id.len()..)?;
    (!id.is_empty() && foreign != own).then(|| (head.to_owned(), id, after.to_owned()))
}

/// An id of the same kind that nobody has: a number for a number, the shape of a UUID for a UUID, else a word.
fn stranger(id: &str, nonce: &str) -> String {
    let digits: String = nonce.bytes().map(|byte| char::from(b'0' + byte % 10)).collect();
    if id.bytes().all(|byte| byte.is_ascii_digit()) {
        let length = id.len().clamp(9, 18);
        return format!("9{}", digits.get(1..length).unwrap_or("99999999"));
    }
    let uuid = id.len() == 36 && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if uuid {
        let mut fresh = nonce.chars().filter(char::is_ascii_hexdigit).cycle();
        return id
            .chars()
            .map(|letter| {
                if letter == '-' {
                    '-'
                } else {
                    fresh.next().unwrap_or('f')
                }
            })
            .collect();
    }
    nonce.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_what_two_owners_routes_differ_in() {
        for (foreign, own, id) in [
            ("/accounts/bob", "/accounts/alice", "bob"),
            ("/accounts/bob/notes", "/accounts/alice/notes", "bob"),
            ("/accounts?owner=bob", "/accounts?owner=alice", "bob"),
            ("/orders/18", "/orders/17", "18"),
            ("/orders/1", "/orders/17", "1"),
        ] {
            assert_eq!(
                object_id(foreign, own).map(|found| found.1).as_deref(),
                Some(id),
                "{foreign}"
            );
        }
        assert_eq!(object_id("/me", "/me"), None);
    }

    #[test]
    fn a_stranger_is_of_the_same_kind() {
        assert_eq!(stranger("bob", "n0123456789abcdef"), "n0123456789abcdef");
        assert!(
            stranger("17", "n0123456789abcdef")
                .bytes()
                .all(|byte| byte.is_ascii_digit())
        );
        let uuid = stranger("0b8f4c1e-0000-4000-8000-000000000001", "n0123456789abcdef");
        assert_eq!((uuid.len(), uuid.matches('-').count()), (36, 4));
    }
}
