//! Settings: environment variables `LEITNETZ_*`, each with a default that works on one machine.

use std::{env, net::SocketAddr, path::PathBuf};

use crate::failure::Failure;

/// Where the data lie if nothing else is said: a folder beside the working directory's files.
const DEFAULT_DATA_DIR: &str = "data";
/// Where the server listens if nothing else is said: this machine only.
const DEFAULT_ADDR: &str = "127.0.0.1:3000";

/// Everything that can be set.
#[derive(Clone, Debug)]
pub struct Config {
    /// `LEITNETZ_DATA`: folder of the embedded database and its lock.
    pub data_dir: PathBuf,
    /// `LEITNETZ_ADDR`: where to listen.
    pub addr: SocketAddr,
    /// `LEITNETZ_PUBLIC_URL`: how browsers reach the server.
    pub public_url: PublicUrl,
}

/// How browsers reach the server; decides the allowed Origin, the cookie's name and whether it is `Secure`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    /// Scheme and authority without a trailing slash, e.g. `https://leitnetz.example.org`.
    pub origin: String,
    /// Is the scheme https?
    pub secure: bool,
    /// Origins that count as this site. On loopback `127.0.0.1` and `localhost` are the same place.
    pub allowed_origins: Vec<String>,
}

impl Config {
    /// Reads the environment.
    ///
    /// # Errors
    /// [`Failure::Setting`] naming the variable.
    pub fn from_env() -> Result<Self, Failure> {
        let data_dir = env::var_os("LEITNETZ_DATA").map_or_else(|| PathBuf::from(DEFAULT_DATA_DIR), PathBuf::from);
        let addr_text = env::var("LEITNETZ_ADDR").unwrap_or_else(|_| DEFAULT_ADDR.to_owned());
        let addr = addr_text.parse().map_err(|_| Failure::Setting {
            name: "LEITNETZ_ADDR",
            value: addr_text,
            de: "erwartet wird etwas wie 127.0.0.1:3000",
            en: "something like 127.0.0.1:3000 is expected",
        })?;
        let public_url = match env::var("LEITNETZ_PUBLIC_URL") {
            Ok(text) => PublicUrl::parse(&text)?,
            Err(_) => PublicUrl::local(addr),
        };
        Ok(Self {
            data_dir,
            addr,
            public_url,
        })
    }
}

impl PublicUrl {
    /// Parses `https://host[:port]`.
    ///
    /// # Errors
    /// [`Failure::Setting`] for anything with a path, or another scheme than http and https.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let origin = text.trim().trim_end_matches('/').to_owned();
        let failure = || Failure::Setting {
            name: "LEITNETZ_PUBLIC_URL",
            value: text.to_owned(),
            de: "erwartet wird etwas wie https://leitnetz.example.org, ohne Pfad",
            en: "something like https://leitnetz.example.org is expected, without a path",
        };
        let (scheme, authority) = origin.split_once("://").ok_or_else(failure)?;
        if !matches!(scheme, "http" | "https") || authority.is_empty() || authority.contains(['/', '?', '#', '@', ' '])
        {
            return Err(failure());
        }
        let allowed_origins = match authority.rsplit_once(':') {
            Some(("127.0.0.1" | "localhost", port)) => {
                vec![
                    format!("{scheme}://127.0.0.1:{port}"),
                    format!("{scheme}://localhost:{port}"),
                ]
            }
            _ => vec![origin.clone()],
        };
        Ok(Self {
            secure: scheme == "https",
            allowed_origins,
            origin,
        })
    }

    /// The address on this machine.
    #[must_use]
    pub fn local(addr: SocketAddr) -> Self {
        let port = addr.port();
        Self {
            origin: format!("http://127.0.0.1:{port}"),
            secure: false,
            allowed_origins: vec![format!("http://127.0.0.1:{port}"), format!("http://localhost:{port}")],
        }
    }

    /// Name of the session cookie. `__Host-` makes browsers insist on `Secure`, the root path and no domain.
    #[must_use]
    pub fn cookie_name(&self) -> &'static str {
        if self.secure { "__Host-leitnetz" } else { "leitnetz" }
    }
}

#[cfg(test)]
mod tests {
    use super::PublicUrl;

    #[test]
    fn loopback_has_two_names_and_others_have_one() {
        let local = PublicUrl::parse("http://localhost:3000/").unwrap();
        assert_eq!(
            local.allowed_origins,
            ["http://127.0.0.1:3000", "http://localhost:3000"]
        );
        let public = PublicUrl::parse("https://leitnetz.example.org").unwrap();
        assert_eq!(public.allowed_origins, ["https://leitnetz.example.org"]);
        assert_eq!(public.cookie_name(), "__Host-leitnetz");
    }

    #[test]
    fn a_path_or_another_scheme_is_refused() {
        for text in [
            "https://example.org/pad",
            "ftp://example.org",
            "example.org",
            "https://",
            "https://a@b",
        ] {
            assert!(PublicUrl::parse(text).is_err(), "{text}");
        }
    }
}
