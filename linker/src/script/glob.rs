//! Name patterns: `*`, `?`, `[…]`, `[!…]`/`[^…]` and backslash, over bytes (symbol and file names need not be UTF-8).
//!
//! The meaning is that of POSIX `fnmatch` without flags, which is what GNU ld uses for version scripts
//! and section patterns: `*` also matches `/` and a leading `.`, an unclosed `[` is an ordinary byte.
//!
//! [`Glob`] is one pattern, [`GlobSet`] many of them with a number each. A set is asked for every
//! symbol of a link, so it must not try every pattern: names without wildcards are found by hash, the
//! others are filed under their literal prefix, and only prefixes of the name are looked at.

use std::collections::HashMap;

/// One pattern, compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Any,
    Exact(Box<[u8]>),
    Prefix(Box<[u8]>),
    Suffix(Box<[u8]>),
    General(Box<[Token]>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Byte(u8),
    One,
    Star,
    /// One bit for each byte value that matches.
    Set(Box<[u64; 4]>),
}

/// Whether `pattern` has a character that makes it more than a plain name.
pub fn has_wildcard(pattern: &[u8]) -> bool {
    let mut bytes = pattern.iter();
    while let Some(&byte) = bytes.next() {
        match byte {
            b'*' | b'?' | b'[' => return true,
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
    false
}

/// `name` with its backslashes taken as quotes.
pub fn unescape(name: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(name.len());
    let mut bytes = name.iter().copied();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => out.push(bytes.next().unwrap_or(b'\\')),
            _ => out.push(byte),
        }
    }
    out
}

impl Glob {
    /// Compiles `pattern`. Every byte string is a valid pattern.
    pub fn new(pattern: &[u8]) -> Glob {
        if !has_wildcard(pattern) {
            return Glob::literal(&unescape(pattern));
        }
        let tokens = tokens_of(pattern);
        let kind = match tokens.split_first() {
            Some((Token::Star, [])) => Kind::Any,
            Some((Token::Star, rest)) => match literal_bytes(rest) {
                Some(suffix) => Kind::Suffix(suffix),
                None => Kind::General(tokens.into()),
            },
            _ => match tokens.split_last() {
                Some((Token::Star, head)) => match literal_bytes(head) {
                    Some(prefix) => Kind::Prefix(prefix),
                    None => Kind::General(tokens.into()),
                },
                _ => match literal_bytes(&tokens) {
                    Some(name) => Kind::Exact(name),
                    None => Kind::General(tokens.into()),
                },
            },
        };
        Glob { kind }
    }

    /// A pattern that matches exactly `name`, whatever bytes are in it.
    pub fn literal(name: &[u8]) -> Glob {
        Glob {
            kind: Kind::Exact(name.into()),
        }
    }

    /// Whether this is `*`.
    pub fn is_any(&self) -> bool {
        self.kind == Kind::Any
    }

    /// The one name this matches, if it has no wildcards.
    pub fn exact(&self) -> Option<&[u8]> {
        match &self.kind {
            Kind::Exact(name) => Some(name),
            _ => None,
        }
    }

    pub fn matches(&self, name: &[u8]) -> bool {
        match &self.kind {
            Kind::Any => true,
            Kind::Exact(text) => **text == *name,
            Kind::Prefix(text) => name.starts_with(text),
            Kind::Suffix(text) => name.ends_with(text),
            Kind::General(tokens) => matches_tokens(tokens, name),
        }
    }

    /// The bytes every matching name starts with.
    fn literal_prefix(&self) -> Vec<u8> {
        match &self.kind {
            Kind::Any | Kind::Suffix(_) => Vec::new(),
            Kind::Exact(text) | Kind::Prefix(text) => text.to_vec(),
            Kind::General(tokens) => tokens
                .iter()
                .map_while(|token| match token {
                    Token::Byte(byte) => Some(*byte),
                    _ => None,
                })
                .collect(),
        }
    }
}

fn literal_bytes(tokens: &[Token]) -> Option<Box<[u8]>> {
    tokens
        .iter()
        .map(|token| match token {
            Token::Byte(byte) => Some(*byte),
            _ => None,
        })
        .collect()
}

fn tokens_of(pattern: &[u8]) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(pattern.len());
    let mut rest = pattern;
    // Once one `[` is found to be unclosed, no later one is closed either: remembering that keeps
    // a pattern of a million `[` linear.
    let mut unclosed = false;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match byte {
            b'*' => {
                if tokens.last() != Some(&Token::Star) {
                    tokens.push(Token::Star);
                }
            }
            b'?' => tokens.push(Token::One),
            b'[' if !unclosed => match bracket(tail) {
                Some((set, after)) => {
                    tokens.push(Token::Set(Box::new(set)));
                    rest = after;
                }
                None => {
                    unclosed = true;
                    tokens.push(Token::Byte(b'['));
                }
            },
            b'\\' => match tail.split_first() {
                Some((&escaped, after)) => {
                    tokens.push(Token::Byte(escaped));
                    rest = after;
                }
                None => tokens.push(Token::Byte(b'\\')),
            },
            _ => tokens.push(Token::Byte(byte)),
        }
    }
    tokens
}

/// Reads a bracket expression whose `[` has been consumed; gives the set and what follows `]`.
fn bracket(text: &[u8]) -> Option<([u64; 4], &[u8])> {
    let mut set = [0u64; 4];
    let mut rest = text;
    let negated = matches!(rest.first(), Some(b'!' | b'^'));
    if negated {
        rest = &rest[1..];
    }
    let mut first = true;
    loop {
        let (&byte, tail) = rest.split_first()?;
        if byte == b']' && !first {
            rest = tail;
            break;
        }
        first = false;
        if byte == b'['
            && let Some((name, after)) = tail.strip_prefix(b":").and_then(class_name)
        {
            add_class(&mut set, name);
            rest = after;
            continue;
        }
        let (low, tail) = if byte == b'\\' {
            let (&escaped, after) = tail.split_first()?;
            (escaped, after)
        } else {
            (byte, tail)
        };
        match tail {
            [b'-', high, after @ ..] if *high != b']' => {
                let (high, after) = match (high, after) {
                    (b'\\', [escaped, after @ ..]) => (*escaped, after),
                    _ => (*high, after),
                };
                for value in low..=high {
                    set[usize::from(value >> 6)] |= 1 << (value & 63);
                }
                rest = after;
            }
            _ => {
                set[usize::from(low >> 6)] |= 1 << (low & 63);
                rest = tail;
            }
        }
    }
    if negated {
        set = set.map(|word| !word);
    }
    Some((set, rest))
}

/// The name in `alpha:]…`, and what follows. Class names are short, so an unclosed one costs little.
fn class_name(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = text.iter().take(8).position(|&byte| byte == b':')?;
    let after = text.get(end + 1..)?.strip_prefix(b"]")?;
    Some((text.get(..end)?, after))
}

fn add_class(set: &mut [u64; 4], name: &[u8]) {
    for value in 0..=127u8 {
        let member = match name {
            b"alpha" => value.is_ascii_alphabetic(),
            b"digit" => value.is_ascii_digit(),
            b"alnum" => value.is_ascii_alphanumeric(),
            b"upper" => value.is_ascii_uppercase(),
            b"lower" => value.is_ascii_lowercase(),
            b"xdigit" => value.is_ascii_hexdigit(),
            b"punct" => value.is_ascii_punctuation(),
            b"space" => value.is_ascii_whitespace() || value == 0x0b,
            b"blank" => value == b' ' || value == b'\t',
            b"cntrl" => value.is_ascii_control(),
            b"print" => (0x20..0x7f).contains(&value),
            b"graph" => value.is_ascii_graphic(),
            _ => false,
        };
        if member {
            set[usize::from(value >> 6)] |= 1 << (value & 63);
        }
    }
}

/// Matching with one point of return: when a later part fails, only the last `*` may take one byte
/// more, since any earlier `*` already has the shortest match that let us come this far.
fn matches_tokens(tokens: &[Token], name: &[u8]) -> bool {
    let (mut at, mut pos) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while pos < name.len() {
        let byte = name[pos];
        let hit = match tokens.get(at) {
            Some(Token::Star) => {
                at += 1;
                if at == tokens.len() {
                    return true;
                }
                star = Some((at, pos));
                continue;
            }
            Some(Token::Byte(want)) => *want == byte,
            Some(Token::One) => true,
            Some(Token::Set(set)) => set[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1,
            None => false,
        };
        if hit {
            at += 1;
            pos += 1;
        } else if let Some((after, from)) = star {
            at = after;
            pos = from + 1;
            star = Some((after, pos));
        } else {
            return false;
        }
    }
    tokens[at..].iter().all(|token| *token == Token::Star)
}

/// Many patterns, each with a value; see the head of the file.
#[derive(Clone, Debug, Default)]
pub struct GlobSet {
    exact: HashMap<Box<[u8]>, u32>,
    /// Patterns with wildcards by literal prefix, in each list the greatest value first.
    wild: HashMap<Box<[u8]>, Vec<(Glob, u32)>>,
    /// The lengths of the keys of `wild`, ascending.
    prefix_lengths: Vec<usize>,
    /// The greatest value of a plain `*`.
    any: Option<u32>,
}

impl GlobSet {
    /// A set of the patterns with their values. Of equal plain names the smallest value counts, and of
    /// wildcards that match one name the greatest, which is how version scripts want it.
    pub fn new(patterns: impl IntoIterator<Item = (Glob, u32)>) -> GlobSet {
        let mut set = GlobSet::default();
        for (glob, value) in patterns {
            if glob.is_any() {
                set.any = set.any.max(Some(value));
                continue;
            }
            if let Kind::Exact(name) = glob.kind {
                let slot = set.exact.entry(name).or_insert(value);
                *slot = value.min(*slot);
                continue;
            }
            let prefix = glob.literal_prefix().into_boxed_slice();
            set.wild.entry(prefix).or_default().push((glob, value));
        }
        set.prefix_lengths = set.wild.keys().map(|prefix| prefix.len()).collect();
        set.prefix_lengths.sort_unstable();
        set.prefix_lengths.dedup();
        for list in set.wild.values_mut() {
            list.sort_by_key(|(_, value)| std::cmp::Reverse(*value));
        }
        set
    }

    pub fn is_empty(&self) -> bool {
        self.exact.is_empty() && self.wild.is_empty() && self.any.is_none()
    }

    /// The smallest value among patterns that are exactly `name`.
    pub fn exact(&self, name: &[u8]) -> Option<u32> {
        if self.exact.is_empty() {
            return None;
        }
        self.exact.get(name).copied()
    }

    /// The greatest value among patterns with wildcards, other than a plain `*`, that match `name`.
    pub fn wild(&self, name: &[u8]) -> Option<u32> {
        let mut best = None;
        for &length in &self.prefix_lengths {
            let Some(prefix) = name.get(..length) else {
                break;
            };
            let Some(list) = self.wild.get(prefix) else {
                continue;
            };
            let hit = list
                .iter()
                .take_while(|(_, value)| best < Some(*value))
                .find(|(glob, _)| glob.matches(name));
            if let Some((_, value)) = hit {
                best = Some(*value);
            }
        }
        best
    }

    /// The greatest value of a plain `*` in the set.
    pub fn any(&self) -> Option<u32> {
        self.any
    }

    /// Whether any pattern matches `name`.
    pub fn matches(&self, name: &[u8]) -> bool {
        self.any.is_some() || self.exact(name).is_some() || self.wild(name).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(pattern: &str, name: &str) -> bool {
        Glob::new(pattern.as_bytes()).matches(name.as_bytes())
    }

    #[test]
    fn wildcards_match_as_fnmatch_does() {
        for (pattern, name, want) in [
            ("foo", "foo", true),
            ("foo", "foobar", false),
            ("*", "", true),
            ("*", "a/b", true),
            ("f*", "f", true),
            ("f*", "g", false),
            ("*o", "foo", true),
            ("*.o", ".o", true),
            ("f?o", "fxo", true),
            ("f?o", "fo", false),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "a1b2", false),
            ("a*b*c", "abcbc", true),
            ("**", "x", true),
            ("a**b", "ab", true),
            ("[a-c]x", "bx", true),
            ("[a-c]x", "dx", false),
            ("[!a-c]x", "dx", true),
            ("[^a-c]x", "ax", false),
            ("[]x]", "]", true),
            ("[!]x]", "]", false),
            ("[a-]", "-", true),
            ("[[:digit:]]*", "7up", true),
            ("[[:digit:]]*", "up", false),
            ("[[:bogus:]x]", "x", true),
            ("a[bc", "a[bc", true),
            ("a\\*", "a*", true),
            ("a\\*", "ab", false),
            ("*\\*", "b*", true),
            ("[\\]]*", "]a", true),
            ("*[a-z]?", "__b7", true),
            ("_ZNSt[a-z]*c[0-9]*Ev", "_ZNStabc1xEv", true),
        ] {
            assert_eq!(hit(pattern, name), want, "{pattern} on {name}");
        }
    }

    #[test]
    fn names_need_not_be_utf8() {
        assert!(Glob::new(b"\xff*").matches(b"\xff\xfe"));
        assert!(Glob::new(b"[\x80-\xff]").matches(b"\xc3"));
        assert!(Glob::new(b"?").matches(b"\xc3"));
    }

    #[test]
    fn sets_find_the_smallest_exact_and_the_greatest_wildcard() {
        let set = GlobSet::new(
            [
                ("foo", 3),
                ("foo", 1),
                ("f*", 2),
                ("*o", 4),
                ("fo?", 9),
                ("*", 5),
                ("[a-f]oo", 7),
            ]
            .map(|(text, value)| (Glob::new(text.as_bytes()), value)),
        );
        assert_eq!(set.exact(b"foo"), Some(1));
        assert_eq!(set.wild(b"foo"), Some(9));
        assert_eq!(set.wild(b"fa"), Some(2));
        assert_eq!(set.wild(b"boo"), Some(7));
        assert_eq!(set.wild(b"zoo"), Some(4));
        assert_eq!(set.wild(b"zar"), None);
        assert_eq!(set.any(), Some(5));
        assert!(!GlobSet::new([(Glob::new(b"a"), 0)]).matches(b"b"));
    }

    #[test]
    fn large_patterns_cost_linear_time() {
        let brackets = vec![b'['; 1 << 20];
        assert!(Glob::new(&brackets).matches(&brackets));
        let stars = b"*".repeat(1 << 20);
        assert!(Glob::new(&stars).is_any());
        let classes = b"[[:".repeat(1 << 18);
        assert!(!Glob::new(&classes).matches(b"x"));
    }
}
