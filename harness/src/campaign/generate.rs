//! New cases: from the dice alone, or from a case that behaved in a new way. Pure: the same seed, number and corpus give the
//! same case.

use certs_gen::recipe::{Cut, KEYS, NameEdit, NameKind, SanEdit, SanKind, StringKind, Surgery, Where};
use certs_gen::{FAULTS, Recipe};
use client_identity::spelling::Spelling;

use super::case::{Case, Forging};
use super::dice::Dice;
use super::dictionary::{HEADERS, NAMES, PIECES, SIZES, filled};
use crate::scenario::vocabulary::{Canary, ForgedNames, HttpVersion, Place, TlsVersion};

/// What the generator must know of a deployment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terrain {
    /// Roles of its identity headers; none where it has no identity headers.
    pub roles: Vec<String>,
    /// Hostile spellings of its dialect, `ROLE/NAME`.
    pub hostile: Vec<String>,
    /// It speaks HTTP/2.
    pub http2: bool,
    /// Certificates can be minted.
    pub mint: bool,
    /// An authority header is there to be forged.
    pub secret: bool,
    /// Enrolled users whom alice would like to be.
    pub victims: Vec<String>,
    /// Routes beside the protected one that must refuse without a certificate.
    pub routes: Vec<String>,
    /// Canaries that its logs must not hold.
    pub canaries: Vec<Canary>,
}

/// The case of this number: half of them grown from the corpus, where there is one.
pub fn case(seed: u64, number: u64, corpus: &[Case], terrain: &Terrain) -> Case {
    let mut dice = Dice::new(seed, number);
    if dice.chance(50)
        && let Some(parent) = dice.pick(corpus)
    {
        let mut child = parent.clone();
        for _ in 0..=dice.below(3) {
            mutate(&mut child, &mut dice, terrain);
        }
        return child;
    }
    fresh(&mut dice, terrain)
}

fn fresh(dice: &mut Dice, terrain: &Terrain) -> Case {
    let mut case = Case::honest();
    case.present = present(dice, terrain);
    versions(&mut case, dice, terrain);
    if dice.chance(45) {
        case.forge = forging(dice, terrain);
    }
    if dice.chance(30) {
        for _ in 0..=dice.below(3) {
            case.headers.push(header(dice));
        }
    }
    if dice.chance(6) {
        case.filler = dice.pick(SIZES).copied().unwrap_or(0);
    }
    if dice.chance(25) {
        case.plant = dice.pick(&terrain.canaries).copied();
    }
    // Only the protected route says whom the app saw; elsewhere nobody must be served who is nobody.
    if case.present == "none"
        && dice.chance(40)
        && let Some(route) = dice.pick(&terrain.routes)
    {
        case.route.clone_from(route);
    }
    case
}

fn mutate(case: &mut Case, dice: &mut Dice, terrain: &Terrain) {
    match dice.below(8) {
        0 => case.present = present(dice, terrain),
        1 => versions(case, dice, terrain),
        2 => case.forge = forging(dice, terrain),
        3 => {
            if case.headers.len() < 8 {
                case.headers.push(header(dice));
            }
        }
        4 => {
            let place = dice.below(case.headers.len());
            if place < case.headers.len() {
                case.headers.remove(place);
            }
        }
        5 => case.plant = dice.pick(&terrain.canaries).copied(),
        _ => {
            if let Some(mut recipe) = case.recipe() {
                grow(&mut recipe, dice, terrain);
                case.present = format!("recipe:{recipe}");
            } else {
                case.present = present(dice, terrain);
            }
        }
    }
}

fn versions(case: &mut Case, dice: &mut Dice, terrain: &Terrain) {
    case.tls = dice
        .pick(&[None, Some(TlsVersion::Tls12), Some(TlsVersion::Tls13)])
        .copied()
        .flatten();
    case.http = if terrain.http2 && dice.chance(35) {
        HttpVersion::Http2
    } else {
        HttpVersion::Http11
    };
}

fn present(dice: &mut Dice, terrain: &Terrain) -> String {
    let kind = dice.below(100);
    if kind < 22 {
        return "none".to_owned();
    }
    if kind < 40 || !terrain.mint {
        return "alice".to_owned();
    }
    let mut recipe = Recipe {
        key: key(dice),
        ..Recipe::default()
    };
    if kind < 52 {
        recipe.faults.extend(fault(dice));
    } else if kind < 60 {
        recipe.faults.extend(fault(dice).into_iter().chain(fault(dice)));
    } else {
        grow(&mut recipe, dice, terrain);
    }
    format!("recipe:{recipe}")
}

fn key(dice: &mut Dice) -> u8 {
    u8::try_from(dice.below(usize::from(KEYS))).unwrap_or(0)
}

fn fault(dice: &mut Dice) -> Option<String> {
    let faults = &FAULTS;
    dice.pick(faults.as_slice()).map(|fault| fault.name.to_owned())
}

/// One more odd thing about a certificate.
fn grow(recipe: &mut Recipe, dice: &mut Dice, terrain: &Terrain) {
    let most = certs_gen::recipe::MOST_EDITS;
    match dice.below(10) {
        0..=4 if recipe.names.len() < most => recipe.names.push(name_edit(dice, terrain)),
        5 if recipe.san.len() < most => recipe.san.push(SanEdit {
            kind: dice.pick(SanKind::ALL).copied().unwrap_or(SanKind::Dns),
            text: text(dice, terrain),
        }),
        6..=8 if recipe.surgery.len() < most => recipe.surgery.push(Surgery {
            cut: dice.pick(Cut::ALL).copied().unwrap_or(Cut::Double),
            element: u16::try_from(dice.below(90)).unwrap_or(0),
            number: u16::try_from(dice.below(1 << 16)).unwrap_or(1),
        }),
        _ => {
            if let Some(edit) = recipe.names.last_mut() {
                edit.text = twisted(&edit.text, dice);
            } else {
                recipe.names.push(name_edit(dice, terrain));
            }
        }
    }
}

fn name_edit(dice: &mut Dice, terrain: &Terrain) -> NameEdit {
    let string = if dice.chance(70) {
        StringKind::Utf8
    } else {
        dice.pick(StringKind::ALL).copied().unwrap_or(StringKind::Utf8)
    };
    let kind = if dice.chance(60) {
        NameKind::CommonName
    } else {
        dice.pick(NameKind::ALL).copied().unwrap_or(NameKind::CommonName)
    };
    NameEdit {
        place: dice.pick(Where::ALL).copied().unwrap_or(Where::Replace),
        kind,
        string,
        text: text(dice, terrain),
    }
}

fn text(dice: &mut Dice, terrain: &Terrain) -> Vec<u8> {
    let victim = victim(dice, terrain);
    let text = filled(dice.pick(NAMES).copied().unwrap_or("mallory"), &victim);
    if dice.chance(25) {
        twisted(&text, dice)
    } else {
        text
    }
}

fn victim(dice: &mut Dice, terrain: &Terrain) -> String {
    dice.pick(&terrain.victims)
        .cloned()
        .unwrap_or_else(|| "admin".to_owned())
}

/// The text with a piece put in, or an octet changed.
fn twisted(text: &[u8], dice: &mut Dice) -> Vec<u8> {
    let at = dice.below(text.len() + 1).min(text.len());
    let (before, after) = text.split_at(at);
    if dice.chance(75) {
        let piece = dice.pick(PIECES).copied().unwrap_or(",");
        return [before, piece.as_bytes(), after].concat();
    }
    let octet = dice.throw().to_be_bytes()[0];
    [before, &[octet], after.get(1..).unwrap_or_default()].concat()
}

fn forging(dice: &mut Dice, terrain: &Terrain) -> Option<Forging> {
    if terrain.roles.is_empty() {
        return None;
    }
    let mut forging = Forging {
        identity: victim(dice, terrain),
        roles: Vec::new(),
        spelling: None,
        place: None,
        names: None,
        hostile: None,
        secret: terrain.secret && dice.chance(15),
    };
    if dice.chance(20) {
        forging.hostile = dice.pick(&terrain.hostile).cloned();
        forging.secret = false;
        return Some(forging);
    }
    if dice.chance(8) {
        forging.names = Some(ForgedNames::WellKnown);
    } else if dice.chance(40) {
        forging.roles.extend(dice.pick(&terrain.roles).cloned());
    }
    if dice.chance(65) {
        forging.spelling = dice.pick(&Spelling::ALL).map(ToString::to_string);
    }
    if dice.chance(35) {
        forging.place = dice.pick(Place::ALL).copied();
    }
    Some(forging)
}

fn header(dice: &mut Dice) -> (String, String) {
    let (name, value) = dice.pick(HEADERS).copied().unwrap_or(("X-Odd", "1"));
    let mut value = value.to_owned();
    if dice.chance(15) {
        let octet = dice.throw().to_be_bytes()[0];
        value.push_str(&format!("\\x{octet:02x}"));
    }
    (name.to_owned(), value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terrain() -> Terrain {
        Terrain {
            roles: ["verify", "subject", "cert"].map(str::to_owned).to_vec(),
            hostile: vec!["subject/oneline".to_owned()],
            http2: true,
            mint: true,
            secret: true,
            victims: ["bob", "admin"].map(str::to_owned).to_vec(),
            routes: vec!["/accounts".to_owned()],
            canaries: vec![Canary::Cookie, Canary::Certificate],
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_cases_and_another_seed_others() {
        let list = |seed: u64| -> Vec<Case> {
            (0..500)
                .map(|number| case(seed, number, &[], &terrain()))
                .collect()
        };
        assert_eq!(list(7), list(7));
        let (one, other) = (list(7), list(8));
        let equal = one.iter().zip(&other).filter(|(one, other)| one == other).count();
        assert!(equal < 50, "{equal} of 500 cases are equal under another seed");
        let corpus: Vec<Case> = one.iter().take(20).cloned().collect();
        let grown = |seed: u64| -> Vec<Case> {
            (0..200)
                .map(|number| case(seed, number, &corpus, &terrain()))
                .collect()
        };
        assert_eq!(grown(7), grown(7));
        assert_ne!(grown(7).as_slice(), &one[..200], "a corpus steers");
    }

    #[test]
    fn every_case_is_a_scenario_and_every_recipe_reads_as_it_is_written() {
        let mut corpus = Vec::new();
        for number in 0..1500 {
            let case = case(1, number, &corpus, &terrain());
            case.scenario("x")
                .unwrap_or_else(|complaint| panic!("{complaint}: {case:?}"));
            if case.present.starts_with("recipe:") {
                let recipe = case.recipe().unwrap_or_else(|| panic!("{case:?}"));
                assert_eq!(format!("recipe:{recipe}"), case.present);
            }
            if number % 10 == 0 {
                corpus.push(case);
            }
        }
    }
}
