//! HTML of the clipboard as stretches. The browser parses it into a document of its own in which nothing is loaded and
//! nothing runs; it never becomes part of the page.

use model::doc::Stretch;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use web_sys::{Document, Element, Node};

use super::{
    builder::{Builder, Meaning, meaning},
    disarm::disarm,
};

#[wasm_bindgen]
extern "C" {
    /// The browser's parser.
    #[wasm_bindgen(js_name = DOMParser)]
    type DomParser;

    #[wasm_bindgen(constructor, js_class = "DOMParser", catch)]
    fn new() -> Result<DomParser, JsValue>;

    #[wasm_bindgen(method, js_name = parseFromString, catch)]
    fn parse(this: &DomParser, text: &str, kind: &str) -> Result<Document, JsValue>;
}

/// Empty when there is nothing to read.
pub(super) fn stretches(html: &str) -> Vec<Stretch> {
    let parsed = DomParser::new().and_then(|parser| parser.parse(&disarm(html), "text/html"));
    let Some(body) = parsed.ok().and_then(|document| document.body()) else {
        return Vec::new();
    };
    let mut builder = Builder::default();
    // Without recursion: pasted trees may be as deep as they like.
    let mut node: Node = body.clone().into();
    loop {
        if let Some(child) = enter(&node, &mut builder) {
            node = child;
            continue;
        }
        loop {
            leave(&node, &mut builder);
            if node.is_same_node(Some(&body)) {
                return builder.finish();
            }
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            let Some(parent) = node.parent_node() else {
                return builder.finish();
            };
            node = parent;
        }
    }
}

/// Reads a node; its first child, if there is something to read in it.
fn enter(node: &Node, builder: &mut Builder) -> Option<Node> {
    match node.node_type() {
        Node::TEXT_NODE => {
            builder.text(&node.node_value().unwrap_or_default());
            None
        }
        Node::ELEMENT_NODE => match meaning_of(node) {
            Meaning::Stretch(role) => {
                builder.begin(role);
                node.first_child()
            }
            Meaning::Inline => node.first_child(),
            Meaning::Break => {
                builder.line_break();
                None
            }
            Meaning::Nothing => None,
        },
        _ => None,
    }
}

fn leave(node: &Node, builder: &mut Builder) {
    if node.node_type() == Node::ELEMENT_NODE && matches!(meaning_of(node), Meaning::Stretch(_)) {
        builder.end();
    }
}

fn meaning_of(node: &Node) -> Meaning {
    // Of another document than the page's, so its class is told by its kind.
    let element: &Element = node.unchecked_ref();
    if element.has_attribute("hidden") {
        return Meaning::Nothing;
    }
    let attribute = |name| element.get_attribute(name).unwrap_or_default();
    meaning(&element.local_name(), &attribute("class"), &attribute("data-style"))
}
