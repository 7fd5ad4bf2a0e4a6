//! The boundary of a multipart content type.

/// Parses the boundary out of a content type, as the WHATWG MIME Sniffing Standard prescribes (section 4.4). Names ignore
/// case, and the first of repeated parameters counts. Returns `None` if there is no boundary or if it is empty.
pub(crate) fn parse_boundary(content_type: &str) -> Option<String> {
    let (_, mut rest) = content_type.split_once(';')?;
    loop {
        let (name, tail) = rest.split_at(rest.find([';', '='])?);
        let (value, tail) = match tail.strip_prefix('=') {
            Some(value) => match value.strip_prefix('"') {
                Some(quoted) => unquote(quoted),
                None => {
                    let (value, tail) = value.split_once(';').unwrap_or((value, ""));
                    let value = value.trim_ascii_end().to_owned();
                    (Some(value).filter(|value| !value.is_empty()), tail)
                }
            },
            None => (None, tail.get(1..)?),
        };
        let named = name.trim_ascii_start().eq_ignore_ascii_case("boundary");
        match value.filter(|_| named) {
            Some(value) => return Some(value).filter(|value| !value.is_empty()),
            None => rest = tail,
        }
    }
}

/// Parses a quoted string after its opening quote. Returns its value and the text after the next semicolon.
fn unquote(text: &str) -> (Option<String>, &str) {
    let mut value = String::new();
    let mut chars = text.chars();
    loop {
        match chars.next() {
            None | Some('"') => break,
            Some('\\') => value.push(chars.next().unwrap_or('\\')),
            Some(char) => value.push(char),
        }
    }
    let tail = chars.as_str().split_once(';').map_or("", |(_, tail)| tail);
    (Some(value), tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundary_is_found_among_the_parameters() {
        for (content_type, expected) in [
            ("multipart/form-data; boundary=B", Some("B")),
            ("Multipart/Form-Data;BOUNDARY=B;charset=utf-8", Some("B")),
            ("multipart/form-data; charset=utf-8; boundary=\"B\" ; x", Some("B")),
            ("multipart/form-data;;; x; boundary=B  ;", Some("B")),
            ("multipart/form-data; x=\"a\\\";boundary=C\"; boundary=B", Some("B")),
            ("multipart/form-data; boundary=\"a\\b c;d\"", Some("ab c;d")),
            ("multipart/form-data; boundary=\"B", Some("B")),
            ("multipart/form-data; boundary=B; boundary=C", Some("B")),
            ("multipart/form-data; boundary=; boundary=B", Some("B")),
            ("multipart/form-data; boundary=\"\"; boundary=B", None),
            ("multipart/form-data; xboundary=B", None),
            ("multipart/form-data; boundary =B", None),
            ("multipart/form-data; boundary=", None),
            ("multipart/form-data; boundary", None),
            ("multipart/form-data", None),
        ] {
            assert_eq!(parse_boundary(content_type).as_deref(), expected, "{content_type}");
        }
    }
}
