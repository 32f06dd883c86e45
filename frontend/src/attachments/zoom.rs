//! How large the open picture is drawn.
//!
//! Invariant: the smallest is the whole picture; the point that was looked at stays where it was.

use leptos::{html, prelude::*};
use web_sys::MouseEvent;

/// Times the size that fits the window.
const STEPS: [f64; 5] = [1.0, 1.5, 2.0, 3.0, 4.0];

/// Where a click on a whole picture leads.
const CLICKED: usize = 2;

#[derive(Clone, Copy)]
pub struct Zoom {
    step: RwSignal<usize>,
    /// The width at which the whole picture fits, in pixels.
    fitting: StoredValue<f64>,
    pub stage: NodeRef<html::Div>,
    pub image: NodeRef<html::Img>,
}

impl Zoom {
    pub fn new() -> Self {
        Self { step: RwSignal::new(0), fitting: StoredValue::new(0.0), stage: NodeRef::new(), image: NodeRef::new() }
    }

    pub fn is_in(self) -> bool {
        self.step.get() > 0
    }

    /// Absent while the whole picture fits.
    pub fn width(self) -> Option<String> {
        let step = self.step.get();
        let times = STEPS.get(step).filter(|_| step > 0)?;
        Some(format!("{}px", self.fitting.get_value() * times))
    }

    pub fn reset(self) {
        self.step.set(0);
    }

    pub fn nearer(self) {
        let step = self.step.get_untracked();
        self.go(step + 1, (0.5, 0.5));
    }

    pub fn further(self) {
        let step = self.step.get_untracked();
        self.go(step.saturating_sub(1), (0.5, 0.5));
    }

    /// Moves the picture under the window, by a part of the window.
    pub fn pan(self, x: i32, y: i32) {
        if let Some(stage) = self.stage.get_untracked() {
            stage.set_scroll_left(stage.scroll_left() + x * stage.client_width() / 8);
            stage.set_scroll_top(stage.scroll_top() + y * stage.client_height() / 8);
        }
    }

    /// In at the point that was clicked, or out again.
    pub fn toggle(self, event: &MouseEvent) {
        let Some(image) = self.image.get_untracked() else { return };
        let frame = image.get_bounding_client_rect();
        let part = |at: i32, start: f64, length: f64| (f64::from(at) - start) / length.max(1.0);
        let point =
            (part(event.client_x(), frame.left(), frame.width()), part(event.client_y(), frame.top(), frame.height()));
        self.go(if self.step.get_untracked() > 0 { 0 } else { CLICKED }, point);
    }

    fn go(self, step: usize, (x, y): (f64, f64)) {
        let (Some(image), Some(stage)) = (self.image.get_untracked(), self.stage.get_untracked()) else { return };
        if self.step.get_untracked() == 0 {
            let width = image.get_bounding_client_rect().width();
            // Nothing of it has come yet.
            if width < 1.0 {
                return;
            }
            self.fitting.set_value(width);
        }
        self.step.set(step.min(STEPS.len() - 1));
        request_animation_frame(move || {
            let towards = |whole: i32, seen: i32, part: f64| {
                #[expect(clippy::cast_possible_truncation, reason = "a place on a screen")]
                let place = (f64::from(whole) * part - f64::from(seen) / 2.0) as i32;
                place
            };
            stage.set_scroll_left(towards(stage.scroll_width(), stage.client_width(), x));
            stage.set_scroll_top(towards(stage.scroll_height(), stage.client_height(), y));
        });
    }
}
