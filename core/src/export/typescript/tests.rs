use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Action, ActionError, ActionErrorCode, Builder, Context, Registry};

/// A post */ of the blog.
#[derive(Deserialize, Serialize, JsonSchema)]
struct Post {
    /// Its name in the address.
    slug: String,
    #[serde(default)]
    tags: Vec<String>,
}

async fn same<T>(input: T, _: Context) -> Result<T, ActionError> {
    Ok(input)
}

fn builder() -> Builder {
    Registry::builder().action(Action::<Post, Post>::json("blog.save"), same)
}

fn registry() -> Registry {
    builder().build().unwrap()
}

#[test]
fn the_order_of_registration_changes_nothing() {
    let other = || Registry::builder().action(Action::<u8, u8>::form("a"), same);
    let one = builder().merge(other()).build().unwrap();
    let two = other().merge(builder()).build().unwrap();
    for make in [Registry::typescript, Registry::javascript, Registry::javascript_types] {
        assert_eq!(make(&one), make(&two));
    }
}

#[test]
fn doc_comments_and_defaults_arrive() {
    for text in [registry().typescript(), registry().javascript_types()] {
        assert!(text.contains("/** A post *\\/ of the blog. */\nexport interface Post {\n  /** Its name in the address. */\n  slug: string;"));
        assert!(text.contains("  /** @default [] */\n  tags?: string[];\n"));
        assert!(text.contains("readonly save: Action<PostInput, Post, \"slug\" | \"tags\">;"));
    }
}

#[test]
fn only_the_bundled_form_imports() {
    let imports = |text: &str| text.lines().filter(|line| line.starts_with("import ")).count();
    let registry = registry();
    let counts = [registry.typescript(), registry.javascript(), registry.javascript_types()].map(|text| imports(&text));
    assert_eq!(counts, [1, 0, 0]);
    assert!(!registry.javascript().contains("import("));
}

#[test]
fn the_base_is_known() {
    for (base, written) in [("", "\"\""), ("/", "\"\""), ("/app/", "\"/app\""), ("/</script>", "\"/\\u003c/script>\"")]
    {
        let registry = Registry::builder().base(base).build().unwrap();
        assert!(registry.javascript().contains(&format!("const BASE = {written};")), "{base}");
    }
}

#[test]
fn every_code_of_an_error_is_in_the_types() {
    for code in ActionErrorCode::ALL {
        assert!(registry().typescript().contains(&format!("| \"{}\"", code.as_str())), "{code}");
    }
}

#[test]
fn names_that_are_no_identifiers_are_made_ones() {
    macro_rules! text {
        ($name:literal) => {{
            #[derive(Deserialize, Serialize, JsonSchema)]
            #[schemars(rename = $name)]
            struct Probe {
                a: u8,
            }
            let action = Action::<Probe, Probe>::json("probe");
            Registry::builder().action(action, same).build().unwrap().typescript()
        }};
    }
    for (text, name) in [
        (text!("readonly"), "readonly2"),
        (text!("keyof"), "keyof2"),
        (text!("infer"), "infer2"),
        (text!("unique"), "unique2"),
        (text!("Area m²"), "Area_m_"),
        (text!("½"), "_"),
        (text!("Ⓐ"), "_"),
        (text!("1st"), "_1st"),
        (text!("Größe"), "Größe"),
        (text!("Übung"), "Übung"),
    ] {
        assert!(text.contains(&format!("export interface {name} {{\n  a: number;\n}}")), "{name}");
    }
}

/// What comes beside the alternatives has to fit their fields as well: else no literal is of the type.
#[test]
fn other_fields_fit_those_of_alternatives() {
    #[derive(Deserialize, Serialize, JsonSchema)]
    #[serde(tag = "t", content = "c")]
    enum Change {
        New(String),
        Gone,
    }
    #[derive(Deserialize, Serialize, JsonSchema)]
    struct Entry {
        a: bool,
        #[serde(flatten)]
        change: Change,
        #[serde(flatten)]
        rest: std::collections::HashMap<String, u8>,
    }
    let actions = Registry::builder().action(Action::<Entry, Entry>::json("enter"), same).build().unwrap();
    let text = actions.typescript();
    let line = text.lines().find(|line| line.starts_with("export type Entry ")).unwrap();
    let (_, rest) = line.split_once("[key: string]: ").unwrap();
    let (rest, _) = rest.split_once(" }").unwrap();
    let mut of: Vec<&str> = rest.split(" | ").collect();
    of.sort_unstable();
    assert_eq!(of, ["\"Gone\"", "\"New\"", "boolean", "number", "string"], "{line}");
}

#[cfg(all(feature = "test-util", not(target_family = "wasm")))]
mod fresh {
    use super::registry;
    use crate::typescript::assert_fresh;

    fn failure(path: &std::path::Path) -> String {
        let panic = std::panic::catch_unwind(|| assert_fresh(&registry(), path)).unwrap_err();
        panic.downcast_ref::<String>().unwrap().clone()
    }

    #[test]
    fn a_stale_file_fails_with_the_command_that_mends_it() {
        let folder = std::env::temp_dir().join(format!("enact-fresh-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in [
            ("actions.ts", registry().typescript()),
            ("actions.js", registry().javascript()),
            ("actions.d.ts", registry().javascript_types()),
        ] {
            let path = folder.join(name);
            assert!(failure(&path).ends_with("cannot be read; this writes it: ENACT_WRITE=1 cargo test"));
            std::fs::write(&path, text.replace('\n', "\r\n")).unwrap();
            assert_fresh(&registry(), &path);
            std::fs::write(&path, text + " ").unwrap();
            assert!(failure(&path).ends_with("this writes it: ENACT_WRITE=1 cargo test"), "{name}");
        }
        assert!(failure(&folder.join("actions.py")).contains("ends in `.ts`"));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
