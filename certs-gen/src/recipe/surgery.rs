//! Surgery on a tree of DER elements: one element is spoiled, the lengths around it are mended, so that the wrong thing
//! lies as deep as it was put.

use std::fmt;

use super::name::words;
use crate::der::{self, Reader};

words! {
    /// What is done to an element.
    Cut {
        /// Its content is one octet other.
        Byte = "byte",
        /// It comes twice.
        Double = "double",
        /// It is missing.
        Drop = "drop",
        /// Its content is missing.
        Empty = "empty",
        /// Its content is this many times as long.
        Grow = "grow",
        /// It says that it is longer than it is.
        Length = "length",
        /// Its length takes more octets than it needs (X.690 10.1).
        LongLength = "long-length",
        /// It is wrapped into this many SEQUENCEs.
        Nest = "nest",
        /// It changes places with the one behind it.
        Swap = "swap",
        /// It has another tag.
        Tag = "tag",
    }
}

/// One cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Surgery {
    /// What is done.
    pub cut: Cut,
    /// To which element, counted from the outermost in the order of the encoding; beyond the last it starts anew.
    pub element: u16,
    /// How: which tag, which octet, how often.
    pub number: u16,
}

impl fmt::Display for Surgery {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}/{}", self.cut.word(), self.element, self.number)
    }
}

impl Surgery {
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut words = text.splitn(3, '/');
        Some(Self {
            cut: Cut::read(words.next()?)?,
            element: words.next()?.parse().ok()?,
            number: words.next()?.parse().ok()?,
        })
    }
}

/// Deepest tree that is looked into; what lies below stays a plain content.
const DEEPEST: usize = 24;
/// Most SEQUENCEs around an element.
const MOST_NESTS: u16 = 200;
/// Longest content that growing makes, bytes.
const LONGEST: usize = 16 * 1024;

/// An element: what it holds is either other elements or octets.
enum Node {
    Constructed(u8, Vec<Self>),
    Primitive(u8, Vec<u8>),
    /// Any octets.
    Spoilt(Vec<u8>),
}

impl Node {
    fn read_all(bytes: &[u8], depth: usize) -> Option<Vec<Self>> {
        let mut reader = Reader::new(bytes);
        let mut nodes = Vec::new();
        while !reader.is_empty() {
            let (tag, _, content) = reader.any().ok()?;
            let inner = (tag & 0x20 != 0 && depth < DEEPEST)
                .then(|| Self::read_all(content, depth + 1))
                .flatten();
            nodes.push(match inner {
                Some(inner) => Self::Constructed(tag, inner),
                None => Self::Primitive(tag, content.to_vec()),
            });
        }
        Some(nodes)
    }

    fn write(&self) -> Vec<u8> {
        match self {
            Self::Constructed(tag, _) => der::tlv(*tag, &self.content()),
            Self::Primitive(tag, content) => der::tlv(*tag, content),
            Self::Spoilt(bytes) => bytes.clone(),
        }
    }

    fn tag(&self) -> u8 {
        match self {
            Self::Constructed(tag, _) | Self::Primitive(tag, _) => *tag,
            Self::Spoilt(bytes) => bytes.first().copied().unwrap_or(0),
        }
    }

    fn content(&self) -> Vec<u8> {
        match self {
            Self::Constructed(_, inner) => inner.iter().flat_map(Self::write).collect(),
            Self::Primitive(_, content) => content.clone(),
            Self::Spoilt(_) => Vec::new(),
        }
    }

    fn count(&self) -> usize {
        match self {
            Self::Constructed(_, inner) => 1 + inner.iter().map(Self::count).sum::<usize>(),
            Self::Primitive(..) | Self::Spoilt(_) => 1,
        }
    }
}

/// The bytes after all cuts. Bytes that are no DER stay as they are.
pub(super) fn operate(bytes: Vec<u8>, cuts: &[Surgery]) -> Vec<u8> {
    let mut bytes = bytes;
    for surgery in cuts {
        let Some(mut nodes) = Node::read_all(&bytes, 0) else {
            return bytes;
        };
        let count: usize = nodes.iter().map(Node::count).sum();
        let mut left = usize::from(surgery.element) % count.max(1);
        cut_at(&mut nodes, &mut left, *surgery);
        bytes = nodes.iter().flat_map(Node::write).collect();
    }
    bytes
}

/// Walks to the element and cuts there; true when that is done.
fn cut_at(nodes: &mut Vec<Node>, left: &mut usize, surgery: Surgery) -> bool {
    for index in 0..nodes.len() {
        if *left == 0 {
            cut(nodes, index, surgery);
            return true;
        }
        *left -= 1;
        if let Some(Node::Constructed(_, inner)) = nodes.get_mut(index)
            && cut_at(inner, left, surgery)
        {
            return true;
        }
    }
    false
}

fn cut(nodes: &mut Vec<Node>, index: usize, surgery: Surgery) {
    let Some(node) = nodes.get(index) else { return };
    let (tag, content, number) = (node.tag(), node.content(), surgery.number);
    let low = number.to_be_bytes()[1];
    let spoilt = match surgery.cut {
        Cut::Drop => {
            nodes.remove(index);
            return;
        }
        Cut::Double => {
            let copy = Node::Spoilt(node.write());
            nodes.insert(index, copy);
            return;
        }
        Cut::Swap => {
            if index + 1 < nodes.len() {
                nodes.swap(index, index + 1);
            }
            return;
        }
        Cut::Byte => {
            let mut content = content;
            let place = usize::from(number >> 8) % content.len().max(1);
            if let Some(octet) = content.get_mut(place) {
                *octet ^= low | 1;
            }
            der::tlv(tag, &content)
        }
        Cut::Empty => der::tlv(tag, &[]),
        Cut::Grow => {
            let times = usize::from(number).clamp(2, 1024);
            let mut grown = content.repeat(times.min(LONGEST.div_ceil(content.len().max(1))));
            grown.truncate(LONGEST);
            der::tlv(tag, &grown)
        }
        Cut::Length => {
            let claimed = content.len() + usize::from(number).max(1);
            [vec![tag], der::length(claimed), content].concat()
        }
        Cut::LongLength => {
            let size = u32::try_from(content.len()).unwrap_or(u32::MAX).to_be_bytes();
            [vec![tag], der::raw_length(&size), content].concat()
        }
        Cut::Nest => (0..number.clamp(1, MOST_NESTS)).fold(node.write(), |inner, _| der::sequence(&[&inner])),
        Cut::Tag => der::tlv(low, &content),
    };
    if let Some(place) = nodes.get_mut(index) {
        *place = Node::Spoilt(spoilt);
    }
}
