//! Pages and tag tree, by krilla.

use std::num::NonZeroU16;

use krilla::{
    Document, SerializeSettings,
    color::rgb,
    configure::{Accessibility, ConfigurationBuilder},
    destination::XyzDestination,
    geom::Point,
    metadata::{DateTime, Metadata},
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::Fill,
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, SpanTag, Tag, TagGroup, TagTree},
    text::TextDirection,
};
use model::paper::{Paper, printable};

use crate::{
    PdfError,
    fonts::{Fonts, Weight},
    layout::{Line, PAGE_HEIGHT, PAGE_WIDTH, SIDE},
    sheet::{Block, Role, Style},
};

const BULLET: &str = "•";
const FOOT: Style = Style {
    weight: Weight::Regular,
    size: 9.0,
    leading: 12.0,
    above: 0.0,
    indent: 0.0,
    color: [80, 87, 94],
};
/// More does not fit beside the page's number.
const FOOT_MAX_CHARS: usize = 120;
const FOOT_BASELINE: f32 = PAGE_HEIGHT - 40.0;

/// What of a block was drawn, for the tag tree.
#[derive(Default)]
struct Drawn {
    label: Option<Identifier>,
    lines: Vec<Identifier>,
    /// Page and height of its first line.
    at: Option<(usize, f32)>,
}

pub fn pdf(paper: &Paper, sheet: &[Block], pages: &[Vec<Line>], fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
    let refused = |error: &dyn std::fmt::Debug| PdfError::Refused(format!("{error:?}"));
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| refused(&error))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    let mut drawn: Vec<Drawn> = sheet.iter().map(|_| Drawn::default()).collect();
    for (number, lines) in pages.iter().enumerate() {
        let size = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT).ok_or_else(|| refused(&"page size"))?;
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        for line in lines {
            let block = &sheet[line.block];
            let drawn = &mut drawn[line.block];
            drawn.at.get_or_insert((number, line.baseline - block.style.size));
            if block.role == Role::Point && line.first {
                let label = Line {
                    text: BULLET.to_owned(),
                    x: line.x - block.style.indent,
                    ..*line
                };
                drawn.label = Some(draw_line(&mut surface, &label, &block.style, fonts));
            }
            drawn.lines.push(draw_line(&mut surface, line, &block.style, fonts));
        }
        draw_foot(&mut surface, paper, number + 1, pages.len(), fonts);
        surface.finish();
        page.finish();
    }
    document.set_metadata(metadata(paper));
    document.set_outline(outline(sheet, &drawn));
    document.set_tag_tree(tag_tree(sheet, drawn));
    document.finish().map_err(|error| refused(&error))
}

/// Draws a line as content of its own. Where letters had to be replaced, it carries the words themselves.
fn draw_line(surface: &mut Surface<'_>, line: &Line, style: &Style, fonts: &Fonts) -> Identifier {
    let runs = fonts.runs(&line.text, style.weight);
    let shown: String = runs.iter().map(|run| run.text.as_str()).collect();
    let actual = (shown != line.text).then_some(line.text.as_str());
    let identifier = surface.start_tagged(ContentTag::Span(SpanTag::empty().with_actual_text(actual)));
    draw_runs(surface, &line.text, line.x, line.baseline, style, fonts);
    surface.end_tagged();
    identifier
}

fn draw_runs(surface: &mut Surface<'_>, text: &str, x: f32, baseline: f32, style: &Style, fonts: &Fonts) {
    let [red, green, blue] = style.color;
    surface.set_fill(Some(Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        ..Fill::default()
    }));
    let mut x = x;
    for run in fonts.runs(text, style.weight) {
        let face = fonts.face(style.weight, &run);
        let start = Point::from_xy(x, baseline);
        surface.draw_text(
            start,
            face.font.clone(),
            style.size,
            &run.text,
            false,
            TextDirection::LeftToRight,
        );
        x += face.width(&run.text) * style.size;
    }
}

/// Whose text it is, and the page's number: not part of the text, so a screen reader passes over it.
fn draw_foot(surface: &mut Surface<'_>, paper: &Paper, number: usize, of: usize, fonts: &Fonts) {
    let number = format!("Seite {number} von {of}");
    let width = fonts.width(&number, FOOT.weight) * FOOT.size;
    let room = PAGE_WIDTH - 2.0 * SIDE - width - 20.0;
    let place: String = printable(&paper.place).chars().take(FOOT_MAX_CHARS).collect();
    let mut text = match paper.stamp() {
        Some(stamp) => format!("{stamp} · {place}"),
        None => place,
    };
    while fonts.width(&text, FOOT.weight) * FOOT.size > room && text.pop().is_some() {}
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)));
    draw_runs(surface, &text, SIDE, FOOT_BASELINE, &FOOT, fonts);
    surface.end_tagged();
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::PageNumber)));
    draw_runs(surface, &number, PAGE_WIDTH - SIDE - width, FOOT_BASELINE, &FOOT, fonts);
    surface.end_tagged();
}

fn metadata(paper: &Paper) -> Metadata {
    let mut metadata = Metadata::new()
        .title(paper.title())
        .authors(vec![printable(&paper.place)])
        .description(paper.source_line())
        .language("de".to_owned())
        .creator("Leitnetz".to_owned());
    let mut numbers = paper.date.split('-').map(str::parse::<u16>);
    if let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day))) = (numbers.next(), numbers.next(), numbers.next())
        && let (Ok(month), Ok(day)) = (u8::try_from(month), u8::try_from(day))
    {
        metadata = metadata.creation_date(DateTime::new(year).month(month).day(day));
    }
    metadata
}

fn outline(sheet: &[Block], drawn: &[Drawn]) -> Outline {
    let mut outline = Outline::new();
    for (block, drawn) in sheet.iter().zip(drawn) {
        if let (Role::Title | Role::Guideline, Some((page, y))) = (block.role, drawn.at) {
            let there = XyzDestination::new(page, Point::from_xy(0.0, y.max(0.0)));
            outline.push_child(OutlineNode::new(block.text.clone(), there));
        }
    }
    outline
}

fn tag_tree(sheet: &[Block], drawn: Vec<Drawn>) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some("de".to_owned()));
    let mut list: Option<TagGroup> = None;
    // The item that is being built, and its body, which notes may still join.
    let mut item: Option<(TagGroup, TagGroup)> = None;
    for (block, drawn) in sheet.iter().zip(drawn) {
        if !matches!(block.role, Role::Point | Role::PointNote) {
            close(&mut list, &mut item, &mut tree);
        }
        let lines = |group: TagGroup| with_lines(group, &drawn.lines);
        match block.role {
            Role::Title => tree.push(lines(heading(1, &block.text))),
            Role::Guideline => tree.push(lines(heading(2, &block.text))),
            Role::Paragraph => tree.push(lines(TagGroup::new(Tag::P))),
            Role::Point => {
                let list = list.get_or_insert_with(|| TagGroup::new(Tag::L(ListNumbering::Disc)));
                close_item(list, &mut item);
                let mut next = TagGroup::new(Tag::LI);
                if let Some(label) = drawn.label {
                    next.push(with_lines(TagGroup::new(Tag::Lbl), &[label]));
                }
                item = Some((next, lines(TagGroup::new(Tag::LBody))));
            }
            Role::PointNote => {
                let note = lines(TagGroup::new(Tag::Span));
                match &mut item {
                    Some((_, body)) => body.push(note),
                    None => tree.push(note),
                }
            }
        }
    }
    close(&mut list, &mut item, &mut tree);
    tree
}

fn heading(level: u16, title: &str) -> TagGroup {
    TagGroup::new(Tag::Hn(
        NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN),
        Some(title.to_owned()),
    ))
}

fn with_lines(mut group: TagGroup, lines: &[Identifier]) -> TagGroup {
    for line in lines {
        group.push(*line);
    }
    group
}

fn close_item(list: &mut TagGroup, item: &mut Option<(TagGroup, TagGroup)>) {
    if let Some((mut done, body)) = item.take() {
        done.push(body);
        list.push(done);
    }
}

fn close(list: &mut Option<TagGroup>, item: &mut Option<(TagGroup, TagGroup)>, tree: &mut TagTree) {
    if let Some(mut done) = list.take() {
        close_item(&mut done, item);
        tree.push(done);
    }
}
