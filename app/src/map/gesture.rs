//! Fingers, mouse and wheel on the map.
//!
//! One finger scrolls the page; two pan and pinch. The mouse pans, and zooms by the wheel with Ctrl held, which is also
//! what a touchpad's pinch arrives as. While a gesture lasts only a CSS transform is set on the finished picture; its end
//! commits the view, and the picture is drawn anew.

use std::{cell::RefCell, rc::Rc, time::Duration};

use gloo_events::{EventListener, EventListenerOptions, EventListenerPhase};
use leptos::{html, leptos_dom::helpers::TimeoutHandle, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, PointerEvent, SvgElement, TouchEvent, WheelEvent};

use super::view_box::{Camera, Point};

/// A mouse that moved less than this many CSS pixels has clicked.
const CLICK_SLOP: f64 = 4.0;

/// The wheel has no end; after this long without a turn the gesture counts as over.
const WHEEL_REST: Duration = Duration::from_millis(160);

/// How long the hint about two fingers stays.
const HINT_TIME: Duration = Duration::from_millis(1600);

/// Listens on `frame` as long as the calling component lives, moves `camera`, keeps `frame_width` (CSS pixels) and asks
/// for the hint when one finger pulls at a map that two could move.
pub fn attach(
    frame: NodeRef<html::Div>,
    camera: RwSignal<Camera>,
    frame_width: RwSignal<Option<f64>>,
    fingers_hint: RwSignal<bool>,
) {
    let kept = StoredValue::new_local(Vec::<EventListener>::new());
    frame.on_load(move |frame| {
        let frame: HtmlElement = frame.unchecked_into();
        let Some(picture) = frame.query_selector(".map-picture").ok().flatten() else {
            return;
        };
        let hands = Rc::new(RefCell::new(Hands {
            frame,
            picture: picture.unchecked_into(),
            camera,
            place: ((0.0, 0.0), (1.0, 1.0)),
            live: camera.get_untracked(),
            gesture: Gesture::None,
            swallow_click: false,
            resting: None,
            fingers_hint,
            hinting: None,
        }));
        let measure = {
            let hands = Rc::clone(&hands);
            move || frame_width.set(Some(hands.borrow().frame.get_bounding_client_rect().width()))
        };
        measure();
        kept.set_value(listeners(&hands, measure));
    });
}

/// What the hands are doing.
enum Gesture {
    None,
    /// The mouse button is down at this place of the frame; not yet dragging until it moved.
    Pressed {
        pointer: i32,
        from: Point,
    },
    /// The mouse drags: the view when it began.
    Dragging {
        from: Point,
        began: Camera,
    },
    /// Two fingers: the view when they met, their midpoint and distance then.
    Pinching {
        middle: Point,
        spread: f64,
        began: Camera,
    },
    /// The wheel turns.
    Turning,
}

struct Hands {
    frame: HtmlElement,
    picture: SvgElement,
    camera: RwSignal<Camera>,
    /// Corner and extent of the frame in the viewport, CSS pixels, as a gesture began: asking at every move would make
    /// the browser work out the page's layout in the middle of a frame.
    place: (Point, Point),
    /// What is seen while a gesture lasts.
    live: Camera,
    gesture: Gesture,
    /// A drag ends with a click that nobody meant.
    swallow_click: bool,
    resting: Option<TimeoutHandle>,
    fingers_hint: RwSignal<bool>,
    hinting: Option<TimeoutHandle>,
}

impl Hands {
    /// Remembers where the frame lies.
    fn look(&mut self) {
        let frame = self.frame.get_bounding_client_rect();
        self.place = (
            (frame.left(), frame.top()),
            (frame.width().max(1.0), frame.height().max(1.0)),
        );
    }

    /// A place of the viewport as fractions of the frame.
    fn at(&self, x: f64, y: f64) -> Point {
        let ((left, top), (width, height)) = self.place;
        ((x - left) / width, (y - top) / height)
    }

    fn begin(&mut self, gesture: Gesture) {
        self.live = self.camera.get_untracked();
        self.gesture = gesture;
        // A class instead of a style where it can be: the browser sets up the compositor's layer once per gesture.
        let _ = self.picture.class_list().add_1("is-moving");
    }

    fn show(&mut self, live: Camera) {
        self.live = live;
        let (_, (width, _)) = self.place;
        let transform = live.css_transform_from(&self.camera.get_untracked(), width);
        let _ = self.picture.style().set_property("transform", &transform);
    }

    fn end(&mut self) {
        self.gesture = Gesture::None;
        let _ = self.picture.style().remove_property("transform");
        let _ = self.picture.class_list().remove_1("is-moving");
        if self.live != self.camera.get_untracked() {
            self.camera.set(self.live);
        }
    }

    fn pointer_down(&mut self, event: &PointerEvent) {
        self.swallow_click = false;
        if event.pointer_type() != "touch" && event.button() == 0 && !self.camera.get_untracked().shows_everything() {
            self.look();
            let from = self.at(f64::from(event.client_x()), f64::from(event.client_y()));
            self.live = self.camera.get_untracked();
            self.gesture = Gesture::Pressed {
                pointer: event.pointer_id(),
                from,
            };
        }
    }

    fn pointer_move(&mut self, event: &PointerEvent) {
        let to = self.at(f64::from(event.client_x()), f64::from(event.client_y()));
        if let Gesture::Pressed { pointer, from } = self.gesture {
            let (_, (width, height)) = self.place;
            let moved = ((to.0 - from.0) * width).hypot((to.1 - from.1) * height);
            if moved > CLICK_SLOP {
                // Capturing keeps the drag alive outside the frame; without it the drag merely ends there.
                let _ = self.frame.set_pointer_capture(pointer);
                self.begin(Gesture::Dragging {
                    from,
                    began: self.camera.get_untracked(),
                });
            }
        }
        if let Gesture::Dragging { from, began } = self.gesture {
            self.show(began.dragged(from, to, 1.0));
        }
    }

    fn pointer_up(&mut self) {
        match self.gesture {
            Gesture::Dragging { .. } => {
                self.swallow_click = true;
                self.end();
            }
            Gesture::Pressed { .. } => self.gesture = Gesture::None,
            Gesture::None | Gesture::Pinching { .. } | Gesture::Turning => {}
        }
    }

    fn touch_start(&mut self, event: &TouchEvent) {
        self.look();
        let Some((middle, spread)) = self.two_fingers(event) else {
            return;
        };
        prevent(event);
        self.begin(Gesture::Pinching {
            middle,
            spread,
            began: self.camera.get_untracked(),
        });
    }

    fn touch_move(&mut self, event: &TouchEvent) {
        match self.gesture {
            Gesture::Pinching { middle, spread, began } => {
                let Some((to, now)) = self.two_fingers(event) else {
                    return;
                };
                prevent(event);
                self.show(began.dragged(middle, to, now / spread));
            }
            _ if !self.camera.get_untracked().shows_everything() => self.hint(),
            _ => {}
        }
    }

    fn touch_end(&mut self, event: &TouchEvent) {
        if matches!(self.gesture, Gesture::Pinching { .. }) && event.touches().length() < 2 {
            self.end();
        }
    }

    fn wheel(&mut self, event: &WheelEvent) {
        prevent(event);
        if !matches!(self.gesture, Gesture::Turning) {
            self.look();
            self.begin(Gesture::Turning);
        }
        let at = self.at(f64::from(event.client_x()), f64::from(event.client_y()));
        // A wheel that counts lines or pages turns about 16 or 400 px at once.
        let pixels = event.delta_y()
            * [1.0, 16.0, 400.0]
                .get(event.delta_mode() as usize)
                .copied()
                .unwrap_or(1.0);
        let live = self.live.zoomed((-pixels / 200.0).exp(), at);
        self.show(live);
    }

    /// Midpoint in fractions of the frame and distance in CSS pixels of the first two fingers.
    fn two_fingers(&self, event: &TouchEvent) -> Option<(Point, f64)> {
        let touches = event.touches();
        let (a, b) = (touches.item(0)?, touches.item(1)?);
        let (ax, ay) = (f64::from(a.client_x()), f64::from(a.client_y()));
        let (bx, by) = (f64::from(b.client_x()), f64::from(b.client_y()));
        Some((
            self.at((ax + bx) / 2.0, (ay + by) / 2.0),
            (ax - bx).hypot(ay - by).max(1.0),
        ))
    }

    fn hint(&mut self) {
        let shown = self.fingers_hint;
        if let Some(earlier) = self.hinting.take() {
            earlier.clear();
        } else {
            shown.set(true);
        }
        self.hinting = set_timeout_with_handle(
            move || {
                let _ = shown.try_set(false);
            },
            HINT_TIME,
        )
        .ok();
    }
}

fn listeners(hands: &Rc<RefCell<Hands>>, measure: impl Fn() + 'static) -> Vec<EventListener> {
    let frame = hands.borrow().frame.clone();
    let on = |name: &'static str, act: fn(&mut Hands, &Event)| {
        let hands = Rc::clone(hands);
        EventListener::new_with_options(&frame, name, ACTIVE, move |event| act(&mut hands.borrow_mut(), event))
    };
    let turning = Rc::clone(hands);
    vec![
        on("pointerdown", |hands, event| hands.pointer_down(event.unchecked_ref())),
        on("pointermove", |hands, event| hands.pointer_move(event.unchecked_ref())),
        on("pointerup", |hands, _| hands.pointer_up()),
        on("pointercancel", |hands, _| hands.pointer_up()),
        on("touchstart", |hands, event| hands.touch_start(event.unchecked_ref())),
        on("touchmove", |hands, event| hands.touch_move(event.unchecked_ref())),
        on("touchend", |hands, event| hands.touch_end(event.unchecked_ref())),
        on("touchcancel", |hands, event| hands.touch_end(event.unchecked_ref())),
        // Dragging the map must not pick up the link of an area.
        on("dragstart", |_, event| event.prevent_default()),
        on("click", |hands, event| {
            if std::mem::take(&mut hands.swallow_click) {
                event.prevent_default();
                event.stop_propagation();
            }
        }),
        EventListener::new_with_options(&frame, "wheel", ACTIVE, move |event| {
            let event: &WheelEvent = event.unchecked_ref();
            // A plain wheel scrolls the page.
            if event.ctrl_key() {
                turning.borrow_mut().wheel(event);
                rest_later(&turning);
            }
        }),
        EventListener::new(&window(), "resize", move |_| measure()),
    ]
}

/// Listeners that may prevent what the browser would do, and see an event before the links inside.
const ACTIVE: EventListenerOptions = EventListenerOptions {
    phase: EventListenerPhase::Capture,
    passive: false,
};

fn rest_later(hands: &Rc<RefCell<Hands>>) {
    let resting = Rc::clone(hands);
    let later = set_timeout_with_handle(move || resting.borrow_mut().end(), WHEEL_REST).ok();
    if let Some(earlier) = std::mem::replace(&mut hands.borrow_mut().resting, later) {
        earlier.clear();
    }
}

/// Not every event can be prevented any more: a scroll that began runs to its end.
fn prevent(event: &Event) {
    if event.cancelable() {
        event.prevent_default();
    }
}
