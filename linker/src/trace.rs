//! Where the time goes: `--time-trace=FILE` (Chrome's trace format) and `--stats`.
//!
//! Stages follow each other; inside of them, tasks (a file read, a window written) are timed by the threads that do them.
//! Recording costs two clock readings each, and nothing when nobody asked.

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

/// A part of a stage, done by one thread.
#[derive(Debug)]
struct Task {
    name: String,
    thread: usize,
    start: Duration,
    length: Duration,
}

/// The recorder of one link.
pub struct Trace {
    on: bool,
    /// Tasks are worth recording: only the trace shows them.
    tasks_on: bool,
    start: Instant,
    spans: Mutex<Vec<Span>>,
    tasks: Mutex<Vec<Task>>,
    counts: Mutex<Vec<(&'static str, u64)>>,
}

impl Trace {
    pub fn new(opts: &Options) -> Self {
        Trace {
            tasks_on: opts.time_trace.is_some(),
            on: opts.stats || opts.time_trace.is_some() || opts.html_report.is_some(),
            start: Instant::now(),
            spans: Mutex::default(),
            tasks: Mutex::default(),
            counts: Mutex::default(),
        }
    }

    /// A recorder that records nothing.
    pub fn off() -> Self {
        Trace::new(&Options::default())
    }

    /// Runs a part of a stage; `name` is asked for only when it is recorded.
    #[inline]
    pub fn task<R>(&self, name: impl FnOnce() -> String, f: impl FnOnce() -> R) -> R {
        if !self.tasks_on {
            return f();
        }
        let start = self.start.elapsed();
        let result = f();
        let length = self.start.elapsed().saturating_sub(start);
        if let Ok(mut tasks) = self.tasks.lock() {
            tasks.push(Task {
                name: name(),
                thread: rayon::current_thread_index().unwrap_or(0),
                start,
                length,
            });
        }
        result
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

    /// Whether anything is recorded.
    pub fn is_on(&self) -> bool {
        self.on
    }

    /// The stages in the order of their starts: name, start, length.
    pub fn spans(&self) -> Vec<(&'static str, Duration, Duration)> {
        let mut spans = self.spans.lock().map(|s| s.clone()).unwrap_or_default();
        spans.sort_by_key(|s| s.start);
        spans.iter().map(|s| (s.name, s.start, s.length)).collect()
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
        let mut out = String::from("{\"traceEvents\":[");
        let mut event = |name: &str, thread: usize, start: Duration, length: Duration| {
            let comma = if out.ends_with('[') { "" } else { "," };
            let _ = write!(
                out,
                "{comma}\n{{\"name\":\"{}\",\"ph\":\"X\",\"pid\":1,\"tid\":{thread},\"ts\":{},\"dur\":{}}}",
                escaped(name),
                start.as_micros(),
                length.as_micros()
            );
        };
        // Row 0 has the stages, the others what each thread did for them.
        for s in self.spans.lock().iter().flat_map(|s| s.iter()) {
            event(s.name, 0, s.start, s.length);
        }
        for t in self.tasks.lock().iter().flat_map(|t| t.iter()) {
            event(&t.name, t.thread + 1, t.start, t.length);
        }
        out.push_str("\n]}\n");
        std::fs::write(path, out)
    }
}

/// For a JSON string (RFC 8259, section 7).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out
}
