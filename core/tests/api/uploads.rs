//! Uploads are not copied: a file is a slice of the received body.

use bytes::Bytes;
use enact::host::{Reply, Step};
use enact::{Action, ActionError, Context, File, FormAction, Registry};
use http::Request;
use http_body::Frame;
use http_body_util::{Full, StreamBody};
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
struct Upload {
    file: File,
}

/// Returns the address of the file's bytes, and their number.
const UPLOAD: FormAction<Upload, (usize, usize)> = Action::form("upload");

async fn upload(input: Upload, _: Context) -> Result<(usize, usize), ActionError> {
    Ok((input.file.bytes().as_ptr().addr(), input.file.len()))
}

const CONTENT: usize = 300_000;

fn body() -> Bytes {
    let head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
    [head.as_bytes(), &[b'x'; CONTENT], b"\r\n--b--\r\n"].concat().into()
}

async fn send_body<B>(body: B) -> (usize, usize)
where
    B: http_body::Body,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let actions = Registry::builder().action(UPLOAD.handler(upload)).build().expect("a registry");
    let request = Request::post(UPLOAD.path("/"))
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "multipart/form-data; boundary=b")
        .body(body)
        .expect("a request");
    let (head, body) = request.into_parts();
    let Step::Call(call) = actions.begin(head) else { panic!("expected a call") };
    let Reply::Response(response) = call.run(body).await else { panic!("expected a response") };
    enact::devalue::from_slice(&response.into_body().into_bytes().expect("a whole body")).expect("devalue")
}

#[test]
fn file_is_a_slice_of_its_frame() {
    let body = body();
    let frame = body.as_ptr_range();
    let (start, length) = pollster::block_on(send_body(Full::new(body)));
    assert_eq!(length, CONTENT);
    assert!((frame.start.addr()..=frame.end.addr() - length).contains(&start));
}

#[test]
fn file_in_many_frames_is_joined() {
    let frames: Vec<_> =
        body().chunks(1000).map(|chunk| Ok::<_, std::io::Error>(Frame::data(Bytes::copy_from_slice(chunk)))).collect();
    let (_, length) = pollster::block_on(send_body(StreamBody::new(futures_util::stream::iter(frames))));
    assert_eq!(length, CONTENT);
}
