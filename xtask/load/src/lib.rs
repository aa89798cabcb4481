//! The load generator of `cargo xtask bench sync`: simulated browsers that type into a sync server and measure what
//! comes back.
//!
//! One thread drives all of them, and no browser keeps a Yjs document: a thousand documents would make the generator
//! slower than the servers it measures. A [`typist::Typist`] writes its updates by hand; whoever receives an update
//! only reads which ranges of clocks it holds ([`document::Document`]). An edit is one clock, so every edit counts as
//! delivered however a server merges updates on the way.
//!
//! The same messages go to every server; [`target::Kind`] knows what differs around them. One call of the binary
//! measures one scenario and prints one line of `name=value` pairs, which `cargo xtask bench sync` reads.

pub mod browser;
pub mod connection;
pub mod document;
pub mod histogram;
pub mod links;
pub mod meter;
pub mod process;
pub mod report;
pub mod restart;
pub mod scenario;
pub mod target;
pub mod typist;

/// Why a measurement could not be made: one sentence.
#[derive(Debug)]
pub struct Failure(pub String);

pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// For `map_err`: "what could not be done: why".
    pub fn because<E: std::fmt::Display>(what: impl std::fmt::Display) -> impl FnOnce(E) -> Self {
        move |error| Self(format!("{what}: {error}"))
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}
