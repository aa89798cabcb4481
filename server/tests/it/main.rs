//! Tests of the server as others meet it.

#![recursion_limit = "512"]
#![allow(clippy::unwrap_used, reason = "a test stops where something unexpected happens")]

mod content;
mod harness;
mod keeping;
mod kill_rig;
mod pages;
mod papers;
mod requests;
mod rooms;
mod simulation;
mod talk;
mod versions;

use std::io::Write as _;

/// How much was tried, for whoever reads the log: also where a test that passes is not heard, because `println!` is caught.
fn report(line: &str) {
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
}
