use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::{
    error::AppError,
    packed::{CompactOutput, Packed},
    views::NetworkPage,
};

/// All members of the network, with the map.
///
/// # Errors
/// See [`AppError`].
#[server(name = ListNetwork, prefix = "/api", endpoint = "list_network", client = super::Caller, input = GetUrl, output = CompactOutput)]
pub async fn list_network() -> Result<Packed<NetworkPage>, AppError> {
    use crate::backend::{backend, packed};

    packed(backend()?.network().await)
}
