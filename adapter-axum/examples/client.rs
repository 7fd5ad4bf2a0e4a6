//! Calls to the actions of a server from another program, sent with reqwest.
//!
//! Usually client and server are two programs that share a crate with the constants and types. Here one program is both.
//!
//! `cargo run -p enact-axum --example client`

use enact::{Action, ActionError, ActionErrorCode, Context, File, FormAction, Input, Registry, ResultExt};
use enact_axum::ActionsLayer;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Like {
    #[schemars(length(min = 1))]
    pub(crate) post: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Likes {
    pub(crate) post: String,
    pub(crate) count: u32,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Upload {
    pub(crate) title: String,
    pub(crate) tags: Vec<String>,
    pub(crate) photo: File,
}

pub(crate) const LIKE: Action<Like, Likes> = Action::json("blog.like");
pub(crate) const UPLOAD: FormAction<Upload, usize> = Action::form("photos/upload");

pub(crate) fn build_app() -> axum::Router {
    let actions = Registry::builder().base("/app").action(LIKE.handler(like)).action(UPLOAD.handler(upload)).build();
    axum::Router::new().layer(ActionsLayer::new(actions.expect("valid action names")))
}

async fn like(input: Like, _: Context) -> Result<Likes, ActionError> {
    match &*input.post {
        "closed" => Err(ActionError::new(ActionErrorCode::Locked).with_message("No more likes")),
        _ => Ok(Likes { post: input.post, count: 7 }),
    }
}

async fn upload(input: Upload, _: Context) -> Result<usize, ActionError> {
    Ok(input.photo.len() + input.tags.len())
}

/// Sends a call and reads its response.
pub(crate) async fn call<I, O, E>(
    http: &reqwest::Client,
    base: &str,
    action: Action<I, O, E>,
    input: &I,
) -> Result<O, ActionError>
where
    I: Input + Serialize,
    O: DeserializeOwned,
{
    const UNREACHABLE: &str = "The server cannot be reached";
    let request = reqwest::Request::try_from(action.request(base, input)?).or_internal()?;
    let mut received = http.execute(request).await.or_code(ActionErrorCode::BadGateway, UNREACHABLE)?;
    let mut response = http::Response::new(());
    *response.status_mut() = received.status();
    *response.headers_mut() = std::mem::take(received.headers_mut());
    let body = received.bytes().await.or_code(ActionErrorCode::BadGateway, UNREACHABLE)?;
    action.response(response.map(|()| body))
}

#[tokio::main]
#[allow(dead_code, reason = "the tests start their own server")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let base = format!("http://{}/app", listener.local_addr()?);
    tokio::spawn(async { axum::serve(listener, build_app()).await });

    let http = reqwest::Client::new();
    let likes = call(&http, &base, LIKE, &Like { post: "hello".into() }).await?;
    println!("{} likes", likes.count);

    let photo = File::new("beach.jpg", "image/jpeg", vec![0xff, 0xd8, 0xff]);
    let upload = Upload { title: "Holidays".into(), tags: vec!["sea".into(), "sun".into()], photo };
    println!("{} uploaded", call(&http, &base, UPLOAD, &upload).await?);

    for post in ["", "closed"] {
        match call(&http, &base, LIKE, &Like { post: post.into() }).await {
            Ok(likes) => println!("{likes:?}"),
            Err(error) if error.is_input_error() => println!("invalid input: {:?}", error.fields().collect::<Vec<_>>()),
            Err(error) => println!("{error}"),
        }
    }
    Ok(())
}
