//! Passing bytes between two connections, both ways, counting what comes in.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// One read; TLS records are 16 KiB.
const BUFFER: usize = 64 * 1024;

/// Passes bytes until both sides are done. False where more than `limit` bytes came in, over all tunnels that share
/// the counter; the connections are cut then.
///
/// `early` is what the client sent behind its request, already read.
pub(super) fn pass_both_ways(
    client: TcpStream,
    early: &[u8],
    remote: &TcpStream,
    received: &AtomicU64,
    limit: u64,
) -> bool {
    let (Ok(client_out), Ok(mut remote_out)) = (client.try_clone(), remote.try_clone()) else { return true };
    if remote_out.write_all(early).is_err() {
        return true;
    }
    thread::scope(|scope| {
        scope.spawn(move || {
            pass(client, &mut remote_out, |_| true);
            // What remains unread of a client that went away must not keep the remote's side open.
            let _ = remote_out.shutdown(Shutdown::Write);
        });
        let mut client_out = client_out;
        let source = remote.try_clone();
        let within = source.is_ok_and(|source| {
            pass(source, &mut client_out, |count| {
                received.fetch_add(count, Ordering::Relaxed).saturating_add(count) <= limit
            })
        });
        let _ = client_out.shutdown(Shutdown::Both);
        let _ = remote.shutdown(Shutdown::Both);
        within
    })
}

/// Copies until the source ends or either side breaks. False where `admit` refused a number of bytes.
fn pass(mut source: TcpStream, sink: &mut TcpStream, admit: impl Fn(u64) -> bool) -> bool {
    let mut buffer = vec![0; BUFFER];
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return true,
            Ok(count) => {
                if !admit(count as u64) {
                    return false;
                }
                if sink.write_all(&buffer[..count]).is_err() {
                    return true;
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return true,
        }
    }
}
