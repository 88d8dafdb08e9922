//! A bound on the processor time of one input, generous enough never to fail by chance, and on its stack.
//!
//! The thread's own processor time counts, so that a busy machine cannot fail a check. What is merely quadratic with a small
//! factor stays below at the sizes of a fuzzer; `tests/scaling.rs` compares sizes for that. Next: [`crate::input`].

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::finding;

/// Shorter inputs are not measured: no work on them is long, and asking the clock costs more than most of them.
const MEASURED_FROM: usize = 4096;
/// What any input may cost, even with a sanitizer in a debug build.
const ALWAYS: Duration = Duration::from_millis(500);
/// What each byte may cost on top.
const EACH_BYTE: Duration = Duration::from_micros(20);

/// The stack for longer inputs, in bytes: what Rust gives a thread, as in a server. A reader that calls itself for every level
/// of nesting overflows it within a few thousand levels. x509-parser, which stops at 50, needs a mebibyte in a debug build.
const STACK: usize = 2 * 1024 * 1024;

/// Does `work` on an input of `length` bytes and asserts that it took linear time, and a stack that does not grow with the
/// nesting of the input: it gets one of `STACK`.
pub fn linear<T: Send>(length: usize, work: impl FnOnce() -> T + Send) -> T {
    if length < MEASURED_FROM {
        return work();
    }
    let measured = || {
        let before = spent();
        let result = work();
        (result, spent().saturating_sub(before))
    };
    let (result, cost) = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        match thread.spawn_scoped(scope, measured).map(|running| running.join()) {
            Ok(Ok(done)) => done,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => finding(&format!("no thread for a measured input: {error}")),
        }
    });
    let allowed = ALWAYS + EACH_BYTE.saturating_mul(u32::try_from(length).unwrap_or(u32::MAX));
    assert!(
        cost <= allowed,
        "{length} bytes took {cost:?} of processor time, more than {allowed:?}: the work is not linear"
    );
    result
}

/// The processor time that this thread has used.
#[must_use]
pub fn spent() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let part = |number: i64| u64::try_from(number).unwrap_or(0);
    Duration::from_secs(part(time.tv_sec)) + Duration::from_nanos(part(time.tv_nsec))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_linear_work_passes() {
        assert_eq!(linear(10, || 1), 1);
        let bytes = vec![1_u8; 1 << 16];
        assert_eq!(
            linear(bytes.len(), || bytes
                .iter()
                .map(|byte| usize::from(*byte))
                .sum::<usize>()),
            1 << 16
        );
    }

    #[test]
    #[should_panic(expected = "the work is not linear")]
    fn endless_work_is_caught() {
        linear(MEASURED_FROM, || {
            let start = spent();
            while spent().saturating_sub(start) < ALWAYS * 2 {}
        });
    }
}
