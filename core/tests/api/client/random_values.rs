//! Random values, and a type with all kinds of form fields.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use enact::File;
use enact::devalue::{BigInt, Date, Set, Url};
use fastrand::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(super) fn text(rng: &mut Rng) -> String {
    const PIECES: &[&str] =
        &["a", "Z", " ", "\n", "\r\n", "\"", "&", "=", "+", "%41", "%", "é", "😀", "\0", "[0]", ".", "<"];
    let tail: String = (0..rng.usize(0..6)).map(|_| PIECES[rng.usize(0..PIECES.len())]).collect();
    // Never empty, and never a number.
    format!("t{tail}")
}

pub(super) fn number(rng: &mut Rng) -> f64 {
    match rng.u8(0..4) {
        0 => f64::from(rng.i32(-5..5)),
        1 => -0.0,
        _ => Some(f64::from_bits(rng.u64(..))).filter(|number| number.is_finite()).unwrap_or(0.5),
    }
}

pub(super) fn maybe<T>(rng: &mut Rng, random: impl Fn(&mut Rng) -> T) -> Option<T> {
    rng.bool().then(|| random(rng))
}

pub(super) fn some<T, C: FromIterator<T>>(rng: &mut Rng, random: impl Fn(&mut Rng) -> T) -> C {
    (0..rng.usize(0..4)).map(|_| random(rng)).collect()
}

pub(super) fn date(rng: &mut Rng) -> Date {
    Date::from_millis(rng.i64(Date::MIN.millis()..=Date::MAX.millis())).unwrap()
}

pub(super) fn url(rng: &mut Rng) -> Url {
    format!("https://example.com/{}?a=b#c", rng.u16(..)).parse().unwrap()
}

pub(super) fn big(rng: &mut Rng) -> BigInt {
    (i128::from(rng.i64(..)) * i128::from(rng.i64(..))).to_string().parse().unwrap()
}

pub(super) fn file(rng: &mut Rng) -> File {
    let content: Vec<u8> = (0..rng.usize(0..200)).map(|_| *b"\r\n-\0x".get(rng.usize(0..5)).unwrap()).collect();
    let media = ["text/plain", "image/png", "application/x; a=\"b\"", ""][rng.usize(0..4)];
    File::new(text(rng), media, content)
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Form {
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
pub(super) enum Color {
    DarkRed,
    Green,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(super) struct Address {
    street: Option<String>,
    place: Option<Place>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(super) struct Place {
    lat: f64,
    lng: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(super) struct Row {
    name: String,
    gift: bool,
    tags: Vec<String>,
    place: Option<Place>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind")]
pub(super) enum Contact {
    Mail { mail: String, copies: Vec<String> },
    Phone { number: Option<u64>, urgent: bool },
    None,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum Either {
    Number(f64),
    Text(String),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(super) struct Page {
    page: Option<u32>,
    per_page: u8,
}

fn color(rng: &mut Rng) -> Color {
    if rng.bool() { Color::DarkRed } else { Color::Green }
}

pub(super) fn address(rng: &mut Rng) -> Address {
    Address { street: maybe(rng, text), place: maybe(rng, place) }
}

fn place(rng: &mut Rng) -> Place {
    Place { lat: number(rng), lng: number(rng) }
}

fn row(rng: &mut Rng) -> Row {
    Row { name: text(rng), gift: rng.bool(), tags: some(rng, text), place: maybe(rng, place) }
}

pub(super) fn contact(rng: &mut Rng) -> Contact {
    match rng.u8(0..3) {
        0 => Contact::Mail { mail: text(rng), copies: some(rng, text) },
        1 => Contact::Phone { number: maybe(rng, |rng| rng.u64(0..1 << 53)), urgent: rng.bool() },
        _ => Contact::None,
    }
}

pub(super) fn either(rng: &mut Rng) -> Either {
    if rng.bool() { Either::Number(number(rng)) } else { Either::Text(text(rng)) }
}

pub(super) fn form(rng: &mut Rng) -> Form {
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
        // Never `None`, which a form cannot represent for these two.
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
