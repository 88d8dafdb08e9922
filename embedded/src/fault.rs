//! The macro behind the two tables of faults: one documented row a fault, the strict value first.

/// Declares a table of faults: a struct with one field a fault, an enum for each field whose first value is strict,
/// and the list of keys and values that the README is checked against.
macro_rules! faults {
    (
        $(#[$table:meta])*
        pub struct $name:ident {
            $(
                $(#[$about:meta])*
                $field:ident : $kind:ident { $(#[$strict:meta])* $first:ident $(, $(#[$wrong:meta])* $other:ident)+ $(,)? }
            )*
        }
    ) => {
        $(#[$table])*
        #[derive(Clone, Debug, Default, serde::Deserialize)]
        #[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
        pub struct $name {
            $($(#[$about])* pub $field: $kind,)*
        }

        $(
            $(#[$about])*
            #[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Deserialize)]
            #[serde(rename_all = "kebab-case")]
            pub enum $kind {
                $(#[$strict])*
                #[default]
                $first,
                $($(#[$wrong])* $other,)+
            }
        )*

        impl $name {
            /// Each fault's field name and the names of its values, the strict one first.
            pub const ROWS: &[(&str, &[&str])] =
                &[$((stringify!($field), &[stringify!($first) $(, stringify!($other))+])),*];
        }
    };
}

#[cfg(test)]
mod tests {
    /// `SomeValue` and `some_field` as they are written in TOML.
    fn kebab(word: &str) -> String {
        let mut text = String::new();
        for (index, letter) in word.chars().enumerate() {
            if letter.is_ascii_uppercase() {
                if index > 0 {
                    text.push('-');
                }
                text.push(letter.to_ascii_lowercase());
            } else {
                text.push(if letter == '_' { '-' } else { letter });
            }
        }
        text
    }

    fn check(file: &str, rows: &[(&str, &[&str])], deserialize: impl Fn(&str) -> Result<(), String>) {
        let readme = include_str!("../README.md");
        let (_, readme) = readme
            .split_once(&format!("### {file} "))
            .expect("the file's section");
        let mut sorted: Vec<_> = rows.to_vec();
        sorted.sort_by_key(|(key, _)| *key);
        assert_eq!(sorted, rows, "the rows are sorted by key");
        for (key, values) in rows {
            let key = kebab(key);
            let row = readme
                .lines()
                .find(|line| line.starts_with(&format!("| `{key}` |")))
                .unwrap_or_else(|| panic!("the README has no row for {key}"));
            for value in *values {
                let value = kebab(value);
                assert!(
                    row.contains(&format!("`{value}`")),
                    "the README's row {key} lacks {value}"
                );
                deserialize(&format!("{key} = \"{value}\"")).unwrap();
            }
        }
        assert!(deserialize("no-such-fault = \"x\"").is_err());
    }

    #[test]
    fn the_readme_lists_every_fault_of_the_proxy() {
        check("proxy.toml", crate::proxy::fault::ProxyFaults::ROWS, |text| {
            toml::from_str::<crate::proxy::fault::ProxyFaults>(text)
                .map(drop)
                .map_err(|error| error.to_string())
        });
    }

    #[test]
    fn the_readme_lists_every_fault_of_the_app() {
        check("app.toml", crate::app::fault::AppFaults::ROWS, |text| {
            toml::from_str::<crate::app::fault::AppFaults>(text)
                .map(drop)
                .map_err(|error| error.to_string())
        });
    }
}
