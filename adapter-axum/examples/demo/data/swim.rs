//! The swims of a day.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Slot {
    Dawn,
    Noon,
    Dusk,
}

impl Slot {
    pub(crate) const ALL: [Self; 3] = [Self::Dawn, Self::Noon, Self::Dusk];

    pub(crate) const fn value(self) -> &'static str {
        match self {
            Self::Dawn => "dawn",
            Self::Noon => "noon",
            Self::Dusk => "dusk",
        }
    }

    pub(crate) const fn time(self) -> &'static str {
        match self {
            Self::Dawn => "06:40",
            Self::Noon => "12:53",
            Self::Dusk => "19:05",
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Dawn => "Dawn, high water",
            Self::Noon => "Noon, low water",
            Self::Dusk => "Dusk, high water",
        }
    }

    pub(crate) const fn capacity(self) -> u8 {
        match self {
            Self::Dawn | Self::Dusk => 12,
            Self::Noon => 8,
        }
    }
}
