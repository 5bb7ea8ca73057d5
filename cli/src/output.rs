//! Standard output, and what it means when nobody reads it any more.
//!
//! `muster scan . | head` closes our output early: that is success. The same error from any other pipe (that of the
//! process that fetches) is a failure, so a closed output carries a mark of its own.

use std::io::{self, BufWriter, Write};

use thiserror::Error;

/// The reader of our output is gone.
#[derive(Clone, Copy, Debug, Error)]
#[error("write the results: nobody reads them any more")]
struct OutputClosed;

/// The results cannot be written.
#[derive(Debug, Error)]
#[error("write the results: {0}")]
struct OutputFailed(io::Error);

/// Buffered output that marks the error of a closed pipe.
#[derive(Debug)]
pub(crate) struct Output<W: Write>(BufWriter<W>);

impl<W: Write> Output<W> {
    /// Buffers what is written. Flush it at the end: dropping it hides errors.
    pub(crate) fn new(inner: W) -> Self {
        Self(BufWriter::with_capacity(64 * 1024, inner))
    }
}

fn mark(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::BrokenPipe => io::Error::new(io::ErrorKind::BrokenPipe, OutputClosed),
        kind => io::Error::new(kind, OutputFailed(error)),
    }
}

impl<W: Write> Write for Output<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(mark)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(mark)
    }
}

/// True where a failure is nothing but our output having been closed.
pub(crate) fn is_closed_output(error: &anyhow::Error) -> bool {
    let marks = |cause: &(dyn std::error::Error + 'static)| {
        let inner = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        inner.is_some_and(|inner| inner.is::<OutputClosed>())
    };
    error.chain().any(marks)
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_output_is_told_from_other_closed_pipes() {
        let mut output = Output::new(Closed);
        output.write_all(b"x").unwrap();
        let error = Err::<(), _>(output.flush().unwrap_err()).context("print the scan").unwrap_err();
        assert!(is_closed_output(&error));
        let large = Output::new(Closed).write_all(&[0; 1 << 20]).unwrap_err();
        assert!(is_closed_output(&large.into()));

        let other =
            anyhow::Error::from(io::Error::from(io::ErrorKind::BrokenPipe)).context("talk to the child");
        assert!(!is_closed_output(&other));
    }
}
