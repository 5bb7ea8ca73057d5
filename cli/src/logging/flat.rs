//! A line of the log as one flat JSON object: the time, the level, the message, then the fields of the event and of the spans
//! around it.
//!
//! So an id is in one place, whether the line says it or a span that it is written in: `job.id` of whatever a job's handler
//! says. Of a field that several have the innermost counts.

use std::fmt::{self, Debug};

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

/// The format. Spans keep their fields as JSON.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flat;

impl<S, N> FormatEvent<S, N> for Flat
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut fields = Fields::default();
        for span in context.event_scope().into_iter().flat_map(|scope| scope.from_root()) {
            let extensions = span.extensions();
            let kept = extensions.get::<FormattedFields<N>>().map(|kept| serde_json::from_str(&kept.fields));
            if let Some(Ok(Value::Object(kept))) = kept {
                fields.0.extend(kept);
            }
        }
        event.record(&mut fields);
        let mut time = String::new();
        SystemTime.format_time(&mut Writer::new(&mut time))?;
        let about = event.metadata();
        let message = fields.0.remove("message").unwrap_or_default();
        write!(writer, r#"{{"timestamp":"{time}","level":"{}","message":{message}"#, about.level())?;
        for (name, value) in fields.0 {
            write!(writer, ",{}:{value}", Value::from(name))?;
        }
        writeln!(writer, r#","target":{}}}"#, Value::from(about.target()))
    }
}

/// What an event or a span says.
#[derive(Debug, Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.put(field, format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use tracing::{info, info_span};
    use tracing_subscriber::Layer as _;
    use tracing_subscriber::fmt::format::JsonFields;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn ids_of_spans_stand_beside_what_is_said() {
        let kept = Kept::default();
        let lines = {
            let kept = kept.clone();
            tracing_subscriber::fmt::layer().with_writer(move || kept.clone()).with_ansi(false)
        };
        let lines = lines.event_format(Flat).fmt_fields(JsonFields::new()).boxed();
        tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), || {
            let nobody: Option<i64> = None;
            let _job = info_span!("job", job.id = 7, kind = "look", tenant.id = nobody).entered();
            let _inner = info_span!("scan", repository.id = 3, kind = "inner").entered();
            info!(end = ?Some(1), rate = 0.5, ok = true, error = %"a \"word\"\n", "looked at it");
        });
        let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        let (time, rest) = text.split_once(r#"","level""#).unwrap();
        assert!(time.starts_with(r#"{"timestamp":"2"#) && time.ends_with('Z'), "{time}");
        insta::assert_snapshot!(rest, @r#":"INFO","message":"looked at it","end":"Some(1)","error":"a \"word\"\n","job.id":7,"kind":"inner","ok":true,"rate":0.5,"repository.id":3,"target":"muster::logging::flat::tests"}"#);
        assert_eq!(text.lines().count(), 1);
    }
}
