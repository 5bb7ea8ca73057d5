//! Each check alone, and that of two failures the earlier one is told.

use proptest::prelude::*;

use super::super::Secrets;
use super::*;

const SECRET: &str = "It's a Secret to Everybody";
const BODY: &[u8] = b"Hello, World!";
const SIGNATURE: &[u8] = b"sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
const GUID: &[u8] = b"72d3162e-cc78-11e3-81ab-4c9367dc0958";

fn good() -> HeaderValues<'static> {
    HeaderValues {
        method: "POST",
        content_length: Some(13),
        content_encoding: &[],
        content_type: &[b"application/json"],
        signature: &[SIGNATURE],
        event: &[b"push"],
        delivery: &[GUID],
    }
}

fn judge(headers: &HeaderValues<'_>) -> Result<Verified, Refusal> {
    let secrets = Secrets::new(&[SECRET]).unwrap();
    check(headers)?.verify_whole(Hook::Known(&secrets), BODY)
}

#[test]
fn a_good_delivery_is_taken() {
    let verified = judge(&good()).unwrap();
    assert_eq!((verified.event.as_str(), verified.body), ("push", BodyKind::Json));
    assert_eq!(verified.guid.as_str().as_bytes(), GUID);
    let upper = GUID.to_ascii_uppercase();
    let again = judge(&HeaderValues { delivery: &[&upper], content_length: None, ..good() }).unwrap();
    assert_eq!(again.guid, verified.guid, "one key for one delivery");
}

#[test]
fn a_type_is_json_or_a_form_with_or_without_charset() {
    let kind = |value: &[u8]| judge(&HeaderValues { content_type: &[value], ..good() }).map(|v| v.body);
    assert_eq!(kind(b"application/json; charset=utf-8"), Ok(BodyKind::Json));
    assert_eq!(kind(b"Application/JSON ;charset=UTF-8"), Ok(BodyKind::Json));
    assert_eq!(kind(b"application/x-www-form-urlencoded"), Ok(BodyKind::Form));
    for value in
        [&b""[..], b"text/plain", b"application/jsonp", b"json", b"multipart/form-data", b"\xff", b";"]
    {
        assert_eq!(kind(value), Err(Refusal::ContentType), "{value:?}");
    }
}

#[test]
fn headers_that_are_missing_repeated_or_odd_are_refused() {
    let refused = |change: &dyn Fn(&mut HeaderValues<'static>)| {
        let mut headers = good();
        change(&mut headers);
        judge(&headers).unwrap_err()
    };
    for method in ["GET", "HEAD", "PUT", "post", ""] {
        assert_eq!(judge(&HeaderValues { method, ..good() }), Err(Refusal::Method));
    }
    assert_eq!(refused(&|h| h.content_length = Some(MAX_BODY + 1)), Refusal::TooLarge);
    assert_eq!(refused(&|h| h.content_encoding = &[b"gzip"]), Refusal::Encoding);
    assert_eq!(refused(&|h| h.content_encoding = &[b"identity"]), Refusal::Encoding);
    assert_eq!(refused(&|h| h.content_type = &[]), Refusal::ContentType);
    assert_eq!(
        refused(&|h| h.content_type = &[b"application/json", b"application/json"]),
        Refusal::ContentType
    );
    assert_eq!(refused(&|h| h.signature = &[]), Refusal::Unauthorized);
    assert_eq!(refused(&|h| h.signature = &[SIGNATURE; 2]), Refusal::Unauthorized);
    assert_eq!(
        refused(&|h| h.signature = &[b"sha1=0123456789012345678901234567890123456789"]),
        Refusal::Unauthorized
    );
    let digits = judge(&HeaderValues { event: &[b"projects_v2_item"], ..good() });
    assert_eq!(digits.unwrap().event.as_str(), "projects_v2_item");
    for event in [&b""[..], b"Push", b"push ", b"push-1", b"p\xc3\xbcsh", b"push,issues", &[b'a'; 65]] {
        assert_eq!(judge(&HeaderValues { event: &[event], ..good() }), Err(Refusal::Event), "{event:?}");
    }
    assert_eq!(refused(&|h| h.event = &[]), Refusal::Event);
    assert_eq!(refused(&|h| h.event = &[b"push", b"push"]), Refusal::Event);
    for guid in [
        &b""[..],
        b"1",
        b"'; drop table deliveries; --1234567890",
        b"{72d3162e-cc78-11e3-81ab-4c9367dc0958}",
        b"72d3162ecc7811e381ab4c9367dc0958",
        b"72d3162e-cc78-11e3-81ab-4c9367dc095g",
        b"72d3162e-cc78-11e3-81ab-4c9367dc09581",
        &[b'a'; 5000],
    ] {
        assert_eq!(judge(&HeaderValues { delivery: &[guid], ..good() }), Err(Refusal::Delivery), "{guid:?}");
    }
    assert_eq!(refused(&|h| h.delivery = &[GUID; 2]), Refusal::Delivery);
}

#[test]
fn a_body_that_turns_out_too_long_is_refused_though_it_is_signed() {
    let long = vec![b' '; MAX_BODY as usize + 1];
    let secrets = Secrets::new(&[SECRET]).unwrap();
    let undeclared = HeaderValues { content_length: None, ..good() };
    let refused = check(&undeclared).unwrap().verify_whole(Hook::Known(&secrets), &long);
    assert_eq!(refused, Err(Refusal::TooLarge));
}

#[test]
fn an_unknown_hook_gets_the_same_refusal() {
    let unknown = check(&good()).unwrap().verify_whole(Hook::Unknown, BODY);
    let other = Secrets::new(&["another"]).unwrap();
    assert_eq!(unknown, Err(Refusal::Unauthorized));
    assert_eq!(check(&good()).unwrap().verify_whole(Hook::Known(&other), BODY), unknown);
}

/// Breaks what one check looks at.
fn spoil(headers: &mut HeaderValues<'static>, refusal: Refusal) {
    match refusal {
        Refusal::Method => headers.method = "GET",
        Refusal::TooLarge => headers.content_length = Some(u64::MAX),
        Refusal::Encoding => headers.content_encoding = &[b"br"],
        Refusal::ContentType => headers.content_type = &[b"text/xml"],
        Refusal::Unauthorized => headers.signature = &[b"sha256=0"],
        Refusal::Event => headers.event = &[],
        Refusal::Delivery => headers.delivery = &[],
    }
}

proptest! {
    #[test]
    fn the_first_failure_in_order_is_told(broken in prop::collection::vec(any::<bool>(), 7)) {
        let broken: Vec<Refusal> =
            Refusal::ALL.iter().zip(broken).filter(|(_, broken)| *broken).map(|(refusal, _)| *refusal).collect();
        let mut headers = good();
        for refusal in &broken {
            spoil(&mut headers, *refusal);
        }
        prop_assert_eq!(judge(&headers).err(), broken.first().copied());
    }

    #[test]
    fn a_wrong_digest_hides_what_stands_behind_it(event: Vec<u8>, guid: Vec<u8>) {
        let headers = HeaderValues { event: &[&event], delivery: &[&guid], ..good() };
        let refused = check(&headers).unwrap().verify_whole(Hook::Unknown, BODY);
        prop_assert_eq!(refused, Err(Refusal::Unauthorized));
    }
}
