//! Makes a case that offends small: parts are taken away as long as it still offends in the same way.

use super::case::Case;
use super::oracle::{Offence, Oracle};
use super::trial::Ring;
use crate::scenario::vocabulary::HttpVersion;

/// Most exchanges that making one case small may take.
const MOST_TRIALS: usize = 120;

/// The smallest case that was found to offend the same oracle, and its offence; `None` where it does not do so again.
pub(super) fn minimise(ring: &Ring<'_>, case: &Case, oracle: Oracle, name: &str) -> Option<(Case, Offence)> {
    let mut trials = 0;
    let mut offends = |case: &Case| -> Option<Offence> {
        trials += 1;
        if trials > MOST_TRIALS {
            return None;
        }
        let name = format!("{name}-{oracle}-{trials}");
        if oracle == Oracle::Versions {
            return ring.versions(case, &name);
        }
        let tried = ring.attempt(case, &name, true)?;
        tried
            .offences
            .into_iter()
            .find(|offence| offence.oracle == oracle)
    };
    let mut offence = offends(case)?;
    let mut smallest = case.clone();
    loop {
        let smaller = smaller(&smallest)
            .into_iter()
            .find_map(|candidate| Some((offends(&candidate)?, candidate)));
        let Some((found, candidate)) = smaller else {
            return Some((smallest, offence));
        };
        offence = found;
        smallest = candidate;
    }
}

/// Every case that is this one without one part, the boldest first.
pub(super) fn smaller(case: &Case) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut without = |change: &dyn Fn(&mut Case)| {
        let mut candidate = case.clone();
        change(&mut candidate);
        if candidate != *case {
            cases.push(candidate);
        }
    };
    without(&|case| case.forge = None);
    without(&|case| case.headers.clear());
    without(&|case| case.filler = 0);
    without(&|case| case.plant = None);
    without(&|case| case.tls = None);
    without(&|case| case.http = HttpVersion::Http11);
    without(&|case| "protected".clone_into(&mut case.route));
    if case.present != "none" {
        without(&|case| "alice".clone_into(&mut case.present));
    }
    for index in 0..case.headers.len() {
        without(&|case| {
            case.headers.remove(index);
        });
    }
    if let Some(recipe) = case.recipe() {
        let mut simpler = |change: &dyn Fn(&mut certs_gen::Recipe)| {
            let mut recipe = recipe.clone();
            change(&mut recipe);
            without(&|case| case.present = format!("recipe:{recipe}"));
        };
        simpler(&|recipe| recipe.key = 0);
        for index in 0..recipe.faults.len() {
            simpler(&|recipe| {
                recipe.faults.remove(index);
            });
        }
        for index in 0..recipe.names.len() {
            simpler(&|recipe| {
                recipe.names.remove(index);
            });
        }
        for index in 0..recipe.san.len() {
            simpler(&|recipe| {
                recipe.san.remove(index);
            });
        }
        for index in 0..recipe.surgery.len() {
            simpler(&|recipe| {
                recipe.surgery.remove(index);
            });
        }
    }
    if case.forge.is_some() {
        let mut plainer = |change: &dyn Fn(&mut super::case::Forging)| {
            without(&|case| {
                if let Some(forge) = &mut case.forge {
                    change(forge);
                }
            });
        };
        plainer(&|forge| forge.secret = false);
        plainer(&|forge| forge.place = None);
        plainer(&|forge| forge.spelling = None);
        plainer(&|forge| forge.hostile = None);
        plainer(&|forge| forge.names = None);
    }
    cases
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_smaller_case_differs_and_the_honest_one_has_none() {
        let mut case = Case {
            present: "recipe:fault=expired-1-day;key=3".to_owned(),
            headers: vec![("A".to_owned(), "1".to_owned()), ("B".to_owned(), "2".to_owned())],
            filler: 10,
            ..Case::honest()
        };
        assert!(smaller(&Case::honest()).is_empty());
        let mut steps = 0;
        while let Some(next) = smaller(&case).into_iter().next() {
            assert_ne!(next, case);
            case = next;
            steps += 1;
            assert!(steps < 50, "it ends");
        }
        assert_eq!(case, Case::honest());
    }
}
