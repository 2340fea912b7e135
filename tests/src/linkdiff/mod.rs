//! Semantic checks and comparison of linked ELF files.
//!
//! Two linkers never write the same bytes for the same program, but they must mean the same. Files in reading order:
//! - [`image`]: the file as plain values, read once; what the loader sees comes from the program headers,
//!   what tools see from the section headers, and the checks compare both views.
//! - [`names`]: constants' names as `readelf` spells them.
//! - [`relocs`], [`versions`], [`hash`], [`eh_frame`]: one structure each, decoded.
//! - [`check_layout`], [`check_dynamic`], [`check_tables`]: is one file sound by itself?
//! - [`compare`]: do two files mean the same?
//! - [`expect`]: single statements about a file, as test cases write them.

pub mod check_dynamic;
pub mod check_layout;
pub mod check_tables;
pub mod compare;
pub mod compare_data;
pub mod eh_frame;
pub mod expect;
pub mod hash;
pub mod image;
pub mod names;
pub mod relocs;
pub mod versions;

pub use image::Image;

/// One thing found wrong or different. `key` is stable and short, so that a case can allow it by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub key: &'static str,
    pub text: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.key, self.text)
    }
}

/// Collects findings.
#[derive(Default, Debug)]
pub struct Findings(pub Vec<Finding>);

impl Findings {
    pub fn add(&mut self, key: &'static str, text: impl Into<String>) {
        self.0.push(Finding {
            key,
            text: text.into(),
        });
    }

    /// Adds a finding unless `ok` holds.
    pub fn need(&mut self, ok: bool, key: &'static str, text: impl FnOnce() -> String) {
        if !ok {
            self.add(key, text());
        }
    }

    /// Drops what a case allows: `allowed` holds keys, or a key's beginning followed by `*`, or `key=text` where
    /// `text` must occur in the finding's text.
    pub fn without(mut self, allowed: &[String]) -> Self {
        self.0.retain(|f| !allowed.iter().any(|a| allows(a, f)));
        self
    }
}

fn allows(allowed: &str, finding: &Finding) -> bool {
    let (key, text) = match allowed.split_once('=') {
        Some((key, text)) => (key, Some(text)),
        None => (allowed, None),
    };
    let key_fits = match key.strip_suffix('*') {
        Some(start) => finding.key.starts_with(start),
        None => finding.key == key,
    };
    key_fits && text.is_none_or(|t| finding.text.contains(t))
}

/// Everything that can be said against one file.
pub fn check(image: &Image) -> Findings {
    let mut found = Findings::default();
    check_layout::check(image, &mut found);
    if image.is_linked() {
        check_dynamic::check(image, &mut found);
        check_tables::check(image, &mut found);
    }
    found
}

/// Every difference of meaning between a reference output and ours.
pub fn compare(reference: &Image, ours: &Image) -> Findings {
    let mut found = Findings::default();
    compare::compare(reference, ours, &mut found);
    if reference.is_linked() && ours.is_linked() {
        compare_data::compare(reference, ours, &mut found);
    }
    found
}
