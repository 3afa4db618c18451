//! Where text is put together that doesn't lie in one piece.

use bytes::BytesMut;
use bytestring::ByteString;

use super::text;

/// Bytes that become a text. Texts share the memory of a block, which is used again once they are gone.
pub(super) struct Buffer {
    /// To be cleared before each text.
    pub(super) bytes: Vec<u8>,
    block: BytesMut,
    /// How much memory a block takes at least.
    size: usize,
}

impl Buffer {
    /// A buffer for texts in blocks of at least `size` bytes. It takes no memory before there is something to put in.
    pub(super) fn new(size: usize) -> Self {
        Self { bytes: Vec::new(), block: BytesMut::new(), size }
    }

    /// The bytes as a text. They stay until they are cleared.
    ///
    /// It is a copy, also since the check that comes with sharing memory loses what fails it. A check of our own before it would cost more.
    pub(super) fn share(&mut self) -> ByteString {
        if self.block.capacity() == 0 {
            self.block.reserve(self.size.max(self.bytes.len()));
        }
        self.block.extend_from_slice(&self.bytes);
        ByteString::try_from(self.block.split().freeze()).unwrap_or_else(|_| text::repair(&self.bytes))
    }
}
