//! `mka1::sse` keeps the rules of the WHATWG for event streams, wherever the input is cut.

mod limits;
mod memory;
mod outcome;
mod promises;
mod properties;
mod reference;
mod stream;
mod table;
