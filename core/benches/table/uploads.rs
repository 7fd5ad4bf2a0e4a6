//! An upload of a large file, in frames of the size that servers read.

use std::convert::Infallible;

use bytes::Bytes;
use enact::{Action, ActionError, Context, File, FormAction, Limits, Registry};
use futures_util::{Stream, StreamExt, stream};
use http::{Request, request};
use http_body::Frame;
use http_body_util::StreamBody;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::calls::call;
use crate::measurement::block_on;
use crate::workload::{Random, Received, head};
use crate::{Implementation, Implementations};

const BOUNDARY: &str = "----WebKitFormBoundaryqTa8mNVaEgxu0Jjx";
const CONTENT: usize = 10_000_000;
const FRAME: usize = 64 * 1024;

#[derive(Deserialize, JsonSchema)]
struct Upload {
    file: File,
}

#[derive(Clone)]
struct Sample {
    head: request::Parts,
    frames: Vec<Bytes>,
}

impl Sample {
    fn new(path: &str) -> Self {
        let mut body = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        let mut random = Random(88_172_645_463_325_252);
        body.extend((0..CONTENT / 8).flat_map(|_| random.next().to_le_bytes()));
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
        Self {
            head: head(path, &format!("multipart/form-data; boundary={BOUNDARY}"), body.len()),
            frames: body.chunks(FRAME).map(Bytes::copy_from_slice).collect(),
        }
    }

    fn stream(&self) -> impl Stream<Item = Result<Bytes, Infallible>> + use<> {
        stream::iter(self.frames.clone()).map(Ok)
    }
}

pub(crate) fn file() -> Implementations {
    const ACTION: FormAction<Upload, Received> = Action::form("upload");
    async fn handle(input: Upload, _: Context) -> Result<Received, ActionError> {
        Ok(Received::new(input.file.name(), input.file.bytes()))
    }
    async fn handle_multer(body: impl Stream<Item = Result<Bytes, Infallible>> + Send + 'static) -> Received {
        let mut form = multer::Multipart::new(body, BOUNDARY);
        let field = form.next_field().await.expect("a form").expect("a field");
        let name = field.file_name().expect("a name").to_owned();
        Received::new(&name, &field.bytes().await.expect("a file"))
    }

    let limits = Limits::default().with_max_body_bytes(2 * CONTENT);
    let actions = Registry::builder().limits(limits).action(ACTION.handler(handle)).build().expect("a registry");
    let one = Sample::new(&ACTION.path("/"));
    let two = one.clone();
    Implementations {
        enact: Implementation::devalue(move || {
            let request = Request::from_parts(
                one.head.clone(),
                StreamBody::new(one.stream().map(|chunk| chunk.map(Frame::data))),
            );
            call(&actions, request)
        }),
        baseline: Implementation::json(move || {
            serde_json::to_vec(&block_on(handle_multer(two.stream()))).expect("JSON").into()
        }),
        by_hand: None,
    }
}
