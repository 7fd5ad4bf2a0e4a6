//! Parsing of `multipart/form-data` (RFC 7578), as browsers do it.
//!
//! The rules are those of the [parser that the Fetch Standard refers to][parser]. Like it, this parser refuses constructs
//! of MIME that no browser or HTTP library sends: a preamble, an epilogue, folded headers, white space after a boundary.
//! It is more lenient about a part's `Content-Disposition`, in which libraries differ.
//!
//! [parser]: https://andreubotella.github.io/multipart-form-data/

use bytes::Bytes;
use memchr::memmem;

pub(crate) use super::error::{Fault, MultipartError};

use super::data::{EntryValue, FormData, FormEntry};
use super::file::File;
use super::part::PartHeaders;

/// The limits of a multipart form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PartLimits {
    /// The number of parts, files and texts together.
    pub(crate) max_parts: usize,
    /// The number of files, including file inputs without a selection.
    pub(crate) max_files: usize,
    /// The length of one part's headers in bytes.
    pub(crate) max_header_bytes: usize,
    /// The length of one text in bytes.
    pub(crate) max_text_bytes: usize,
    /// The length of one file in bytes.
    pub(crate) max_file_bytes: usize,
}

/// Parses a whole body in linear time. Files are slices of the body.
///
/// Texts are decoded as UTF-8, with U+FFFD for invalid bytes. A byte order mark is kept.
pub(crate) fn parse(body: &Bytes, boundary: &str, limits: &PartLimits) -> Result<FormData, MultipartError> {
    let delimiter = [b"\r\n--", boundary.as_bytes()].concat();
    let delimiter = memmem::Finder::new(&delimiter);
    let first = delimiter.needle().trim_ascii_start();

    let mut form = FormData::new();
    let mut files = 0;
    let mut rest = skip_breaks(body).strip_prefix(first).ok_or_else(|| error_in(0, None, Fault::NoBoundary))?;
    for part in 1.. {
        if let Some(epilogue) = rest.strip_prefix(b"--") {
            if skip_breaks(epilogue).is_empty() {
                break;
            }
            return Err(error_in(0, None, Fault::Epilogue));
        }
        if form.len() == limits.max_parts {
            return Err(error_in(part, None, Fault::TooManyParts(limits.max_parts)));
        }
        let (headers, content) = split_headers(rest, limits).map_err(|fault| error_in(part, None, fault))?;
        let refuse = |fault| Err(error_in(part, Some(&headers.name), fault));

        let Some(end) = delimiter.find(content) else {
            return refuse(Fault::Truncated);
        };
        // Otherwise a part without the line break before its boundary would include the next part.
        if content.starts_with(first) {
            return refuse(Fault::Truncated);
        }
        let (content, after) = content.split_at(end);
        rest = after.get(delimiter.needle().len()..).unwrap_or_default();

        let name = form.push_text(&headers.name);
        let value = match headers.file_name {
            Some(_) if files == limits.max_files => {
                return refuse(Fault::TooManyFiles(limits.max_files));
            }
            Some(_) if content.len() > limits.max_file_bytes => {
                return refuse(Fault::FileTooLong(limits.max_file_bytes));
            }
            Some(file_name) => {
                files += 1;
                let content_type = headers.content_type.unwrap_or_else(|| "text/plain".into());
                let file = File::new(file_name, content_type, body.slice_ref(content));
                EntryValue::File(Box::new(file))
            }
            None if content.len() > limits.max_text_bytes => {
                return refuse(Fault::TextTooLong(limits.max_text_bytes));
            }
            None => EntryValue::Text(form.push_text(&String::from_utf8_lossy(content))),
        };
        form.entries.push(FormEntry { name, value });
    }
    Ok(form)
}

fn skip_breaks(mut text: &[u8]) -> &[u8] {
    while let Some(rest) = text.strip_prefix(b"\r\n") {
        text = rest;
    }
    text
}

/// Splits a part, which begins with the line break after its boundary, into headers and content.
fn split_headers<'a>(part: &'a [u8], limits: &PartLimits) -> Result<(PartHeaders<'a>, &'a [u8]), Fault> {
    const BREAK: &[u8] = b"\r\n";
    const BLANK_LINE: &[u8] = b"\r\n\r\n";
    if !part.starts_with(BREAK) {
        return Err(Fault::BadBoundary);
    }
    let max = limits.max_header_bytes;
    let window = part.get(..max.saturating_add(BLANK_LINE.len())).unwrap_or(part);
    let Some(end) = memmem::find(window, BLANK_LINE) else {
        return Err(if window.len() < part.len() { Fault::HeadersTooLong(max) } else { Fault::NoBlankLine });
    };
    let (block, content) = part.split_at(end + BLANK_LINE.len());
    let block = block.strip_prefix(BREAK).and_then(|block| block.strip_suffix(BREAK));
    Ok((PartHeaders::parse(block.unwrap_or_default())?, content))
}

fn error_in(part: usize, name: Option<&str>, fault: Fault) -> MultipartError {
    MultipartError { part, name: name.map(str::to_owned), fault }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::FormValue;

    const LIMITS: PartLimits =
        PartLimits { max_parts: 4, max_files: 2, max_header_bytes: 200, max_text_bytes: 10, max_file_bytes: 20 };
    const NAMED: &str = "Content-Disposition: form-data; name=\"a\"\r\n\r\n";
    const FILE: &str = "Content-Disposition: form-data; name=\"f\"; filename=\"n\"\r\n\r\n";

    fn read(body: impl Into<Bytes>) -> Result<FormData, Fault> {
        parse(&body.into(), "B", &LIMITS).map_err(|error| error.fault)
    }

    /// Builds a well-formed body of the parts.
    fn form(parts: &[String]) -> String {
        let parts: String = parts.iter().map(|part| format!("--B\r\n{part}\r\n")).collect();
        parts + "--B--\r\n"
    }

    #[test]
    fn texts_and_files_keep_their_order() {
        let parts = [
            format!("{NAMED}1\r\n2\n"),
            "Content-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\n\
             Content-Type: Text/Plain; charset=UTF-8 \r\n\r\n\0\r\n--C"
                .to_owned(),
            NAMED.to_owned(),
        ];
        let form = read(form(&parts)).unwrap();
        let file = File::new("a.txt", "text/plain; charset=utf-8", "\0\r\n--C");
        let expected = [("a", FormValue::Text("1\r\n2\n")), ("f", FormValue::File(&file)), ("a", FormValue::Text(""))];
        assert_eq!(form, FormData::from_iter(expected));
    }

    #[test]
    fn file_is_a_slice_of_the_body() {
        let body = Bytes::from(form(&[format!("{FILE}content")]));
        let form = parse(&body, "B", &LIMITS).unwrap();
        assert!(body.as_ptr_range().contains(&form.file("f").unwrap().bytes().as_ptr()));
    }

    #[test]
    fn invalid_utf_8_is_replaced_and_a_byte_order_mark_kept() {
        let body = b"--B\r\nContent-Disposition: form-data; name=\"a\xe9\"\r\n\r\n\xef\xbb\xbfx\xc3\r\n--B--";
        let form = read(body.as_slice()).unwrap();
        assert_eq!(form.text("a\u{fffd}"), Some("\u{feff}x\u{fffd}"));
    }

    #[test]
    fn line_breaks_around_the_form_are_ignored() {
        for body in ["--B--", "\r\n--B--", "--B--\r\n\r\n"] {
            assert_eq!(read(body).unwrap(), FormData::new());
        }
    }

    #[test]
    fn malformed_bodies_are_refused() {
        let text = form(&[format!("{NAMED}x")]);
        for (body, fault) in [
            (String::new(), Fault::NoBoundary),
            (format!("preamble\r\n{text}"), Fault::NoBoundary),
            (text.replace("--B", "--b"), Fault::NoBoundary),
            (text.replace('\r', ""), Fault::BadBoundary),
            (text.replace("--B\r\n", "--B \r\n"), Fault::BadBoundary),
            (format!("{text}epilogue"), Fault::Epilogue),
            (text.replace("--B--\r\n", "--B"), Fault::BadBoundary),
            (text.replace("--B--", "--B"), Fault::NoBlankLine),
            (text.replace("--B--", ""), Fault::Truncated),
            (text.replace("x\r\n", ""), Fault::Truncated),
            (text.replace("\r\n\r\nx", "\r\nx"), Fault::NoBlankLine),
            (text.replace("\r\n\r\nx", "\r\nx\r\n\r\n"), Fault::BadHeader),
            (text.replace(NAMED, "\r\n"), Fault::NoDisposition),
        ] {
            assert_eq!(read(body.clone()), Err(fault), "{body}");
            assert!(!fault.is_too_large());
        }
    }

    #[test]
    fn each_limit_is_inclusive() {
        let text = |length| format!("{NAMED}{}", "x".repeat(length));
        let file = |length| format!("{FILE}{}", "x".repeat(length));
        let header = |length| {
            let head = NAMED.trim_end();
            let pad = length - head.len() - "\r\nX: \r\n".len();
            format!("{head}\r\nX: {}\r\n\r\nx", "y".repeat(pad))
        };
        for (fits, exceeds, fault) in [
            (vec![text(1); 4], vec![text(1); 5], Fault::TooManyParts(4)),
            (vec![file(1); 2], vec![file(1); 3], Fault::TooManyFiles(2)),
            (vec![header(200)], vec![header(201)], Fault::HeadersTooLong(200)),
            (vec![text(10)], vec![text(11)], Fault::TextTooLong(10)),
            (vec![file(20)], vec![file(21)], Fault::FileTooLong(20)),
        ] {
            assert_eq!(read(form(&fits)).map(|form| form.len()), Ok(fits.len()));
            assert_eq!(read(form(&exceeds)), Err(fault));
            assert!(fault.is_too_large());
        }
    }

    #[test]
    fn error_names_the_part() {
        let body = form(&[format!("{NAMED}x"), format!("{FILE}{}", "x".repeat(21))]);
        let error = parse(&body.into(), "B", &LIMITS).unwrap_err();
        assert_eq!(error.to_string(), "part 2 (\"f\"): file too long: expected at most 20 bytes");
    }
}
