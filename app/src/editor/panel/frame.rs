//! The panel itself: whose it is, its tabs, and what closes it.

use leptos::{ev::KeyboardEvent, html, prelude::*};
use model::doc::FieldId;
use wasm_bindgen::JsCast;

use super::{authors, network, phases, plain, state::Panel, tab::Tab};
use crate::{
    editor::{
        field::Caret,
        layout::RowKey,
        live::{Editor, field_of},
        talk,
    },
    i18n::t_string,
    lean::{list, view},
};

/// Narrower than this it is a sheet over the text; as in `style/editor-panel.css`.
const SHEET: &str = "(max-width: 67.99rem)";

pub(super) fn frame() -> AnyView {
    let Some(editor) = use_context::<Editor>() else {
        return ().into_any();
    };
    let (i18n, panel) = (editor.i18n, editor.panel());
    let open = Memo::new(move |_| panel.open.get());
    let field = Memo::new(move |before: Option<&FieldId>| {
        let now = open.with(|open| open.as_ref().map(|open| open.field.clone()));
        now.or_else(|| before.cloned())
            .unwrap_or(FieldId::Root(model::doc::RootText::Title))
    });
    let tab = Memo::new(move |before: Option<&Tab>| {
        let now = open.with(|open| open.as_ref().map(|open| open.tab));
        let tab = now.or(before.copied()).unwrap_or(Tab::Plain);
        if tab.is_there(editor.shown.may_change()) {
            tab
        } else {
            Tab::Comments
        }
    });
    let name = Memo::new(move |_| editor.shown.view.with(|view| editor.field_name(view, &field.get())));
    let aside = NodeRef::<html::Aside>::new();
    aside.on_load(move |_| {
        focus_tab(aside);
        if is_sheet() {
            show_row(&field.get_untracked());
        }
    });
    Effect::new(move |_| {
        if let Some(key) = editor.focused.get() {
            untrack(|| follow(editor, panel, &key));
        }
    });
    let close = move || {
        let field = field.get_untracked();
        panel.open.set(None);
        if editor.with_slot(&field, |_| ()).is_none() {
            // Where blocks are no fields, back to the way that led here.
            return focus_within(document().body(), &format!("[data-way='{field}']"));
        }
        editor.focus(field, Caret::Keep);
    };
    let pressed = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.is_composing() {
            event.stop_propagation();
            close();
        }
    };
    view! {
        <aside class="panel" node_ref=aside aria-labelledby="panel-name" data-panel=move || field.get().to_string() on:keydown=pressed>
            <header class="panel-head">
                <h2 id="panel-name">{name}</h2>
                <button
                    type="button"
                    class="tool"
                    data-action="close-panel"
                    aria-label=move || t_string!(i18n, panel.close)
                    title=move || t_string!(i18n, panel.close)
                    on:click=move |_| close()
                >
                    "×"
                </button>
            </header>
            <Tabs panel editor field tab />
            <div class="panel-body" role="tabpanel" id="panel-body" aria-labelledby=move || tab_id(tab.get())>
                {move || contents(editor, &field.get(), tab.get())}
            </div>
        </aside>
    }
    .into_any()
}

fn contents(editor: Editor, field: &FieldId, tab: Tab) -> AnyView {
    match (tab, field.block()) {
        (Tab::Comments, _) => talk::comments(editor, field),
        (Tab::Suggestions, _) => talk::suggestions(editor, field),
        (Tab::Plain, Some(id)) => plain::plain(editor, id),
        (Tab::Phases, Some(id)) => phases::phases(editor, id),
        (Tab::Network, Some(id)) => network::network(editor, id),
        (Tab::Authors, _) => authors::authors(editor, field),
        (_, None) => ().into_any(),
    }
}

/// As the tabs of the ARIA Authoring Practices: one stop for Tab, arrow keys between them.
#[component]
fn Tabs(panel: Panel, editor: Editor, field: Memo<FieldId>, tab: Memo<Tab>) -> impl IntoView {
    let i18n = editor.i18n;
    let tabs = Memo::new(move |_| {
        let kind = editor.shown.view.with(|view| {
            let block = field.with(|field| field.block().cloned());
            block.and_then(|id| view.block(&id).map(|block| block.kind.clone()))
        });
        Tab::all_for(kind.as_ref(), editor.shown.may_change()).collect::<Vec<_>>()
    });
    let choose = move |tab: Tab| {
        panel.last.set(tab);
        panel.open.update(|open| {
            if let Some(open) = open {
                open.tab = tab;
            }
        });
    };
    let bar = NodeRef::<html::Div>::new();
    let pressed = move |event: KeyboardEvent| {
        let tabs = tabs.get_untracked();
        let Some(at) = tabs.iter().position(|other| *other == tab.get_untracked()) else {
            return;
        };
        let next = match event.key().as_str() {
            "ArrowRight" => (at + 1) % tabs.len(),
            "ArrowLeft" => (at + tabs.len() - 1) % tabs.len(),
            "Home" => 0,
            "End" => tabs.len() - 1,
            _ => return,
        };
        event.prevent_default();
        if let Some(next) = tabs.get(next) {
            choose(*next);
            focus_within(bar.get_untracked(), &format!("#{}", tab_id(*next)));
        }
    };
    let button = move |each: Tab| {
        view! {
            <button
                    type="button"
                    role="tab"
                    id=tab_id(each)
                    data-tab=each.as_str()
                    aria-controls="panel-body"
                    aria-selected=move || (tab.get() == each).to_string()
                    tabindex=move || if tab.get() == each { "0" } else { "-1" }
                    on:click=move |_| choose(each)
                >
                    {move || match each {
                        Tab::Comments => t_string!(i18n, talk.comments),
                        Tab::Suggestions => t_string!(i18n, talk.suggestions),
                        Tab::Plain => t_string!(i18n, panel.plain),
                        Tab::Phases => t_string!(i18n, panel.phases),
                        Tab::Network => t_string!(i18n, papers.network),
                        Tab::Authors => t_string!(i18n, panel.authors),
                    }}
                </button>
        }
    };
    view! {
        <div class="panel-tabs" role="tablist" node_ref=bar aria-label=move || t_string!(i18n, panel.tabs) on:keydown=pressed>
            {list(move || tabs.get(), button)}
        </div>
    }
}

fn tab_id(tab: Tab) -> String {
    format!("panel-tab-{}", tab.as_str())
}

/// The panel goes along to the field that got the focus. A sheet would cover what is typed there, so it makes way.
fn follow(editor: Editor, panel: Panel, key: &RowKey) {
    let Some(open) = panel.open.get_untracked() else { return };
    let Some(field) = field_of(key).filter(|field| *field != open.field) else {
        return;
    };
    if is_sheet() {
        panel.open.set(None);
        return;
    }
    let kind = editor.shown.view.with_untracked(|view| {
        let block = field.block().and_then(|id| view.block(id));
        block.map(|block| block.kind.clone())
    });
    panel.show(field, kind.as_ref(), true);
}

fn is_sheet() -> bool {
    let query = window().match_media(SHEET).ok().flatten();
    query.is_some_and(|query| query.matches())
}

/// Brings a block's row to where the sheet does not cover it.
fn show_row(field: &FieldId) {
    let Some(id) = field.block() else { return };
    let row = document()
        .query_selector(&format!("[data-block=\"{id}\"]"))
        .ok()
        .flatten();
    if let Some(row) = row {
        row.scroll_into_view();
    }
}

fn focus_tab(aside: NodeRef<html::Aside>) {
    // The tabs come with the next frame.
    request_animation_frame(move || focus_within(aside.get_untracked(), "[aria-selected=true]"));
}

/// Where the focus was on something that has just gone, it goes to the panel's tabs instead of to the top of the page.
pub(in crate::editor) fn catch_focus() {
    let catch = || {
        let body = document().body();
        let lost = document()
            .active_element()
            .is_none_or(|active| active.is_same_node(body.as_deref().map(AsRef::as_ref)));
        if lost {
            focus_within(body, ".panel [aria-selected=true]");
        }
    };
    // The browser lets go of it with the frame that shows the change.
    request_animation_frame(move || request_animation_frame(catch));
}

fn focus_within<T: AsRef<web_sys::Element>>(parent: Option<T>, selector: &str) {
    let found = parent.and_then(|parent| parent.as_ref().query_selector(selector).ok().flatten());
    if let Some(element) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Fails only for elements outside of the page.
        let _ = element.focus();
    }
}
