//! Enums that are written as words in files: one declaration gives the type, its words, its parser and its schema.

/// Declares an enum whose variants are kebab-case words in TOML, messages and row names.
///
/// The words stand beside the variants, so that the file format can be read off the declaration and no derive decides it.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// Every variant, in the order of the declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word that files, row names and messages use.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(word: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|variant| variant.word() == word).ok_or_else(|| {
                    let valid: Vec<&str> = Self::ALL.iter().map(|variant| variant.word()).collect();
                    format!("unknown word `{word}`, {}", $crate::complaint::did_you_mean(word, valid))
                })
            }
        }
    };
}

pub(crate) use words;
