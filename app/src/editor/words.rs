//! What rows are called, for labels and announcements.

use leptos_i18n::I18nContext;
use model::{
    doc::{BlockKind, List, RootText},
    leitbild::roman,
};

use super::layout::{RowKey, Spot};
use crate::i18n::{Locale, t_string};

/// E.g. "Leitlinie II, Punkt 3".
pub(super) fn name(i18n: I18nContext<Locale>, key: &RowKey, spot: Option<&Spot>) -> String {
    match (key, spot) {
        (RowKey::Root(RootText::Title), _) => t_string!(i18n, editor.title).to_owned(),
        (RowKey::Root(RootText::Motto), _) => t_string!(i18n, editor.motto).to_owned(),
        (RowKey::Root(RootText::Closing), _) => t_string!(i18n, editor.closing).to_owned(),
        (_, Some(spot)) => spot_name(i18n, spot),
        _ => String::new(),
    }
}

/// What an empty field asks for.
pub(super) fn hint(i18n: I18nContext<Locale>, key: &RowKey, spot: Option<&Spot>) -> &'static str {
    match (key, spot.map(|spot| &spot.kind)) {
        (RowKey::Root(RootText::Title), _) => t_string!(i18n, editor.title_hint),
        (RowKey::Root(RootText::Motto), _) => t_string!(i18n, editor.motto_hint),
        (RowKey::Root(RootText::Closing), _) => t_string!(i18n, editor.closing_hint),
        (_, Some(BlockKind::Paragraph)) => t_string!(i18n, editor.paragraph_hint),
        (_, Some(BlockKind::Guideline)) => t_string!(i18n, editor.guideline_hint),
        (_, Some(BlockKind::Point)) => t_string!(i18n, editor.point_hint),
        _ => "",
    }
}

fn spot_name(i18n: I18nContext<Locale>, spot: &Spot) -> String {
    let number = (spot.index + 1).to_string();
    let guideline = spot.guideline.map(roman).unwrap_or_default();
    match &spot.list {
        List::Preamble => t_string!(i18n, editor.paragraph, number = number).to_string(),
        List::Guidelines => t_string!(i18n, editor.guideline, number = guideline).to_string(),
        List::Points(_) => t_string!(i18n, editor.point, guideline = guideline, number = number).to_string(),
        List::IdeasOf(_) => t_string!(i18n, editor.idea, guideline = guideline, number = number).to_string(),
        List::Ideas => t_string!(i18n, editor.loose_idea, number = number).to_string(),
        List::Loose | List::Bin => t_string!(i18n, editor.loose_block, number = number).to_string(),
    }
}
