//! Random inputs, through a request and a registry and back.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use enact::devalue::{BigInt, Date, Map, Set, Uint8Array, Url};
use enact::{Action, Context, File, FormData, FormValue, Input, Limits, Output, Registry, TestClient};
use fastrand::Rng;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

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
    let actions = Registry::builder().define(handler.limits(Limits::default().fields(10_000))).build().unwrap();
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

fn text(rng: &mut Rng) -> String {
    const PIECES: &[&str] =
        &["a", "Z", " ", "\n", "\r\n", "\"", "&", "=", "+", "%41", "%", "é", "😀", "\0", "[0]", ".", "<"];
    let tail: String = (0..rng.usize(0..6)).map(|_| PIECES[rng.usize(0..PIECES.len())]).collect();
    // Not empty, and no number.
    format!("t{tail}")
}

fn number(rng: &mut Rng) -> f64 {
    match rng.u8(0..4) {
        0 => f64::from(rng.i32(-5..5)),
        1 => -0.0,
        _ => Some(f64::from_bits(rng.u64(..))).filter(|number| number.is_finite()).unwrap_or(0.5),
    }
}

fn maybe<T>(rng: &mut Rng, random: impl Fn(&mut Rng) -> T) -> Option<T> {
    rng.bool().then(|| random(rng))
}

fn some<T, C: FromIterator<T>>(rng: &mut Rng, random: impl Fn(&mut Rng) -> T) -> C {
    (0..rng.usize(0..4)).map(|_| random(rng)).collect()
}

fn date(rng: &mut Rng) -> Date {
    Date::from_millis(rng.i64(Date::MIN.millis()..=Date::MAX.millis())).unwrap()
}

fn url(rng: &mut Rng) -> Url {
    format!("https://example.com/{}?a=b#c", rng.u16(..)).parse().unwrap()
}

fn big(rng: &mut Rng) -> BigInt {
    (i128::from(rng.i64(..)) * i128::from(rng.i64(..))).to_string().parse().unwrap()
}

fn file(rng: &mut Rng) -> File {
    let content: Vec<u8> = (0..rng.usize(0..200)).map(|_| *b"\r\n-\0x".get(rng.usize(0..5)).unwrap()).collect();
    let media = ["text/plain", "image/png", "application/x; a=\"b\"", ""][rng.usize(0..4)];
    File::new(text(rng), media, content)
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Form {
    text: String,
    maybe: Option<String>,
    #[serde(default = "given")]
    given: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<String>,
    count: u32,
    whole: i64,
    ratio: f64,
    small: f32,
    maybe_number: Option<f64>,
    flag: bool,
    #[serde(default = "yes")]
    on: bool,
    unsure: Option<bool>,
    color: Color,
    maybe_color: Option<Color>,
    tags: Vec<String>,
    #[serde(default = "two")]
    given_tags: Vec<String>,
    maybe_tags: Option<Vec<String>>,
    numbers: Vec<f64>,
    flags: Vec<bool>,
    holes: Vec<Option<u8>>,
    pair: (u8, String),
    unordered: HashSet<String>,
    sorted: BTreeSet<u16>,
    set: Set<String>,
    address: Address,
    maybe_address: Option<Address>,
    rows: Vec<Row>,
    scores: BTreeMap<String, f64>,
    #[serde(default = "scored")]
    given_scores: BTreeMap<String, f64>,
    contact: Contact,
    maybe_contact: Option<Contact>,
    either: Either,
    date: Date,
    maybe_date: Option<Date>,
    big: BigInt,
    url: Url,
    #[serde(flatten)]
    page: Page,
}

fn given() -> Option<String> {
    Some("given".to_owned())
}

const fn yes() -> bool {
    true
}

fn two() -> Vec<String> {
    vec!["one".to_owned(), "two".to_owned()]
}

fn scored() -> BTreeMap<String, f64> {
    BTreeMap::from([("one".to_owned(), 1.0)])
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Color {
    DarkRed,
    Green,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Address {
    street: Option<String>,
    place: Option<Place>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Place {
    lat: f64,
    lng: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Row {
    name: String,
    gift: bool,
    tags: Vec<String>,
    place: Option<Place>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind")]
enum Contact {
    Mail { mail: String, copies: Vec<String> },
    Phone { number: Option<u64>, urgent: bool },
    None,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Either {
    Number(f64),
    Text(String),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Page {
    page: Option<u32>,
    per_page: u8,
}

fn color(rng: &mut Rng) -> Color {
    if rng.bool() { Color::DarkRed } else { Color::Green }
}

fn address(rng: &mut Rng) -> Address {
    Address { street: maybe(rng, text), place: maybe(rng, place) }
}

fn place(rng: &mut Rng) -> Place {
    Place { lat: number(rng), lng: number(rng) }
}

fn row(rng: &mut Rng) -> Row {
    Row { name: text(rng), gift: rng.bool(), tags: some(rng, text), place: maybe(rng, place) }
}

fn contact(rng: &mut Rng) -> Contact {
    match rng.u8(0..3) {
        0 => Contact::Mail { mail: text(rng), copies: some(rng, text) },
        1 => Contact::Phone { number: maybe(rng, |rng| rng.u64(0..1 << 53)), urgent: rng.bool() },
        _ => Contact::None,
    }
}

fn either(rng: &mut Rng) -> Either {
    if rng.bool() { Either::Number(number(rng)) } else { Either::Text(text(rng)) }
}

fn form(rng: &mut Rng) -> Form {
    Form {
        text: text(rng),
        maybe: maybe(rng, text),
        given: maybe(rng, text),
        skipped: maybe(rng, text),
        count: rng.u32(..),
        whole: rng.i64(-(1 << 53) + 1..1 << 53),
        ratio: number(rng),
        small: rng.f32(),
        maybe_number: maybe(rng, number),
        flag: rng.bool(),
        on: rng.bool(),
        // Not `None`, which forms cannot say of these two.
        unsure: Some(rng.bool()),
        color: color(rng),
        maybe_color: maybe(rng, color),
        tags: some(rng, text),
        given_tags: some(rng, text),
        maybe_tags: Some(some(rng, text)),
        numbers: some(rng, number),
        flags: some(rng, Rng::bool),
        holes: some(rng, |rng| maybe(rng, |rng| rng.u8(..))),
        pair: (rng.u8(..), text(rng)),
        unordered: some(rng, text),
        sorted: some(rng, |rng| rng.u16(..)),
        set: some::<_, BTreeSet<_>>(rng, text).into_iter().collect(),
        address: address(rng),
        maybe_address: maybe(rng, address),
        rows: some(rng, row),
        scores: some(rng, |rng| (text(rng), number(rng))),
        given_scores: some(rng, |rng| (text(rng), number(rng))),
        contact: contact(rng),
        maybe_contact: maybe(rng, contact),
        either: either(rng),
        date: date(rng),
        maybe_date: maybe(rng, date),
        big: big(rng),
        url: url(rng),
        page: Page { page: maybe(rng, |rng| rng.u32(..)), per_page: rng.u8(..) },
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
    all_arrive(Action::form("a"), |rng| match contact(rng) {
        Contact::Phone { number, urgent } => Contact::Phone { number, urgent },
        other => other,
    });
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
    let client = TestClient::new(Registry::builder().action(action, handler).build().unwrap());
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
