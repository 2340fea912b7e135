//! Where the time goes: `--time-trace=FILE` (Chrome's trace format) and `--stats`.
//!
//! A stage is timed by the thread that runs it; recording costs two clock readings a stage and nothing when nobody asked.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::options::Options;

#[derive(Clone, Debug)]
struct Span {
    name: &'static str,
    start: Duration,
    length: Duration,
}

/// The recorder of one link.
pub struct Trace {
    on: bool,
    start: Instant,
    spans: Mutex<Vec<Span>>,
    counts: Mutex<Vec<(&'static str, u64)>>,
}

impl Trace {
    pub fn new(opts: &Options) -> Self {
        Trace {
            on: opts.stats || opts.time_trace.is_some(),
            start: Instant::now(),
            spans: Mutex::default(),
            counts: Mutex::default(),
        }
    }

    /// Runs a stage under its name.
    pub fn stage<R>(&self, name: &'static str, f: impl FnOnce() -> R) -> R {
        if !self.on {
            return f();
        }
        let start = self.start.elapsed();
        let result = f();
        let length = self.start.elapsed().saturating_sub(start);
        if let Ok(mut spans) = self.spans.lock() {
            spans.push(Span {
                name,
                start,
                length,
            });
        }
        result
    }

    /// Notes how many of something there were.
    pub fn count(&self, name: &'static str, n: impl FnOnce() -> u64) {
        if self.on
            && let Ok(mut counts) = self.counts.lock()
        {
            counts.push((name, n()));
        }
    }

    /// `--stats`: stages in the order of their starts, then counts.
    pub fn stats(&self) -> String {
        let mut out = String::new();
        let mut spans = self.spans.lock().map(|s| s.clone()).unwrap_or_default();
        spans.sort_by_key(|s| s.start);
        for s in &spans {
            let _ = writeln!(out, "{:>10.3} ms  {}", s.length.as_secs_f64() * 1e3, s.name);
        }
        let _ = writeln!(
            out,
            "{:>10.3} ms  in all",
            self.start.elapsed().as_secs_f64() * 1e3
        );
        if let Ok(counts) = self.counts.lock() {
            for (name, n) in counts.iter() {
                let _ = writeln!(out, "{n:>10}     {name}");
            }
        }
        out
    }

    /// `--time-trace`: complete events with microseconds, as chrome://tracing and Perfetto read them.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&self, path: &Path) -> std::io::Result<()> {
        let spans = self.spans.lock().map(|s| s.clone()).unwrap_or_default();
        let mut out = String::from("{\"traceEvents\":[");
        for (i, s) in spans.iter().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            let _ = write!(
                out,
                "{comma}\n{{\"name\":\"{}\",\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":{},\"dur\":{}}}",
                s.name,
                s.start.as_micros(),
                s.length.as_micros()
            );
        }
        out.push_str("\n]}\n");
        std::fs::write(path, out)
    }
}
