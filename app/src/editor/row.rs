//! The rows of the live text.

use leptos::{html, prelude::*};
use model::{
    doc::{BlockId, BlockKind, FieldId, RootText, View},
    leitbild::roman,
};
use wasm_bindgen::JsCast;

use super::{
    bar::{color_class, initial},
    counts, drag,
    field::Slot,
    keyboard,
    keyed::Build,
    keys,
    layout::{RowKey, Spot},
    live::{Editor, Here, field_of},
    panel, talk,
    text::class,
    tools, words,
};
use crate::{
    i18n::t_string,
    lean::{list, view},
    sync::saved::SaveState,
};

/// The marks of what is not saved: a device, a clock.
const MARK_DEVICE: &str = "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1m3 15h2";
const MARK_CLOCK: &str = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18m0-14v5l3.5 2";

/// How rows are built.
pub(super) struct Rows(pub(super) Editor);

impl Build for Rows {
    fn row(&self, key: &RowKey, spot: RwSignal<Option<Spot>>) -> AnyView {
        row(self.0, key, spot)
    }

    fn stand_in(&self, key: &RowKey, spot: Option<&Spot>) -> Option<web_sys::Element> {
        self.0.shown.view.with_untracked(|view| stand_in(view, key, spot))
    }
}

/// The words of a row as [`super::text`] shows them, without anything that could be done with them.
fn stand_in(view: &View, key: &RowKey, spot: Option<&Spot>) -> Option<web_sys::Element> {
    let element = |name: &str, class: &str, text: Option<&str>| {
        let element = document().create_element(name).ok()?;
        element.set_class_name(class);
        element.set_text_content(text);
        Some(element)
    };
    let row = match key {
        RowKey::Root(root) => {
            let row = element("div", &format!("block block-{}", root.as_str()), None)?;
            let text = match root {
                RootText::Title => &view.title,
                RootText::Motto => &view.motto,
                RootText::Closing => &view.closing,
            };
            row.append_child(element("span", "block-text", Some(text))?.as_ref())
                .ok()?;
            row
        }
        RowKey::Block(id) => {
            let spot = spot?;
            let row = element("div", &format!("block {}", class(&spot.kind)), None)?;
            row.set_attribute("data-block", id.as_str()).ok()?;
            if let (BlockKind::Guideline, Some(number)) = (&spot.kind, spot.guideline) {
                let numeral = format!("{}.", roman(number));
                row.append_child(element("span", "numeral", Some(&numeral))?.as_ref())
                    .ok()?;
            }
            let text = view.block(id).map_or("", |block| &block.text);
            row.append_child(element("span", "block-text", Some(text))?.as_ref())
                .ok()?;
            row
        }
        RowKey::AddPoint(_) => element("div", "row-add row-add-point", None)?,
        _ => return None,
    };
    Some(row)
}

/// One row; always exactly one element.
fn row(editor: Editor, key: &RowKey, spot: RwSignal<Option<Spot>>) -> AnyView {
    let i18n = editor.i18n;
    match key {
        RowKey::Root(_) => root_row(editor, key, spot).into_any(),
        RowKey::Block(id) => block_row(editor, id, spot).into_any(),
        RowKey::AddParagraph => {
            view! {
                <div class="row-add">
                    {add_button(editor, key, "add-paragraph", Signal::derive(move || t_string!(i18n, editor.add_paragraph)))}
                </div>
            }
            .into_any()
        }
        RowKey::AddGuideline => {
            view! {
                <div class="row-add row-add-guideline">
                    {add_button(editor, key, "add-guideline", Signal::derive(move || t_string!(i18n, editor.add_guideline)))}
                </div>
            }
            .into_any()
        }
        RowKey::AddPoint(guideline) => {
            let id = guideline.to_string();
            view! {
                <div class="row-add row-add-point" data-guideline=id>
                    {add_button(editor, key, "add-point", Signal::derive(move || t_string!(i18n, editor.add_point)))}
                    {guideline_counts(editor, guideline)}
                </div>
            }
            .into_any()
        }
        RowKey::LooseHeading => {
            view! {
                <div class="block block-heading">
                    <h2>{text!(i18n, editor.loose)}</h2>
                    <p class="hint">{text!(i18n, editor.loose_hint)}</p>
                </div>
            }
            .into_any()
        }
        RowKey::IdeasHeading => {
            view! {
                <div class="block block-heading">
                    <h2>{text!(i18n, editor.ideas)}</h2>
                </div>
            }
            .into_any()
        }
    }
}

fn root_row(editor: Editor, key: &RowKey, spot: RwSignal<Option<Spot>>) -> impl IntoView + use<> {
    let key = key.clone();
    let Some(field) = field_of(&key) else {
        return ().into_any();
    };
    let class = format!("block block-{field}");
    let (here, unsaved) = (people_here(editor, &field), unsaved_mark(editor, &field));
    let shared = is_shared(editor, &field);
    let name = {
        let key = key.clone();
        Memo::new(move |_| words::name(editor.i18n, &key, spot.get().as_ref()))
    };
    let (entered, left) = (key.clone(), key.clone());
    let more = panel::button(editor, field.clone(), Signal::stored(None), name);
    let talked = field.clone();
    view! {
        <div
            class=class
            role="group"
            aria-label=name
            on:focusin=move |_| editor.enter_row(&entered)
            on:focusout=move |event| leave(editor, &left, &event)
        >
            <div class="block-body" class:block-shared=shared>{field_view(editor, key, field, spot)} {unsaved} {here} {talk::badge(editor, &talked)}</div>
            <div class="block-tools" on:mousedown=|event| event.prevent_default()>{more}</div>
        </div>
    }
    .into_any()
}

fn block_row(editor: Editor, id: &BlockId, spot: RwSignal<Option<Spot>>) -> impl IntoView + use<> {
    let key = RowKey::Block(id.clone());
    let field = FieldId::Block(id.clone());
    let i18n = editor.i18n;
    let (here, unsaved) = (people_here(editor, &field), unsaved_mark(editor, &field));
    let shared = is_shared(editor, &field);
    let name = {
        let key = key.clone();
        Memo::new(move |_| words::name(i18n, &key, spot.get().as_ref()))
    };
    let kind = Memo::new(move |before: Option<&BlockKind>| {
        let now = spot.with(|spot| spot.as_ref().map(|spot| spot.kind.clone()));
        now.or_else(|| before.cloned()).unwrap_or(BlockKind::Point)
    });
    let gone = move || spot.with(Option::is_none);
    let numeral = move || {
        let is_guideline = kind.with(|kind| *kind == BlockKind::Guideline);
        let number = spot.with(|spot| spot.as_ref().and_then(|spot| spot.guideline));
        number
            .filter(|_| is_guideline)
            .map(|number| format!("{}.", roman(number)))
    };
    let (entered, left, restored, dragged) = (key.clone(), key.clone(), id.clone(), id.clone());
    let looked_at = RwSignal::new(false);
    let look = move || {
        if !looked_at.get_untracked() {
            looked_at.set(true);
        }
    };
    let marks = panel::marks(editor, &field);
    let badge = talk::badge(editor, &field);
    let tools = tools::tools(editor, id, kind, spot, name, looked_at);
    view! {
        <div
            class=move || format!("block {}", kind.with(class))
            class:block-gone=gone
            role="group"
            aria-label=name
            data-block=id.to_string()
            data-kind=move || kind.with(|kind| kind.as_str().to_owned())
            on:pointerenter=move |_| look()
            on:focusin=move |_| {
                look();
                editor.enter_row(&entered);
            }
            on:focusout=move |event| leave(editor, &left, &event)
        >
            <span
                class="grip"
                data-action="drag"
                title=move || t_string!(i18n, editor.drag)
                on:pointerdown=move |event| drag::press(editor, &dragged, &event)
                on:touchmove=move |event| drag::keep_page(editor, &event)
                on:contextmenu=|event| event.prevent_default()
            >
                <svg viewBox="0 0 16 24" width="16" height="24" aria-hidden="true">
                    <circle cx="5" cy="6" r="1.6" />
                    <circle cx="11" cy="6" r="1.6" />
                    <circle cx="5" cy="12" r="1.6" />
                    <circle cx="11" cy="12" r="1.6" />
                    <circle cx="5" cy="18" r="1.6" />
                    <circle cx="11" cy="18" r="1.6" />
                </svg>
            </span>
            <span class="numeral" aria-hidden="true">{move || numeral()}</span>
            <div class="block-body" class:block-shared=shared>
                {field_view(editor, key.clone(), field, spot)} {unsaved} {here} {marks} {badge}
                <p class="block-gone-note" role="status" hidden=move || !gone()>
                    {move || {
                        gone().then(|| {
                            let id = restored.clone();
                            view! {
                                <span>{text!(i18n, editor.gone)}</span>
                                <button
                                    type="button"
                                    class="button button-small"
                                    data-action="restore"
                                    on:mousedown=|event| event.prevent_default()
                                    on:click=move |_| editor.restore(&id)
                                >
                                    {text!(i18n, editor.restore)}
                                </button>
                            }
                        })
                    }}
                </p>
            </div>
            {tools}
        </div>
    }
}

fn field_view(editor: Editor, key: RowKey, field: FieldId, spot: RwSignal<Option<Spot>>) -> impl IntoView + use<> {
    let i18n = editor.i18n;
    let node = NodeRef::<html::Textarea>::new();
    let bound = field.clone();
    node.on_load(move |element| editor.bind(bound.clone(), element));
    let name = {
        let key = key.clone();
        move || words::name(i18n, &key, spot.get().as_ref())
    };
    let hint = {
        let key = key.clone();
        move || spot.with(|spot| words::hint(i18n, &key, spot.as_ref()))
    };
    let on_slot = move |act: fn(&Slot)| {
        let field = field.clone();
        move || {
            editor.with_slot(&field, act);
        }
    };
    let (input, start, end) = (
        on_slot(Slot::input),
        on_slot(Slot::composition_start),
        on_slot(Slot::composition_end),
    );
    let (pressed, pasted, typed) = (key.clone(), key.clone(), key.clone());
    view! {
        <textarea
            node_ref=node
            class="field"
            rows="1"
            autocomplete="off"
            spellcheck="true"
            data-field=field_of(&key).map(|field| field.to_string())
            aria-label=name
            placeholder=hint
            on:input=move |_| {
                input();
                keyboard::reveal_caret(editor);
            }
            on:compositionstart=move |_| start()
            on:compositionend=move |_| end()
            on:beforeinput=move |event| keys::before_input(editor, &typed, &event)
            on:keydown=move |event| keys::key_down(editor, &pressed, &event)
            on:paste=move |event| keys::paste(editor, &pasted, &event)
        ></textarea>
    }
}

fn add_button(editor: Editor, key: &RowKey, action: &'static str, text: Signal<&'static str>) -> impl IntoView + use<> {
    let i18n = editor.i18n;
    let added = key.clone();
    let guideline = match key {
        RowKey::AddPoint(id) => Some(id.clone()),
        _ => None,
    };
    let data_guideline = guideline.as_ref().map(ToString::to_string);
    // Sighted people see to which Leitlinie a button belongs; the others are told.
    let number = guideline.map(|guideline| editor.number_of(&guideline));
    let which = move || {
        number.and_then(|number| number.get()).map(|index| {
            let text = t_string!(i18n, editor.add_point_to, number = roman(index + 1)).to_string();
            view! { <span class="visually-hidden">" " {text}</span> }
        })
    };
    view! {
        <button
            type="button"
            class="add"
            data-action=action
            data-guideline=data_guideline
            on:mousedown=|event| event.prevent_default()
            on:click=move |_| editor.add(&added)
        >
            <span aria-hidden="true">"+ "</span>
            {text}
            {move || which()}
        </button>
    }
}

/// How much stands under a Leitlinie.
fn guideline_counts(editor: Editor, guideline: &BlockId) -> impl IntoView + use<> {
    let i18n = editor.i18n;
    let counts = {
        let guideline = guideline.clone();
        Memo::new(move |_| editor.counted.with(|counted| counted.of_guideline(&guideline)))
    };
    let text = move || {
        let (points, words) = counts.get();
        let words = counts::words_text(i18n, words);
        match points {
            1 => t_string!(i18n, editor.points_one, words = words).to_string(),
            _ => t_string!(i18n, editor.points_many, number = points.to_string(), words = words).to_string(),
        }
    };
    view! {
        <span class="counts" data-counts>
            {text}
        </span>
    }
}

/// Marks a field with something that is not saved yet. Two shapes, so that it does not take colour to tell them apart.
pub(super) fn unsaved_mark(editor: Editor, field: &FieldId) -> impl IntoView + use<> {
    let i18n = editor.i18n;
    let unsaved = editor.shown.unsaved.of(field);
    let state = Memo::new(move |_| unsaved.get());
    // One mark for as long as something is not saved: it appears late, and would not if it began anew with every letter.
    let is_unsaved = Memo::new(move |_| state.get().is_some());
    let is_kept = move || state.get() == Some(SaveState::Device);
    let text = move || {
        if is_kept() {
            t_string!(i18n, editor.block_device)
        } else {
            t_string!(i18n, editor.block_pending)
        }
    };
    let shape = move || if is_kept() { MARK_DEVICE } else { MARK_CLOCK };
    move || {
        is_unsaved.get().then(|| {
            view! {
                <span class="unsaved" data-unsaved=move || state.get().map(SaveState::as_str) title=text>
                    <svg viewBox="0 0 24 24" width="16" height="16" aria-hidden="true">
                        <path d=shape />
                    </svg>
                    <span class="visually-hidden">{text}</span>
                </span>
            }
        })
    }
}

/// Is somebody else in this field?
fn is_shared(editor: Editor, field: &FieldId) -> Memo<bool> {
    let here = editor.here.of(field);
    Memo::new(move |_| here.with(Option::is_some))
}

/// Who else is in this field.
pub(super) fn people_here(editor: Editor, field: &FieldId) -> impl IntoView + use<> {
    let i18n = editor.i18n;
    let here = editor.here.of(field);
    let here = Memo::new(move |_| here.get().unwrap_or_default());
    view! {
        <ul class="here" role="list" hidden=move || here.with(Vec::is_empty)>
            {list(move || here.get(), move |Here { participant, name, color }: Here| {
                    let spoken = name.clone();
                    view! {
                        <li class=format!("here-person {}", color_class(color)) data-here=participant>
                            <span class="person-initial" aria-hidden="true">{initial(&name)}</span>
                            <span class="here-name" aria-hidden="true">{name}</span>
                            <span class="visually-hidden">
                                {move || {
                                    let name = spoken.clone();
                                    t_string!(i18n, editor.is_here, name = name).to_string()
                                }}
                            </span>
                        </li>
                    }
                })}
        </ul>
    }
}

fn leave(editor: Editor, key: &RowKey, event: &web_sys::FocusEvent) {
    let row = event
        .current_target()
        .and_then(|target| target.dyn_into::<web_sys::Node>().ok());
    let next = event
        .related_target()
        .and_then(|target| target.dyn_into::<web_sys::Node>().ok());
    if row.is_none_or(|row| !row.contains(next.as_ref())) {
        editor.leave_row(key);
    }
}
