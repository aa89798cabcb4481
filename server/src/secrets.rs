//! Secrets of links and sessions: 128 random bits in the address or cookie, only their SHA-256 in the store.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::failure::Failure;

/// Letters and digits without those that are mistaken for one another when read aloud: 32 of them, five bits each.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// 26 characters of five bits hold 130 bits.
const SECRET_CHARS: usize = 26;

/// A fresh secret.
///
/// # Errors
/// When the operating system gives no randomness.
pub fn fresh() -> Result<String, Failure> {
    let mut bytes = [0_u8; SECRET_CHARS];
    getrandom::fill(&mut bytes).map_err(|error| Failure::Other(error.to_string()))?;
    Ok(bytes
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect())
}

/// What the store keeps of a secret. A fast hash is right here: the secret has 130 bits, so there is nothing to guess.
#[must_use]
pub fn hash(secret: &str) -> String {
    Sha256::digest(secret.as_bytes())
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
