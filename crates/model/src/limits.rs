//! How big things from the network may be. The numbers are part of the
//! protocol: a client may rely on them.

/// A request body as it was sent, in bytes.
pub const REQUEST_BYTES: usize = 8 << 20;
/// A request body after decompression, in bytes.
pub const REQUEST_INFLATED_BYTES: usize = 32 << 20;
/// One change chunk, in bytes.
pub const CHANGE_BYTES: usize = 64 << 10;
/// One frame of a request, in bytes.
pub const REQUEST_FRAME_BYTES: usize = 80 << 10;
/// Operations in one change.
pub const CHANGE_OPERATIONS: usize = 20_000;
/// Tray entries of one device.
pub const TRAY_ENTRIES: usize = 1_000;
/// Bytes of one device in the tray.
pub const TRAY_BYTES: usize = 16 << 20;
/// Unicode scalar values of a text that a summary holds.
pub const SUMMARY_TEXT_CHARS: usize = 200;
