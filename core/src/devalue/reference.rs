//! How containers name the slots of what they hold.

use super::slots::Ref;

/// The digits of each number below a thousand as a little-endian word, and over them how many they are.
const SHORT: [u32; 1000] = words(false);
/// The same with zeros before them to make three, and a comma over them.
const PADDED: [u32; 1000] = words(true);

const fn words(is_padded: bool) -> [u32; 1000] {
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

/// Appends the number of a slot and a comma.
///
/// There is one for each value in the text, so that it pays to build the text in a register.
#[inline]
pub(super) fn push_ref(out: &mut Vec<u8>, slot: Ref) {
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
        _ => return push_other(out, slot),
    };
    let end = out.len() + length as usize;
    out.extend_from_slice(&text.to_le_bytes());
    out.truncate(end);
}

/// A constant, or a number beyond a million.
#[cold]
fn push_other(out: &mut Vec<u8>, slot: Ref) {
    out.extend_from_slice(itoa::Buffer::new().format(slot).as_bytes());
    out.push(b',');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_printed_in_full() {
        let numbers = [0, 1, 9, 10, 99, 100, 999, 1000, 1001, 9999, 10_000, 100_000, 999_999, 1_000_000];
        for number in (-7..2000).chain(numbers).chain([u32::MAX.into()]) {
            let mut out = b"x".to_vec();
            push_ref(&mut out, number);
            assert_eq!(String::from_utf8(out).unwrap(), format!("x{number},"));
        }
    }
}
