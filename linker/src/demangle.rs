//! Symbol names as source code would write them, for messages and for `extern "C++"` patterns.

use std::borrow::Cow;

/// The demangled name; None when it is not a mangled C++ or Rust name.
pub fn demangled(name: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(name).ok()?;
    if let Ok(d) = rustc_demangle::try_demangle(text) {
        return Some(format!("{d:#}"));
    }
    if !text.starts_with("_Z") && !text.starts_with("__Z") {
        return None;
    }
    let symbol = cpp_demangle::Symbol::new(name).ok()?;
    symbol
        .demangle(&cpp_demangle::DemangleOptions::default())
        .ok()
}

/// For messages: demangled when possible, with a version suffix kept.
pub fn display(name: &[u8]) -> Cow<'_, str> {
    let (base, version) = match memchr::memchr(b'@', name) {
        Some(at) => name.split_at(at),
        None => (name, &[][..]),
    };
    match demangled(base) {
        Some(d) => Cow::Owned(format!("{d}{}", String::from_utf8_lossy(version))),
        None => String::from_utf8_lossy(name),
    }
}
