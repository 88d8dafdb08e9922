//! Looks for the openssl program, so that tests against it are counted as skipped where it is missing.

use std::process::Command;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(no_openssl)");
    // A file that is not there counts as changed: once it is installed, the tests run.
    println!("cargo::rerun-if-changed=/usr/bin/openssl");
    println!("cargo::rerun-if-env-changed=PATH");
    if !Command::new("openssl")
        .arg("version")
        .output()
        .is_ok_and(|output| output.status.success())
    {
        println!("cargo::rustc-cfg=no_openssl");
    }
}
