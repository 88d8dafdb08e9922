//! The names that an operator gives to a dialect's headers. Next: [`crate::dialect`].
//!
//! A deployment file names headers by role; a dialect takes a name where the product lets the operator choose it.

use arbitrary::{Result, Unstructured};
use client_identity::dialect::HeaderNamesError;
use client_identity::{Dialect, HeaderNames, Role};

/// What names are made of.
const LETTERS: &[u8] = b"aBxSL-_9";

/// The default names where nothing is left of the input; else what an operator wrote, role by role.
///
/// # Errors
/// As [`Unstructured`] has them.
///
/// # Panics
/// Where a role or a name is taken that the dialect does not have or allow, or is not taken although it does.
pub fn names(bytes: &mut Unstructured<'_>, dialect: &dyn Dialect) -> Result<HeaderNames> {
    if bytes.is_empty() || bytes.ratio(1, 2)? {
        return Ok(HeaderNames::defaults(dialect));
    }
    let mut names = if bytes.ratio(1, 2)? {
        HeaderNames::defaults(dialect)
    } else {
        HeaderNames::none(dialect)
    };
    for _ in 0..bytes.int_in_range(0..=7_u8)? {
        let Some(role) = role(bytes)? else {
            continue;
        };
        if bytes.ratio(1, 4)? {
            names = names.without(role);
            assert_eq!(names.get(role), None, "{role} is left out and has a name");
            continue;
        }
        let name = name(bytes, dialect, role)?;
        // Two roles in one header are no deployment.
        let is_used = |(_, other): (Role, &str)| other.eq_ignore_ascii_case(&name);
        if !names.iter().any(is_used) {
            names = named(names, dialect, role, &name);
        }
    }
    Ok(names)
}

/// A role by its word; `None` for a word that is none.
fn role(bytes: &mut Unstructured<'_>) -> Result<Option<Role>> {
    let role = *bytes.choose(&Role::ALL)?;
    let word = role.to_string();
    if bytes.ratio(1, 16)? {
        let other = format!("{word}s");
        assert!(other.parse::<Role>().is_err(), "`{other}` is a role");
        return Ok(None);
    }
    let read = word.parse();
    assert_eq!(read, Ok(role), "the word `{word}` is read as another role");
    Ok(Some(role))
}

/// The default name, which is always allowed, in upper case too; or up to eight letters.
fn name(bytes: &mut Unstructured<'_>, dialect: &dyn Dialect, role: Role) -> Result<String> {
    let spec = dialect.roles().iter().find(|spec| spec.role == role);
    if let Some(spec) = spec
        && bytes.ratio(1, 3)?
    {
        let name = spec.default_name;
        return Ok(if bytes.ratio(1, 2)? {
            name.to_ascii_uppercase()
        } else {
            name.to_owned()
        });
    }
    let mut name = String::new();
    for _ in 0..bytes.int_in_range(0..=8_u8)? {
        name.push(char::from(*bytes.choose(LETTERS)?));
    }
    Ok(name)
}

/// The names with this one, if the dialect takes it; else as they were.
fn named(names: HeaderNames, dialect: &dyn Dialect, role: Role, name: &str) -> HeaderNames {
    let spec = dialect.roles().iter().find(|spec| spec.role == role);
    let is_fixed = spec.is_some_and(|spec| spec.is_fixed && !spec.default_name.eq_ignore_ascii_case(name));
    match names.clone().with(role, name) {
        Ok(with) => {
            assert!(
                spec.is_some() && !name.is_empty() && !is_fixed,
                "{} takes `{name}` for {role}",
                dialect.name()
            );
            assert_eq!(with.get(role), Some(name), "{role} has another name");
            with
        }
        Err(HeaderNamesError::NoSuchRole { valid, .. }) => {
            assert!(
                spec.is_none() && !valid.contains(&role),
                "{} has {role}",
                dialect.name()
            );
            names
        }
        Err(HeaderNamesError::Empty(_)) => {
            assert!(name.is_empty(), "`{name}` is called empty");
            names
        }
        Err(HeaderNamesError::Fixed { name: wanted, .. }) => {
            assert!(
                is_fixed,
                "{}: {role} may be {name}, not only {wanted}",
                dialect.name()
            );
            names
        }
    }
}
