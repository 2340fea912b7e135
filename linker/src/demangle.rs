//! Names as programmers wrote them, for messages and for `extern "C++"` patterns.
//!
//! Itanium C++ names (`_Z…`), Rust names of both kinds (`_R…`, and `_ZN…17h<16 hex digits>E`, which looks
//! like C++ but means paths with escapes); everything else stays as it is. A version (`@V1`, `@@V1`) is kept.
//! A short mangled name can stand for a gigantic one, since it may repeat its parts: what grows too long is
//! shown mangled.

use std::borrow::Cow;
use std::fmt::{self, Write};

use cpp_demangle::{DemangleOptions, ParseOptions, Symbol};

/// Bytes of a demangled name that are still shown.
const LONGEST: usize = 16 << 10;
/// Nesting of a name's parts that is followed.
const DEEPEST: u32 = 96;

/// For messages: demangled when possible, with a version suffix kept.
pub fn display(name: &[u8]) -> Cow<'_, str> {
    // A name does not start with its version.
    let version = memchr::memchr(b'@', name).filter(|&at| at > 0);
    let (base, version) = name
        .split_at_checked(version.unwrap_or(name.len()))
        .unwrap_or((name, &[]));
    let Some(mut text) = demangled(base) else {
        return String::from_utf8_lossy(name);
    };
    text.push_str(&String::from_utf8_lossy(version));
    Cow::Owned(text)
}

/// The demangled name; None when it is not a mangled C++ or Rust name.
pub fn demangled(name: &[u8]) -> Option<String> {
    if name.starts_with(b"_R") || is_rust_legacy(name) {
        let name = std::str::from_utf8(name).ok()?;
        let demangled = rustc_demangle::try_demangle(name).ok()?;
        let mut out = Bounded(String::new());
        // Without the hash.
        write!(out, "{demangled:#}").ok()?;
        return Some(out.0);
    }
    if !name.starts_with(b"_Z") && !name.starts_with(b"_GLOBAL__") {
        return None;
    }
    let parse = ParseOptions::default().recursion_limit(DEEPEST);
    let symbol = Symbol::new_with_options(name, &parse).ok()?;
    let mut out = Bounded(String::new());
    let options = DemangleOptions::new().recursion_limit(DEEPEST);
    symbol.structured_demangle(&mut out, &options).ok()?;
    Some(out.0)
}

/// `_ZN…17h<16 hex digits>E`, maybe with a suffix that LLVM added.
fn is_rust_legacy(name: &[u8]) -> bool {
    let base = match memchr::memmem::find(name, b".llvm.") {
        Some(at) => name.get(..at).unwrap_or(name),
        None => name,
    };
    let hash = base
        .strip_prefix(b"_ZN")
        .and_then(|rest| rest.strip_suffix(b"E"))
        .and_then(|rest| rest.last_chunk::<19>());
    hash.is_some_and(|h| {
        h.strip_prefix(b"17h")
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

/// A string that refuses to grow too long.
struct Bounded(String);

impl Write for Bounded {
    fn write_str(&mut self, s: &str) -> fmt::Result {
        if self.0.len() + s.len() > LONGEST {
            return Err(fmt::Error);
        }
        self.0.push_str(s);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_is_known() {
        let cases = [
            ("_ZN3foo3barEiPKc", "foo::bar(int, char const*)"),
            (
                "_ZNSt6vectorIiSaIiEE9push_backEOi",
                "std::vector<int, std::allocator<int> >::push_back(int&&)",
            ),
            ("_ZTV3Foo", "{vtable(Foo)}"),
            (
                "_ZN4core3fmt9Formatter3pad17h0123456789abcdefE",
                "core::fmt::Formatter::pad",
            ),
            (
                "_ZN4core3ops8function6FnOnce9call_once17h0123456789abcdefE.llvm.123",
                "core::ops::function::FnOnce::call_once",
            ),
            (
                "_ZN61_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$core..fmt..Debug$GT$3fmt17h0123456789abcdefE",
                "<alloc::vec::Vec<T> as core::fmt::Debug>::fmt",
            ),
            (
                "_RNvCskwGfYPst2Cb_3foo16example_function",
                "foo::example_function",
            ),
            ("main", "main"),
            ("_ZZZ", "_ZZZ"),
            ("", ""),
            ("@V1", "@V1"),
            ("printf@@GLIBC_2.2.5", "printf@@GLIBC_2.2.5"),
        ];
        for (name, expected) in cases {
            assert_eq!(display(name.as_bytes()), expected);
        }
        let text = display(b"_ZNSsC1Ev@GLIBCXX_3.4");
        assert!(text.starts_with("std::") && text.ends_with("()@GLIBCXX_3.4"));
        assert_eq!(display(b"caf\xe9"), "caf\u{fffd}");
    }

    #[test]
    fn names_that_explode_are_shown_mangled() {
        // Each part repeats the one before it twice.
        let mut name = b"_Z1fP1AIiiE".to_vec();
        for i in 0..30u8 {
            name.extend(b"1AIS");
            if i > 0 {
                name.push(b'0' + (i - 1) % 10);
            }
            name.extend(b"_S_E");
        }
        let text = display(&name);
        assert!(text.len() <= LONGEST);
        let deep = [&b"_Z1f"[..], &b"P".repeat(100_000), b"i"].concat();
        assert!(display(&deep).len() <= deep.len().max(LONGEST));
    }

    #[test]
    fn mutated_names_never_panic() {
        let names: [&[u8]; 4] = [
            b"_ZNSt6vectorIiSaIiEE9push_backEOi",
            b"_ZN4core3fmt9Formatter3pad17h0123456789abcdefE",
            b"_RNvXs_CskwGfYPst2Cb_3fooNtB4_3BarNtNtCs1_4core3fmt5Debug3fmt",
            b"_ZN5boost3mplL5true_IXadL_Z3foovEEEclsrT_E4typeE",
        ];
        let mut seed = 4u64;
        let mut random = move || {
            seed = seed
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            (seed >> 33) as usize
        };
        for i in 0..20_000 {
            let mut name = names[i % 4].to_vec();
            for _ in 0..1 + random() % 4 {
                let at = random() % name.len();
                name[at] = names[random() % 4][random() % 33];
            }
            display(&name);
        }
    }
}
