//! A check that a generated file is up to date.

use std::path::Path;

use crate::registry::Registry;

/// Asserts that a file holds the client of a registry. Call it in a test.
///
/// If the environment variable `ENACT_WRITE` is set, the file is written instead. The file's extension decides the expected
/// content:
///
/// | extension | content |
/// |---|---|
/// | `.ts`, `.mts` | [`Registry::typescript`] |
/// | `.js`, `.mjs` | [`Registry::javascript`] |
/// | `.d.ts`, `.d.mts` | [`Registry::javascript_types`] |
///
/// Cargo runs tests in the package's folder, so relative paths begin there. The function needs the feature `test-util`, which
/// belongs into a package's `[dev-dependencies]`.
///
/// ```
/// # let folder = std::env::temp_dir().join(format!("enact-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # std::env::set_current_dir(&folder)?;
/// # let actions = enact::Registry::builder().build()?;
/// # std::fs::write("actions.ts", actions.typescript())?;
/// // #[test]
/// // fn generated_client_is_up_to_date() {
/// enact::typescript::assert_fresh(&actions, "actions.ts");
/// // }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Panics
///
/// Panics if the file is missing or out of date, if it cannot be written, and if its extension is another one.
#[track_caller]
pub fn assert_fresh(actions: &Registry, path: impl AsRef<Path>) {
    let path = path.as_ref();
    let shown = path.display();
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let expected = if name.ends_with(".d.ts") || name.ends_with(".d.mts") {
        actions.javascript_types()
    } else if name.ends_with(".ts") || name.ends_with(".mts") {
        actions.typescript()
    } else if name.ends_with(".js") || name.ends_with(".mjs") {
        actions.javascript()
    } else {
        panic!("invalid file name `{shown}`: expected the extension `.ts`, `.js` or `.d.ts`");
    };
    let found = std::fs::read_to_string(path);
    if found.as_ref().is_ok_and(|found| found.replace("\r\n", "\n") == expected) {
        return;
    }
    if std::env::var_os("ENACT_WRITE").is_some() {
        if let Err(error) = std::fs::write(path, expected) {
            panic!("cannot write `{shown}`: {error}");
        }
        return;
    }
    match found {
        Ok(_) => panic!("`{shown}` does not match the actions. To update it, run: ENACT_WRITE=1 cargo test"),
        Err(error) => panic!("cannot read `{shown}`: {error}. To create it, run: ENACT_WRITE=1 cargo test"),
    }
}
