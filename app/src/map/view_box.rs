//! Which part of the map is shown: pan and zoom as plain arithmetic.
//!
//! The frame on the page always has the shape of the whole map, so one map unit is equally long in both directions and
//! one number, pixels per unit, translates between the two.

/// Closest zoom. At 8 the smallest district is wider than a fingertip on a phone 390 px wide.
pub const MAX_ZOOM: f64 = 8.0;

/// One step of the zoom buttons and keys.
pub const ZOOM_STEP: f64 = 1.6;

/// Margin around the areas in map units, so that strokes on the outer border are not cut.
pub const MARGIN: f64 = 8.0;

/// A point in map units, or in CSS pixels from the frame's corner, as the function states.
pub type Point = (f64, f64);

/// The visible part of the map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// Extent of the whole map with its margin, map units.
    extent: Point,
    /// 1 shows everything.
    zoom: f64,
    /// Map units at the frame's top left corner.
    corner: Point,
}

impl Camera {
    /// All of a map of that many units.
    #[must_use]
    pub fn whole(width: u32, height: u32) -> Self {
        Self {
            extent: (f64::from(width) + 2.0 * MARGIN, f64::from(height) + 2.0 * MARGIN),
            zoom: 1.0,
            corner: (-MARGIN, -MARGIN),
        }
    }

    /// Extent of the whole map with its margin, map units.
    #[must_use]
    pub fn extent(&self) -> Point {
        self.extent
    }

    /// 1 shows everything, [`MAX_ZOOM`] is closest.
    #[must_use]
    pub fn zoom(&self) -> f64 {
        self.zoom
    }

    /// Everything is shown: there is nothing to pan.
    #[must_use]
    pub fn shows_everything(&self) -> bool {
        self.zoom <= 1.0
    }

    /// No closer view is possible.
    #[must_use]
    pub fn is_closest(&self) -> bool {
        self.zoom >= MAX_ZOOM
    }

    /// The same view of everything.
    #[must_use]
    pub fn reset(self) -> Self {
        Self {
            zoom: 1.0,
            corner: (-MARGIN, -MARGIN),
            ..self
        }
    }

    /// Zoomed by `factor`; what lies under `anchor` (fractions of the frame, 0 to 1) stays there where the map's edge
    /// allows it.
    #[must_use]
    pub fn zoomed(self, factor: f64, anchor: Point) -> Self {
        self.dragged(anchor, anchor, factor)
    }

    /// Moved so that what lay under `from` lies under `to` (fractions of the frame), zoomed by `factor` on the way:
    /// one finger is `factor` 1, two fingers are their midpoints and how far they spread.
    #[must_use]
    pub fn dragged(self, from: Point, to: Point, factor: f64) -> Self {
        let zoom = if factor.is_finite() {
            (self.zoom * factor).clamp(1.0, MAX_ZOOM)
        } else {
            self.zoom
        };
        let seen = self.seen();
        let held = (self.corner.0 + from.0 * seen.0, self.corner.1 + from.1 * seen.1);
        let seen_now = (self.extent.0 / zoom, self.extent.1 / zoom);
        Self {
            zoom,
            corner: (held.0 - to.0 * seen_now.0, held.1 - to.1 * seen_now.1),
            ..self
        }
        .within_map()
    }

    /// Moved just so far that `point` (map units) is visible and not right at the frame's edge.
    #[must_use]
    pub fn showing(self, point: Point) -> Self {
        let seen = self.seen();
        let follow = |corner: f64, seen: f64, at: f64| {
            let edge = seen * 0.15;
            corner.max(at - seen + edge).min(at - edge)
        };
        let corner = (
            follow(self.corner.0, seen.0, point.0),
            follow(self.corner.1, seen.1, point.1),
        );
        Self { corner, ..self }.within_map()
    }

    /// The `transform` attribute of the group that holds the map, inside a `viewBox` of the whole extent.
    #[must_use]
    pub fn group_transform(&self) -> String {
        format!(
            "scale({:.4}) translate({:.2} {:.2})",
            self.zoom, -self.corner.0, -self.corner.1
        )
    }

    /// The CSS transform (origin at the top left corner) that makes a picture drawn for `drawn` look like this view, on
    /// a frame `frame_width` CSS pixels wide.
    #[must_use]
    pub fn css_transform_from(&self, drawn: &Self, frame_width: f64) -> String {
        let pixels_per_unit = frame_width / self.extent.0 * self.zoom;
        let x = (drawn.corner.0 - self.corner.0) * pixels_per_unit;
        let y = (drawn.corner.1 - self.corner.1) * pixels_per_unit;
        format!("translate({x:.2}px, {y:.2}px) scale({:.4})", self.zoom / drawn.zoom)
    }

    fn seen(&self) -> Point {
        (self.extent.0 / self.zoom, self.extent.1 / self.zoom)
    }

    fn within_map(self) -> Self {
        let seen = self.seen();
        let hold = |corner: f64, extent: f64, seen: f64| corner.min(extent - MARGIN - seen).max(-MARGIN);
        let corner = (
            hold(self.corner.0, self.extent.0, seen.0),
            hold(self.corner.1, self.extent.1, seen.1),
        );
        Self { corner, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn under(camera: &Camera, at: Point) -> Point {
        let seen = camera.seen();
        (camera.corner.0 + at.0 * seen.0, camera.corner.1 + at.1 * seen.1)
    }

    fn near(a: Point, b: Point) -> bool {
        (a.0 - b.0).abs() < 1e-6 && (a.1 - b.1).abs() < 1e-6
    }

    #[test]
    fn zooming_keeps_what_lies_under_the_pointer() {
        let camera = Camera::whole(1000, 800);
        let anchor = (0.3, 0.7);
        let closer = camera.zoomed(2.0, anchor).zoomed(1.5, anchor);
        assert!((closer.zoom() - 3.0).abs() < 1e-9);
        assert!(near(under(&camera, anchor), under(&closer, anchor)));
        // Back out again: exactly the whole map.
        assert_eq!(closer.zoomed(0.01, (0.9, 0.1)), camera);
    }

    #[test]
    fn zoom_has_limits_and_ignores_nonsense() {
        let camera = Camera::whole(1000, 800);
        assert!(camera.zoomed(100.0, (0.5, 0.5)).is_closest());
        assert!(camera.zoomed(0.0, (0.5, 0.5)).shows_everything());
        assert_eq!(camera.zoomed(f64::NAN, (0.5, 0.5)), camera);
        assert_eq!(camera.zoomed(f64::INFINITY, (0.5, 0.5)), camera);
    }

    #[test]
    fn dragging_moves_with_the_finger_until_the_edge() {
        let camera = Camera::whole(1000, 800).zoomed(4.0, (0.5, 0.5));
        let moved = camera.dragged((0.5, 0.5), (0.6, 0.4), 1.0);
        assert!(near(under(&camera, (0.5, 0.5)), under(&moved, (0.6, 0.4))));
        let far = camera.dragged((0.0, 0.0), (50.0, 50.0), 1.0);
        assert!(near(under(&far, (0.0, 0.0)), (-MARGIN, -MARGIN)));
        let other = camera.dragged((0.0, 0.0), (-50.0, -50.0), 1.0);
        assert!(near(under(&other, (1.0, 1.0)), (1000.0 + MARGIN, 800.0 + MARGIN)));
    }

    #[test]
    fn the_whole_map_cannot_be_moved() {
        let camera = Camera::whole(1000, 800);
        assert_eq!(camera.dragged((0.5, 0.5), (0.9, 0.1), 1.0), camera);
    }

    #[test]
    fn showing_a_point_moves_only_when_it_must() {
        let camera = Camera::whole(1000, 800).zoomed(4.0, (0.5, 0.5));
        let centre = under(&camera, (0.5, 0.5));
        assert_eq!(camera.showing(centre), camera);
        for point in [(0.0, 0.0), (1000.0, 800.0), (500.0, 0.0)] {
            let shown = camera.showing(point);
            let corner = under(&shown, (0.0, 0.0));
            let end = under(&shown, (1.0, 1.0));
            assert!(corner.0 <= point.0 && point.0 <= end.0 && corner.1 <= point.1 && point.1 <= end.1);
            assert!((shown.zoom() - camera.zoom()).abs() < 1e-9);
        }
    }

    #[test]
    fn the_css_transform_shows_what_the_group_transform_will() {
        let drawn = Camera::whole(1000, 800).zoomed(2.0, (0.2, 0.2));
        let live = drawn.dragged((0.5, 0.5), (0.7, 0.4), 1.5);
        let width = 508.0;
        let css = live.css_transform_from(&drawn, width);
        let numbers: Vec<f64> = css
            .split(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-'))
            .filter_map(|part| part.parse().ok())
            .collect();
        let [x, y, scale] = numbers[..] else { panic!("{css}") };
        // A point of the map, as pixels in the drawn picture, then moved by the CSS transform, …
        let point = (420.0, 333.0);
        let pixels = |camera: &Camera| {
            let unit = width / camera.extent.0 * camera.zoom;
            ((point.0 - camera.corner.0) * unit, (point.1 - camera.corner.1) * unit)
        };
        let before = pixels(&drawn);
        let shown = (before.0 * scale + x, before.1 * scale + y);
        // … lies where the live view draws it, to within rounding.
        let wanted = pixels(&live);
        assert!(
            (shown.0 - wanted.0).abs() < 0.2 && (shown.1 - wanted.1).abs() < 0.2,
            "{shown:?} {wanted:?}"
        );
    }
}
