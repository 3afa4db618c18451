//! Large data that comes in pieces: made text block by block, while each block is still near.
//!
//! Checked at its end, such data would have to be fetched again, and goes through the check that comes with sharing memory, which is
//! slow on text that isn't ASCII.

use bytes::BytesMut;
use bytestring::ByteString;

/// Data of this length is made text.
pub(super) const BLOCK: usize = 16 * 1024;

/// A piece of this length is made text as it is, once there is some: put together in a block, it would be moved twice.
pub(super) const DIRECT: usize = 256;

/// The longest beginning of a character that is not all of it.
const BEGINNING: usize = 3;

/// The beginning of the data, as text.
#[derive(Default)]
pub(super) struct Settled {
    text: String,
    /// How many bytes it was made of: what isn't UTF-8 grows.
    len: usize,
}

impl Settled {
    /// How many bytes of data have become text.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Makes text of the `block` that comes next, and leaves what may be the beginning of a character. `likely` is the length of all.
    pub(super) fn take(&mut self, block: &mut BytesMut, likely: usize) {
        if self.len == 0 {
            self.text.reserve(likely.max(block.len()));
        }
        let from = block.len() - self.append(block);
        self.len += from;
        block.copy_within(from.., 0);
        block.truncate(block.len() - from);
    }

    /// Makes text of what is left of the last `block` and of the `piece` behind it, and leaves what may be the beginning of a character.
    pub(super) fn extend(&mut self, block: &mut BytesMut, mut piece: &[u8]) {
        if !block.is_empty() {
            // As much as ends any character, so that what is left after it lies in the piece.
            let (end, _) = piece.split_at(piece.len().min(BEGINNING));
            block.extend_from_slice(end);
            self.take(block, 0);
            // More than that is left only of a piece that is shorter.
            let Some(from) = end.len().checked_sub(block.len()) else { return };
            block.clear();
            piece = &piece[from..];
        }
        let left = self.append(piece);
        self.len += piece.len() - left;
        block.extend_from_slice(&piece[piece.len() - left..]);
    }

    /// All of it as text, with the last `block`.
    pub(super) fn finish(mut self, block: &[u8]) -> ByteString {
        if self.append(block) > 0 {
            self.text.push(char::REPLACEMENT_CHARACTER);
        }
        self.text.into()
    }

    /// Appends `bytes`, with U+FFFD for every maximal subpart of an ill-formed sequence. How many are left over at the end, being the
    /// beginning of a character.
    fn append(&mut self, mut bytes: &[u8]) -> usize {
        loop {
            let error = match simdutf8::compat::from_utf8(bytes) {
                Ok(text) => {
                    self.text.push_str(text);
                    return 0;
                }
                Err(error) => error,
            };
            let (valid, rest) = bytes.split_at(error.valid_up_to());
            self.text.push_str(simdutf8::basic::from_utf8(valid).unwrap_or_default());
            let Some(len) = error.error_len() else { return rest.len() };
            self.text.push(char::REPLACEMENT_CHARACTER);
            bytes = &rest[len..];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of `data`, settled every `size` bytes.
    fn settled(data: &[u8], size: usize) -> ByteString {
        let mut settled = Settled::default();
        let mut block = BytesMut::new();
        for piece in data.chunks(size) {
            block.extend_from_slice(piece);
            settled.take(&mut block, 0);
            assert!(block.len() < 4, "only the beginning of a character is left");
        }
        assert_eq!(settled.len() + block.len(), data.len());
        settled.finish(&block)
    }

    /// The text of `data`, in pieces of `size` bytes behind one that is in the block.
    fn extended(data: &[u8], size: usize) -> ByteString {
        let mut settled = Settled::default();
        let (first, rest) = data.split_at(data.len().min(size));
        let mut block = BytesMut::from(first);
        for piece in rest.chunks(size) {
            settled.extend(&mut block, piece);
            assert!(block.len() <= BEGINNING, "only the beginning of a character is left");
        }
        assert_eq!(settled.len() + block.len(), data.len());
        settled.finish(&block)
    }

    #[test]
    fn where_blocks_end_makes_no_difference() {
        let broken: &[&[u8]] = &[
            "a, é, 東, 🙂".as_bytes(),
            b"\xFF\xFEa\x80",
            b"a\xE6\x9D",
            b"\xE6\x9D\xE6\x9Da",
            b"\xF0\x9F\x99",
            b"\xF0\x9F\x99a\xED\xA0\x80",
            b"\xC3",
            b"",
        ];
        for data in broken {
            for size in 1..=data.len().max(1) {
                assert_eq!(settled(data, size), String::from_utf8_lossy(data), "{data:?} every {size}");
                assert_eq!(extended(data, size), String::from_utf8_lossy(data), "{data:?} in pieces of {size}");
            }
        }
    }
}
