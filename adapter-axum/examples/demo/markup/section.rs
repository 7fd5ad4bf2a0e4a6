//! The frame around each section of the page.

use maud::{Markup, html};

/// An explanation of how a section reaches its Rust function.
pub(crate) struct Wire {
    pub(crate) code: &'static str,
    pub(crate) route: String,
    pub(crate) text: &'static str,
}

pub(crate) fn render_section(id: &str, title: &str, lead: &str, wire: &Wire, content: Markup) -> Markup {
    html! {
        section id=(id) aria-labelledby={ (id) "-title" } {
            div.head {
                h2 id={ (id) "-title" } { (title) }
                p { (lead) }
                details.wire open {
                    summary { "How it reaches Rust" }
                    pre { code { (wire.code) } }
                    p.route { code { (wire.route) } }
                    p { (wire.text) }
                }
            }
            div.panel { (content) }
        }
    }
}
