//! Malformed and oversized multipart forms are answered, never crashed on.

use enact::{Action, FormData, Limits, Registry};

use crate::ask::{MULTIPART, post};
use crate::server::{Site, text};
use crate::watched::Counter;

const FORM: Action<FormData, ()> = Action::form("form");

fn site(calls: &Counter) -> Site {
    Site::of(Registry::builder().action(FORM, calls.handler()).build().unwrap())
}

fn part(headers: &str, content: &str) -> String {
    format!("--B\r\n{headers}\r\n\r\n{content}\r\n")
}

fn text_part(name: &str) -> String {
    part(&format!("Content-Disposition: form-data; name=\"{name}\""), "x")
}

fn file_part(name: &str) -> String {
    part(&format!("Content-Disposition: form-data; name=\"{name}\"; filename=\"f\""), "x")
}

#[test]
fn what_is_malformed_is_400() {
    let calls = Counter::default();
    let site = site(&calls);
    let whole = text_part("a") + "--B--\r\n";
    for (content_type, body) in [
        ("multipart/form-data", whole.clone()),
        ("multipart/form-data; boundary", whole.clone()),
        ("multipart/form-data; boundary=", whole.clone()),
        ("multipart/form-data; boundary=\"\"", whole.clone()),
        ("multipart/form-data; boundary=C", whole.clone()),
        ("multipart/form-data; boundary=B\u{e9}", whole.clone()),
        (MULTIPART, String::new()),
        (MULTIPART, "\r\n".repeat(100_000)),
        (MULTIPART, "--".repeat(300_000)),
        (MULTIPART, "--B".to_owned()),
        (MULTIPART, "--B\r\n".to_owned()),
        (MULTIPART, "--B\r\n\r\n".to_owned()),
        (MULTIPART, part("", "x") + "--B--"),
        (MULTIPART, part("Content-Disposition: form-data", "x") + "--B--"),
        (MULTIPART, part("Content-Disposition: form-data; name=\"\"", "x") + "--B--"),
        (MULTIPART, part("Content-Disposition: form-data; name=", "x") + "--B--"),
        (MULTIPART, part("Content-Disposition: form-data; filename=\"f\"", "x") + "--B--"),
        (MULTIPART, part("Content-Disposition: form-data; name=\"a", "x") + "--B--"),
        (MULTIPART, part("Content-Disposition: attachment; name=\"a\"", "x") + "--B--"),
        (MULTIPART, part("Content-Disposition: form-data; name=\"a\"\r\n folded: x", "x") + "--B--"),
        (MULTIPART, part("Content-Disposition: form-data; name=\"a\"\r\nno colon", "x") + "--B--"),
        (MULTIPART, whole.replace("\r\n", "\n")),
        (MULTIPART, whole.replace("--B\r\n", "--B x\r\n")),
        (MULTIPART, whole.clone() + "more"),
    ] {
        for path in ["/_actions/form", "/page?_action=form"] {
            let answer = site.ask(&post(path).body(content_type, body.clone()));
            assert_eq!(answer.status, 400, "{content_type} {:.60}", body);
        }
    }
    assert_eq!(calls.get(), 0);
}

#[test]
fn a_form_that_is_cut_off_anywhere_is_400() {
    let calls = Counter::default();
    let registry = Registry::builder().action(FORM, calls.handler()).build().unwrap();
    let whole = text_part("a") + &file_part("b") + "--B--";
    for end in 0..whole.len() {
        let answer = post("/_actions/form").body(MULTIPART, &whole[..end]).of(&registry);
        assert_eq!(answer.status, 400, "{end}: {}", text(&answer));
    }
    assert_eq!(calls.get(), 0);
    assert_eq!(post("/_actions/form").body(MULTIPART, whole).of(&registry).status, 204);
}

#[test]
fn what_is_too_much_is_413() {
    let calls = Counter::default();
    let site = site(&calls);
    let parts = |count: usize, one: &dyn Fn(&str) -> String| -> String {
        (0..count).map(|i| one(&format!("a{i}"))).collect::<String>() + "--B--"
    };
    let disposition = "Content-Disposition: form-data; name=\"a\"";
    let headers = |pad: usize| part(&format!("{disposition}\r\nX-Pad: {}", "y".repeat(pad)), "x") + "--B--";
    let many = |count: usize| part(&format!("{disposition}{}", "\r\nX: y".repeat(count)), "x") + "--B--";
    let name = |length: usize| text_part(&"n".repeat(length)) + "--B--";
    for (what, body) in [
        ("ten thousand parts", parts(10_000, &text_part)),
        ("one part too many", parts(1001, &text_part)),
        ("one file too many", parts(101, &file_part)),
        ("a header of nearly a megabyte", headers(1_000_000)),
        ("a hundred thousand headers", many(100_000)),
        ("a name of nearly a megabyte", name(1_000_000)),
        ("headers without an end", format!("--B\r\n{disposition}{}", "y".repeat(1_000_000))),
        ("a content of more than a megabyte", text_part(&"x".repeat(8)) + &part(disposition, &"x".repeat(1 << 20))),
    ] {
        for path in ["/_actions/form", "/page?_action=form"] {
            assert_eq!(site.ask(&post(path).body(MULTIPART, body.clone())).status, 413, "{what}");
        }
    }
    assert_eq!(calls.get(), 0);
    for body in [parts(1000, &text_part), parts(100, &file_part), headers(8000), name(8000)] {
        assert_eq!(site.ask(&post("/_actions/form").body(MULTIPART, body)).status, 204);
    }
}

#[test]
fn the_limits_of_parts_are_an_actions_own() {
    let calls = Counter::default();
    let limits = Limits::default().fields(2).files(1).part_headers(64);
    let site = Site::of(Registry::builder().limits(limits).action(FORM, calls.handler()).build().unwrap());
    for (body, status) in [
        (text_part("a") + &file_part("b") + "--B--", 204),
        (text_part("a") + &text_part("b") + &text_part("c") + "--B--", 413),
        (file_part("a") + &file_part("b") + "--B--", 413),
        (text_part(&"n".repeat(64)) + "--B--", 413),
    ] {
        assert_eq!(site.ask(&post("/_actions/form").body(MULTIPART, body)).status, status);
    }
    assert_eq!(calls.get(), 2);
}
