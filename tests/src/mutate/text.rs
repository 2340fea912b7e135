//! How scripts, version scripts and response files are damaged: words and signs change places.

use super::elf_mutants;
use super::rng::Rng;

/// What a damaged text may get anywhere.
const TOKENS: &[&str] = &[
    "(",
    ")",
    "{",
    "}",
    ";",
    ":",
    ",",
    "*",
    "\"",
    "'",
    "\\",
    "/*",
    "*/",
    "#",
    "=",
    "-",
    "~",
    "!",
    "?",
    "<<",
    ">>",
    "&",
    "|",
    "^",
    "%",
    "/",
    "[",
    "]",
    "@",
    "$",
    ".",
    "\n",
    "\0",
    "\u{ff}",
    "0xffffffffffffffff",
    "18446744073709551615",
    "-9223372036854775808",
    "99999999999999999999",
    "0",
    "1K",
    "64M",
    "local",
    "global",
    "extern",
    "\"C++\"",
    "SECTIONS",
    "INPUT",
    "GROUP",
    "AS_NEEDED",
    "INCLUDE",
    "OUTPUT_FORMAT",
    "PROVIDE",
    "PROVIDE_HIDDEN",
    "ALIGN(0)",
    "ALIGN(3)",
    "SIZEOF(.text)",
    "ADDR(.nowhere)",
    "DEFINED(x)",
    ". = . + 0x7fffffffffffffff;",
    ". = -1;",
    "1/0",
    "1%0",
    "ASSERT(0,\"no\")",
    "KEEP(*(*))",
    "SORT(*)",
    "EXCLUDE_FILE(*)",
    "/DISCARD/",
    "MEMORY",
    "PHDRS",
    "FILL(0)",
    "BYTE(1)",
    "QUAD(x)",
    "OVERLAY",
    "a",
    "x = x;",
    "[a-",
    "[!",
    "{V1;",
];

/// One mutant of a sound text.
pub fn mutate(sound: &[u8], rng: &mut Rng) -> Vec<u8> {
    let text = String::from_utf8_lossy(sound);
    let mut words: Vec<String> = split(&text);
    for _ in 0..1 + rng.below(4) {
        let at = rng.below(words.len());
        match rng.below(10) {
            0 => {
                words.remove(at);
            }
            1 => {
                let w = words.get(at).cloned().unwrap_or_default();
                words.insert(at, w);
            }
            2 => {
                let other = rng.below(words.len());
                words.swap(at, other);
            }
            3..=6 => {
                let token = rng.pick(TOKENS).copied().unwrap_or("(");
                words.insert(at, token.to_string());
            }
            7 => {
                // Deep nesting, or one sign for ever.
                let token = rng.pick(TOKENS).copied().unwrap_or("(");
                let n = [100, 5_000, 60_000].get(rng.below(3)).copied().unwrap_or(1);
                words.insert(at, token.repeat(n));
            }
            8 => words.truncate(at.max(1)),
            _ => {
                let token = rng.pick(TOKENS).copied().unwrap_or("(");
                if let Some(w) = words.get_mut(at) {
                    *w = token.to_string();
                }
            }
        }
        if words.is_empty() {
            break;
        }
    }
    let mut out = words.concat().into_bytes();
    if rng.one_in(6) && !out.is_empty() {
        out = elf_mutants::bytes(&out, rng);
    }
    out
}

/// Words, signs and spaces, one a piece.
fn split(text: &str) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    let mut in_word = false;
    for c in text.chars() {
        let word = c.is_alphanumeric() || matches!(c, '_' | '.');
        match list.last_mut() {
            Some(last) if word && in_word => last.push(c),
            _ => list.push(c.into()),
        }
        in_word = word;
    }
    list
}
