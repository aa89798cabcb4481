//! Tests of the server as others meet it.

#![recursion_limit = "512"]
#![allow(clippy::unwrap_used, reason = "a test stops where something unexpected happens")]

mod content;
mod harness;
mod keeping;
mod kill_rig;
mod pages;
mod papers;
mod rooms;
mod simulation;
mod talk;
mod versions;
