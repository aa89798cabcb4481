//! The readers of profile pages and tables of facts.
#![expect(
    clippy::expect_used,
    reason = "helpers of tests fail loudly, as the tests themselves do"
)]

mod demo;
mod facts;
mod generated;
mod invented_page;
mod odd_pages;
mod rows;
mod seeds;
