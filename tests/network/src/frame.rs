//! The body of an event stream as HTTP/1.1 frames it.

/// What comes before the body.
pub(crate) const HEAD: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

/// What ends the body.
pub(crate) const END: &[u8] = b"0\r\n\r\n";

/// A piece of the body. An empty one has no frame: that would be the end.
pub(crate) fn frame(bytes: &[u8]) -> Vec<u8> {
    if bytes.is_empty() {
        return Vec::new();
    }
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}
