//! Ctrl-C and friends: the first ends the run in good order, the second ends everything at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use mtls_gauntlet::launch::registry;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// A flag that the first INT, TERM or HUP sets; the second stops all launched servers and ends the program.
///
/// # Errors
/// Where the system refuses the handlers or a thread.
pub(super) fn flag() -> std::io::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    let flag = stop.clone();
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            for signal in signals.forever() {
                if flag.swap(true, Ordering::Relaxed) {
                    registry::stop_all();
                    std::process::exit(128 + signal);
                }
            }
        })?;
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        hook(panic);
        // Only the main thread's panic ends the program; a worker's is joined and passed on to it.
        if std::thread::current().name() == Some("main") {
            registry::stop_all();
        }
    }));
    Ok(stop)
}
