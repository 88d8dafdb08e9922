//! HTTP/2 by the frame: any header list, pseudo-headers and forbidden bytes included.
//!
//! [`client`] sends well-formed frames around ill-formed requests; ill-formed frames are written with [`frame`] over the
//! connection of one's own.

pub mod frame;

pub mod hpack;

pub mod client;
