//! The tab "Einfache Sprache": the same in short, plain sentences, edited like the text itself.

use leptos::{html, prelude::*};
use model::doc::{self, BlockId, FieldId};

use crate::{
    editor::{field::Slot, keys, live::Editor, row},
    i18n::t_string,
    lean::view,
};

pub(super) fn plain(editor: Editor, id: &BlockId) -> AnyView {
    let i18n = editor.i18n;
    let field = FieldId::Plain(id.clone());
    let words = {
        let id = id.clone();
        move || {
            let view = editor.shown.view.get();
            let text = view.block(&id).map(|block| block.text.clone()).unwrap_or_default();
            if text.is_empty() {
                t_string!(i18n, editor.empty_block).to_owned()
            } else {
                text
            }
        }
    };
    let is_stale = {
        let id = id.clone();
        Memo::new(move |_| {
            editor
                .shown
                .view
                .with(|view| view.block(&id).is_some_and(|block| block.plain_stale))
        })
    };
    let confirmed = id.clone();
    let confirm = move |_| {
        editor.step(|doc, _| doc::confirm_plain(doc, &confirmed));
        editor.announce(t_string!(i18n, panel.plain_confirmed).to_owned());
    };
    let own = id.clone();
    // What it follows from may be set to what it was; the field must not be built anew for that.
    let may_write = Memo::new(move |_| editor.shown.is_live());
    let written = move || {
        if may_write.get() {
            let marks = (row::people_here(editor, &field), row::unsaved_mark(editor, &field));
            return view! { <div class="panel-field">{plain_field(editor, field.clone())} {marks}</div> };
        }
        let view = editor.shown.view.get();
        let plain = view.block(&own).map(|block| block.plain.clone()).unwrap_or_default();
        if plain.is_empty() {
            view! { <p class="unknown">{text!(i18n, panel.plain_missing)}</p> }
        } else {
            view! { <p class="panel-words" lang="de" data-plain>{plain}</p> }
        }
    };
    view! {
        <p class="hint" hidden=move || !may_write.get()>{text!(i18n, panel.plain_hint)}</p>
        <blockquote class="panel-words" lang="de" aria-label=move || t_string!(i18n, panel.plain_original)>
            {words}
        </blockquote>
        {written}
        <div role="status">
            {move || {
                is_stale.get().then(|| {
                    let confirm = confirm.clone();
                    view! {
                        <div class="panel-stale" data-stale>
                            <p>{text!(i18n, panel.plain_stale)}</p>
                            <button
                                type="button"
                                class="button button-small"
                                data-action="confirm-plain"
                                hidden=move || !may_write.get()
                                on:click=confirm
                            >
                                {text!(i18n, panel.plain_confirm)}
                            </button>
                        </div>
                    }
                })
            }}
        </div>
    }
    .into_any()
}

fn plain_field(editor: Editor, field: FieldId) -> impl IntoView {
    let i18n = editor.i18n;
    let node = NodeRef::<html::Textarea>::new();
    let bound = field.clone();
    node.on_load(move |element| editor.bind(bound.clone(), element));
    let gone = field.clone();
    on_cleanup(move || {
        editor.visit(&gone, false);
        editor.release(&gone);
    });
    let on_slot = |act: fn(&Slot)| {
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
    let (entered, left) = (field.clone(), field.clone());
    view! {
        <textarea
            node_ref=node
            class="field"
            lang="de"
            rows="3"
            autocomplete="off"
            spellcheck="true"
            data-field=field.to_string()
            aria-label=move || t_string!(i18n, panel.plain_label)
            placeholder=move || t_string!(i18n, panel.plain_placeholder)
            on:input=move |_| input()
            on:compositionstart=move |_| start()
            on:compositionend=move |_| end()
            on:beforeinput=move |event| keys::before_input_of_one_line(editor, &event)
            on:keydown=move |event| keys::key_down_in_one_line(editor, &event)
            on:focus=move |_| editor.visit(&entered, true)
            on:blur=move |_| editor.visit(&left, false)
        ></textarea>
    }
}
