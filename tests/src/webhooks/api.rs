//! The forge's API, as far as it is asked: it gives every installation a token.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use muster_ingest::credentials::{App, AppKey, Credentials, InstallationTokens};
use muster_ingest::serve::serve;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// The file of the App's key.
pub(super) const APP_KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/app-key/pkcs1.pem");

/// Starts it; gives its address.
pub(super) async fn api(stop: CancellationToken) -> String {
    let token = async || (StatusCode::CREATED, r#"{"token":"ghs_of-the-forge"}"#);
    let router = Router::new().route("/app/installations/{id}/access_tokens", post(token));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, router, Default::default(), stop));
    format!("http://{address}")
}

/// What a worker in this process asks it with.
pub(super) async fn credentials(stop: CancellationToken) -> Credentials {
    let key = AppKey::from_pem(&std::fs::read(APP_KEY).unwrap()).unwrap();
    let app = App { id: 7, key, api_url: api(stop).await };
    Credentials::of_app(InstallationTokens::new(app).unwrap())
}
