//! Where text is put together that doesn't lie in one piece.

use bytes::BytesMut;
use bytestring::ByteString;

use super::text;

/// Bytes that become a text. Texts share the memory, which is taken a block at a time and used again once they are gone.
pub(super) struct Buffer {
    pub(super) bytes: BytesMut,
    /// A copy of what becomes a text.
    copy: Vec<u8>,
    block: usize,
}

impl Buffer {
    /// A buffer that takes at least `block` bytes of memory at once, the first when it is [started](Self::start) on.
    pub(super) fn new(block: usize) -> Self {
        Self { bytes: BytesMut::new(), copy: Vec::new(), block }
    }

    /// Starts on a text that is likely to be of `likely` bytes.
    #[inline]
    pub(super) fn start(&mut self, likely: usize) {
        self.bytes.clear();
        if self.bytes.capacity() == 0 {
            self.bytes = BytesMut::with_capacity(likely.max(self.block));
        } else {
            self.bytes.reserve(likely);
        }
    }

    /// Ends the text.
    ///
    /// The check that comes with sharing memory loses what fails it, hence the copy. Another handle would cost more, and so would a check
    /// of our own before it.
    pub(super) fn take(&mut self) -> ByteString {
        self.copy.clear();
        self.copy.extend_from_slice(&self.bytes);
        ByteString::try_from(self.bytes.split().freeze()).unwrap_or_else(|_| text::repair(&self.copy))
    }
}
