//! The log of past swims.

pub(crate) struct Entry {
    pub(crate) id: &'static str,
    /// The number of waves when the demo starts.
    pub(crate) waves: u64,
    pub(crate) when: &'static str,
    pub(crate) degrees: &'static str,
    pub(crate) text: &'static str,
}

pub(crate) const ENTRIES: [Entry; 3] = [
    Entry {
        id: "seal",
        waves: 14,
        when: "Tuesday, dawn",
        degrees: "12.4",
        text: "Nine of us and one seal, who kept to the left of the slipway and was better at it.",
    },
    Entry {
        id: "fog",
        waves: 6,
        when: "Sunday, dusk",
        degrees: "12.9",
        text: "Fog to the second buoy. We turned at the first, sang, and followed the singing back.",
    },
    Entry {
        id: "cake",
        waves: 31,
        when: "Saturday, noon",
        degrees: "13.1",
        text: "Low water, rock pools, and Ines brought the ginger cake again. Nobody swam far.",
    },
];
