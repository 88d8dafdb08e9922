//! Header names that a loose reader takes for the proxy's.

use super::{HostileValue, Place};
use crate::dialect::{Header, RoleSpec};
use crate::spelling::Spelling;

/// The forged value under other names beside what the proxy sent. `is_sent`: the proxy sent the header too.
pub(super) fn spellings(
    place: &Place<'_>,
    spec: &RoleSpec,
    is_sent: bool,
    target: &[u8],
) -> Vec<HostileValue> {
    let mut found = Vec::new();
    let under = |name: &str| Header::new(name, target);
    let ways = [
        (
            "name-dot",
            place.name.replace('-', "."),
            "`.` and `-` are one in frameworks that map both to `_`",
        ),
        (
            "name-underscore",
            place.name.replace('-', "_"),
            "`_` and `-` are one in CGI-style environs",
        ),
        (
            "name-trailing-blank",
            format!("{} ", place.name),
            "a name is trimmed by servers that take a blank before the colon",
        ),
        (
            "name-in-environ",
            format!("HTTP_{}", place.name),
            "a client's header, which an app looks for under both names",
        ),
    ];
    for (word, name, why) in ways {
        if name != place.name {
            found.push(place.added(word, under(&name), why));
        }
    }
    if is_sent && !spec.default_name.contains('_') {
        let other = String::from_utf8_lossy(&Spelling::MixedCase.write(place.name, b"")).into_owned();
        let other = other.split(':').next().unwrap_or_default().to_owned();
        found.push(place.added(
            "name-other-case",
            under(&other),
            "names have no case: two lines of one header",
        ));
        found.push(place.added(
            "twice",
            under(place.name),
            "the last of two lines wins, or both are joined",
        ));
        let mut lines = vec![under(place.name)];
        lines.extend(place.proxys.iter().cloned());
        let why = "the first of two lines wins, or both are joined";
        found.push(place.hostile("twice-forged-first", lines, why));
    }
    found
}
