//! Random inputs, through a request and a registry and back.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use enact::client::TestClient;
use enact::devalue::{BigInt, Date, Map, Set, Uint8Array};
use enact::{Action, Context, File, FormData, FormValue, Input, Limits, Output, Registry};
use fastrand::Rng;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::random::{
    Address, Contact, Either, Form, address, big, contact, date, either, file, form, maybe, number, some, text,
};

/// How many random inputs each type is tried with.
const TRIES: u64 = 400;

/// Sends random inputs, and holds what the handler receives, and what comes back, against them and against a call from
/// server code.
fn all_arrive<T>(action: Action<T, T>, random: fn(&mut Rng) -> T)
where
    T: Input + Output + DeserializeOwned + Clone + PartialEq + Debug,
{
    let received = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&received);
    let handler = action.handler(move |input: T, _: Context| {
        *seen.lock().unwrap() = Some(input.clone());
        std::future::ready(Ok(input))
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
fn forms_arrive() {
    all_arrive(Action::form("an action/with é"), form);
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
fn json_arrives() {
    all_arrive(Action::json("an action/with é"), json);
}

#[test]
fn inputs_of_one_value_arrive_as_json() {
    all_arrive(Action::json("a"), |_| ());
    all_arrive(Action::json("a"), |rng| maybe(rng, text));
    all_arrive(Action::json("a"), |rng| (number(rng), text(rng)));
    all_arrive(Action::json("a"), contact);
    all_arrive(Action::json("a"), date);
}

#[test]
fn forms_of_other_kinds_arrive() {
    all_arrive(Action::form("a"), |_| ());
    all_arrive(Action::form("a"), contact);
    all_arrive(Action::form("a"), |rng| some::<_, BTreeMap<_, _>>(rng, |rng| (text(rng), text(rng))));
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

/// Sends inputs to an action that answers nothing, since files are not sent back.
fn all_received<T>(action: Action<T, ()>, random: fn(&mut Rng) -> T)
where
    T: Input + Serialize + Clone + PartialEq + Debug,
{
    let received = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&received);
    let handler = move |input: T, _: Context| {
        *seen.lock().unwrap() = Some(input);
        std::future::ready(Ok(()))
    };
    let client = TestClient::new(Registry::builder().action(action.handler(handler)).build().unwrap());
    for seed in 0..TRIES {
        let input = random(&mut Rng::with_seed(seed));
        pollster::block_on(client.call(action, &input)).unwrap_or_else(|e| panic!("{seed}: {e:?} {input:#?}"));
        assert_eq!(received.lock().unwrap().take(), Some(input), "{seed}");
    }
}

#[test]
fn files_arrive() {
    all_received(Action::form("upload"), upload);
}

#[test]
fn a_form_as_it_is_arrives() {
    all_received(Action::form("raw"), |rng| {
        let mut form = FormData::new();
        for _ in 0..rng.usize(0..6) {
            let (name, content, file) = (text(rng).replace("%41", ""), text(rng), file(rng));
            form.append(&name, if rng.bool() { FormValue::Text(&content) } else { FormValue::File(&file) });
        }
        form
    });
}
