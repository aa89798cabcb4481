//! What the server does by itself while it runs: thinning out old history.

use model::limits;
use tokio::time::{MissedTickBehavior, interval};

use crate::site::Site;

/// Goes through all municipalities, one after the other, every [`limits::COMPACT_EVERY`]; never ends.
pub async fn keep_house(site: Site) {
    let mut rounds = interval(limits::COMPACT_EVERY);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first tick comes at once: a start has other things to do.
    rounds.tick().await;
    loop {
        rounds.tick().await;
        compact_all(&site).await;
    }
}

/// Thins out the history of every municipality.
pub async fn compact_all(site: &Site) {
    let members = match site.store().members().await {
        Ok(members) => members,
        Err(error) => {
            tracing::warn!(error = %error, "The municipalities could not be listed for thinning out their history.");
            return;
        }
    };
    for ags in members.into_iter().map(|member| member.municipality.ags) {
        match site.rooms().compact(&ags).await {
            Ok(done) if done.before > done.after => tracing::info!(
                room.ags = %ags, rows.before = done.before, rows.after = done.after, "Old history was thinned out."
            ),
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(room.ags = %ags, error = %error, "Old history could not be thinned out.");
            }
        }
    }
}
