//! Asking whoever started this program to restart the server under test.

use std::io::Write as _;

use crate::{Failure, Result};

/// What is printed when the server is to be killed and started again, on the same address with the same data.
pub const REQUEST: &str = "restart";

/// Waits until the server listens again; answers with its new process id, which comes on the standard input.
///
/// # Errors
/// When nobody answers with one.
pub fn ask() -> Result<u32> {
    println!("{REQUEST}");
    std::io::stdout().flush().map_err(Failure::because("no output"))?;
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .map_err(Failure::because("no answer"))?;
    line.trim()
        .parse()
        .map_err(Failure::because("the answer is no process id"))
}
