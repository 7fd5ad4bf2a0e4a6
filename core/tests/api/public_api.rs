//! The list of the public items, so that a change of the public API is seen in review.
//!
//! The list is read from the sources: the items of each public module with the features that they need, then the functions and
//! variants of the public types. Run the test with `UPDATE_PUBLIC_API=1` to update it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

#[test]
fn public_api_matches_the_committed_list() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = root.join("tests/api/public_api.txt");
    let mut modules = BTreeMap::new();
    list_module("enact", &root.join("src/lib.rs"), "", &mut modules);
    let mut current: String = modules.iter().map(|(path, items)| format!("{path}\n{}", items.concat())).collect();
    let types: BTreeSet<_> = modules.values().flatten().filter_map(|item| item.split_whitespace().next()).collect();
    let mut members = BTreeSet::new();
    for folder in ["src", "devalue/src"] {
        list_members(&root.join(folder), &types, &mut members);
    }
    current.push_str("functions and variants\n");
    current.extend(members);
    if env::var_os("UPDATE_PUBLIC_API").is_some() {
        fs::write(&list, &current).unwrap();
    }
    let committed = fs::read_to_string(&list).unwrap();
    assert!(
        committed == current,
        "the public API has changed: removed {:#?}, added {:#?}. If this is intended, run the test with \
         UPDATE_PUBLIC_API=1 and commit public_api.txt",
        lines_missing_in(&current, &committed),
        lines_missing_in(&committed, &current),
    );
}

fn lines_missing_in<'a>(text: &str, lines: &'a str) -> Vec<&'a str> {
    lines.lines().filter(|line| !text.lines().any(|other| other == *line)).collect()
}

/// Adds the public items of a module and of its public modules, except those of the guide and of doctests.
///
/// # Panics
///
/// If the module uses a form of `pub use` that this parser does not know.
fn list_module(path: &str, file: &Path, conditions: &str, modules: &mut BTreeMap<String, Vec<String>>) {
    let source = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut items = Vec::new();
    let mut own_conditions = conditions.to_owned();
    for statement in statements(&source) {
        if let Some(condition) = statement.strip_prefix("#[cfg(").and_then(|rest| rest.strip_suffix(")]")) {
            own_conditions = format!("{own_conditions} [{condition}]");
            continue;
        }
        for (name, target) in public_names(&statement) {
            let module = find_module(file, &target);
            if name == "*" {
                list_module(path, &module.expect("the crate of a glob"), &own_conditions, modules);
            } else if let Some(module) = module.filter(|_| name != "guide") {
                list_module(&format!("{path}::{name}"), &module, &own_conditions, modules);
            } else if !own_conditions.contains("[doctest]") {
                items.push(format!("    {name}{own_conditions}\n"));
            }
        }
        if !statement.starts_with("#[") {
            own_conditions = conditions.to_owned();
        }
    }
    let all = modules.entry(path.to_owned()).or_default();
    all.extend(items);
    all.sort();
}

/// Adds the public functions of the inherent `impl` blocks, and the variants of the public enums, of `types` in a folder.
fn list_members(folder: &Path, types: &BTreeSet<&str>, members: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            list_members(&path, types, members);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path).unwrap();
            let mut owner = None;
            for line in source.lines() {
                let is_enum = line.starts_with("pub enum ");
                if line.starts_with("impl") || is_enum || line == "}" {
                    owner = type_of_block(line).filter(|name| types.contains(name)).map(|name| (name, is_enum));
                } else if let Some((name, is_enum)) = owner
                    && let Some(member) = member_name(line, is_enum)
                {
                    members.insert(format!("    {name}::{member}\n"));
                }
            }
        }
    }
}

/// Returns the type of an inherent `impl` block or of an enum, from the first line of the block.
fn type_of_block(line: &str) -> Option<&str> {
    let rest = match line.strip_prefix("pub enum ") {
        Some(rest) => rest,
        None if line.contains(" for ") => return None,
        // `impl<A, B: C> Type<A, B> {`
        None => line.strip_prefix("impl ").or_else(|| line.split_once("> ").map(|(_, rest)| rest))?,
    };
    rest.split(|char: char| !char.is_alphanumeric()).next()
}

/// Returns the name of a public function, or of a variant.
fn member_name(line: &str, is_variant: bool) -> Option<&str> {
    let member = line.strip_prefix("    ").filter(|member| !member.starts_with([' ', '/', '#']))?;
    let name = if is_variant {
        member
    } else {
        member.strip_prefix("pub ")?.trim_start_matches("const ").trim_start_matches("async ").strip_prefix("fn ")?
    };
    name.split(|char: char| !char.is_alphanumeric() && char != '_').next().filter(|name| !name.is_empty())
}

/// Returns the statements at the top level of a file. Each `pub use` becomes one line.
fn statements(source: &str) -> Vec<String> {
    let mut statements: Vec<String> = Vec::new();
    let mut is_open = false;
    for line in source.lines() {
        if is_open {
            statements.last_mut().unwrap().push_str(line.trim());
        } else if line.starts_with("pub ") || line.starts_with("#[") || line.starts_with("mod ") {
            statements.push(line.to_owned());
        } else {
            continue;
        }
        is_open = statements.last().is_some_and(|last| last.starts_with("pub use ") && !last.ends_with(';'));
    }
    statements
}

/// Returns the names that a statement makes public, each with the path of the item.
fn public_names(statement: &str) -> Vec<(String, String)> {
    let Some(item) = statement.strip_prefix("pub ") else { return Vec::new() };
    let (kind, rest) = item.split_once(' ').unwrap();
    if kind != "use" {
        let rest = rest.trim_start_matches("const fn ").trim_start_matches("async fn ").trim_start_matches("fn ");
        let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap().to_owned();
        return vec![(name.clone(), if kind == "mod" { name } else { String::new() })];
    }
    let rest = rest.trim_end_matches(';');
    let (parent, names) = match rest.split_once("::{") {
        Some((parent, names)) => (parent, names.trim_end_matches('}')),
        None => rest.rsplit_once("::").unwrap_or(("", rest)),
    };
    let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
    names
        .map(|name| {
            let (name, public) = name.split_once(" as ").unwrap_or((name, name));
            (public.to_owned(), if name == "*" { parent.to_owned() } else { format!("{parent}::{name}") })
        })
        .collect()
}

/// Returns the file of a module, or `None` if the path is that of another item.
fn find_module(file: &Path, path: &str) -> Option<PathBuf> {
    let folder = file.parent()?;
    if path == "enact_devalue" {
        return Some(folder.parent()?.join("devalue/src/lib.rs"));
    }
    let path = path.trim_start_matches("::").replace("::", "/");
    [format!("{path}/mod.rs"), format!("{path}.rs")]
        .into_iter()
        .map(|name| folder.join(name))
        .find(|candidate| !path.is_empty() && candidate.is_file())
}
