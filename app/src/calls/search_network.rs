use leptos::prelude::*;
use model::ags::Ags;

use crate::{error::AppError, views::NetworkPoint};

/// How other places put it. A POST although it changes nothing: words of a draft do not belong into an address.
///
/// # Errors
/// See [`AppError`].
#[server(name = SearchNetwork, prefix = "/api", endpoint = "search_network", client = super::Caller)]
pub async fn search_network(ags: Ags, text: String) -> Result<Vec<NetworkPoint>, AppError> {
    use crate::backend::{answered, backend, visitor};

    answered(backend()?.network_points(&visitor(), &ags, &text).await)
}
