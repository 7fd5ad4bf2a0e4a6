//! Keeps a generated file in step with the actions.

use std::path::Path;

use crate::registry::Registry;

/// Checks that a file holds the client of a registry, in a test of yours; with `ENACT_WRITE=1` in the environment it writes
/// the file. What is expected follows from the name: [`Registry::typescript`] for `.ts`, [`Registry::javascript`] for `.js`
/// and `.mjs`, [`Registry::javascript_types`] for `.d.ts` and `.d.mts`. A relative path begins at the package's folder. Under the
/// feature `test-util`, for a package's `[dev-dependencies]`.
///
/// ```
/// # let folder = std::env::temp_dir().join(format!("enact-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # std::env::set_current_dir(&folder)?;
/// # let actions = enact::Registry::builder().build()?;
/// # std::fs::write("actions.ts", actions.typescript())?;
/// // #[test]
/// // fn the_client_is_fresh() {
/// enact::typescript::assert_fresh(&actions, "actions.ts");
/// // }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Panics
///
/// If the file is missing or says something else, and if it cannot be written.
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
        panic!("{shown}: a client's file ends in `.ts`, `.js` or `.d.ts`");
    };
    let found = std::fs::read_to_string(path);
    if found.as_ref().is_ok_and(|found| found.replace("\r\n", "\n") == expected) {
        return;
    }
    if std::env::var_os("ENACT_WRITE").is_some() {
        if let Err(error) = std::fs::write(path, expected) {
            panic!("{shown} cannot be written: {error}");
        }
        return;
    }
    let state = if found.is_ok() { "is not what the actions say now" } else { "cannot be read" };
    panic!("{shown} {state}; this writes it: ENACT_WRITE=1 cargo test");
}
