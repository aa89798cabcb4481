//! Parameters of addresses, read into types that cannot be wrong.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::ags::Ags;

use crate::error::AppError;

/// The municipality that the address names.
///
/// # Errors
/// [`AppError::NotFound`] where it is not even formed like an AGS.
pub fn ags_param() -> Memo<Result<Ags, AppError>> {
    let params = use_params_map();
    Memo::new(move |_| {
        let text = params.read().get("ags").unwrap_or_default();
        Ags::new(&text).map_err(|_| AppError::NotFound)
    })
}

/// The municipality as a key of what is loaded for it.
pub fn key(ags: Memo<Result<Ags, AppError>>) -> String {
    ags.with(|ags| ags.as_ref().map(ToString::to_string).unwrap_or_default())
}

/// The secret that the address carries.
pub fn secret_param() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.read().get("secret").unwrap_or_default())
}
