use super::*;
use crate::PkiSpec;

fn pki() -> Pki {
    Pki::generate(&PkiSpec::default()).unwrap()
}

fn leaf(recipe: &str) -> Vec<u8> {
    let recipe: Recipe = recipe.parse().unwrap();
    pki().by_recipe(&recipe).unwrap().chain.remove(0)
}

#[test]
fn a_recipe_reads_as_it_is_written() {
    let text = "user=bob;fault=expired-1-day;name=replace/cn/bmp/a%2cCN%3dadmin%00;san=dns/x%0d%0a;der=double/12/3;key=7";
    let recipe: Recipe = text.parse().unwrap();
    assert_eq!(recipe.to_string(), text);
    assert_eq!(recipe.names[0].text, b"a,CN=admin\0");
    assert_eq!(Recipe::default().to_string().parse(), Ok(Recipe::default()));
}

#[test]
fn what_is_no_recipe_is_refused() {
    for text in [
        "",
        "x=1",
        "name=replace/cn",
        "name=replace/cn/utf8/%4",
        "der=fold/1/1",
        "key=k",
        "fault=%ff",
    ] {
        assert!(text.parse::<Recipe>().is_err(), "{text}");
    }
    let many = ["fault=a"; MOST_FAULTS + 1].join(";");
    assert_eq!(many.parse::<Recipe>(), Err(RecipeError::TooMany));
}

#[test]
fn the_honest_recipe_carries_the_users_names_and_is_signed_by_the_issuer() {
    let issuer = pki().authority(Role::Issuing).unwrap().clone();
    let parts = Parts::of_signed(&leaf("key=2"), &issuer).unwrap();
    let user = pki().main_user().unwrap().subject.to_der();
    assert!(
        parts
            .to_be_signed()
            .windows(user.len())
            .any(|window| window == user)
    );
    assert_eq!(leaf("key=2"), leaf("key=2"));
    assert_ne!(leaf("key=2"), leaf("key=3"));
}

#[test]
fn names_are_put_where_the_recipe_says() {
    let renamed = leaf("name=replace/cn/utf8/alice%2cCN%3dadmin;san=dns/admin");
    assert!(renamed.windows(14).any(|window| window == b"alice,CN=admin"));
    assert!(
        renamed
            .windows(7)
            .any(|window| window == [&[0x82, 5][..], b"admin"].concat())
    );
    let bmp = leaf("name=last/cn/bmp/ad");
    assert!(bmp.windows(6).any(|window| window == [0x1e, 4, 0, b'a', 0, b'd']));
}

#[test]
fn a_combination_has_both_faults() {
    let issuer = pki().authority(Role::Issuing).unwrap().clone();
    let parts = |recipe: &str| Parts::of_signed(&leaf(recipe), &issuer).unwrap().to_be_signed();
    let holds = |whole: &[u8], part: &[u8]| whole.windows(part.len()).any(|window| window == part);
    let both = parts("fault=server-auth-only;fault=expired-1-day");
    let server_auth = crate::der::oid(crate::oid::SERVER_AUTH);
    assert!(holds(&both, &server_auth));
    let Ok(plain) = Parts::of_signed(&leaf("fault=expired-1-day"), &issuer) else {
        panic!("expired lies in the signed part")
    };
    let expired = plain.to_be_signed();
    let not_after = crate::der::time(pki().spec().now - crate::der::DAY);
    assert_eq!(holds(&expired, &not_after), holds(&both, &not_after));
    assert!(holds(&expired, &not_after), "the fault is where it is looked for");
}

#[test]
fn what_could_cure_is_refused() {
    for text in [
        "fault=expired-1-day;der=drop/5/0",
        "fault=cn-nul;name=replace/cn/utf8/x",
        "fault=expired-1-day;fault=not-yet-valid",
    ] {
        let recipe: Recipe = text.parse().unwrap();
        assert!(pki().by_recipe(&recipe).is_err(), "{text}");
    }
}

#[test]
fn every_cut_changes_the_bytes_and_ends() {
    let honest = pki();
    let issuer = honest.authority(Role::Issuing).unwrap();
    let whole = Parts::of_signed(&leaf("key=0"), issuer).unwrap().to_be_signed();
    for cut in Cut::ALL {
        let changed = (0..60).filter(|element| {
            let surgery = Surgery {
                cut: *cut,
                element: *element,
                number: 0x0103,
            };
            surgery::operate(whole.clone(), &[surgery]) != whole
        });
        assert!(changed.count() > 20, "{cut:?}");
    }
}

/// That an extension stands twice is a fault of all of them together.
#[test]
fn a_fault_of_two_extensions_is_not_lost_among_others() {
    let kind = crate::der::oid(crate::oid::SUBJECT_ALT_NAME);
    let count = |der: &[u8]| der.windows(kind.len()).filter(|window| *window == kind).count();
    for text in [
        "fault=san-twice",
        "fault=expired-1-day;fault=san-twice",
        "fault=san-twice;fault=ia5-string-beyond-ascii",
    ] {
        assert_eq!(count(&leaf(text)), 2, "{text}");
    }
}

/// Two faults of one field would leave one of them, and whoever holds the certificate to both is wrong.
#[test]
fn no_part_takes_the_place_of_another() {
    let pki = pki();
    for (text, possible) in [
        ("fault=empty-purposes;fault=empty-object-identifier", false),
        ("fault=empty-object-identifier;fault=empty-purposes", false),
        ("fault=empty-purposes;fault=no-purposes", false),
        ("fault=no-purposes;fault=empty-purposes", false),
        ("fault=san-twice;san=dns/x", false),
        ("fault=cn-nul;name=last/cn/utf8/x", false),
        ("fault=expired-1-day;fault=expired-10-years", false),
        ("fault=deep-nesting;fault=san-twice", false),
        ("fault=empty-purposes;fault=expired-1-day", true),
        ("fault=empty-purposes;name=last/cn/utf8/x;san=dns/x", true),
    ] {
        let recipe: Recipe = text.parse().unwrap();
        let made = pki.by_recipe(&recipe);
        assert_eq!(made.is_ok(), possible, "{text}: {:?}", made.err());
    }
}
