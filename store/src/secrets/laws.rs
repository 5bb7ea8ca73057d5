//! What holds for all keys, places and secrets: what was sealed opens where it was sealed, unchanged, and nowhere else.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};
use uuid::Uuid;

use super::*;
use crate::TenantId;

/// Randomness that is known beforehand: these bytes, over and over.
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl SecureRandom for Bytes<'_> {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        bytes.iter_mut().zip(self.0.iter().cycle()).for_each(|(to, from)| *to = *from);
        Ok(())
    }
}

/// Randomness that is not there.
struct Dry;

impl SecureRandom for Dry {
    fn fill(&self, _: &mut [u8]) -> Result<(), NoRandomness> {
        Err(NoRandomness)
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    alphabet::HEX.write(bytes, &mut text);
    text
}

fn wrapping_key(seed: u8) -> WrappingKey {
    WrappingKey::generate(&Bytes(&[seed])).unwrap()
}

fn data_key(seed: u8) -> DataKey {
    DataKey::generate(&Bytes(&[seed])).unwrap()
}

fn tenant(number: u128) -> TenantId {
    TenantId(Uuid::from_u128(number))
}

fn flipped(bytes: &[u8], bit: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[bit / 8] ^= 1 << (bit % 8);
    bytes
}

/// A place that owns its names. Few and short ones, so that two places are often nearly the same.
#[derive(Clone, Debug, PartialEq)]
struct Somewhere {
    tenant: u128,
    table: String,
    column: String,
    row: Row,
}

#[derive(Clone, Debug, PartialEq)]
enum Row {
    Number(i64),
    Uuid(u128),
    Text(String),
}

impl Somewhere {
    fn place(&self) -> Place<'_> {
        let row = match &self.row {
            Row::Number(number) => RowKey::Number(*number),
            Row::Uuid(number) => RowKey::Uuid(Uuid::from_u128(*number)),
            Row::Text(text) => RowKey::Text(text),
        };
        Place { tenant: tenant(self.tenant), table: &self.table, column: &self.column, row }
    }
}

fn somewhere() -> impl Strategy<Value = Somewhere> {
    let row = prop_oneof![
        prop_oneof![-2_i64..3, any::<i64>()].prop_map(Row::Number),
        prop_oneof![0_u128..3, any::<u128>()].prop_map(Row::Uuid),
        "[\\x00nt1]{0,9}|\\PC{0,20}".prop_map(Row::Text),
    ];
    let name = || prop_oneof!["[\\x00ab]{0,3}", "\\PC{0,12}"];
    (prop_oneof![0_u128..3, any::<u128>()], name(), name(), row)
        .prop_map(|(tenant, table, column, row)| Somewhere { tenant, table, column, row })
}

proptest! {
    #[test]
    fn what_is_sealed_opens_at_its_place(
        at in somewhere(), key in 1_u8.., nonce in any::<[u8; 12]>(), plain in vec(any::<u8>(), 0..200),
    ) {
        let sealed = data_key(key).seal(&at.place(), &plain, &Bytes(&nonce)).unwrap();
        prop_assert_eq!(sealed.len(), plain.len() + 29);
        let opened = data_key(key).open(&at.place(), &sealed).unwrap();
        prop_assert_eq!(opened.expose(), &plain);
    }

    #[test]
    fn no_other_place_opens_it(at in somewhere(), other in somewhere(), plain in vec(any::<u8>(), 0..40)) {
        let key = data_key(1);
        let sealed = key.seal(&at.place(), &plain, &SystemRandom).unwrap();
        // Each part alone from the other place, then all of it.
        let parts = [
            Somewhere { tenant: other.tenant, ..at.clone() },
            Somewhere { table: other.table.clone(), ..at.clone() },
            Somewhere { column: other.column.clone(), ..at.clone() },
            Somewhere { row: other.row.clone(), ..at.clone() },
            Somewhere { table: at.column.clone(), column: at.table.clone(), ..at.clone() },
            other,
        ];
        for elsewhere in parts.iter().filter(|elsewhere| **elsewhere != at) {
            let refused = key.open(&elsewhere.place(), &sealed).unwrap_err();
            prop_assert!(matches!(refused, SecretError::DamagedSecret { .. }), "{elsewhere:?}: {refused}");
        }
    }

    #[test]
    fn no_two_places_are_encoded_alike(one in somewhere(), other in somewhere()) {
        prop_assert_eq!(place::of_secret(&one.place()) == place::of_secret(&other.place()), one == other);
    }

    #[test]
    fn what_is_changed_does_not_open(
        at in somewhere(), plain in vec(any::<u8>(), 0..60), bit in any::<Index>(), cut in any::<Index>(),
        more in vec(any::<u8>(), 1..20),
    ) {
        let key = data_key(1);
        let sealed = key.seal(&at.place(), &plain, &SystemRandom).unwrap();
        prop_assert!(key.open(&at.place(), &flipped(&sealed, bit.index(sealed.len() * 8))).is_err());
        prop_assert!(key.open(&at.place(), &sealed[..cut.index(sealed.len())]).is_err());
        prop_assert!(key.open(&at.place(), &[&sealed[..], &more].concat()).is_err());
        prop_assert!(data_key(2).open(&at.place(), &sealed).is_err());
    }

    #[test]
    fn bytes_from_anywhere_do_no_harm(
        at in somewhere(), bytes in vec(any::<u8>(), 0..90), text in "\\PC{0,90}",
    ) {
        prop_assert!(data_key(1).open(&at.place(), &bytes).is_err());
        let keys = WrappingKeys::new(wrapping_key(1));
        prop_assert!(DataKey::unwrap(&keys, tenant(1), &bytes, wrapping_key(1).id()).is_err());
        prop_assert!(WrappingKeys::parse(&bytes).is_err());
        let prefixed = format!("muster_{text}");
        prop_assert!(Token::parse(&text).is_err() && Token::parse(&prefixed).is_err());
    }

    #[test]
    fn a_data_key_is_unwrapped_by_the_key_that_it_names(
        seeds in subsequence((1..=255).collect::<Vec<u8>>(), 1..6), chosen in any::<Index>(),
        number in any::<u128>(), secret in 1_u8..,
    ) {
        let chosen = wrapping_key(*chosen.get(&seeds));
        let wrapped = data_key(secret).wrap(&chosen, tenant(number), &SystemRandom).unwrap();
        let mut keys = WrappingKeys::new(wrapping_key(seeds[0]));
        for seed in &seeds[1..] {
            keys = keys.rotated_to(wrapping_key(*seed));
        }
        let found = DataKey::unwrap(&keys, tenant(number), &wrapped, chosen.id()).unwrap();
        // The same key: it opens what the first one sealed.
        let place = Place { tenant: tenant(number), table: "t", column: "c", row: RowKey::Number(1) };
        let sealed = data_key(secret).seal(&place, b"plain", &SystemRandom).unwrap();
        let opened = found.open(&place, &sealed).unwrap();
        prop_assert_eq!(opened.expose(), b"plain");

        prop_assert!(DataKey::unwrap(&keys, tenant(number ^ 1), &wrapped, chosen.id()).is_err());
        for other in keys.ids().filter(|id| *id != chosen.id()) {
            let refused = DataKey::unwrap(&keys, tenant(number), &wrapped, other).unwrap_err();
            prop_assert_eq!(refused, SecretError::DamagedKey { tenant: tenant(number) });
        }
    }
}

#[test]
fn no_bit_of_what_is_stored_can_be_changed() {
    let keys = WrappingKeys::new(wrapping_key(7));
    let id = keys.current().id();
    let place = Place { tenant: tenant(5), table: "hooks", column: "secret", row: RowKey::Number(9) };
    let sealed = data_key(3).seal(&place, b"opens the door", &SystemRandom).unwrap();
    for bit in 0..sealed.len() * 8 {
        let refused = data_key(3).open(&place, &flipped(&sealed, bit)).unwrap_err();
        let of_version = matches!(refused, SecretError::UnknownVersion { .. });
        assert_eq!(of_version, bit < 8, "bit {bit}: {refused}");
    }
    let wrapped = data_key(3).wrap(keys.current(), tenant(5), &SystemRandom).unwrap();
    for bit in 0..wrapped.len() * 8 {
        let refused = DataKey::unwrap(&keys, tenant(5), &flipped(&wrapped, bit), id).unwrap_err();
        let of_version = matches!(refused, SecretError::UnknownVersion { .. });
        assert_eq!(of_version, bit < 8, "bit {bit}: {refused}");
    }
}

#[test]
fn no_bit_of_the_place_can_be_changed() {
    fn place(row: RowKey<'_>) -> Place<'_> {
        Place { tenant: tenant(5), table: "hooks", column: "secret", row }
    }
    let sealed = data_key(3).seal(&place(RowKey::Number(9)), b"x", &SystemRandom).unwrap();
    let fails = |at: &Place<'_>, sealed: &[u8]| assert!(data_key(3).open(at, sealed).is_err(), "{at:?}");
    for bit in 0..128 {
        fails(&Place { tenant: tenant(5 ^ 1 << bit), ..place(RowKey::Number(9)) }, &sealed);
    }
    for bit in 0..64 {
        fails(&place(RowKey::Number(9 ^ 1 << bit)), &sealed);
    }
    // A flipped eighth bit of these letters is no text, so no place has it.
    let other = |name: &str, bit| String::from_utf8(flipped(name.as_bytes(), bit)).ok();
    for table in (0..5 * 8).filter_map(|bit| other("hooks", bit)) {
        fails(&Place { table: &table, ..place(RowKey::Number(9)) }, &sealed);
    }
    for column in (0..6 * 8).filter_map(|bit| other("secret", bit)) {
        fails(&Place { column: &column, ..place(RowKey::Number(9)) }, &sealed);
    }
    let sealed = data_key(3).seal(&place(RowKey::Text("row")), b"x", &SystemRandom).unwrap();
    for row in (0..3 * 8).filter_map(|bit| other("row", bit)) {
        fails(&place(RowKey::Text(&row)), &sealed);
    }
    let sealed = data_key(3).seal(&place(RowKey::Uuid(Uuid::from_u128(4))), b"x", &SystemRandom).unwrap();
    for bit in 0..128 {
        fails(&place(RowKey::Uuid(Uuid::from_u128(4 ^ 1 << bit))), &sealed);
    }
}

#[test]
fn a_data_key_is_no_secret_and_a_secret_no_data_key() {
    // The same 32 bytes as both keys: what was written as one thing is not read as the other.
    let keys = WrappingKeys::new(wrapping_key(7));
    let place = Place { tenant: tenant(5), table: "", column: "", row: RowKey::Text("") };
    let wrapped = data_key(3).wrap(keys.current(), tenant(5), &SystemRandom).unwrap();
    assert!(data_key(7).open(&place, &wrapped).is_err());
    let sealed = data_key(7).seal(&place, &[3; 32], &SystemRandom).unwrap();
    assert!(DataKey::unwrap(&keys, tenant(5), &sealed, keys.current().id()).is_err());
}

#[test]
fn sealing_twice_gives_two_texts() {
    let place = Place { tenant: tenant(1), table: "t", column: "c", row: RowKey::Number(1) };
    let seal = || data_key(1).seal(&place, b"the same", &SystemRandom).unwrap();
    assert_ne!(seal(), seal());
    assert_ne!(
        WrappingKey::generate(&SystemRandom).unwrap().id(),
        WrappingKey::generate(&SystemRandom).unwrap().id()
    );
}

#[test]
fn without_randomness_nothing_is_made() {
    let place = Place { tenant: tenant(1), table: "t", column: "c", row: RowKey::Number(1) };
    assert_eq!(WrappingKey::generate(&Dry).unwrap_err(), NoRandomness);
    assert_eq!(Token::generate(&Dry).unwrap_err(), NoRandomness);
    assert_eq!(DataKey::generate(&Dry).unwrap_err(), NoRandomness.into());
    assert_eq!(data_key(1).seal(&place, b"x", &Dry).unwrap_err(), NoRandomness.into());
    assert_eq!(data_key(1).wrap(&wrapping_key(1), tenant(1), &Dry).unwrap_err(), NoRandomness.into());
    assert!(WrappingKey::generate(&Bytes(&[0])).is_err(), "a source that does not write");
}

/// Whether any four bytes of a secret stand in the text: as they are, in hex, or as a list of numbers.
fn tells(text: &str, secret: &[u8]) -> bool {
    secret.windows(4).any(|part| {
        let numbers = part.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
        let plain = String::from_utf8_lossy(part).into_owned();
        [hex(part), hex(part).to_uppercase(), numbers, plain].iter().any(|way| text.contains(way))
    })
}

#[test]
fn debug_and_display_tell_no_secret() {
    let (one, two): (Vec<u8>, Vec<u8>) = ((33..65).collect(), (65..97).collect());
    let first = WrappingKey::generate(&Bytes(&one)).unwrap();
    let second = WrappingKey::generate(&Bytes(&two)).unwrap();
    let data_key = DataKey::generate(&Bytes(&one)).unwrap();
    let secret = Secret::from(one.clone());
    let mut shown =
        format!("{first:?} {first:#?} {second:?} {data_key:?} {data_key:#?} {secret:?} {secret:#?}");
    let keys = WrappingKeys::new(first).rotated_to(second);
    shown += &format!(" {keys:?} {keys:#?} {keys}");

    // What is refused is not shown either.
    let place = Place { tenant: tenant(1), table: "t", column: "c", row: RowKey::Number(1) };
    let sealed = data_key.seal(&place, &two, &SystemRandom).unwrap();
    let wrapped = data_key.wrap(keys.current(), tenant(1), &SystemRandom).unwrap();
    let others = WrappingKeys::new(wrapping_key(1));
    let id = keys.current().id();
    let errors = [
        data_key.open(&Place { column: "d", ..place }, &sealed).unwrap_err(),
        DataKey::unwrap(&keys, tenant(2), &wrapped, id).unwrap_err(),
        DataKey::unwrap(&others, tenant(1), &wrapped, id).unwrap_err(),
        data_key.open(&place, &two).unwrap_err(),
    ];
    shown += &format!(" {errors:?} {}", errors.each_ref().map(ToString::to_string).join(" "));
    assert!(!tells(&shown, &one) && !tells(&shown, &two), "{shown}");
    assert!(
        tells(&format!("{one:?}"), &one) && tells(&format!("x{}", hex(&two)), &two),
        "this test sees them"
    );

    let token = Token::generate(&Bytes(&one)).unwrap();
    let shown = format!("{token:?} {token:#?}");
    assert!(token.expose().as_bytes()[15..].windows(4).all(|part| !tells(&shown, part)), "{shown}");
}

#[test]
fn a_wrong_key_is_told_from_damage() {
    let keys = WrappingKeys::new(wrapping_key(1)).rotated_to(wrapping_key(2));
    let missing = wrapping_key(3);
    let wrapped = data_key(1).wrap(&missing, tenant(1), &SystemRandom).unwrap();
    let unwrap = |wrapped: &[u8], id| DataKey::unwrap(&keys, tenant(1), wrapped, id).unwrap_err().to_string();
    insta::assert_snapshot!(unwrap(&wrapped, missing.id()), @"unwrap the data key of tenant 00000000-0000-0000-0000-000000000001: it needs wrapping key e3f032fd9af5a5e5, and given is 734be5cd596e04e3, d202f8816e99b024; add that key to the file that MUSTER_KEY_FILE names, behind the current one");
    insta::assert_snapshot!(unwrap(&wrapped, wrapping_key(1).id()), @"unwrap the data key of tenant 00000000-0000-0000-0000-000000000001: it is damaged or another tenant's; restore it from a backup. Without it the tenant's secrets are lost and have to be set again");
    insta::assert_snapshot!(unwrap(&[2; 61], wrapping_key(1).id()), @"open a secret: it is written in version 2 of the format, and this program knows version 1; update it, or restore the secret from a backup");
    let place = Place { tenant: tenant(1), table: "hooks", column: "secret", row: RowKey::Number(1) };
    insta::assert_snapshot!(data_key(1).open(&place, &wrapped).unwrap_err(), @"open the secret in hooks.secret: it is damaged or belongs to another row; set it again, or restore it from a backup");
}

#[test]
fn a_fingerprint_is_read_as_it_is_shown() {
    let id = wrapping_key(1).id();
    assert_eq!(id.to_string().parse(), Ok(id));
    assert_eq!(format!("{id:?} {id:>18}"), format!("{id}   {id}"));
    for text in ["", "0123", "0123456789abcdef00", "0123456789abcdeg"] {
        assert_eq!(text.parse::<WrappingKeyId>(), Err(NotAKeyId));
    }
}
