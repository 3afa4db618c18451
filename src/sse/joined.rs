//! Data that doesn't lie in one piece: put together in a buffer, and in a text of its own once it is large.

use std::mem;

use bytestring::ByteString;

use super::buffer::Buffer;
use super::settled::{self, Settled};

/// Data is put together in blocks of this many bytes.
const BLOCK: usize = 4 * 1024;

/// The next data is taken to be as large as the last, but for no more than this.
const MAX_LIKELY: usize = 1024 * 1024;

/// The data, as far as it has come.
pub(super) struct Joined {
    /// What came first of large data.
    settled: Settled,
    /// What came after it.
    rest: Buffer,
    /// How many bytes the last data had.
    likely: usize,
}

impl Joined {
    pub(super) fn new() -> Self {
        Self { settled: Settled::default(), rest: Buffer::new(BLOCK), likely: 0 }
    }

    /// Starts on new data.
    #[inline]
    pub(super) fn start(&mut self) {
        self.rest.bytes.clear();
    }

    #[inline]
    pub(super) fn append(&mut self, more: &[u8]) {
        let is_direct = more.len() >= settled::DIRECT && self.settled.len() > 0;
        if is_direct || self.rest.bytes.len() + more.len() >= settled::BLOCK {
            self.settle(more);
        } else {
            self.rest.bytes.extend_from_slice(more);
        }
    }

    /// Appends, and makes text of all there is. Apart, since small pieces are many, and pay for every instruction.
    #[inline(never)]
    fn settle(&mut self, more: &[u8]) {
        if self.settled.len() == 0 {
            self.settled.reserve(self.likely.max(settled::BLOCK));
        }
        self.settled.extend(&mut self.rest.bytes, more);
    }

    /// Ends the data.
    pub(super) fn take(&mut self) -> ByteString {
        self.likely = (self.settled.len() + self.rest.bytes.len()).min(MAX_LIKELY);
        if self.settled.len() > 0 { mem::take(&mut self.settled).finish(&self.rest.bytes) } else { self.rest.share() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How often memory is taken while data of `count` pieces is put together.
    fn moves(joined: &mut Joined, count: usize, piece: &[u8]) -> usize {
        let capacity = |joined: &Joined| (joined.rest.bytes.capacity(), joined.settled.capacity());
        joined.start();
        let mut moves = 0;
        let mut before = capacity(joined);
        for _ in 0..count {
            joined.append(piece);
            let now = capacity(joined);
            moves += usize::from(now.0 > before.0) + usize::from(now.1 > before.1);
            before = now;
        }
        assert_eq!(joined.take().len(), count * piece.len());
        moves
    }

    /// Work that doubles with the input is linear: copies are made at 4 KiB, 8 KiB, 16 KiB and so on.
    #[test]
    fn twice_the_data_moves_it_once_more() {
        for piece in [&[b'x'; 1][..], &[b'x'; 64], &[b'x'; 1460], &[b'x'; 100_000]] {
            let count = (1 << 20) / piece.len();
            let [one, eight] = [count, 8 * count].map(|count| moves(&mut Joined::new(), count, piece));
            assert!(eight <= one + 3, "{one} moves for 1 MiB, {eight} for 8 MiB, pieces of {}", piece.len());
        }
    }

    #[test]
    fn the_next_data_finds_memory_for_as_much_as_the_last() {
        for size in [3_000, 100_000] {
            let mut joined = Joined::new();
            moves(&mut joined, size / 100, &[b'x'; 100]);
            assert_eq!(joined.likely, size);
            assert!(moves(&mut joined, size / 100, &[b'x'; 100]) <= 1, "that for what is large is taken when it is");
        }
    }

    #[test]
    fn the_buffer_stays_small() {
        let mut joined = Joined::new();
        for piece in [&[b'x'; 255][..], &[b'x'; 1_000], &[b'x'; 1_000_000]] {
            joined.start();
            for _ in 0..4_000_000 / piece.len() {
                joined.append(piece);
                assert!(joined.rest.bytes.capacity() <= 2 * settled::BLOCK);
            }
            joined.take();
        }
    }
}
