//! The end of a connection whose sender may still be sending.
//!
//! A socket that is closed with bytes unread answers those still on their way with a reset, and a reset can overtake the
//! answer: whoever sent 25 MB too many would see a broken connection and no 413. So the rest is read and thrown away, for
//! a moment.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How long the rest is read.
const MOMENT: Duration = Duration::from_secs(2);

/// Closes a stream, so that what was answered arrives.
pub(super) async fn linger(mut stream: TcpStream, has_unread: bool) {
    if stream.shutdown().await.is_err() || !has_unread {
        return;
    }
    let rest = async {
        let mut bytes = [0; 4096];
        while stream.read(&mut bytes).await.is_ok_and(|count| count > 0) {}
    };
    _ = tokio::time::timeout(MOMENT, rest).await;
}
