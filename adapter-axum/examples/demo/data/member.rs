//! A member as shown on the membership card. The form of the card reads this type.

use enact::File;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Clone, Deserialize, JsonSchema)]
pub(crate) struct Member {
    #[schemars(length(max = 40), extend("x-message" = {
        "type": "The card needs a name",
        "maxLength": "At most 40 letters fit on the card"
    }))]
    pub(crate) name: String,
    #[schemars(extend(
        "x-max-bytes" = 262_144,
        "x-media-types" = ["image/png", "image/jpeg", "image/webp"],
        "x-message" = {
            "x-max-bytes": "The photo is larger than 256 KB",
            "x-media-types": "The photo must be a PNG, a JPEG or a WebP"
        }
    ))]
    pub(crate) photo: Option<File>,
    #[schemars(range(max = 90), extend("x-message" = "A number of years from 0 to 90"))]
    pub(crate) years: u8,
    #[schemars(extend("x-message" = "Choose a shore"))]
    pub(crate) shore: Shore,
    #[schemars(length(min = 1), extend("x-message" = { "minItems": "Bring at least one of these" }))]
    pub(crate) kit: Vec<Kit>,
    /// An input that was left empty is `None`.
    pub(crate) coves: Vec<Option<Cove>>,
    pub(crate) contact: Contact,
    pub(crate) lift: bool,
}

/// A newtype, so that its rules apply to each item of a list.
#[derive(Clone, Deserialize, JsonSchema)]
pub(crate) struct Cove(
    #[schemars(length(max = 30), extend("x-message" = "At most 30 letters fit on the card"))] pub(crate) String,
);

#[derive(Clone, Deserialize, JsonSchema)]
pub(crate) struct Contact {
    #[schemars(extend("x-message" = { "type": "Who should we call?" }))]
    pub(crate) name: String,
    #[schemars(regex(pattern = r"^\+?[0-9][0-9 ]{5,18}$"), extend("x-message" = {
        "type": "Which number should we call?",
        "pattern": "Digits and spaces, optionally with a leading +"
    }))]
    pub(crate) phone: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Shore {
    Slipway,
    NorthBeach,
    Harbour,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kit {
    Cap,
    Float,
    Wetsuit,
    Flask,
}

impl Shore {
    /// All shores, each with its value in the form and its label.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Slipway, "slipway", "The slipway"),
        (Self::NorthBeach, "north-beach", "North beach"),
        (Self::Harbour, "harbour", "Inside the harbour"),
    ];
}

impl Kit {
    /// All kit, each with its value in the form and its label.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Cap, "cap", "Bright cap"),
        (Self::Float, "float", "Tow float"),
        (Self::Wetsuit, "wetsuit", "Wetsuit"),
        (Self::Flask, "flask", "Flask of tea"),
    ];
}
