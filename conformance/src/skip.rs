//! Failures that are allowed on a server.

use std::{borrow::Cow, collections::BTreeMap, fmt, fs, path::Path};

use crate::load::LoadError;

/// Cases that may fail on a server, with the reason.
///
/// The cases are still sent. If a skipped case passes, the run fails, so outdated skips are noticed.
#[derive(Clone, Debug)]
pub struct Skip {
    id: Cow<'static, str>,
    prefix: bool,
    pub(crate) reason: Cow<'static, str>,
}

impl Skip {
    /// Creates a skip of the case with this name.
    #[must_use]
    pub const fn case(id: &'static str, reason: &'static str) -> Self {
        Self { id: Cow::Borrowed(id), prefix: false, reason: Cow::Borrowed(reason) }
    }

    /// Creates a skip of all cases whose name begins with `id`, for example `pages/`.
    #[must_use]
    pub const fn prefix(id: &'static str, reason: &'static str) -> Self {
        Self { id: Cow::Borrowed(id), prefix: true, reason: Cow::Borrowed(reason) }
    }

    /// Reads a file of skips: a JSON object with reasons by name. `pages/*` covers all cases whose name begins with
    /// `pages/`.
    ///
    /// # Errors
    ///
    /// Returns a [`LoadError`] if the file cannot be read, is not such an object, or contains an empty reason.
    pub fn load(file: &Path) -> Result<Vec<Self>, LoadError> {
        let failed = |error: &dyn fmt::Display| LoadError::new(file.display(), error);
        let text = fs::read_to_string(file).map_err(|error| failed(&error))?;
        let skips: BTreeMap<String, String> = serde_json::from_str(&text).map_err(|error| failed(&error))?;
        if let Some((id, _)) = skips.iter().find(|(_, reason)| reason.trim().is_empty()) {
            return Err(failed(&format_args!("skip `{id}` has no reason")));
        }
        let skip = |(id, reason): (String, String)| match id.strip_suffix('*') {
            Some(start) => Self { id: start.to_owned().into(), prefix: true, reason: reason.into() },
            None => Self { id: id.into(), prefix: false, reason: reason.into() },
        };
        Ok(skips.into_iter().map(skip).collect())
    }

    pub(crate) fn covers(&self, id: &str) -> bool {
        if self.prefix { id.starts_with(&*self.id) } else { id == self.id }
    }
}

impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.id, if self.prefix { "*" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loaded(name: &str, text: &str) -> Result<Vec<Skip>, LoadError> {
        let file = std::env::temp_dir().join(format!("enact-skips-{}-{name}.json", std::process::id()));
        fs::write(&file, text).unwrap();
        let skips = Skip::load(&file);
        fs::remove_file(&file).unwrap();
        skips
    }

    #[test]
    fn file_lists_names_and_prefixes_with_reasons() {
        let skips = loaded("good", r#"{"a/1": "one", "b/*": "more"}"#).unwrap();
        let covering = |id: &str| skips.iter().find(|skip| skip.covers(id)).map(|skip| skip.reason.as_ref());
        assert_eq!([covering("a/1"), covering("a/10"), covering("b/x")], [Some("one"), None, Some("more")]);
    }

    #[test]
    fn skip_without_reason_is_an_error() {
        assert!(loaded("silent", r#"{"a/1": " "}"#).unwrap_err().to_string().contains("a/1"));
        assert!(loaded("list", r#"["a/1"]"#).is_err());
        assert!(Skip::load(Path::new("/no/such/file.json")).is_err());
    }
}
