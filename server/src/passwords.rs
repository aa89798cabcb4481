//! The coordinator's password: Argon2id with the crate's defaults (OWASP's recommendation: 19 MiB, 2 passes).

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier, password_hash::SaltString};

use crate::failure::Failure;

/// Shortest password, in characters.
pub const MIN_CHARS: usize = 12;
/// Longest password, in characters; a bound on the work of hashing, not on memory for people.
pub const MAX_CHARS: usize = 200;

/// A hash in PHC form with a fresh salt. Takes some 20 ms of one core: call it off the async threads.
///
/// # Errors
/// When the operating system gives no randomness.
pub fn hash(password: &str) -> Result<String, Failure> {
    let other = |error: &dyn std::fmt::Display| Failure::Other(error.to_string());
    let mut salt = [0_u8; 16];
    getrandom::fill(&mut salt).map_err(|error| other(&error))?;
    let salt = SaltString::encode_b64(&salt).map_err(|error| other(&error))?;
    let hash = Argon2::default()
        .hash_password(password.as_bytes(), &salt)
        .map_err(|error| other(&error))?;
    Ok(hash.to_string())
}

/// Does the password belong to the hash? A hash that cannot be read belongs to no password.
#[must_use]
pub fn verify(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}
