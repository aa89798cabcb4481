//! The tab "Wer schrieb was": the block's words by person, by role or by sector.

use leptos::prelude::*;
use leptos_i18n::I18nContext;
use model::doc::{FieldId, Run};

use crate::{
    calls::list_authors,
    editor::{
        bar::{color_class, initial},
        live::Editor,
    },
    error::AppError,
    i18n::{Locale, t_string},
    lean::view,
    views::Author,
    widgets::{ErrorNotice, role_text, sector_text},
};

/// What the words are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Person,
    Role,
    Sector,
}

impl By {
    const ALL: [Self; 3] = [Self::Person, Self::Role, Self::Sector];

    fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Role => "role",
            Self::Sector => "sector",
        }
    }
}

/// Some words in a row, and whose they are.
struct Part {
    words: String,
    /// Empty where nobody is known.
    who: String,
    color: u8,
}

pub(super) fn authors(editor: Editor, field: &FieldId) -> AnyView {
    let i18n = editor.i18n;
    let by = RwSignal::new(By::Person);
    let known: RwSignal<Option<Result<Vec<Author>, AppError>>> = RwSignal::new(None);
    leptos::task::spawn_local(async move {
        let answer = list_authors(editor.ags()).await;
        known.try_set(Some(answer));
    });
    let parts = {
        let field = field.clone();
        move || {
            // Asked anew whenever the text changes.
            editor.shown.view.track();
            let (words, runs) = editor.authors(&field).unwrap_or_default();
            known.with(|known| match known {
                Some(Ok(authors)) => parts(i18n, &words, &runs, authors, by.get()),
                _ => Vec::new(),
            })
        }
    };
    let choices = By::ALL.map(|each| {
        let name = move || match each {
            By::Person => t_string!(i18n, panel.by_person),
            By::Role => t_string!(i18n, panel.by_role),
            By::Sector => t_string!(i18n, panel.by_sector),
        };
        view! {
            <label class="check">
                <input
                    type="radio"
                    name="authors-by"
                    value=each.as_str()
                    prop:checked=move || by.get() == each
                    on:change=move |_| by.set(each)
                />
                <span>{name}</span>
            </label>
        }
    });
    view! {
        <fieldset class="panel-phases panel-by">
            <legend>{text!(i18n, panel.by)}</legend>
            {choices.into_iter().collect_view()}
        </fieldset>
        {move || match known.get() {
            None => view! { <p class="hint" role="status">{text!(i18n, panel.authors_loading)}</p> }.into_any(),
            Some(Err(error)) => view! { <ErrorNotice error /> }.into_any(),
            Some(Ok(_)) => shown(i18n, &parts()),
        }}
        <p class="hint">{text!(i18n, panel.authors_hint)}</p>
    }
    .into_any()
}

fn shown(i18n: I18nContext<Locale>, parts: &[Part]) -> AnyView {
    let name = |who: &str| {
        if who.is_empty() {
            t_string!(i18n, panel.author_unknown).to_owned()
        } else {
            who.to_owned()
        }
    };
    if parts.is_empty() {
        return view! { <p class="unknown">{text!(i18n, editor.empty_block)}</p> }.into_any();
    }
    let words = parts
        .iter()
        .map(|part| {
            let who = name(&part.who);
            let spoken = format!("{who}: ");
            let mark = if part.who.is_empty() {
                "–".to_owned()
            } else {
                initial(&part.who)
            };
            view! {
                <span class=format!("author {}", color_class(part.color)) data-author=who.clone() title=who>
                    <span class="visually-hidden">{spoken}</span>
                    <span class="author-words">{part.words.clone()}</span>
                    <sup aria-hidden="true">{mark}</sup>
                </span>
            }
        })
        .collect_view();
    let mut shares: Vec<(&str, u8, usize)> = Vec::new();
    for part in parts {
        let letters = part.words.chars().count();
        match shares.iter_mut().find(|(who, ..)| *who == part.who) {
            Some((.., sum)) => *sum += letters,
            None => shares.push((&part.who, part.color, letters)),
        }
    }
    let all: usize = shares.iter().map(|(.., letters)| letters).sum();
    let legend = shares
        .iter()
        .map(|(who, color, letters)| {
            let share = format!("{} %", (letters * 100).div_ceil(all.max(1)).min(100));
            let mark = if who.is_empty() { "–".to_owned() } else { initial(who) };
            view! {
                <li class=color_class(*color)>
                    <span class="person-initial" aria-hidden="true">{mark}</span>
                    <span>{name(who)}</span>
                    <span class="hint">{share}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <p class="authored" lang="de" data-authored>{words}</p>
        <ul class="author-shares" role="list">{legend}</ul>
    }
    .into_any()
}

/// Cuts the words where their authors change, as far as that makes a difference for `by`.
fn parts(i18n: I18nContext<Locale>, words: &str, runs: &[Run], authors: &[Author], by: By) -> Vec<Part> {
    let mut rest = words;
    let mut parts: Vec<Part> = Vec::new();
    for run in runs {
        let (here, after) = rest.split_at(byte_of(rest, run.len));
        rest = after;
        let author = authors.iter().find(|author| author.clients.contains(&run.client));
        let (who, color) = match author {
            Some(author) => group(i18n, author, by),
            None => (String::new(), GRAY),
        };
        match parts.last_mut() {
            Some(last) if last.who == who && last.color == color => last.words.push_str(here),
            _ => parts.push(Part {
                words: here.to_owned(),
                who,
                color,
            }),
        }
    }
    parts
}

/// The colour of the palette that is without a hue.
const GRAY: u8 = 7;

fn group(i18n: I18nContext<Locale>, author: &Author, by: By) -> (String, u8) {
    match by {
        By::Person => (author.name.clone().unwrap_or_default(), author.color),
        By::Role => match author.role {
            Some(role) => (role_text(i18n, role).to_owned(), role as u8),
            None => (String::new(), GRAY),
        },
        By::Sector => match author.sector {
            Some(sector) => (sector_text(i18n, sector).to_owned(), sector as u8),
            None => (String::new(), GRAY),
        },
    }
}

/// The byte at which unit `at` begins.
fn byte_of(text: &str, at: u32) -> usize {
    let mut units = 0;
    for (byte, letter) in text.char_indices() {
        if units >= at {
            return byte;
        }
        units += letter.len_utf16() as u32;
    }
    text.len()
}
