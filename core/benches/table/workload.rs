//! The inputs, types and handlers that all implementations share.

use bytes::Bytes;
use enact::devalue::Date;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header, request};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Returns the head of a request from a browser's `fetch`, with the headers that servers read.
pub(crate) fn head(path: &str, content_type: &str, length: usize) -> request::Parts {
    let headers: [(HeaderName, &str); 4] = [
        (header::HOST, "example.com"),
        (header::ORIGIN, "https://example.com"),
        (HeaderName::from_static("sec-fetch-site"), "same-origin"),
        (header::CONTENT_TYPE, content_type),
    ];
    let (mut head, ()) = Request::new(()).into_parts();
    head.method = Method::POST;
    head.uri = path.parse().expect("a path");
    head.headers = headers
        .into_iter()
        .map(|(name, value)| (name, HeaderValue::from_str(value).expect("a header")))
        .collect::<HeaderMap>();
    head.headers.insert(header::CONTENT_LENGTH, length.into());
    head
}

pub(crate) const SUBSCRIBE: &[u8] = br#"{"channel":"bholmesdev"}"#;

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Subscribe {
    channel: String,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Subscribed {
    channel: String,
    subscribe_button_state: &'static str,
}

pub(crate) fn subscribe(input: Subscribe) -> Subscribed {
    Subscribed { channel: input.channel, subscribe_button_state: "smashed" }
}

pub(crate) const PROFILE: &[u8] =
    b"name=Ada+Lovelace&email=ada%40example.com&age=36&height=165.5&terms=true&newsletter=false\
    &tags=maths&tags=engines&tags=poetry&scores=7&scores=12&bio=&phone=&website=&city=London&country=United+Kingdom\
    &company=Analytical+Engines+Ltd.&level=3";

#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
pub(crate) struct Profile {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) age: u32,
    pub(crate) height: f64,
    pub(crate) terms: bool,
    pub(crate) newsletter: bool,
    pub(crate) tags: Vec<String>,
    pub(crate) scores: Vec<u32>,
    pub(crate) bio: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) website: Option<String>,
    pub(crate) city: String,
    pub(crate) country: String,
    pub(crate) company: Option<String>,
    pub(crate) level: u8,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Record {
    id: u64,
    title: String,
    body: String,
    score: f64,
    published: Date,
    tags: [String; 3],
}

const WORDS: [&str; 24] = [
    "the", "quick", "brown", "fox", "jumps", "over", "lazy", "dog", "and", "runs", "away", "from", "server", "action",
    "with", "typed", "input", "values", "which", "are", "checked", "before", "handler", "called",
];
const TAGS: [&str; 12] =
    ["rust", "web", "astro", "forms", "serde", "wasm", "http", "json", "types", "news", "release", "guide"];

pub(crate) fn records() -> Vec<Record> {
    let mut random = Random(0x1234_5678_9abc_def0);
    (0..1000)
        .map(|id| Record {
            id,
            title: random.text(4),
            body: random.text(20),
            score: random.below(10_000_000) as f64 / 1000.0,
            published: Date::from_millis(1_600_000_000_000 + random.below(200_000_000_000) as i64).expect("a date"),
            tags: std::array::from_fn(|_| TAGS[random.below(12) as usize].to_owned()),
        })
        .collect()
}

/// A random number generator that yields the same numbers in every run (Marsaglia's xorshift).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn text(&mut self, words: usize) -> String {
        (0..words).map(|_| WORDS[self.below(24) as usize]).collect::<Vec<_>>().join(" ")
    }
}

/// A summary of an upload. It holds few of its bytes, because reading all of them would dominate the measurement.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Received {
    name: String,
    length: usize,
    sample: Vec<u8>,
}

impl Received {
    pub(crate) fn new(name: &str, content: &Bytes) -> Self {
        let sample = content.iter().step_by(1_000_003).copied().collect();
        Self { name: name.to_owned(), length: content.len(), sample }
    }
}
