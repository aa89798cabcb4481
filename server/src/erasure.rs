//! Erasing what a person said, and who they are. What they wrote into the text stays in it, as nobody's.

use model::ags::Ags;
use store::StoreError;

use crate::{backend, site::Site};

/// Erases a participant's comments, suggestions and reasons, their name and their sector, and tells everybody in the room. Pages
/// call it under the lock that changes of threads take, so that nothing is said meanwhile.
///
/// # Errors
/// What the database says. Done again, it does what is left.
pub async fn erase(site: &Site, ags: &Ags, participant: &str) -> Result<(), StoreError> {
    let erased = site
        .store()
        .erase_participant(ags, participant, backend::now_ms())
        .await?;
    for thread in erased {
        backend::tell_thread(site, ags, thread).await?;
    }
    Ok(())
}
