//! Which of a scenario's mend texts fits the deployment at hand.

use crate::scenario::Claim;

/// The server that the text is for (`any` where none of the deployment's has its own), and the text.
pub fn mend<'a>(claim: &'a Claim, servers: &[String]) -> Option<(&'a str, &'a str)> {
    servers
        .iter()
        .map(String::as_str)
        .chain(["any"])
        .find_map(|server| claim.mend.get_key_value(server))
        .map(|(server, text)| (server.as_str(), text.as_str()))
}

#[cfg(test)]
mod tests {
    use super::super::samples::claim;
    use super::*;
    use crate::scenario::Severity;

    #[test]
    fn the_nearest_server_wins_and_any_is_the_last_resort() {
        let mut claim = claim("f/x", Severity::Low);
        claim.mend = [("any", "a"), ("nginx", "n"), ("django", "d")]
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .into();
        let servers = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(mend(&claim, &servers(&["nginx", "django"])), Some(("nginx", "n")));
        assert_eq!(
            mend(&claim, &servers(&["haproxy", "django"])),
            Some(("django", "d"))
        );
        assert_eq!(mend(&claim, &servers(&["haproxy"])), Some(("any", "a")));
    }
}
