//! The splitter without a connection, for the fuzz targets. Not part of the interface.

use super::splitter::{Piece, Splitter};
use crate::deployment::launch_file::Framing;

/// What the splitter said of a byte, or between two bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cut {
    /// A request begins.
    Begin,
    /// Bytes of a head, neighbouring pieces joined.
    Head(Vec<u8>),
    /// Bytes after a head, neighbouring pieces joined.
    Body(Vec<u8>),
    /// A request is complete.
    End,
}

/// Cuts `bytes`, handed over in pieces of at most `piece` bytes: HTTP/1, or uwsgi packets; `switched` as in the relay.
#[must_use]
pub fn split(bytes: &[u8], piece: usize, switched: bool, uwsgi: bool) -> Vec<Cut> {
    let framing = if uwsgi { Framing::Uwsgi } else { Framing::Http };
    let mut splitter = Splitter::new(framing);
    let mut cuts: Vec<Cut> = Vec::new();
    for part in bytes.chunks(piece.max(1)) {
        splitter.feed(part, switched, &mut |piece| match (piece, cuts.last_mut()) {
            (Piece::Head(more), Some(Cut::Head(known))) | (Piece::Body(more), Some(Cut::Body(known))) => {
                known.extend_from_slice(more);
            }
            (Piece::Head(more), _) => cuts.push(Cut::Head(more.to_vec())),
            (Piece::Body(more), _) => cuts.push(Cut::Body(more.to_vec())),
            (Piece::Begin, _) => cuts.push(Cut::Begin),
            // The splitter says it before a request too, when none is open.
            (Piece::End, Some(Cut::End) | None) => {}
            (Piece::End, _) => cuts.push(Cut::End),
        });
    }
    cuts
}
