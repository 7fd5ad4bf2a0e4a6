//! The tide of the day as a curve, marked with the swims.

use std::f64::consts::TAU;
use std::fmt::Write as _;

use maud::{Markup, html};

use crate::data::store::State;
use crate::data::swim::Slot;

/// The hours between two high waters.
const PERIOD: f64 = 12.42;
/// The hour of the day's first high water.
const HIGH: f64 = 6.67;
/// The hours of the day at the left and right edges.
const DAY: (f64, f64) = (3.0, 22.75);

pub(crate) fn render(state: &State) -> Markup {
    html! {
        div.tide {
            svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                path.water d=(format!("{} L1000 100 L0 100 Z", draw_curve())) {}
                path.line d=(draw_curve()) vector-effect="non-scaling-stroke" {}
            }
            ul {
                @for slot in Slot::ALL {
                    li.(slot.value()) {
                        span.time { (slot.time()) }
                        span { (slot.name()) }
                        span.places { span data-places=(slot.value()) { (state.free_places(slot)) } " of " (slot.capacity()) " left" }
                    }
                }
            }
        }
    }
}

/// Returns the SVG path of the water level over the day, in a box of 1000 by 100.
fn draw_curve() -> String {
    let mut path = String::new();
    for x in (0..=1000).step_by(10) {
        let hour = DAY.0 + (DAY.1 - DAY.0) * f64::from(x) / 1000.0;
        let y = 42.0 - 34.0 * (TAU * (hour - HIGH) / PERIOD).cos();
        let command = if x == 0 { 'M' } else { 'L' };
        // Writing to a string never fails.
        let _ = write!(path, "{command}{x} {y:.2}");
    }
    path
}
