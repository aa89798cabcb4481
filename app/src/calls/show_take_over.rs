use leptos::{prelude::*, server_fn::codec::GetUrl};
use model::ags::Ags;

use crate::{
    error::AppError,
    packed::{CompactOutput, Packed},
    views::TakeOverPage,
};

/// The page that takes over an existing text; with what was recognised when it answers a form.
///
/// # Errors
/// See [`AppError`].
#[server(name = ShowTakeOver, prefix = "/api", endpoint = "show_take_over", client = super::Caller, input = GetUrl, output = CompactOutput)]
pub async fn show_take_over(ags: Ags) -> Result<Packed<TakeOverPage>, AppError> {
    use crate::backend::{answered, backend, taking_over, visitor};

    let mut page = answered(backend()?.take_over_page(&visitor(), &ags).await)?;
    if let Some(taking) = taking_over() {
        page.error = taking.error.clone();
        page.recognised = taking.recognised.clone();
        page.pasted = taking.pasted.clone();
    }
    Packed::new(&page)
}
