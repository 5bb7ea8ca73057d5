//! Installations' tokens, against a server on this machine that stands for GitHub's API.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use muster_store::{
    Actor, Connection, DatabaseUrl, NewTenant, Store, SystemRandom, Timestamp, WrappingKey, WrappingKeys,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::app::AppError;
use super::*;
use crate::work::Remedy;

const NOW: Timestamp = Timestamp(1_709_164_800_000);
const MINUTE: i64 = 60_000;
const PKCS1: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/app-key/pkcs1.pem"));
const PKCS8: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/app-key/pkcs8.pem"));

type Answering = dyn Fn(usize, &HeaderMap) -> Response + Send + Sync;

/// The server and how often it was asked.
struct Fake {
    asked: Arc<AtomicUsize>,
    tokens: Arc<InstallationTokens>,
}

#[derive(Clone)]
struct Answers(Arc<Answering>, Arc<AtomicUsize>);

/// A server that answers like this: the how-manieth question it is, from 1, and its headers.
async fn fake(answer: impl Fn(usize, &HeaderMap) -> Response + Send + Sync + 'static) -> Fake {
    let asked = Arc::new(AtomicUsize::new(0));
    let state = Answers(Arc::new(answer), asked.clone());
    let route = post(|State(Answers(answer, asked)): State<Answers>, headers: HeaderMap| async move {
        answer(asked.fetch_add(1, Ordering::SeqCst) + 1, &headers)
    });
    let router = Router::new().route("/app/installations/{id}/access_tokens", route).with_state(state);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let api_url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(crate::serve::serve(listener, router, Default::default(), Default::default()));
    let app = App { id: 7, key: AppKey::from_pem(PKCS1).unwrap(), api_url };
    Fake { asked, tokens: Arc::new(InstallationTokens::new(app).unwrap()) }
}

fn issued(token: &str, expires_at: Timestamp) -> Response {
    let body = json!({ "token": token, "expires_at": expires_at.to_string(), "permissions": {} });
    (StatusCode::CREATED, Json(body)).into_response()
}

fn later(milliseconds: i64) -> Timestamp {
    Timestamp(NOW.0 + milliseconds)
}

impl Fake {
    async fn token(&self, now: Timestamp) -> Result<String, AppError> {
        let token = self.tokens.token(12, now).await?;
        Ok(String::from_utf8(token.expose().to_vec()).unwrap())
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// What a JSON Web Token claims.
fn claims(headers: &HeaderMap) -> Value {
    let token = headers["authorization"].to_str().unwrap().strip_prefix("Bearer ").unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

#[test]
fn a_key_comes_in_two_forms_and_signs_the_same() {
    let [one, other] = [PKCS1, PKCS8].map(|pem| AppKey::from_pem(pem).unwrap().token(7, NOW).unwrap());
    assert_eq!(one, other);
    let (signed, signature) = one.rsplit_once('.').unwrap();
    let key = rustls_pki_types::PrivateKeyDer::from(
        <rustls_pki_types::PrivatePkcs1KeyDer<'_> as rustls_pki_types::pem::PemObject>::from_pem_slice(PKCS1)
            .unwrap(),
    );
    let rustls_pki_types::PrivateKeyDer::Pkcs1(der) = &key else { unreachable!("it is of that form") };
    let pair = ring::signature::RsaKeyPair::from_der(der.secret_pkcs1_der()).unwrap();
    let public = ring::signature::UnparsedPublicKey::new(
        &ring::signature::RSA_PKCS1_2048_8192_SHA256,
        ring::signature::KeyPair::public_key(&pair).as_ref().to_vec(),
    );
    public.verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
    for odd in [&b""[..], b"x", b"-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n"] {
        let error = AppKey::from_pem(odd).unwrap_err();
        assert!(error.to_string().starts_with("read the App's private key"), "{error}");
    }
    assert_eq!(format!("{:?}", AppKey::from_pem(PKCS1).unwrap()), "AppKey(..)");
}

#[tokio::test]
async fn many_who_want_it_at_once_get_one_token_until_it_ends() {
    let fake = fake(|n, headers| {
        assert_eq!(claims(headers)["iss"], "7");
        assert_eq!(claims(headers)["exp"].as_i64().unwrap() - claims(headers)["iat"].as_i64().unwrap(), 540);
        issued(&format!("token {n}"), later(60 * MINUTE))
    })
    .await;
    let fake = Arc::new(fake);
    let many: Vec<_> = (0..20)
        .map(|_| {
            let fake = Arc::clone(&fake);
            tokio::spawn(async move { fake.token(NOW).await.unwrap() })
        })
        .collect();
    for one in many {
        assert_eq!(one.await.unwrap(), "token 1");
    }
    assert_eq!(fake.token(later(49 * MINUTE)).await.unwrap(), "token 1");
    assert_eq!(fake.token(later(51 * MINUTE)).await.unwrap(), "token 2", "too little of it is left");
    assert_eq!(fake.asked(), 2);
}

#[tokio::test]
async fn a_limit_is_kept_to_without_asking_again() {
    let fake = fake(|n, _| match n {
        1 => (StatusCode::FORBIDDEN, [("retry-after", "60")], "slow down").into_response(),
        _ => issued("t", later(60 * MINUTE)),
    })
    .await;
    let limited = AppError::Limited { installation: 12, until: later(MINUTE) };
    assert_eq!(fake.token(NOW).await.unwrap_err(), limited);
    assert_eq!(fake.token(later(59_000)).await.unwrap_err(), limited);
    assert_eq!(fake.asked(), 1);
    let failure = JobFailure::from(CredentialsError::App(limited));
    assert_eq!((failure.cause.as_ref(), failure.remedy), ("rate limit", Remedy::Limited(later(MINUTE))));
    assert_eq!(fake.token(later(MINUTE)).await.unwrap(), "t");
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_reckoned_with() {
    // Theirs is an hour ahead: what we sign has ended before it begins.
    let fake = fake(|_, headers| {
        let theirs = later(60 * MINUTE);
        let claims = claims(headers);
        let holds = claims["iat"].as_i64().unwrap() * 1000 <= theirs.0
            && theirs.0 < claims["exp"].as_i64().unwrap() * 1000;
        if holds {
            return issued("t", Timestamp(theirs.0 + 60 * MINUTE));
        }
        let date = [("date", "Thu, 29 Feb 2024 01:00:00 GMT")];
        (StatusCode::UNAUTHORIZED, date, Json(json!({ "message": "'Expiration time' claim is too old" })))
            .into_response()
    })
    .await;
    assert_eq!(fake.token(NOW).await.unwrap(), "t");
    assert_eq!(fake.asked(), 2);
    assert_eq!(fake.token(later(49 * MINUTE)).await.unwrap(), "t", "it ends by their clock");
    fake.tokens.token(13, NOW).await.unwrap();
    assert_eq!(fake.asked(), 3, "the difference is remembered");
}

#[tokio::test]
async fn every_other_answer_is_a_reason_in_words() {
    let fake = fake(|n, _| {
        let said = |text: &str| Json(json!({ "message": text }));
        match n {
            1 => (StatusCode::FORBIDDEN, said("This installation has been suspended")).into_response(),
            2 => (StatusCode::NOT_FOUND, said("Not Found")).into_response(),
            3 => {
                let date = [("date", "Thu, 29 Feb 2024 00:00:00 GMT")];
                (StatusCode::UNAUTHORIZED, date, said("A JSON web token could not be decoded"))
                    .into_response()
            }
            4 => (StatusCode::BAD_GATEWAY, "<html>").into_response(),
            5 => (StatusCode::CREATED, "{}").into_response(),
            _ => (StatusCode::CREATED, vec![b' '; 1 << 20]).into_response(),
        }
    })
    .await;
    let mut said = String::new();
    for _ in 0..6 {
        let failure = JobFailure::from(CredentialsError::App(fake.token(NOW).await.unwrap_err()));
        assert_eq!(failure.remedy, Remedy::Retry);
        said.push_str(&format!("{}: {}\n", failure.cause, failure.message));
    }
    insta::assert_snapshot!(said, @r"
    installation refused: failed to ask GitHub for a token of installation 12: it refuses (This installation has been suspended)
    installation gone: failed to ask GitHub for a token of installation 12: there is none, or not yet
    App not believed: failed to ask GitHub for a token: it does not take us for the App (A JSON web token could not be decoded); check MUSTER_GITHUB_APP_ID, the private key and this machine's clock
    GitHub unreachable: failed to ask GitHub for a token: 502 Bad Gateway
    GitHub unreachable: failed to ask GitHub for a token: its answer holds no token
    GitHub unreachable: failed to ask GitHub for a token: length limit exceeded
    ");
}

#[tokio::test]
async fn a_token_in_the_open_goes_to_this_machine_alone() {
    let app = App {
        id: 7,
        key: AppKey::from_pem(PKCS1).unwrap(),
        api_url: "http://api.example.invalid".to_owned(),
    };
    let error = InstallationTokens::new(app).unwrap().token(1, NOW).await.unwrap_err();
    assert!(error.to_string().ends_with("unsupported scheme http"), "{error}");
}

#[tokio::test]
async fn a_repository_is_fetched_with_its_own_token_first() {
    let fake = fake(|_, _| issued("of the App", later(60 * MINUTE))).await;
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&DatabaseUrl::Sqlite(folder.path().join("store.db"))).await.unwrap();
    let keys = WrappingKeys::new(WrappingKey::generate(&SystemRandom).unwrap());
    let store = store.with_keys(keys, Arc::new(SystemRandom)).await.unwrap();
    let new = NewTenant { subdomain: "acme".to_owned(), ..NewTenant::default() };
    let tenant = store.create_tenant(&new, NOW).await.unwrap();
    let actor = Actor::command_line(None);
    let connect = async |url, installation| {
        let connection = Connection { clone_url: Some(url), installation, ..Connection::default() };
        tenant.connect_repository(&connection, NOW, &actor).await.unwrap().id
    };
    let (public, private) =
        (connect("https://a.example/b", None).await, connect("https://a.example/c", Some(12)).await);
    let app = Credentials { app: Some(fake.tokens.clone()) };
    let of = async |credentials: &Credentials, id| {
        let found = credentials.for_repository(&tenant, id, NOW).await;
        found.map(|found| found.map(|found| String::from_utf8(found.password.expose().to_vec()).unwrap()))
    };
    assert_eq!(of(&app, public).await.unwrap(), None);
    assert_eq!(of(&app, private).await.unwrap().as_deref(), Some("of the App"));
    let no_app = of(&Credentials::default(), private).await.unwrap_err();
    assert!(matches!(no_app, CredentialsError::NoApp(12)), "{no_app}");
    for id in [public, private] {
        tenant.set_access_token(id, Some(b"its own"), &actor, NOW).await.unwrap();
        assert_eq!(of(&Credentials::default(), id).await.unwrap().as_deref(), Some("its own"));
    }
    let shown = format!("{:?}", app.for_repository(&tenant, public, NOW).await.unwrap().unwrap());
    assert_eq!(shown, r#"FetchCredentials { username: "x-access-token", password: Secret(..) }"#);
    assert!(tenant.disconnect_repository(public, NOW, &actor).await.unwrap());
    let failure = JobFailure::from(of(&app, public).await.unwrap_err());
    assert_eq!((failure.cause.as_ref(), failure.remedy), ("not connected", Remedy::Permanent));
    store.close().await;
}
