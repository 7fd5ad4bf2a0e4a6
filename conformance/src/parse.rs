//! Parsing of HTTP/1.1 responses.

use bytes::Bytes;

use crate::answer::Answer;

/// Parses a response. Returns `None` until it is complete (RFC 9112, section 6.3).
pub(crate) fn parse_answer(received: &[u8], head_only: bool, ended: bool) -> Result<Option<Answer>, String> {
    if !received.is_empty() && !b"HTTP/1.".starts_with(received) && !received.starts_with(b"HTTP/1.") {
        let start = received.get(..received.len().min(80)).unwrap_or_default();
        return Err(format!("expected HTTP/1, received {:?}", String::from_utf8_lossy(start)));
    }
    let Some((head, rest)) = split_once(received, b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = String::from_utf8_lossy(head);
    let mut lines = head.split("\r\n");
    let line = lines.next().unwrap_or_default();
    let status =
        line.strip_prefix("HTTP/1.").and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
    let status: u16 = status.ok_or_else(|| format!("expected a status line, received {line:?}"))?;
    let mut headers = Vec::new();
    for line in lines {
        let (name, value) = line.split_once(':').ok_or_else(|| format!("expected a header, received {line:?}"))?;
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    if (100..200).contains(&status) {
        return parse_answer(rest, head_only, ended);
    }
    let mut answer = Answer { status, headers, body: Bytes::new() };
    let body = if head_only || status == 204 || status == 304 {
        Some(Vec::new())
    } else if answer.first("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked")) {
        dechunk(rest)?
    } else if let Some(length) = answer.first("content-length") {
        let length = length.parse().map_err(|_| format!("invalid Content-Length `{length}`"))?;
        rest.get(..length).map(<[u8]>::to_vec)
    } else {
        ended.then(|| rest.to_vec())
    };
    Ok(body.map(|body| {
        answer.body = body.into();
        answer
    }))
}

/// Decodes a chunked body. Returns `None` until the trailers are complete (RFC 9112, section 7.1).
fn dechunk(mut rest: &[u8]) -> Result<Option<Vec<u8>>, String> {
    let mut body = Vec::new();
    while let Some((line, after)) = split_once(rest, b"\r\n") {
        let line = String::from_utf8_lossy(line);
        let size = line.split(';').next().unwrap_or_default().trim();
        let size =
            usize::from_str_radix(size, 16).map_err(|_| format!("expected the size of a chunk, received {line:?}"))?;
        if size == 0 {
            let ended = after.starts_with(b"\r\n") || split_once(after, b"\r\n\r\n").is_some();
            return Ok(ended.then_some(body));
        }
        let Some((chunk, after)) = after.split_at_checked(size) else {
            break;
        };
        body.extend_from_slice(chunk);
        match after.strip_prefix(b"\r\n") {
            Some(after) => rest = after,
            None if after.len() < 2 => break,
            None => return Err("chunk longer than its declared size".to_owned()),
        }
    }
    Ok(None)
}

fn split_once<'a>(bytes: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = bytes.windows(separator.len()).position(|window| window == separator)?;
    Some((bytes.get(..at)?, bytes.get(at + separator.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn response_ends_by_length_chunks_or_close() {
        let whole = |reply: &[u8], ended| parse_answer(reply, false, ended).unwrap().map(|answer| answer.body.to_vec());
        assert_eq!(whole(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\no", false), None);
        assert_eq!(whole(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", false), Some(b"ok".to_vec()));
        let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x=y\r\no\r\n1\r\nk\r\n0\r\nT: 1\r\n\r\n";
        assert_eq!(whole(&chunked[..chunked.len() - 2], true), None);
        assert_eq!(whole(chunked, false), Some(b"ok".to_vec()));
        assert_eq!(whole(b"HTTP/1.1 200 OK\r\n\r\nok", false), None);
        assert_eq!(whole(b"HTTP/1.1 200 OK\r\n\r\nok", true), Some(b"ok".to_vec()));
        assert_eq!(whole(b"HTTP/1.1 204 No Content\r\n\r\n", false), Some(Vec::new()));
        assert_eq!(whole(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 X\r\n\r\n", false), Some(Vec::new()));
        let head = parse_answer(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true, false).unwrap().unwrap();
        assert!(head.body.is_empty());
    }

    #[test]
    fn repeated_headers_are_kept_separate() {
        let answer = parse_answer(b"HTTP/1.1 204 X\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n\r\n", false, false)
            .unwrap()
            .unwrap();
        assert_eq!(answer.all("set-cookie").collect::<Vec<_>>(), ["a=1", "b=2"]);
    }
}
