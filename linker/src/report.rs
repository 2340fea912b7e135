//! What the linker has to say: errors and warnings, collected from all threads, printed in a fixed order.
//!
//! A stage that finds errors goes on as long as that makes sense, so that one run shows all of them; `lib.rs`
//! stops at the checkpoints between stages. Diagnostics carry an order key (file, offset), so the text does not
//! depend on which thread was faster.

use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::options::Options;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Warning,
    Error,
}

/// One message. `lines` after the first are context (`>>> referenced by …`).
#[derive(Clone, Debug)]
pub struct Diagnostic {
    pub level: Level,
    /// Position in link order: file number, then offset or index in it.
    pub order: (u32, u64),
    pub text: String,
}

/// The collector.
pub struct Report {
    program: String,
    fatal_warnings: bool,
    no_warnings: bool,
    tolerant: bool,
    limit: usize,
    color: bool,
    called: Vec<(String, String)>,
    list: Mutex<Vec<Diagnostic>>,
    errors: AtomicUsize,
}

impl Report {
    pub fn new(opts: &Options) -> Self {
        Report {
            program: opts.program.clone(),
            fatal_warnings: opts.fatal_warnings,
            no_warnings: opts.no_warnings,
            tolerant: opts.noinhibit_exec,
            limit: opts.error_limit,
            color: opts.color.unwrap_or(false),
            called: opts.called.clone(),
            list: Mutex::new(Vec::new()),
            errors: AtomicUsize::new(0),
        }
    }

    fn push(&self, d: Diagnostic) {
        if d.level == Level::Error {
            self.errors.fetch_add(1, Ordering::Relaxed);
        }
        if let Ok(mut list) = self.list.lock() {
            list.push(d);
        }
    }

    /// An error without a place among the inputs.
    pub fn error(&self, text: impl Into<String>) {
        self.error_at((0, 0), text);
    }

    pub fn error_at(&self, order: (u32, u64), text: impl Into<String>) {
        self.push(Diagnostic {
            level: Level::Error,
            order,
            text: text.into(),
        });
    }

    /// An error that leaves an output which may be of use all the same: with `--noinhibit-exec` a warning.
    pub fn fault_at(&self, order: (u32, u64), text: impl Into<String>) {
        match self.tolerant {
            true => self.warn_at(order, text),
            false => self.error_at(order, text),
        }
    }

    pub fn warn(&self, text: impl Into<String>) {
        self.warn_at((0, 0), text);
    }

    pub fn warn_at(&self, order: (u32, u64), text: impl Into<String>) {
        if self.no_warnings {
            return;
        }
        let level = if self.fatal_warnings {
            Level::Error
        } else {
            Level::Warning
        };
        self.push(Diagnostic {
            level,
            order,
            text: text.into(),
        });
    }

    pub fn has_errors(&self) -> bool {
        self.errors.load(Ordering::Relaxed) > 0
    }

    /// How many messages there are.
    pub fn mark(&self) -> usize {
        self.list.lock().map_or(0, |l| l.len())
    }

    /// Forgets what was said since the mark, when a stage without errors is about to run again and say it again.
    pub fn rewind(&self, mark: usize) {
        if let Ok(mut list) = self.list.lock()
            && !self.has_errors()
        {
            list.truncate(mark);
        }
    }

    /// The messages so far, in their fixed order, as they are to be printed.
    pub fn take_text(&self) -> String {
        let mut list = match self.list.lock() {
            Ok(mut l) => std::mem::take(&mut *l),
            Err(_) => Vec::new(),
        };
        list.sort_by(|a, b| (a.order, &a.text).cmp(&(b.order, &b.text)));
        let mut out = String::new();
        let mut shown = 0;
        for d in &list {
            if d.level == Level::Error {
                shown += 1;
                if self.limit != 0 && shown > self.limit {
                    let _ = writeln!(
                        out,
                        "{}: error: too many errors, stopping now (--error-limit=0 shows all)",
                        self.program
                    );
                    break;
                }
            }
            let (word, on) = match d.level {
                Level::Error => ("error", "\x1b[1;31m"),
                Level::Warning => ("warning", "\x1b[1;35m"),
            };
            let (on, off) = if self.color {
                (on, "\x1b[0m")
            } else {
                ("", "")
            };
            let _ = writeln!(out, "{}: {on}{word}{off}: {}", self.program, d.text);
        }
        for (path, name) in &self.called {
            out = out.replace(path, name);
        }
        out
    }
}
