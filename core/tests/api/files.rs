//! Files in fields, lists, enums, flattened structs and newtypes.

use std::collections::HashMap;

use enact::{Action, ActionError, Context, File, FormAction, FormData, Limits, Registry};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::kit::{outcome, post, send};

#[derive(Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Attachment {
    Image {
        #[schemars(extend("x-media-types" = ["image/*"], "x-max-bytes" = 4))]
        file: File,
        #[serde(flatten)]
        more: Caption,
    },
    Link {
        href: String,
    },
}

#[derive(Deserialize, JsonSchema)]
struct Caption {
    thumbnails: Vec<File>,
    caption: Option<String>,
}

/// A part: its name, the name and the type of a file, and its content.
type Part<'a> = (&'a str, Option<(&'a str, &'a str)>, &'a str);

fn multipart(parts: &[Part<'_>]) -> String {
    let mut body = String::new();
    for (name, file, content) in parts {
        let head = match file {
            Some((file, kind)) => format!("name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: {kind}"),
            None => format!("name=\"{name}\""),
        };
        body.push_str(&format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n"));
    }
    body + "--b--\r\n"
}

#[test]
fn files_are_read_in_enums_and_flattened_structs() {
    const ATTACH: FormAction<Attachment, Vec<String>> = Action::form("attach");
    let actions = Registry::builder()
        .action(ATTACH.handler(async |input: Attachment, _| {
            Ok::<_, ActionError>(match input {
                Attachment::Image { file, more } => [&file]
                    .into_iter()
                    .chain(&more.thumbnails)
                    .map(|file| format!("{} {} {}", file.name(), file.content_type(), file.len()))
                    .chain(more.caption)
                    .collect(),
                Attachment::Link { href } => vec![href],
            })
        }))
        .build()
        .unwrap();
    let call =
        |parts| outcome(&send(&actions, post("/_actions/attach", "multipart/form-data; boundary=b", multipart(parts))));
    assert_eq!(
        call(&[
            ("type", None, "image"),
            ("file", Some(("a.png", "image/png")), "1234"),
            ("thumbnails", Some(("t1.png", "image/png")), ""),
            ("thumbnails", Some(("t2.png", "image/png")), "1"),
            ("caption", None, "hello"),
        ]),
        json!(["a.png image/png 4", "t1.png image/png 0", "t2.png image/png 1", "hello"])
    );
    assert_eq!(
        call(&[("type", None, "image"), ("file", Some(("a.txt", "text/plain")), "12345")]),
        json!(["file: Too big: expected file to have <=4 bytes", "file: Invalid input: expected \"image/*\""])
    );
    assert_eq!(call(&[("type", None, "link"), ("href", None, "/x")]), json!(["/x"]));
}

#[derive(Deserialize, JsonSchema)]
struct Misspelt {
    #[schemars(extend("x-max-byte" = 10))]
    _file: File,
    #[schemars(extend("x-message" = {"minlength": "…"}))]
    _name: String,
}

#[derive(Deserialize, JsonSchema)]
struct Album {
    #[schemars(extend("x-max-bytes" = 3))]
    pictures: Vec<File>,
}

#[test]
fn file_limit_above_the_body_limit_is_a_build_error() {
    let build = |limits| {
        Registry::builder()
            .limits(limits)
            .action(FormAction::<Album, ()>::form("a").handler(async |_, _| Ok::<_, ActionError>(())))
            .build()
    };
    assert!(build(Limits::default().with_max_body_bytes(3)).is_ok());
    let error = build(Limits::default().with_max_body_bytes(2)).unwrap_err().to_string();
    assert!(error.contains("`x-max-bytes` of the field `pictures` of `a` is 3 bytes"), "{error}");
}

#[test]
fn misspelt_keyword_is_a_build_error() {
    let build = Registry::builder()
        .action(FormAction::<Misspelt, ()>::form("a").handler(async |_, _| Ok::<_, ActionError>(())))
        .build();
    assert!(build.unwrap_err().to_string().contains("unknown keyword `x-max-byte`: expected"));
}

#[test]
fn limit_of_a_list_of_files_applies_to_each_file() {
    let actions = Registry::builder()
        .action(
            FormAction::<Album, usize>::form("album")
                .handler(async |album: Album, _| Ok::<_, ActionError>(album.pictures.len())),
        )
        .build()
        .unwrap();
    let body = multipart(&[("pictures", Some(("a", "x/y")), "123"), ("pictures", Some(("b", "x/y")), "1234")]);
    assert_eq!(
        outcome(&send(&actions, post("/_actions/album", "multipart/form-data; boundary=b", body))),
        json!(["pictures/1: Too big: expected file to have <=3 bytes"])
    );
}

#[derive(Deserialize, JsonSchema)]
struct Wrapped(File);

#[test]
fn newtype_of_a_file_is_read_as_a_file() {
    let actions = Registry::builder()
        .action(FormAction::<HashMap<String, Wrapped>, usize>::form("a").handler(
            async |files: HashMap<String, Wrapped>, _| {
                Ok::<_, ActionError>(files.values().map(|file| file.0.len()).sum())
            },
        ))
        .build()
        .unwrap();
    let body = multipart(&[("x", Some(("a", "x/y")), "123"), ("y", Some(("b", "x/y")), "1234")]);
    assert_eq!(outcome(&send(&actions, post("/_actions/a", "multipart/form-data; boundary=b", body))), json!(7));
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Sent {
    #[schemars(extend("x-max-bytes" = 3))]
    file: File,
    more: Vec<File>,
}

#[test]
fn server_code_passes_files_and_forms() {
    const SAVE: FormAction<Sent, usize> = Action::form("save");
    const RAW: FormAction<FormData, usize> = Action::form("raw");
    let actions = Registry::builder()
        .action(SAVE.handler(async |sent: Sent, _| Ok::<_, ActionError>(sent.file.len() + sent.more.len())))
        .action(RAW.handler(async |form: FormData, _| Ok::<_, ActionError>(form.len())))
        .build()
        .unwrap();
    let (head, ()) = http::Request::new(()).into_parts();
    let ctx = Context::from(head);
    let sent =
        |bytes: &'static str| Sent { file: File::new("a", "x/y", bytes), more: vec![File::new("b", "x/y", "1")] };
    assert_eq!(pollster::block_on(actions.call(SAVE, sent("123"), &ctx)).unwrap(), 4);
    let error = pollster::block_on(actions.call(SAVE, sent("1234"), &ctx)).unwrap_err();
    assert_eq!(error.to_string(), "BAD_REQUEST: file: Too big: expected file to have <=3 bytes");
    let form = FormData::from_iter([("a", "1"), ("b", "2")]);
    assert_eq!(pollster::block_on(actions.call(RAW, form, &ctx)).unwrap(), 2);
}
