//! References: the numbers by which containers refer to the slots of their items.

/// A slot's number, or a negative constant that stands for a value without a slot.
pub(crate) type Ref = i64;

pub(crate) const UNDEFINED: Ref = -1;
pub(crate) const HOLE: Ref = -2;
pub(crate) const NAN: Ref = -3;
pub(crate) const INFINITY: Ref = -4;
pub(crate) const NEGATIVE_INFINITY: Ref = -5;
pub(crate) const NEGATIVE_ZERO: Ref = -6;
pub(crate) const SPARSE: Ref = -7;

/// The digits of each number below 1000 as a little-endian word, with their count in the highest byte.
const SHORT: [u32; 1000] = build_words(false);
/// The digits of each number below 1000, padded with zeros to three, with a comma in the highest byte.
const PADDED: [u32; 1000] = build_words(true);

const fn build_words(is_padded: bool) -> [u32; 1000] {
    let mut words = [0; 1000];
    let mut number = 0;
    while number < 1000 {
        let (hundreds, tens, ones) = (number / 100, number / 10 % 10, number % 10);
        let digits = 0x30_30_30 + (hundreds | (tens << 8) | (ones << 16));
        let length = if number >= 100 { 3 } else { 1 + (number >= 10) as u32 };
        words[number as usize] =
            if is_padded { digits | (b',' as u32) << 24 } else { digits >> (24 - 8 * length) | length << 24 };
        number += 1;
    }
    words
}

/// Appends a reference and a comma.
///
/// Every value in a text has a reference, so the digits are assembled in a register for speed.
#[inline]
pub(crate) fn push_ref(out: &mut Vec<u8>, slot: Ref) {
    let split = |word: u32| (u64::from(word & 0xFF_FF_FF), word >> 24);
    let (text, length) = match u32::try_from(slot) {
        Ok(slot @ 0..1000) => {
            let (digits, length) = split(SHORT[slot as usize]);
            (digits | u64::from(b',') << (8 * length), length + 1)
        }
        Ok(slot @ 1000..1_000_000) => {
            let (digits, length) = split(SHORT[slot as usize / 1000]);
            (digits | u64::from(PADDED[slot as usize % 1000]) << (8 * length), length + 4)
        }
        _ => return push_any(out, slot),
    };
    let end = out.len() + length as usize;
    out.extend_from_slice(&text.to_le_bytes());
    out.truncate(end);
}

/// Appends any reference: a constant, or a number of a million or more.
#[cold]
fn push_any(out: &mut Vec<u8>, slot: Ref) {
    out.extend_from_slice(itoa::Buffer::new().format(slot).as_bytes());
    out.push(b',');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_print_all_their_digits() {
        let numbers = [0, 1, 9, 10, 99, 100, 999, 1000, 1001, 9999, 10_000, 100_000, 999_999, 1_000_000];
        for number in (-7..2000).chain(numbers).chain([u32::MAX.into()]) {
            let mut out = b"x".to_vec();
            push_ref(&mut out, number);
            assert_eq!(String::from_utf8(out).unwrap(), format!("x{number},"));
        }
    }
}
