//! The settings that a function converts events by.

#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    /// The path that takes the place of the stage: empty, or with a leading slash and no trailing one.
    pub(crate) base_path: Option<String>,
    pub(crate) trust_forwarded_for: bool,
}
