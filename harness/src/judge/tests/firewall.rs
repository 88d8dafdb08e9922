//! A backend that a firewall is said to close.

use super::*;

#[test]
fn a_firewall_must_close_what_it_is_said_to_close() {
    let silent = Observation::new(Layer::Tcp, Outcome::Timeout);
    let refusing = answered(403, &[]);
    let act = to_backend(true);
    assert_eq!(said_of(&act, &Expect::Refused, &silent, None), VerdictKind::Pass);
    assert_eq!(
        said_of(&act, &Expect::Refused, &refusing, None),
        VerdictKind::Fail
    );
    let act = to_backend(false);
    assert_eq!(
        said_of(&act, &Expect::Refused, &silent, None),
        VerdictKind::Inconclusive
    );
    assert_eq!(
        said_of(&act, &Expect::Refused, &refusing, None),
        VerdictKind::Pass
    );
    assert_eq!(said_of(&act, &Expect::Closed, &refusing, None), VerdictKind::Fail);
    assert_eq!(said_of(&act, &Expect::Closed, &silent, None), VerdictKind::Pass);
}
