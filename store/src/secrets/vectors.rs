//! Known answers, computed in another language (`fixtures/secrets/make.py`): the format cannot drift.

use serde_json::Value;

use super::laws::{Bytes, hex};
use super::*;
use crate::TenantId;

const VECTORS: &str = include_str!("../../../fixtures/secrets/sealed.json");

fn vectors() -> Value {
    serde_json::from_str(VECTORS).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    alphabet::HEX.read(value.as_str().unwrap()).unwrap().to_vec()
}

fn tenant(vectors: &Value) -> TenantId {
    TenantId(vectors["tenant"].as_str().unwrap().parse().unwrap())
}

fn data_key(vectors: &Value) -> DataKey {
    DataKey::generate(&Bytes(&bytes(&vectors["data_key"]))).unwrap()
}

#[test]
fn a_data_key_is_wrapped_as_it_always_was() {
    let vectors = vectors();
    let keys = WrappingKeys::parse(vectors["wrapping_key"].as_str().unwrap().as_bytes()).unwrap();
    let id = keys.current().id();
    assert_eq!(id.to_string(), vectors["wrapping_key_id"].as_str().unwrap());

    let nonce = bytes(&vectors["nonce"]);
    let wrapped = data_key(&vectors).wrap(keys.current(), tenant(&vectors), &Bytes(&nonce)).unwrap();
    assert_eq!(hex(&wrapped), vectors["wrapped"].as_str().unwrap());
    assert_eq!(wrapped.len(), 61);
    assert!(DataKey::unwrap(&keys, tenant(&vectors), &bytes(&vectors["wrapped"]), id).is_ok());
}

#[test]
fn secrets_are_sealed_as_they_always_were() {
    let vectors = vectors();
    let (key, nonce) = (data_key(&vectors), bytes(&vectors["nonce"]));
    for case in vectors["secrets"].as_array().unwrap() {
        let (kind, row) = case["row"].as_object().unwrap().iter().next().unwrap();
        let place = Place {
            tenant: tenant(&vectors),
            table: case["table"].as_str().unwrap(),
            column: case["column"].as_str().unwrap(),
            row: match kind.as_str() {
                "number" => RowKey::Number(row.as_i64().unwrap()),
                "uuid" => RowKey::Uuid(row.as_str().unwrap().parse().unwrap()),
                "text" => RowKey::Text(row.as_str().unwrap()),
                other => panic!("a row key of kind {other}"),
            },
        };
        let plain = case["plain"].as_str().unwrap().as_bytes();
        let sealed = key.seal(&place, plain, &Bytes(&nonce)).unwrap();
        assert_eq!(hex(&sealed), case["sealed"].as_str().unwrap(), "{case}");
        assert_eq!(sealed.len(), plain.len() + 29);
        assert_eq!(key.open(&place, &bytes(&case["sealed"])).unwrap().expose(), plain);
    }
}

#[test]
fn tokens_are_written_as_they_always_were() {
    let vector = &vectors()["token"];
    let token = Token::generate(&Bytes(&bytes(&vector["random"]))).unwrap();
    assert_eq!(token.expose(), vector["text"].as_str().unwrap());
    assert_eq!(token.prefix(), vector["prefix"].as_str().unwrap());
    assert_eq!(hex(&token.hash()), vector["hash"].as_str().unwrap());
}
