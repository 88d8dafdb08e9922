//! Other ways to write a path (RFC 3986 section 6.2.2 and what servers make of it).

use crate::scenario::vocabulary::PathForm;

/// Writes `path` (absolute, without query) in another form. `public` is a route for everybody, if there is one.
///
/// The result is bytes: some forms are not UTF-8. The query is put behind by the caller.
pub fn rewrite(form: PathForm, path: &str, public: Option<&str>) -> Vec<u8> {
    let rest = path.strip_prefix('/').unwrap_or(path);
    let public = public.unwrap_or("/static").trim_end_matches('/');
    match form {
        PathForm::Plain => path.into(),
        PathForm::DoubleSlash => format!("//{rest}").into(),
        PathForm::DotSegment => format!("/./{rest}").into(),
        PathForm::ParentSegment => format!("/y/../{rest}").into(),
        PathForm::EncodedDot => format!("/%2e/{rest}").into(),
        PathForm::EncodedParent => format!("/y/%2e%2e/{rest}").into(),
        PathForm::EncodedLetter => encode_first(rest).into(),
        PathForm::EncodedSlash => format!("/%2f{rest}").into(),
        PathForm::PathParameter => format!("/{rest};p=1").into(),
        PathForm::ParameterSegment => format!("/y;/{rest}").into(),
        PathForm::UpperCase => path.to_uppercase().into(),
        PathForm::TrailingDot => format!("/{rest}.").into(),
        PathForm::TrailingSlash => format!("/{rest}/").into(),
        PathForm::TrailingSpace => format!("/{rest}%20").into(),
        PathForm::Backslash => format!("/\\{rest}").into(),
        PathForm::OverlongSlash => [b"/%c0%af", rest.as_bytes()].concat(),
        PathForm::EncodedQuestion => format!("/{rest}%3f").into(),
        PathForm::EncodedHash => format!("/{rest}%23").into(),
        PathForm::EncodedNul => format!("/{rest}%00").into(),
        PathForm::BehindPublic => format!("{public}/../{rest}").into(),
        PathForm::BehindPublicEncoded => format!("{public}/%2e%2e/{rest}").into(),
    }
}

fn encode_first(rest: &str) -> String {
    let mut letters = rest.chars();
    match letters.next() {
        Some(first) if first.is_ascii() => format!("/%{:02x}{}", u32::from(first), letters.as_str()),
        Some(_) | None => format!("/{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_but_the_plain_one_differs() {
        for form in PathForm::ALL {
            let written = rewrite(*form, "/whoami", Some("/healthz"));
            assert_eq!(written == b"/whoami", *form == PathForm::Plain, "{form}");
        }
    }

    #[test]
    fn the_first_letter_is_encoded() {
        assert_eq!(rewrite(PathForm::EncodedLetter, "/whoami", None), b"/%77hoami");
    }
}
