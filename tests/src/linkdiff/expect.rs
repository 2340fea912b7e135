//! Statements about one file, as cases write them after `//@ expect:`. `no` in front negates.
//!
//! ```text
//! type DYN                              segment GNU_RELRO [flags RW] [align 0x40]
//! section .x [type NOBITS] [flags WA] [size 8] [align 16] [entsize 1]
//! symbol f [GLOBAL] [FUNC] [HIDDEN] [UND|ABS|in .text] [size 4] [value 0x10]
//! dynsym f@@V1 …the same…               dynamic FLAGS_1 [0x8000001]
//! needed libc.so.6 …exact list          soname x   runpath x   rpath x   interp x
//! reloc R_X86_64_COPY [symbol]          relocs R_X86_64_RELATIVE 3
//! text .comment wcc                     bytes f 48 8d ?? c3
//! order a b c                           same a b
//! verdef V1   verneed V2 [of libx.so]   fde f        entry f
//! word p 1234    points p f+4           note GNU 3 [size 20]     init-array a b c
//! ```

use object::elf;

use super::check_tables;
use super::image::{Image, Place, Section, Symbol};
use super::relocs::{self, Pointers};
use super::versions::Versions;
use super::{eh_frame, names};

/// Ok when the statement holds; otherwise the reason.
pub fn test(image: &Image, statement: &str) -> Result<(), String> {
    let words = shell_words::split(statement).map_err(|e| format!("{statement}: {e}"))?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (negated, words) = match words.as_slice() {
        ["no", rest @ ..] => (true, rest),
        all => (false, all),
    };
    let outcome = one(image, words).map_err(|e| format!("expect `{statement}`: {e}"))?;
    match (outcome, negated) {
        (Some(reason), false) => Err(format!("expected `{statement}`: {reason}")),
        (None, true) => Err(format!("expected `{statement}`, but it is there")),
        _ => Ok(()),
    }
}

/// Err: the statement makes no sense. Ok(Some(reason)): it does not hold.
fn one(image: &Image, words: &[&str]) -> Result<Option<String>, String> {
    Ok(match words {
        ["type", t] => differ(names::etype(image.etype), t),
        ["interp", t] => differ(image.interpreter().unwrap_or_default(), t),
        ["soname", t] => differ(image.dyn_strings(elf::DT_SONAME).join(" "), t),
        ["runpath", t] => differ(image.dyn_strings(elf::DT_RUNPATH).join(" "), t),
        ["rpath", t] => differ(image.dyn_strings(elf::DT_RPATH).join(" "), t),
        ["needed", list @ ..] => {
            differ(image.dyn_strings(elf::DT_NEEDED).join(" "), &list.join(" "))
        }
        ["segment", kind, rest @ ..] => segment(image, kind, rest)?,
        ["section", name, rest @ ..] => section(image, name, rest)?,
        ["symbol", name, rest @ ..] => {
            let all: Vec<&Symbol> = image.symtab.iter().filter(|s| s.name == *name).collect();
            any_symbol(image, &all, rest)?
        }
        ["dynsym", name, rest @ ..] => {
            let versions = Versions::read(image);
            let all: Vec<&Symbol> = image
                .dynsym
                .iter()
                .enumerate()
                .filter(|(i, s)| {
                    s.name == *name
                        || format!("{}{}", s.name, versions.suffix(*i, s.defined())) == *name
                })
                .map(|(_, s)| s)
                .collect();
            any_symbol(image, &all, rest)?
        }
        ["dynamic", tag, rest @ ..] => {
            let tag = names::tag_value(tag).ok_or_else(|| format!("unknown tag {tag}"))?;
            match (image.tag(tag), rest) {
                (None, _) => Some("not there".into()),
                (Some(_), []) => None,
                (Some(v), [want]) => (v != number(want)?).then(|| format!("it is {v:#x}")),
                _ => return Err("too many words".into()),
            }
        }
        ["reloc", kind, rest @ ..] => {
            let n = count_relocs(image, kind, rest.first().copied());
            (n == 0).then(|| "not there".into())
        }
        ["relocs", kind, n] => {
            let (have, want) = (count_relocs(image, kind, None) as u64, number(n)?);
            (have != want).then(|| format!("there are {have}"))
        }
        ["relr", n] => {
            let have = relocs::relr(image)?.len() as u64;
            (have != number(n)?).then(|| format!("there are {have}"))
        }
        ["text", name, text] => {
            let section = image
                .section(name)
                .ok_or_else(|| format!("no section {name}"))?;
            let bytes = image.section_bytes(section).unwrap_or_default();
            let there = bytes.windows(text.len()).any(|w| w == text.as_bytes());
            (!there).then(|| "not in it".into())
        }
        ["bytes", name, hex @ ..] => bytes(image, name, hex)?,
        ["order", list @ ..] => {
            let values = values(image, list)?;
            (!values.is_sorted()).then(|| format!("{values:x?}"))
        }
        ["same", a, b] => {
            let v = values(image, &[a, b])?;
            (v.first() != v.get(1)).then(|| format!("{v:x?}"))
        }
        ["word", name, want] => {
            let at = address(image, name)?;
            let have = image.word_at(at).unwrap_or(0);
            (have != number(want)?).then(|| format!("it is {have:#x}"))
        }
        ["points", from, to] => {
            let (from, to) = (address(image, from)?, address(image, to)?);
            let list = relocs::all(image);
            let have = Pointers::new(image, &list).target(from);
            (have != Some(to)).then(|| format!("{have:x?} instead of {to:x?}"))
        }
        ["verdef", v] => {
            let all = Versions::read(image).defined;
            (!all.iter().any(|d| d.version == *v)).then(|| format!("{all:?}"))
        }
        ["verneed", v, rest @ ..] => {
            let all = Versions::read(image).needed;
            let file = match rest {
                ["of", f] => Some(*f),
                _ => None,
            };
            let there = all
                .iter()
                .any(|n| n.version == *v && file.is_none_or(|f| n.file == f));
            (!there).then(|| format!("{all:?}"))
        }
        ["fde", name] => {
            let at = address(image, name)?;
            let there = eh_frame::read(image)?.iter().any(|f| f.start == at);
            (!there).then(|| format!("no FDE starts at {at:#x}"))
        }
        ["entry", name] => {
            let at = address(image, name)?;
            (image.entry != at).then(|| format!("it is {:#x}", image.entry))
        }
        ["note", name, kind, rest @ ..] => {
            let kind = number(kind)?;
            let size = match rest {
                ["size", n] => Some(number(n)?),
                _ => None,
            };
            let there = check_tables::notes(image)?.iter().any(|n| {
                n.name == *name
                    && u64::from(n.kind) == kind
                    && size.is_none_or(|s| s == n.desc.len() as u64)
            });
            (!there).then(|| "not there".into())
        }
        ["init-array", list @ ..] => array_order(image, ".init_array", list)?,
        ["fini-array", list @ ..] => array_order(image, ".fini_array", list)?,
        _ => return Err("this statement is not known".into()),
    })
}

fn differ(have: String, want: &str) -> Option<String> {
    (have != want).then(|| format!("it is `{have}`"))
}

fn number(text: &str) -> Result<u64, String> {
    match text.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16),
        None => text.parse(),
    }
    .map_err(|e| format!("{text}: {e}"))
}

/// The address of `name` or `name+offset`.
fn address(image: &Image, text: &str) -> Result<u64, String> {
    let (name, add) = match text.split_once('+') {
        Some((name, add)) => (name, number(add)?),
        None => (text, 0),
    };
    let symbol = image
        .symbol(name)
        .or_else(|| image.dynsym.iter().find(|s| s.name == name))
        .ok_or_else(|| format!("no symbol {name}"))?;
    Ok(symbol.value.wrapping_add(add))
}

fn values(image: &Image, list: &[&str]) -> Result<Vec<u64>, String> {
    list.iter().map(|n| address(image, n)).collect()
}

fn segment(image: &Image, kind: &str, rest: &[&str]) -> Result<Option<String>, String> {
    let kind = names::segment_value(kind).ok_or_else(|| format!("unknown segment {kind}"))?;
    let all: Vec<_> = image.segments_of(kind).collect();
    let mut reason = Some("not there".to_string());
    for s in all {
        reason = None;
        let mut words = rest.iter();
        while let Some(key) = words.next() {
            let want = words.next().ok_or("a value is missing")?;
            let have = match *key {
                "flags" => names::segment_flags(s.flags),
                "align" => hex_like(want, s.align),
                "size" => hex_like(want, s.memsz),
                other => return Err(format!("unknown property {other}")),
            };
            if have != *want {
                reason = Some(format!("{key} is {have}"));
            }
        }
        if reason.is_none() {
            return Ok(None);
        }
    }
    Ok(reason)
}

/// `value` written as `like` is: hexadecimal or decimal.
fn hex_like(like: &str, value: u64) -> String {
    if like.starts_with("0x") {
        format!("{value:#x}")
    } else {
        value.to_string()
    }
}

fn section(image: &Image, name: &str, rest: &[&str]) -> Result<Option<String>, String> {
    let Some(s) = image.section(name) else {
        return Ok(Some("not there".into()));
    };
    let mut words = rest.iter();
    while let Some(key) = words.next() {
        let want = words.next().ok_or("a value is missing")?;
        if let Some(reason) = section_property(s, key, want)? {
            return Ok(Some(reason));
        }
    }
    Ok(None)
}

fn section_property(s: &Section, key: &str, want: &str) -> Result<Option<String>, String> {
    let have = match key {
        "type" => {
            names::section_kind_value(want).ok_or_else(|| format!("unknown type {want}"))?;
            names::section_kind(s.kind)
        }
        "flags" => names::section_flags(s.flags),
        "size" => hex_like(want, s.size),
        "align" => hex_like(want, s.align),
        "entsize" => hex_like(want, s.entsize),
        "addr" => hex_like(want, s.addr),
        "min-size" => {
            return Ok((s.size < number(want)?).then(|| format!("its size is {}", s.size)));
        }
        "max-size" => {
            return Ok((s.size > number(want)?).then(|| format!("its size is {}", s.size)));
        }
        other => return Err(format!("unknown property {other}")),
    };
    Ok((have != want).then(|| format!("{key} is {have}")))
}

fn any_symbol(image: &Image, all: &[&Symbol], rest: &[&str]) -> Result<Option<String>, String> {
    let mut reason = Some("not there".to_string());
    for s in all {
        reason = symbol(image, s, rest)?;
        if reason.is_none() {
            return Ok(None);
        }
    }
    Ok(reason)
}

fn symbol(image: &Image, s: &Symbol, rest: &[&str]) -> Result<Option<String>, String> {
    let mut words = rest.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().copied().ok_or("a value is missing");
        let section = match s.place {
            Place::Section(n) => image.sections.get(n).map_or("?", |x| x.name.as_str()),
            Place::Undefined => "UND",
            Place::Absolute => "ABS",
            Place::Common => "COM",
        };
        let ok = match *word {
            "UND" | "ABS" => section == *word,
            "DEF" => s.defined(),
            "in" => section == value()?,
            "size" => s.size == number(value()?)?,
            "value" => s.value == number(value()?)?,
            w => match (
                names::is_bind(w),
                names::is_kind(w),
                names::is_visibility(w),
            ) {
                (Some(b), ..) => s.bind == b,
                (_, Some(k), _) => s.kind == k,
                (_, _, Some(v)) => s.visibility == v,
                _ => return Err(format!("unknown property {w}")),
            },
        };
        if !ok {
            return Ok(Some(format!(
                "it is {} {} {} in {section}, size {}, value {:#x}",
                names::bind(s.bind),
                names::kind(s.kind),
                names::visibility(s.visibility),
                s.size,
                s.value
            )));
        }
    }
    Ok(None)
}

fn count_relocs(image: &Image, kind: &str, symbol: Option<&str>) -> usize {
    relocs::all(image)
        .iter()
        .filter(|r| names::reloc(image.machine, r.kind) == kind)
        .filter(|r| {
            symbol.is_none_or(|n| {
                image
                    .dynsym
                    .get(r.symbol as usize)
                    .is_some_and(|s| s.name == n)
            })
        })
        .count()
}

fn bytes(image: &Image, name: &str, hex: &[&str]) -> Result<Option<String>, String> {
    let at = address(image, name)?;
    let have = image
        .bytes_at(at, hex.len() as u64)
        .ok_or_else(|| format!("{name} is not in the file"))?;
    for (have, want) in have.iter().zip(hex) {
        if *want == "??" {
            continue;
        }
        let want = u8::from_str_radix(want, 16).map_err(|e| format!("{want}: {e}"))?;
        if *have != want {
            let all = image.bytes_at(at, hex.len() as u64).unwrap_or_default();
            return Ok(Some(format!("they are {all:02x?}")));
        }
    }
    Ok(None)
}

/// The listed functions stand in the array in this order (others may stand between them).
fn array_order(image: &Image, name: &str, list: &[&str]) -> Result<Option<String>, String> {
    let Some(section) = image.section(name) else {
        return Ok(Some(format!("no {name}")));
    };
    let relocs = relocs::all(image);
    let have = check_tables::array(image, section, &Pointers::new(image, &relocs));
    let mut from = 0;
    for want in values(image, list)? {
        match have.iter().skip(from).position(|h| *h == Some(want)) {
            Some(p) => from += p + 1,
            None => return Ok(Some(format!("{want:#x} is not in its place of {have:x?}"))),
        }
    }
    Ok(None)
}
