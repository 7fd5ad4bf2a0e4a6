//! The result of validation while a type reads its input.

use std::cell::Cell;

use crate::schema::{Kind, Literal, Node, Number, Schema};

/// A flag that is cleared by the first value that breaks a rule of the schema.
///
/// It does not record which rule is broken. If it is cleared, the input is read again to collect the issues.
pub(super) struct Validity<'s> {
    pub(super) schema: &'s Schema,
    valid: Cell<bool>,
}

impl<'s> Validity<'s> {
    pub(super) fn new(schema: &'s Schema) -> Self {
        Self { schema, valid: Cell::new(true) }
    }

    pub(super) fn is_valid(&self) -> bool {
        self.valid.get()
    }

    pub(super) fn mark_invalid(&self) {
        self.valid.set(false);
    }

    /// Returns to an earlier result of [`is_valid`](Self::is_valid), after a union member did not match.
    pub(super) fn restore(&self, valid: bool) {
        self.valid.set(valid);
    }

    pub(super) fn check_text(&self, node: &Node, value: &str) {
        match &node.kind {
            Kind::Any => {}
            Kind::String(rules) => {
                let mut broken = false;
                rules.check(value, &mut broken);
                if broken {
                    self.mark_invalid();
                }
            }
            Kind::Literal(allowed) => {
                if !allowed.iter().any(|literal| matches!(literal, Literal::String(text) if text == value)) {
                    self.mark_invalid();
                }
            }
            _ => self.mark_invalid(),
        }
    }

    pub(super) fn check_number(&self, node: &Node, value: Number) {
        match &node.kind {
            Kind::Any => {}
            Kind::Number(rules) => {
                let mut broken = false;
                rules.check(value, &mut broken);
                if broken {
                    self.mark_invalid();
                }
            }
            Kind::Literal(allowed) if allowed.contains(&Literal::Number(value.as_f64())) => {}
            _ => self.mark_invalid(),
        }
    }

    pub(super) fn check_bool(&self, node: &Node, value: bool) {
        match &node.kind {
            Kind::Any | Kind::Boolean => {}
            Kind::Literal(allowed) if allowed.contains(&Literal::Bool(value)) => {}
            _ => self.mark_invalid(),
        }
    }

    pub(super) fn check_null(&self, node: &Node) {
        let is_allowed = match &node.kind {
            Kind::Any | Kind::Null => true,
            Kind::Literal(allowed) => node.nullable || allowed.contains(&Literal::Null),
            _ => node.nullable,
        };
        if !is_allowed {
            self.mark_invalid();
        }
    }

    pub(super) fn check_count(&self, min: Option<u64>, max: Option<u64>, count: usize) {
        let count = count as u64;
        if min.is_some_and(|min| count < min) || max.is_some_and(|max| count > max) {
            self.mark_invalid();
        }
    }
}
