use serde::{Serialize, Serializer};

use crate::tags::tags;

tags! {
    /// The type of a [`Temporal`] value.
    #[non_exhaustive]
    pub enum TemporalKind {
        /// `Temporal.Duration`
        Duration = "Temporal.Duration",
        /// `Temporal.Instant`
        Instant = "Temporal.Instant",
        /// `Temporal.PlainDate`
        PlainDate = "Temporal.PlainDate",
        /// `Temporal.PlainTime`
        PlainTime = "Temporal.PlainTime",
        /// `Temporal.PlainDateTime`
        PlainDateTime = "Temporal.PlainDateTime",
        /// `Temporal.PlainMonthDay`
        PlainMonthDay = "Temporal.PlainMonthDay",
        /// `Temporal.PlainYearMonth`
        PlainYearMonth = "Temporal.PlainYearMonth",
        /// `Temporal.ZonedDateTime`
        ZonedDateTime = "Temporal.ZonedDateTime",
    }
}

/// A value of JavaScript's `Temporal`: its type and the text of its `toString()`.
///
/// The text is not checked. A `Temporal` is read as a part of a [`Value`](crate::Value). In other formats it is a
/// string.
///
/// ```
/// use enact_devalue::{Temporal, TemporalKind};
///
/// let date = Temporal::new(TemporalKind::PlainDate, "2024-02-03");
/// assert_eq!(enact_devalue::to_string(&date).unwrap(), r#"[["Temporal.PlainDate","2024-02-03"]]"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Temporal {
    kind: TemporalKind,
    text: String,
}

impl Temporal {
    /// Creates a value from its type and the text of its `toString()`.
    #[must_use]
    pub fn new(kind: TemporalKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }

    /// Returns the type.
    #[must_use]
    pub fn kind(&self) -> TemporalKind {
        self.kind
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Serialize for Temporal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(self.kind.marker(), &self.text)
    }
}
