//! Escaping of strings (`stringify_string` in `src/utils.js` of npm's devalue).

/// The first byte of U+2028 and U+2029. Other characters that need no escape begin with it too.
const SEPARATOR: u8 = 0xE2;

/// The bytes that may need an escape.
const SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = true;
        byte += 1;
    }
    table[b'"' as usize] = true;
    table[b'<' as usize] = true;
    table[b'\\' as usize] = true;
    table[SEPARATOR as usize] = true;
    table
};

/// Returns whether the text needs no escapes. May return `false` for a text that needs none.
#[inline]
pub(super) fn is_plain(text: &[u8]) -> bool {
    if let Some(last) = text.last_chunk::<16>() {
        // The last chunk may share bytes with the one before it.
        return text.as_chunks::<16>().0.iter().all(is_plain_chunk) && is_plain_chunk(last);
    }
    if let (Some(first), Some(last)) = (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        return is_plain_word(first) && is_plain_word(last);
    }
    if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        let ([a, b, c, d], [e, f, g, h]) = (*first, *last);
        return is_plain_word(&[a, b, c, d, e, f, g, h]);
    }
    !text.iter().any(|&byte| SPECIAL[usize::from(byte)])
}

/// Checks sixteen bytes without branches, so that the compiler emits vector instructions.
#[inline]
fn is_plain_chunk(chunk: &[u8; 16]) -> bool {
    let special = chunk.map(|byte| {
        u8::from(byte < 0x20)
            | u8::from(byte == b'"')
            | u8::from(byte == b'<')
            | u8::from(byte == b'\\')
            | u8::from(byte == SEPARATOR)
    });
    u128::from_ne_bytes(special) == 0
}

/// Checks eight bytes in one register.
///
/// The highest bit of each special byte is set; a borrow may set the bit of the byte above a special byte too.
#[inline]
fn is_plain_word(word: &[u8; 8]) -> bool {
    const ONES: u64 = u64::MAX / 0xFF;
    let word = u64::from_le_bytes(*word);
    let is_below = |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word;
    let is = |byte: u8| is_below(word ^ (ONES * u64::from(byte)), 1);
    let special = is_below(word, 0x20) | is(b'"') | is(b'<') | is(b'\\') | is(SEPARATOR);
    special & (ONES << 7) == 0
}

/// Appends the text with escapes and without quotes.
pub(super) fn push_escaped(out: &mut Vec<u8>, text: &[u8]) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut rest = text;
    while let Some(at) = rest.iter().position(|&byte| SPECIAL[usize::from(byte)]) {
        let (before, from) = rest.split_at(at);
        out.extend_from_slice(before);
        let taken = match *from {
            [SEPARATOR, 0x80, last @ (0xA8 | 0xA9), ..] => {
                out.extend_from_slice(if last == 0xA8 { b"\\u2028" } else { b"\\u2029" });
                3
            }
            [byte, ..] => {
                match byte {
                    b'"' => out.extend_from_slice(b"\\\""),
                    b'<' => out.extend_from_slice(b"\\u003C"),
                    b'\\' => out.extend_from_slice(b"\\\\"),
                    b'\n' => out.extend_from_slice(b"\\n"),
                    b'\r' => out.extend_from_slice(b"\\r"),
                    b'\t' => out.extend_from_slice(b"\\t"),
                    0x08 => out.extend_from_slice(b"\\b"),
                    0x0c => out.extend_from_slice(b"\\f"),
                    SEPARATOR => out.push(byte),
                    control => {
                        let (high, low) = (usize::from(control >> 4), usize::from(control & 15));
                        out.extend_from_slice(&[b'\\', b'u', b'0', b'0', HEX[high], HEX[low]]);
                    }
                }
                1
            }
            [] => 0,
        };
        rest = &from[taken..];
    }
    out.extend_from_slice(rest);
}

/// Appends the text as a quoted string.
#[inline]
pub(super) fn push_quoted(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    if is_plain(text.as_bytes()) {
        out.extend_from_slice(text.as_bytes());
    } else {
        push_escaped(out, text.as_bytes());
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_bytes_are_found_at_any_position() {
        for length in 1..50 {
            for at in 0..length {
                for special in [0, 0x1f, b'"', b'<', b'\\', SEPARATOR] {
                    let mut text = vec![b'a'; length];
                    assert!(is_plain(&text));
                    text[at] = special;
                    assert!(!is_plain(&text), "{special} at {at} of {length}");
                }
            }
        }
    }
}
