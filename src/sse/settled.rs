//! Large data that comes in pieces: made text block by block, while each block is still near.
//!
//! Checked at its end, such data would have to be fetched again, and goes through the check that comes with sharing memory, which is
//! slow on text that isn't ASCII.

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

    #[cfg(test)]
    pub(super) fn capacity(&self) -> usize {
        self.text.capacity()
    }

    /// Takes memory for `len` bytes more.
    pub(super) fn reserve(&mut self, len: usize) {
        self.text.reserve(len);
    }

    /// Makes text of the `block` that comes next and of the `piece` behind it, and leaves in the block what may be the beginning of a
    /// character.
    pub(super) fn extend(&mut self, block: &mut Vec<u8>, mut piece: &[u8]) {
        if !block.is_empty() {
            // As much as ends any character, so that what is left after it lies in the piece.
            let (end, _) = piece.split_at(piece.len().min(BEGINNING));
            block.extend_from_slice(end);
            let from = self.append(block);
            // More than that is left only of a piece that is shorter.
            let Some(left) = end.len().checked_sub(block.len() - from) else {
                block.drain(..from);
                return;
            };
            block.clear();
            piece = &piece[left..];
        }
        let from = self.append(piece);
        block.extend_from_slice(&piece[from..]);
    }

    /// All of it as text, with the last `block`.
    pub(super) fn finish(mut self, block: &[u8]) -> ByteString {
        self.repair(block);
        self.text.into()
    }

    /// Appends `bytes` but for what may be the beginning of a character, and says where that begins.
    fn append(&mut self, bytes: &[u8]) -> usize {
        let end = bytes.len() - beginning(bytes);
        match simdutf8::basic::from_utf8(&bytes[..end]) {
            Ok(text) => self.text.push_str(text),
            Err(_) => self.repair(&bytes[..end]),
        }
        self.len += end;
        end
    }

    /// Appends `bytes`, with U+FFFD for every maximal subpart of an ill-formed sequence.
    #[cold]
    fn repair(&mut self, bytes: &[u8]) {
        for chunk in bytes.utf8_chunks() {
            self.text.push_str(chunk.valid());
            if !chunk.invalid().is_empty() {
                self.text.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }
}

/// How many bytes at the end may be the beginning of a character that isn't all there.
fn beginning(bytes: &[u8]) -> usize {
    for (len, byte) in (1..=BEGINNING).zip(bytes.iter().rev()) {
        let whole = match byte {
            0x80..0xC0 => continue,
            0xF0.. => 4,
            0xE0.. => 3,
            0xC0.. => 2,
            _ => 1,
        };
        return if whole > len { len } else { 0 };
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of `data`, in pieces of `size` bytes. Each is in the block, or else all but the first come behind it.
    fn settled(data: &[u8], size: usize, in_block: bool) -> ByteString {
        let mut settled = Settled::default();
        let mut block = Vec::new();
        for (index, piece) in data.chunks(size).enumerate() {
            if in_block || index == 0 {
                block.extend_from_slice(piece);
                settled.extend(&mut block, b"");
            } else {
                settled.extend(&mut block, piece);
            }
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
                for in_block in [true, false] {
                    let text = settled(data, size, in_block);
                    assert_eq!(text, String::from_utf8_lossy(data), "{data:?} in pieces of {size}, {in_block}");
                }
            }
        }
    }
}
