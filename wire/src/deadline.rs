//! The moment by which an operation must be over.
//!
//! A timeout per read would let a server that drips one byte at a time hold us for ever; a point in time cannot be
//! stretched. Next: [`crate::address`].

use std::time::{Duration, Instant};

/// A point in time after which nothing waits any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(Instant);

impl Deadline {
    /// The deadline that ends `wait` from now.
    #[must_use]
    pub fn after(wait: Duration) -> Self {
        let now = Instant::now();
        // Thirty years stand in for a wait that the clock cannot add.
        Self(
            now.checked_add(wait)
                .unwrap_or_else(|| now + Duration::from_secs(30 * 365 * 86_400)),
        )
    }

    /// The deadline at `instant`.
    #[must_use]
    pub fn at(instant: Instant) -> Self {
        Self(instant)
    }

    /// The instant itself.
    #[must_use]
    pub fn instant(self) -> Instant {
        self.0
    }

    /// What is left, or `None` when it is over. Never `Some(0)`: sockets read a zero timeout as "wait for ever".
    #[must_use]
    pub fn remaining(self) -> Option<Duration> {
        self.0
            .checked_duration_since(Instant::now())
            .filter(|left| !left.is_zero())
    }

    /// True once the moment has passed.
    #[must_use]
    pub fn is_over(self) -> bool {
        self.remaining().is_none()
    }

    /// The earlier of this deadline and `wait` from now.
    #[must_use]
    pub fn sooner(self, wait: Duration) -> Self {
        self.min(Self::after(wait))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_past_deadline_has_nothing_left() {
        let past = Deadline::at(Instant::now());
        assert_eq!(past.remaining(), None);
        assert!(past.is_over());
    }

    #[test]
    fn sooner_never_extends() {
        let short = Deadline::after(Duration::from_millis(5));
        assert_eq!(short.sooner(Duration::from_secs(60)), short);
        assert!(
            Deadline::after(Duration::from_secs(60))
                .sooner(Duration::from_millis(5))
                .remaining()
                .unwrap()
                <= Duration::from_millis(5)
        );
    }

    #[test]
    fn a_huge_wait_is_not_a_panic() {
        assert!(!Deadline::after(Duration::MAX).is_over());
    }
}
