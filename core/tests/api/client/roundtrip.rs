//! Random inputs, sent through a request to a registry and back.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use enact::client::TestClient;
use enact::devalue::{BigInt, Date, Map, Set, Uint8Array};
use enact::{Action, ActionError, Context, File, FormAction, FormData, FormValue, Input, Limits, Output, Registry};
use fastrand::Rng;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::random_values::{
    Address, Contact, Either, Form, address, big, contact, date, either, file, form, maybe, number, some, text,
};

/// The number of random inputs for each type.
const TRIES: u64 = 400;

/// Sends random inputs. Checks that the handler receives them, that the client gets them back, and that a call from server code
/// returns the same.
fn check_echo<T, E: 'static>(action: Action<T, T, E>, random: fn(&mut Rng) -> T)
where
    T: Input + Output + DeserializeOwned + Clone + PartialEq + Debug,
{
    let received = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&received);
    let handler = action.handler(move |input: T, _: Context| {
        *seen.lock().unwrap() = Some(input.clone());
        std::future::ready(Ok::<_, ActionError>(input))
    });
    let actions =
        Registry::builder().action(handler.limits(Limits::default().with_max_fields(10_000))).build().unwrap();
    let client = TestClient::new(actions.clone());
    let ctx = Context::from(http::Request::new(()).into_parts().0);
    for seed in 0..TRIES {
        let input = random(&mut Rng::with_seed(seed));
        let answer =
            pollster::block_on(client.call(action, &input)).unwrap_or_else(|e| panic!("{seed}: {e:?} {input:#?}"));
        assert_eq!(received.lock().unwrap().take(), Some(input.clone()), "{seed}");
        assert_eq!(answer, input, "{seed}");
        assert_eq!(pollster::block_on(actions.call(action, input, &ctx)).unwrap(), answer, "{seed}");
    }
}

#[test]
fn forms_reach_the_handler() {
    check_echo(Action::form("an action/with é"), form);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Json {
    form: Form,
    empty: String,
    maybe_empty: Option<String>,
    nested: Vec<Vec<Option<bool>>>,
    by_number: BTreeMap<u8, Vec<Address>>,
    map: Map<Date, Set<BigInt>>,
    bytes: Uint8Array,
    outcome: Result<Either, Contact>,
    tree: Tree,
    unit: (),
    any: serde_json::Value,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Tree {
    name: char,
    children: Vec<Tree>,
}

fn tree(rng: &mut Rng, depth: u8) -> Tree {
    let children = if depth == 0 { Vec::new() } else { some(rng, |rng| tree(rng, depth - 1)) };
    Tree { name: rng.char(..), children }
}

fn json(rng: &mut Rng) -> Json {
    Json {
        form: form(rng),
        empty: String::new(),
        maybe_empty: maybe(rng, |_| String::new()),
        nested: some(rng, |rng| some(rng, |rng| maybe(rng, Rng::bool))),
        by_number: some(rng, |rng| (rng.u8(..), some(rng, address))),
        map: Map(some::<_, BTreeMap<_, _>>(rng, |rng| (date(rng), Set(vec![big(rng)]))).into_iter().collect()),
        bytes: Uint8Array(some(rng, |rng| rng.u8(..))),
        outcome: if rng.bool() { Ok(either(rng)) } else { Err(contact(rng)) },
        tree: tree(rng, 4),
        unit: (),
        any: serde_json::json!([null, text(rng), { "a": rng.u8(..), "": [] }]),
    }
}

#[test]
fn json_reaches_the_handler() {
    check_echo(Action::json("an action/with é"), json);
}

#[test]
fn json_inputs_without_fields_reach_the_handler() {
    check_echo(Action::json("a"), |_| ());
    check_echo(Action::json("a"), |rng| maybe(rng, text));
    check_echo(Action::json("a"), |rng| (number(rng), text(rng)));
    check_echo(Action::json("a"), contact);
    check_echo(Action::json("a"), date);
}

#[test]
fn forms_of_enums_and_maps_reach_the_handler() {
    check_echo(Action::form("a"), |_| ());
    check_echo(Action::form("a"), contact);
    check_echo(Action::form("a"), |rng| some::<_, BTreeMap<_, _>>(rng, |rng| (text(rng), text(rng))));
}

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
struct Upload {
    title: String,
    file: File,
    maybe: Option<File>,
    files: Vec<File>,
    inner: Inner,
    rows: Vec<Inner>,
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
struct Inner {
    file: Option<File>,
    tags: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(tag = "kind")]
enum Kind {
    Picture { picture: File },
    None,
}

fn inner(rng: &mut Rng) -> Inner {
    Inner { file: maybe(rng, file), tags: some(rng, text) }
}

fn upload(rng: &mut Rng) -> Upload {
    Upload {
        title: text(rng),
        file: file(rng),
        maybe: maybe(rng, file),
        files: some(rng, file),
        inner: Inner { file: Some(file(rng)), tags: Vec::new() },
        rows: some(rng, |rng| Inner { file: Some(file(rng)), ..inner(rng) }),
        kind: if rng.bool() { Kind::Picture { picture: file(rng) } } else { Kind::None },
    }
}

/// Sends random inputs to an action without output, because outputs have no files.
fn check_received<T>(action: FormAction<T, ()>, random: fn(&mut Rng) -> T)
where
    T: Input + Serialize + Clone + PartialEq + Debug,
{
    let received = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&received);
    let handler = move |input: T, _: Context| {
        *seen.lock().unwrap() = Some(input);
        std::future::ready(Ok::<_, ActionError>(()))
    };
    let client = TestClient::new(Registry::builder().action(action.handler(handler)).build().unwrap());
    for seed in 0..TRIES {
        let input = random(&mut Rng::with_seed(seed));
        pollster::block_on(client.call(action, &input)).unwrap_or_else(|e| panic!("{seed}: {e:?} {input:#?}"));
        assert_eq!(received.lock().unwrap().take(), Some(input), "{seed}");
    }
}

#[test]
fn files_reach_the_handler() {
    check_received(Action::form("upload"), upload);
}

#[test]
fn form_data_reaches_the_handler() {
    check_received(Action::form("raw"), |rng| {
        let mut form = FormData::new();
        for _ in 0..rng.usize(0..6) {
            let (name, content, file) = (text(rng).replace("%41", ""), text(rng), file(rng));
            form.append(&name, if rng.bool() { FormValue::Text(&content) } else { FormValue::File(&file) });
        }
        form
    });
}
