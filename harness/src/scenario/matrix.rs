//! Rows: one attempt in a file, many exchanges.
//!
//! A matrix lists values for some keys of a step; every combination is a row, and the row's name is made of the values, so
//! that a recorded verdict finds its row again whatever is added to the file.

use std::fmt;
use std::marker::PhantomData;

use client_identity::spelling::Spelling;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};

use super::step::{Forge, HelloStep, RequestStep, Step};
use super::vocabulary::{
    Endpoint, Handshake, HostForm, HttpVersion, Interface, PathForm, Place, Possession, TlsVersion,
};

/// Values for keys of a step; every combination is a row.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Matrix {
    /// `to`.
    #[schemars(with = "Option<Vec<Endpoint>>")]
    pub to: Values<Endpoint>,
    /// `interface`.
    #[schemars(with = "Option<Vec<Interface>>")]
    pub interface: Values<Interface>,
    /// `present`: names of credentials.
    pub present: Vec<String>,
    /// `possession`.
    #[schemars(with = "Option<Vec<Possession>>")]
    pub possession: Values<Possession>,
    /// `handshake`.
    #[schemars(with = "Option<Vec<Handshake>>")]
    pub handshake: Values<Handshake>,
    /// `tls.version`.
    #[schemars(with = "Option<Vec<TlsVersion>>")]
    pub tls: Values<TlsVersion>,
    /// `http`.
    #[schemars(with = "Option<Vec<HttpVersion>>")]
    pub http: Values<HttpVersion>,
    /// `tls.sni`.
    #[schemars(with = "Option<Vec<HostForm>>")]
    pub sni: Values<HostForm>,
    /// `request.host`.
    #[schemars(with = "Option<Vec<HostForm>>")]
    pub host: Values<HostForm>,
    /// `tls.alpn`: one protocol name a row; `none` sends no extension.
    pub alpn: Vec<String>,
    /// `tls.record-size`, bytes.
    pub record_size: Vec<usize>,
    /// `tls.hello-fragment` or `hello.fragment`, bytes.
    pub hello_fragment: Vec<usize>,
    /// `tls.hello-size`, bytes.
    pub hello_size: Vec<usize>,
    /// `request.route`.
    pub route: Vec<String>,
    /// `request.method`.
    pub method: Vec<String>,
    /// `request.path`.
    pub path: Vec<String>,
    /// `request.path-form`.
    #[schemars(with = "Option<Vec<PathForm>>")]
    pub path_form: Values<PathForm>,
    /// One more header line a row, `Name: value`.
    pub header: Vec<String>,
    /// `request.filler`, bytes.
    pub filler: Vec<usize>,
    /// `forge.identity`.
    pub identity: Vec<String>,
    /// `forge.spelling`.
    #[schemars(with = "Option<Vec<String>>")]
    pub spelling: Values<Spelling>,
    /// `forge.place`.
    #[schemars(with = "Option<Vec<Place>>")]
    pub place: Values<Place>,
    /// `forge.roles`: one role a row.
    pub role: Vec<String>,
    /// `state.crl`.
    pub crl: Vec<String>,
    /// `state.ocsp`.
    pub ocsp: Vec<String>,
    /// `smuggle.twist`.
    pub twist: Vec<String>,
    /// `hello.version`.
    pub version: Vec<String>,
    /// `hello.suites`: one name or class a row.
    pub suite: Vec<String>,
    /// `hello.groups`: one name a row.
    pub group: Vec<String>,
    /// `hello.signatures`: one name a row.
    pub signature: Vec<String>,
}

/// A list of words, or the word `all`.
#[derive(Debug, Clone, PartialEq)]
pub struct Values<T>(pub Vec<T>);

impl<T> Default for Values<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// A type whose every value can be named in a matrix.
pub trait Enumerable: Copy + 'static {
    /// All values, in row order.
    fn all() -> Vec<Self>;
    /// The value of a word.
    fn parse(word: &str) -> Result<Self, String>;
}

macro_rules! enumerable {
    ($($type:ty),+) => { $(impl Enumerable for $type {
        fn all() -> Vec<Self> { Self::ALL.to_vec() }
        fn parse(word: &str) -> Result<Self, String> { word.parse() }
    })+ };
}
enumerable!(
    Endpoint,
    Handshake,
    HostForm,
    HttpVersion,
    Interface,
    PathForm,
    Place,
    Possession,
    TlsVersion
);

impl Enumerable for Spelling {
    fn all() -> Vec<Self> {
        Self::ALL.to_vec()
    }
    fn parse(word: &str) -> Result<Self, String> {
        super::step::parse_spelling(word)
    }
}

impl<'de, T: Enumerable> Deserialize<'de> for Values<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValuesVisitor(PhantomData))
    }
}

struct ValuesVisitor<T>(PhantomData<T>);

impl<'de, T: Enumerable> Visitor<'de> for ValuesVisitor<T> {
    type Value = Values<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of words, or \"all\"")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Values<T>, E> {
        if word == "all" {
            Ok(Values(T::all()))
        } else {
            Err(E::custom(format!("expected a list or \"all\", found `{word}`")))
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Values<T>, A::Error> {
        let mut values = Vec::new();
        while let Some(word) = sequence.next_element::<String>()? {
            values.push(T::parse(&word).map_err(A::Error::custom)?);
        }
        Ok(Values(values))
    }
}

/// One row: its name and the step with the row's values set.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The values joined by `+`; empty for a step without a matrix.
    pub name: String,
    /// The step, its matrix spent.
    pub step: Step,
}

/// One value of one key: what the row's name shows, and the change to the step.
struct Cell<'a> {
    label: String,
    set: Box<dyn Fn(&mut Step) + 'a>,
}

/// Most rows that one attempt may expand to; a mistake in a file must not start a campaign.
pub const MOST_ROWS: usize = 512;

impl Matrix {
    /// Every combination, in the order in which keys and values are written in the format.
    pub fn rows(&self, step: &Step) -> Vec<Row> {
        let base = Step {
            matrix: Self::default(),
            ..step.clone()
        };
        let mut rows = vec![Row {
            name: step.name.clone().unwrap_or_default(),
            step: base,
        }];
        for cells in self.dimensions() {
            rows = rows
                .iter()
                .flat_map(|row| cells.iter().map(|cell| extend(row, cell)))
                .take(MOST_ROWS + 1)
                .collect();
        }
        rows
    }

    fn dimensions(&self) -> Vec<Vec<Cell<'_>>> {
        let all = vec![
            // States first: rows in the same state stand together, so that it is brought about once for all of them.
            texts(&self.crl, "", |step, v| {
                step.state.get_or_insert_default().crl = Some(v)
            }),
            texts(&self.ocsp, "", |step, v| {
                step.state.get_or_insert_default().ocsp = Some(v)
            }),
            cells(&self.to.0, |v| v.to_string(), |step, v| step.to = Some(v)),
            cells(
                &self.interface.0,
                |v| v.to_string(),
                |step, v| step.interface = Some(v),
            ),
            texts(&self.present, "", |step, v| step.present = Some(v)),
            cells(
                &self.possession.0,
                |v| v.to_string(),
                |step, v| step.possession = Some(v),
            ),
            cells(
                &self.handshake.0,
                |v| v.to_string(),
                |step, v| step.handshake = Some(v),
            ),
            cells(
                &self.tls.0,
                |v| format!("tls{v}"),
                |step, v| step.tls.version = Some(v),
            ),
            cells(
                &self.http.0,
                |v| format!("http{v}"),
                |step, v| step.http = Some(v),
            ),
            cells(
                &self.sni.0,
                |v| format!("sni-{v}"),
                |step, v| match &mut step.hello {
                    Some(hello) => hello.sni = Some(v),
                    None => step.tls.sni = Some(v),
                },
            ),
            cells(
                &self.host.0,
                |v| format!("host-{v}"),
                |step, v| request(step).host = Some(v),
            ),
            texts(&self.alpn, "alpn-", |step, v| {
                step.tls.alpn = Some(if v == "none" { Vec::new() } else { vec![v] });
            }),
            cells(
                &self.record_size,
                |v| format!("records-{v}"),
                |step, v| step.tls.record_size = Some(v),
            ),
            cells(
                &self.hello_fragment,
                |v| format!("fragments-{v}"),
                |step, v| match &mut step.hello {
                    Some(hello) => hello.fragment = Some(v),
                    None => step.tls.hello_fragment = Some(v),
                },
            ),
            cells(
                &self.hello_size,
                |v| format!("hello-{v}"),
                |step, v| step.tls.hello_size = Some(v),
            ),
            texts(&self.route, "", |step, v| request(step).route = Some(v)),
            texts(&self.method, "", |step, v| request(step).method = Some(v)),
            texts(&self.path, "", |step, v| request(step).path = Some(v)),
            cells(
                &self.path_form.0,
                |v| v.to_string(),
                |step, v| request(step).path_form = Some(v),
            ),
            texts(&self.header, "", |step, v| {
                let (name, value) = v.split_once(':').unwrap_or((v.as_str(), ""));
                request(step)
                    .headers
                    .push((name.to_owned(), value.trim_start().to_owned()));
            }),
            cells(
                &self.filler,
                |v| format!("filler-{v}"),
                |step, v| request(step).filler = Some(v),
            ),
            texts(&self.identity, "as-", |step, v| forge(step).identity = Some(v)),
            cells(
                &self.spelling.0,
                |v| v.to_string(),
                |step, v| forge(step).spelling = Some(v),
            ),
            cells(
                &self.place.0,
                |v| v.to_string(),
                |step, v| forge(step).place = Some(v),
            ),
            texts(&self.role, "", |step, v| forge(step).roles = Some(vec![v])),
            texts(&self.twist, "", |step, v| {
                step.smuggle.get_or_insert_default().twist = v;
            }),
            texts(&self.version, "", |step, v| hello(step).version = Some(v)),
            texts(&self.suite, "", |step, v| hello(step).suites = vec![v]),
            texts(&self.group, "", |step, v| hello(step).groups = vec![v]),
            texts(&self.signature, "", |step, v| hello(step).signatures = vec![v]),
        ];
        all.into_iter().filter(|cells| !cells.is_empty()).collect()
    }
}

fn extend(row: &Row, cell: &Cell<'_>) -> Row {
    let mut step = row.step.clone();
    (cell.set)(&mut step);
    let name = if row.name.is_empty() {
        cell.label.clone()
    } else {
        format!("{}+{}", row.name, cell.label)
    };
    Row { name, step }
}

fn cells<T: Copy + 'static>(
    values: &[T],
    label: impl Fn(T) -> String,
    set: impl Fn(&mut Step, T) + Copy + 'static,
) -> Vec<Cell<'_>> {
    values
        .iter()
        .map(|&value| Cell {
            label: label(value),
            set: Box::new(move |step| set(step, value)),
        })
        .collect()
}

fn texts<'a>(
    values: &'a [String],
    prefix: &str,
    set: impl Fn(&mut Step, String) + Copy + 'a,
) -> Vec<Cell<'a>> {
    values
        .iter()
        .map(|value| Cell {
            label: format!(
                "{prefix}{}",
                value.split_whitespace().collect::<Vec<_>>().join("_")
            ),
            set: Box::new(move |step| set(step, value.clone())),
        })
        .collect()
}

fn request(step: &mut Step) -> &mut RequestStep {
    step.request.get_or_insert_default()
}

fn forge(step: &mut Step) -> &mut Forge {
    step.forge.get_or_insert_default()
}

fn hello(step: &mut Step) -> &mut HelloStep {
    step.hello.get_or_insert_default()
}
