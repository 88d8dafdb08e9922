//! A key that takes either one word or a table, with errors that name the valid words.
//!
//! Serde's `untagged` would answer every mistake with "data did not match any variant"; this reads what stands there and
//! lets the right type complain.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

/// Reads a `T` from a word (by `FromStr`) or from a table (by `Deserialize`).
pub(super) fn word_or_table<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + FromStr<Err = String>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_any(WordOrTable(PhantomData))
}

/// [`word_or_table`] for an optional key.
pub(super) fn optional_word_or_table<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de> + FromStr<Err = String>,
    D: Deserializer<'de>,
{
    word_or_table(deserializer).map(Some)
}

struct WordOrTable<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de> + FromStr<Err = String>> Visitor<'de> for WordOrTable<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a word or a table")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<T, E> {
        T::from_str(word).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}
