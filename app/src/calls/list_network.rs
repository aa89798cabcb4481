use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::{error::AppError, views::NetworkPage};

/// All members of the network, with the map.
///
/// # Errors
/// See [`AppError`].
#[server(name = ListNetwork, prefix = "/api", endpoint = "list_network", input = GetUrl)]
pub async fn list_network() -> Result<NetworkPage, AppError> {
    use crate::backend::{answered, backend};

    answered(backend()?.network().await)
}
