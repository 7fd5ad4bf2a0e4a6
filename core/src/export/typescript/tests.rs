use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Action, ActionError, ActionErrorCode, Context, FormAction, Registry, RegistryBuilder};

/// A post */ of the blog.
#[derive(Deserialize, Serialize, JsonSchema)]
struct Post {
    /// Its name in the address.
    slug: String,
    #[serde(default)]
    tags: Vec<String>,
}

async fn echo<T>(input: T, _: Context) -> Result<T, ActionError> {
    Ok(input)
}

fn builder() -> RegistryBuilder {
    Registry::builder().action(Action::<Post, Post>::json("blog.save").handler(echo))
}

fn registry() -> Registry {
    builder().build().unwrap()
}

#[test]
fn registration_order_does_not_change_the_output() {
    let other = || Registry::builder().action(FormAction::<u8, u8>::form("a").handler(echo));
    let one = builder().merge(other()).build().unwrap();
    let two = other().merge(builder()).build().unwrap();
    for make in [Registry::typescript, Registry::javascript, Registry::javascript_types] {
        assert_eq!(make(&one), make(&two));
    }
}

#[test]
fn doc_comments_and_defaults_become_jsdoc() {
    for text in [registry().typescript(), registry().javascript_types()] {
        assert!(text.contains("/** A post *\\/ of the blog. */\nexport interface Post {\n  /** Its name in the address. */\n  slug: string;"));
        assert!(text.contains("  /** @default [] */\n  tags?: string[];\n"));
        assert!(text.contains("readonly save: Action<PostInput, Post, \"slug\" | \"tags\">;"));
    }
}

#[test]
fn only_the_typescript_module_has_imports() {
    let imports = |text: &str| text.lines().filter(|line| line.starts_with("import ")).count();
    let registry = registry();
    let counts = [registry.typescript(), registry.javascript(), registry.javascript_types()].map(|text| imports(&text));
    assert_eq!(counts, [1, 0, 0]);
    assert!(!registry.javascript().contains("import("));
}

#[test]
fn base_is_written_as_a_safe_literal() {
    for (base, written) in [("", "\"\""), ("/", "\"\""), ("/app/", "\"/app\""), ("/</script>", "\"/\\u003c/script>\"")]
    {
        let registry = Registry::builder().base(base).build().unwrap();
        assert!(registry.javascript().contains(&format!("const BASE = {written};")), "{base}");
    }
}

#[test]
fn error_code_type_lists_every_code() {
    for code in ActionErrorCode::ALL {
        assert!(registry().typescript().contains(&format!("| \"{}\"", code.as_str())), "{code}");
    }
}

#[test]
fn type_names_become_valid_identifiers() {
    macro_rules! text {
        ($name:literal) => {{
            #[derive(Deserialize, Serialize, JsonSchema)]
            #[schemars(rename = $name)]
            struct Probe {
                a: u8,
            }
            let action = Action::<Probe, Probe>::json("probe");
            Registry::builder().action(action.handler(echo)).build().unwrap().typescript()
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

/// Otherwise, no object literal would be assignable to the type.
#[test]
fn index_signature_includes_fields_of_alternatives() {
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
    let actions = Registry::builder().action(Action::<Entry, Entry>::json("enter").handler(echo)).build().unwrap();
    let text = actions.typescript();
    let line = text.lines().find(|line| line.starts_with("export type Entry ")).unwrap();
    let (_, rest) = line.split_once("[key: string]: ").unwrap();
    let (rest, _) = rest.split_once(" }").unwrap();
    let mut types: Vec<&str> = rest.split(" | ").collect();
    types.sort_unstable();
    assert_eq!(types, ["\"Gone\"", "\"New\"", "boolean", "number", "string"], "{line}");
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
    fn stale_or_missing_file_fails_with_the_command_to_write_it() {
        let folder = std::env::temp_dir().join(format!("enact-fresh-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in [
            ("actions.ts", registry().typescript()),
            ("actions.js", registry().javascript()),
            ("actions.d.ts", registry().javascript_types()),
        ] {
            let path = folder.join(name);
            assert!(failure(&path).starts_with("cannot read `"));
            std::fs::write(&path, text.replace('\n', "\r\n")).unwrap();
            assert_fresh(&registry(), &path);
            std::fs::write(&path, text + " ").unwrap();
            assert!(failure(&path).ends_with("To update it, run: ENACT_WRITE=1 cargo test"), "{name}");
        }
        assert!(failure(&folder.join("actions.py")).starts_with("invalid file name `"));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
