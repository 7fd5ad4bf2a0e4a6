//! What is noted of an input while its type reads it.

use std::cell::Cell;

use crate::schema::{Kind, Literal, Node, Number, Schema};

/// Whether anything was found to be wrong so far.
pub(super) struct Watch<'s> {
    pub(super) schema: &'s Schema,
    broken: Cell<bool>,
}

impl<'s> Watch<'s> {
    pub(super) fn new(schema: &'s Schema) -> Self {
        Self { schema, broken: Cell::new(false) }
    }

    pub(super) fn note(&self) {
        self.broken.set(true);
    }

    /// Forgets what was noted since `is_clean` said this.
    pub(super) fn reset(&self, clean: bool) {
        self.broken.set(!clean);
    }

    pub(super) fn is_clean(&self) -> bool {
        !self.broken.get()
    }

    pub(super) fn text(&self, node: &Node, value: &str) {
        match &node.kind {
            Kind::Any => {}
            Kind::String(rules) => {
                let mut broken = false;
                rules.check(value, &mut broken);
                if broken {
                    self.note();
                }
            }
            Kind::Literal(allowed) => {
                if !allowed.iter().any(|literal| matches!(literal, Literal::String(text) if text == value)) {
                    self.note();
                }
            }
            _ => self.note(),
        }
    }

    pub(super) fn number(&self, node: &Node, value: Number) {
        match &node.kind {
            Kind::Any => {}
            Kind::Number(rules) => {
                let mut broken = false;
                rules.check(value, &mut broken);
                if broken {
                    self.note();
                }
            }
            Kind::Literal(allowed) if allowed.contains(&Literal::Number(value.as_f64())) => {}
            _ => self.note(),
        }
    }

    pub(super) fn boolean(&self, node: &Node, value: bool) {
        match &node.kind {
            Kind::Any | Kind::Boolean => {}
            Kind::Literal(allowed) if allowed.contains(&Literal::Bool(value)) => {}
            _ => self.note(),
        }
    }

    pub(super) fn null(&self, node: &Node) {
        let fits = match &node.kind {
            Kind::Any | Kind::Null => true,
            Kind::Literal(allowed) => node.nullable || allowed.contains(&Literal::Null),
            _ => node.nullable,
        };
        if !fits {
            self.note();
        }
    }

    pub(super) fn count(&self, min: Option<u64>, max: Option<u64>, count: usize) {
        let count = count as u64;
        if min.is_some_and(|min| count < min) || max.is_some_and(|max| count > max) {
            self.note();
        }
    }
}
