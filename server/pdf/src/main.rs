//! `leitnetz-pdf`: a `Paper` as JSON on standard input, its PDF on standard output.

use std::{
    io::{Read, Write},
    process::ExitCode,
};

/// Longest input, in bytes: several times the largest Leitbild that a room holds.
const INPUT_MAX_BYTES: u64 = 64 << 20;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("leitnetz-pdf: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let mut input = Vec::new();
    std::io::stdin().take(INPUT_MAX_BYTES).read_to_end(&mut input)?;
    let pdf = pdf::render(&serde_json::from_slice(&input)?)?;
    let mut output = std::io::stdout();
    output.write_all(&pdf)?;
    output.flush()?;
    Ok(())
}
