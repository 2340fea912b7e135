//! The Solaris link editor's command line grammar (ld(1); illumos, `libld/common/args.c`).
//!
//! The rules: `getopt(3)`, so values may be glued to their letter or follow it, and letters without value may stand
//! together; a few long names with one dash or two; of `-o`, `-h`, `-e` and `-I` the first counts; an unknown `-z`
//! keyword is an error. What has two dashes and is no option there is read as GNU ld's, so ld.wcc's own options work.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use super::choices::OutputKind;
use super::gnu::{Line, apply, long_option, missing_value};
use super::solaris_table::ROWS;
use super::table::{Arg, Row};
use super::values;

/// What `-V` prints, in the form that configure scripts look for.
pub fn version_line() -> String {
    format!(
        "ld: Software Generation Utilities - Solaris Link Editors: 5.11-1.1790 (wcc {})\n",
        env!("CARGO_PKG_VERSION")
    )
}

/// The arguments that the environment puts before those of the command line.
pub fn from_environment(environment: &dyn Fn(&str) -> Option<OsString>) -> Vec<OsString> {
    let Some(text) = environment("LD_64_OPTIONS").or_else(|| environment("LD_OPTIONS")) else {
        return Vec::new();
    };
    let words = text.as_bytes().split(u8::is_ascii_whitespace);
    words
        .filter(|w| !w.is_empty())
        .map(|w| OsString::from_vec(w.to_vec()))
        .collect()
}

/// Reads all arguments.
pub fn read_arguments(line: &mut Line, args: &[OsString]) {
    let args: Vec<OsString> = args.iter().flat_map(split_prefix).collect();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let bytes = arg.as_bytes();
        match bytes {
            [b'-', b'-'] => {
                for file in rest.by_ref() {
                    line.file(file.as_bytes());
                }
            }
            [b'-', _, ..] => option(line, bytes, &mut rest),
            // A lone dash is passed over.
            [b'-'] => {}
            _ => line.file(bytes),
        }
    }
    if line.relocatable {
        line.opts.kind = OutputKind::Relocatable;
    }
}

/// `-Wl,a,b`, left over by whoever called us: `a` and `b`.
fn split_prefix(arg: &OsString) -> Vec<OsString> {
    match arg.as_bytes().strip_prefix(b"-Wl,") {
        Some(list) => list
            .split(|b| *b == b',')
            .filter(|part| !part.is_empty())
            .map(|part| OsString::from_vec(part.to_vec()))
            .collect(),
        None => vec![arg.clone()],
    }
}

fn find(name: &[u8], long: bool) -> Option<&'static Row> {
    ROWS.iter().find(|row| {
        row.names.split(' ').any(|known| {
            let bare = known.trim_start_matches('-').as_bytes();
            bare == name && (bare.len() > 1) == long
        })
    })
}

fn option(line: &mut Line, arg: &[u8], rest: &mut std::slice::Iter<'_, OsString>) {
    let two = arg.starts_with(b"--");
    let body = arg.get(if two { 2 } else { 1 }..).unwrap_or(&[]);
    let (name, value) = match memchr::memchr(b'=', body) {
        Some(at) => (&body[..at], Some(&body[at + 1..])),
        None => (body, None),
    };
    if let Some(row) = find(name, true) {
        return match (row.arg, value) {
            (Arg::Required, None) => match rest.next() {
                Some(next) => apply(line, row, arg, Some(next.as_bytes())),
                None => missing_value(line, arg),
            },
            _ => apply(line, row, arg, value),
        };
    }
    if two {
        return long_option(line, arg, body, true, rest);
    }
    let mut letters = body;
    while let Some((letter, tail)) = letters.split_first() {
        let Some(row) = find(std::slice::from_ref(letter), false) else {
            let (arg, letter) = (values::text(arg), char::from(*letter));
            line.errors.push(format!(
                "unrecognized option '-{letter}' in '{arg}' (Solaris dialect; --wcc-ld-dialect=gnu reads GNU ld's)"
            ));
            return;
        };
        let name = [b'-', *letter];
        match row.arg {
            Arg::None => apply(line, row, &name, None),
            _ if !tail.is_empty() => return apply(line, row, &name, Some(tail)),
            _ => {
                return match rest.next() {
                    Some(next) => apply(line, row, &name, Some(next.as_bytes())),
                    None => missing_value(line, &name),
                };
            }
        }
        letters = tail;
    }
}

/// Notes that an option counts the first time only; whether this is that time.
pub fn is_first(line: &mut Line, letter: u8) -> bool {
    if line.once.contains(&letter) {
        line.opts.parse_warnings.push(format!(
            "option -{} appears more than once, first setting taken",
            char::from(letter)
        ));
        return false;
    }
    line.once.push(letter);
    true
}

/// `-B KEYWORD`.
pub fn b_keyword(line: &mut Line, value: &[u8]) -> Result<(), String> {
    use crate::script::SymbolScope;
    let sunw = &mut line.opts.sunw;
    match value {
        b"dynamic" => line.mode.static_libs = false,
        b"static" => line.mode.static_libs = true,
        b"symbolic" => line.opts.symbolic = super::choices::Symbolic::All,
        b"direct" | b"nodirect" => {
            let direct = value == b"direct";
            if sunw.direct.is_some_and(|before| before != direct) {
                return Err("direct and nodirect may not be used together".into());
            }
            sunw.direct = Some(direct);
        }
        b"local" => line.reduce = Some(SymbolScope::Hidden),
        b"eliminate" => line.reduce = Some(SymbolScope::Eliminate),
        // Without -r symbols are reduced anyway.
        b"reduce" => sunw.reduce = true,
        b"group" => line.opts.z.group = true,
        b"translator" => line
            .opts
            .parse_warnings
            .push("-B translator is not supported by any linker any more".into()),
        _ => {
            return Err(format!(
                "'{}' is not one of direct, dynamic, eliminate, group, local, nodirect, reduce, static, symbolic",
                values::text(value)
            ));
        }
    }
    Ok(())
}

/// `-d y|n`, `-Q y|n`.
pub fn yes_or_no(value: &[u8]) -> Result<bool, String> {
    match value {
        b"y" => Ok(true),
        b"n" => Ok(false),
        _ => Err(format!("'{}' is not one of y, n", values::text(value))),
    }
}

/// `-D TOKENS`: of libld's classes of tracing, those about files.
pub fn tracing(line: &mut Line, value: &[u8]) -> Result<(), String> {
    for token in value.split(|b| *b == b',') {
        match token {
            b"files" | b"libs" => line.opts.trace_files = line.opts.trace_files.max(1),
            b"detail" => {}
            _ => {
                return Err(format!(
                    "'{}' is not one of files, libs, detail; -m prints the layout, --time-trace=FILE the stages",
                    values::text(token)
                ));
            }
        }
    }
    Ok(())
}

/// `-Y P,DIRS`: the default directories; `L` and `U` replace the first and the second of them.
pub fn default_dirs(line: &mut Line, value: &[u8]) -> Result<(), String> {
    match value {
        [b'P', b',', list @ ..] => {
            values::colon_list(&mut line.default_dirs, list);
            line.opts.no_default_dirs = true;
        }
        [b'L' | b'U', b',', dir @ ..] => line.default_dirs.push(dir.to_vec()),
        _ => {
            return Err(format!(
                "'{}' is not of the form P,DIRS, L,DIR or U,DIR",
                values::text(value)
            ));
        }
    }
    Ok(())
}

/// `-R PATH`: parts are added as they are.
pub fn run_path(line: &mut Line, value: &[u8]) -> Result<(), String> {
    if !value.is_empty() {
        line.opts.rpath.push(value.to_vec());
    }
    Ok(())
}

/// `-z KEYWORD`, for which an unknown word is an error. GNU's words that mean nothing here are unknown too: configure
/// scripts ask.
pub fn z_keyword(line: &mut Line, value: &[u8]) -> Result<(), String> {
    // `-z,now`, as it is often written.
    let value = value.strip_prefix(b",").unwrap_or(value);
    if let Some(list) = value.strip_prefix(b"ld64=") {
        let args: Vec<OsString> = list
            .split(|b| *b == b',')
            .filter(|part| !part.is_empty())
            .map(|part| OsString::from_vec(part.to_vec()))
            .collect();
        if line.nested {
            return Err("ld64= may not contain another".into());
        }
        line.nested = true;
        read_arguments(line, &args);
        line.nested = false;
        return Ok(());
    }
    if value.starts_with(b"ld32=") {
        return Ok(());
    }
    super::z::solaris_keyword(line, value)
}

#[cfg(test)]
#[path = "solaris_tests.rs"]
mod tests;
