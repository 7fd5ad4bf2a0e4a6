//! Loading of case files.

use std::{error::Error, fmt, fs, path::Path};

use serde::Deserialize;

use crate::case::Case;

macro_rules! embedded {
    ($directory:literal: $($name:literal)*) => { &[$(($name, include_str!(concat!("../", $directory, "/", $name)))),*] };
}

const RECORDED: &[(&str, &str)] = embedded! { "cases":
    "body.json" "context.json" "data.json" "errors.json" "form-probes.json" "forms.json"
    "origin.json" "pages.json" "routing.json" "schema.json" "uploads.json"
};

const SECURITY: &[(&str, &str)] = embedded! { "security":
    "bodies.json" "cross-site.json" "heads.json" "limits.json" "multipart.json" "names.json" "results.json"
};

/// Returns the cases that were recorded from Astro, area by area.
///
/// # Errors
///
/// Returns a [`LoadError`] if a file is malformed.
pub fn recorded() -> Result<Vec<Case>, LoadError> {
    read(RECORDED)
}

/// Returns the security cases: requests that every server must refuse or withstand. Their areas begin with `security/`.
///
/// # Errors
///
/// Returns a [`LoadError`] if a file is malformed.
pub fn security() -> Result<Vec<Case>, LoadError> {
    read(SECURITY)
}

fn read(files: &[(&str, &str)]) -> Result<Vec<Case>, LoadError> {
    let mut cases = Vec::new();
    for (name, text) in files {
        cases.extend(parse(name, text)?);
    }
    Ok(cases)
}

/// Loads the cases of each `*.json` file in a directory, in the order of the files' names.
///
/// # Errors
///
/// Returns a [`LoadError`] if the directory or a file cannot be read, or if a file is malformed or contains an unknown
/// key.
pub fn load_dir(directory: &Path) -> Result<Vec<Case>, LoadError> {
    let failed = |error: std::io::Error| LoadError::new(directory.display(), error);
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    let mut cases = Vec::new();
    for path in files {
        let name = path.display().to_string();
        let text = fs::read_to_string(&path).map_err(|error| LoadError::new(&name, error))?;
        cases.extend(parse(&name, &text)?);
    }
    Ok(cases)
}

/// An error of reading, parsing or writing a file.
#[derive(Debug)]
pub struct LoadError {
    file: String,
    reason: String,
}

impl LoadError {
    pub(crate) fn new(file: impl fmt::Display, reason: impl fmt::Display) -> Self {
        Self { file: file.to_string(), reason: reason.to_string() }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.reason)
    }
}

impl Error for LoadError {}

#[derive(Deserialize)]
struct File {
    area: String,
    cases: Vec<Case>,
}

fn parse(name: &str, text: &str) -> Result<Vec<Case>, LoadError> {
    let File { area, mut cases } = serde_json::from_str(text).map_err(|error| LoadError::new(name, error))?;
    for case in &mut cases {
        case.area.clone_from(&area);
        // Preparing each request here finds invalid requests before the first request is sent.
        case.request.prepare(1).map_err(|error| LoadError::new(format_args!("{name}: {}", case.id), error))?;
    }
    Ok(cases)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn recorded_cases_are_valid_and_have_unique_names() {
        let cases = recorded().unwrap();
        assert_eq!(cases.len(), 1309);
        assert_eq!(cases.iter().filter(|case| case.area == "pages").count(), 47);
        let security = security().unwrap();
        assert!(security.iter().all(|case| case.area.starts_with("security/") && case.id.starts_with(&case.area)));
        let ids: HashSet<_> = cases.iter().chain(&security).map(|case| &case.id).collect();
        assert_eq!(ids.len(), cases.len() + security.len());
    }

    #[test]
    fn every_file_is_embedded() {
        for (directory, files) in [("cases", RECORDED), ("security", SECURITY)] {
            let count: usize = files.iter().map(|(name, text)| parse(name, text).unwrap().len()).sum();
            let all = load_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join(directory)).unwrap();
            assert_eq!(all.len(), count, "{directory}");
        }
    }

    #[test]
    fn directory_is_loaded_and_error_names_the_file() {
        let directory = std::env::temp_dir().join(format!("enact-conformance-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        fs::write(
            directory.join("more.json"),
            r#"{"area": "more", "recorded": {}, "cases": [{"id": "more/one", "request":
            {"method": "GET", "path": "/", "headers": [], "framing": "none", "body": null}, "expect": {"status": 200}}]}"#,
        )
        .unwrap();
        fs::write(directory.join("notes.txt"), "not a case").unwrap();
        let cases = load_dir(&directory).unwrap();
        assert_eq!((cases.len(), cases[0].area.as_str()), (1, "more"));

        fs::write(directory.join("worse.json"), "{").unwrap();
        let error = load_dir(&directory).unwrap_err().to_string();
        fs::remove_dir_all(&directory).unwrap();
        assert!(error.contains("worse.json"), "{error}");
    }
}
