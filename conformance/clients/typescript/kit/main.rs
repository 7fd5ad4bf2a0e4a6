//! Actions that test a client: every type that devalue has, names that clash with JavaScript's own, redirects, and an action
//! that never responds.
//!
//! `kit serve PORT` serves them with axum below `/app`. `kit typescript|javascript|javascript-types` prints the client.

mod shapes;

use std::collections::BTreeMap;
use std::io::Write;
use std::net::Ipv4Addr;

use axum::Router;
use enact::devalue::{ArrayBuffer, BigInt, Date, Map, RegExp, Set, TypedArray, Uint8Array, Url, UrlSearchParams};
use enact::{Action, ActionError, Context, File, Registry, RegistryBuilder};
use enact_axum::ActionsLayer;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Every type that JSON lacks.
#[derive(Deserialize, Serialize, JsonSchema)]
struct Everything {
    /// A date, with a comment that contains */.
    date: Date,
    maybe: Option<Date>,
    map: Map<String, Date>,
    /// A map whose keys are objects.
    places: Map<Place, Vec<Url>>,
    set: Set<BigInt>,
    big: BigInt,
    bytes: Uint8Array,
    buffer: ArrayBuffer,
    samples: TypedArray,
    url: Url,
    query: UrlSearchParams,
    pattern: RegExp,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Place {
    x: f64,
    y: f64,
}

/// A form with every kind of field.
#[derive(Deserialize, JsonSchema)]
struct Sheet {
    when: Date,
    big: BigInt,
    site: Url,
    bytes: Uint8Array,
    tags: Set<String>,
    kit: Vec<String>,
    people: Vec<Person>,
    contact: Contact,
    yes: bool,
    no: bool,
    none: Option<String>,
    photo: Option<File>,
    papers: Vec<File>,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Person {
    name: String,
    born: Date,
    #[serde(default)]
    kit: Vec<String>,
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(tag = "by", rename_all = "lowercase")]
enum Contact {
    Phone { number: String },
    Post { street: String },
}

/// Optional fields of a form, at the top level and nested.
#[derive(Deserialize, Serialize, JsonSchema)]
struct Sparse {
    note: Option<String>,
    urgent: Option<bool>,
    tags: Option<Vec<String>>,
    inner: Details,
    other: Option<Details>,
    rows: Vec<Details>,
    words: BTreeMap<String, String>,
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Details {
    note: Option<String>,
    count: Option<u8>,
    urgent: Option<bool>,
    tags: Option<Vec<String>>,
}

#[derive(Serialize, JsonSchema)]
struct Read {
    when: Date,
    big: BigInt,
    site: Url,
    bytes: Uint8Array,
    tags: Set<String>,
    kit: Vec<String>,
    people: Vec<Person>,
    contact: Contact,
    yes: bool,
    no: bool,
    none: Option<String>,
    files: Vec<(String, usize)>,
}

/// Names with a meaning in JavaScript, and names of actions that are groups as well.
const CLASHES: &[&str] = &[
    "__defineGetter__",
    "a..b",
    "blog",
    "blog.apply",
    "blog.bind",
    "blog.call",
    "blog.constructor",
    "blog.like",
    "blog.like.toString",
    "blog.name",
    "blog.orThrow",
    "blog.prototype",
    "blog.then",
    "blog.toJSON",
    "blog.toString",
    "blog.valueOf",
    "class",
    "constructor",
    "hasOwnProperty",
    "quote\"'`${x}",
    "then",
    "toString",
    "1.2",
];

fn actions() -> RegistryBuilder {
    let clashes = CLASHES.iter().fold(Registry::builder(), |builder, name| {
        let handler = async move |(): (), _: Context| Ok::<_, ActionError>((*name).to_owned());
        builder.action(Action::json(name).handler(handler))
    });
    Registry::builder()
        .base("/app")
        .action(Action::json("types.everything").handler(echo::<Everything>))
        .action(Action::json("types.shapes").handler(echo::<shapes::Shapes>))
        .action(Action::form("types.sheet").handler(read_sheet))
        .action(Action::form("types.sparse").handler(echo::<Sparse>))
        .action(Action::json("go.near").handler(redirect))
        .action(Action::form("go.form").handler(redirect))
        .action(Action::json("slow").handler(wait_forever))
        .action(Action::json("headers").handler(read_header))
        .merge(clashes)
}

async fn echo<T>(input: T, _: Context) -> Result<T, ActionError> {
    Ok(input)
}

async fn read_sheet(sheet: Sheet, _: Context) -> Result<Read, ActionError> {
    let Sheet { when, big, site, bytes, tags, kit, people, contact, yes, no, none, photo, papers } = sheet;
    let files = photo.into_iter().chain(papers).map(|file| (file.name().to_owned(), file.len())).collect();
    Ok(Read { when, big, site, bytes, tags, kit, people, contact, yes, no, none, files })
}

async fn redirect((): (), ctx: Context) -> Result<u32, ActionError> {
    ctx.redirect("/near?by=ü#here")?;
    Ok(1)
}

async fn wait_forever((): (), _: Context) -> Result<(), ActionError> {
    std::future::pending().await
}

async fn read_header(name: String, ctx: Context) -> Result<Option<String>, ActionError> {
    Ok(ctx.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let actions = actions().build()?;
    let mut arguments = std::env::args().skip(1);
    let text = match arguments.next().as_deref() {
        Some("typescript") => actions.typescript(),
        Some("javascript") => actions.javascript(),
        Some("javascript-types") => actions.javascript_types(),
        Some("serve") => {
            let port = arguments.next().unwrap_or_default().parse()?;
            let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
            println!("http://{}", listener.local_addr()?);
            axum::serve(listener, Router::new().layer(ActionsLayer::new(actions))).await?;
            return Ok(());
        }
        _ => return Err("kit serve PORT | typescript | javascript | javascript-types".into()),
    };
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}
