//! What options do with their arguments: one function for each kind of argument.
//!
//! Every function takes the argument's bytes and either changes the [`Line`] or says what is wrong with it.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use super::choices::{BuildId, CompressDebug, HashStyle, InputKind, SortSection, Unresolved};
use super::gnu::Line;
use crate::script::{Glob, parse_number};

pub type Done = Result<(), String>;

/// Patterns of `--dynamic-list-cpp-new`, matched against demangled names.
pub const CPP_NEW: &[&str] = &["operator new*", "operator delete*"];
/// Patterns of `--dynamic-list-cpp-typeinfo`.
pub const CPP_TYPEINFO: &[&str] = &["typeinfo for*", "typeinfo name for*"];

/// Emulations of `-m` that have a target here.
pub const EMULATIONS: &[&str] = &["elf_x86_64", "elf_x86_64_sol2", "elf_x86_64_fbsd"];

pub fn os(value: &[u8]) -> OsString {
    OsStr::from_bytes(value).to_os_string()
}

pub fn path(value: &[u8]) -> PathBuf {
    PathBuf::from(OsStr::from_bytes(value))
}

pub fn text(value: &[u8]) -> String {
    String::from_utf8_lossy(value).into_owned()
}

/// A number: decimal, hexadecimal, octal, with K or M.
pub fn number(value: &[u8]) -> Result<u64, String> {
    let plain = value.first().is_some_and(u8::is_ascii_digit);
    let number = if plain { parse_number(value) } else { None };
    number.ok_or_else(|| format!("'{}' is not a number", text(value)))
}

/// An address: hexadecimal, with or without `0x`, as GNU ld reads `-Ttext` and `--section-start`.
pub fn hex_address(value: &[u8]) -> Result<u64, String> {
    let digits = value
        .strip_prefix(b"0x")
        .or(value.strip_prefix(b"0X"))
        .unwrap_or(value);
    crate::script::parse_digits(digits, 16)
        .ok_or_else(|| format!("'{}' is not a hexadecimal address", text(value)))
}

fn one_of(value: &[u8], known: &str) -> String {
    format!("'{}' is not one of {known}", text(value))
}

/// Appends the parts of a `a:b:c` list.
pub fn colon_list(list: &mut Vec<Vec<u8>>, value: &[u8]) {
    let parts = value
        .split(|&byte| byte == b':')
        .filter(|part| !part.is_empty());
    list.extend(parts.map(<[u8]>::to_vec));
}

pub fn output(line: &mut Line, value: &[u8]) -> Done {
    if value.is_empty() {
        return Err("the name of the output file is empty".into());
    }
    line.saw_output = true;
    line.opts.output = path(value);
    Ok(())
}

pub fn emulation(line: &mut Line, value: &[u8]) -> Done {
    if !EMULATIONS.iter().any(|known| known.as_bytes() == value) {
        let known = EMULATIONS.join(" ");
        return Err(format!(
            "unrecognised emulation mode: {}\nSupported emulations: {known}",
            text(value)
        ));
    }
    line.opts.emulation = Some(text(value));
    Ok(())
}

/// `-rpath`: as GNU ld, a path that is already in the list is not added again. It is not taken apart:
/// CMake reserves room in DT_RUNPATH by a tail of colons.
pub fn rpath(line: &mut Line, value: &[u8]) -> Done {
    let known = line.opts.rpath.iter().any(|before| {
        let starts = std::iter::once(0).chain(memchr::memchr_iter(b':', before).map(|at| at + 1));
        starts.into_iter().any(|start| {
            let tail = before.get(start..).unwrap_or(&[]).strip_prefix(value);
            tail.is_some_and(|rest| matches!(rest.first(), None | Some(b':')))
        })
    });
    if !known {
        line.opts.rpath.push(value.to_vec());
    }
    Ok(())
}

pub fn rpath_link(line: &mut Line, value: &[u8]) -> Done {
    colon_list(&mut line.rpath_link, value);
    Ok(())
}

pub fn build_id(line: &mut Line, value: Option<&[u8]>) -> Done {
    line.opts.build_id = match value {
        None | Some(b"sha1") => BuildId::Sha1,
        Some(b"none") => BuildId::None,
        Some(b"fast" | b"tree") => BuildId::Fast,
        Some(b"md5") => BuildId::Md5,
        Some(b"sha256") => BuildId::Sha256,
        Some(b"uuid") => BuildId::Uuid,
        Some([b'0', b'x' | b'X', digits @ ..]) => BuildId::Hex(hex_bytes(digits)?),
        Some(other) => {
            return Err(one_of(
                other,
                "sha1, sha256, md5, fast, tree, uuid, 0xHEX, none",
            ));
        }
    };
    Ok(())
}

/// Pairs of hexadecimal digits; `-` and `:` between them are skipped, as GNU ld does.
fn hex_bytes(digits: &[u8]) -> Result<Vec<u8>, String> {
    let wrong = || format!("'0x{}' is not a hexadecimal string", text(digits));
    let clean: Vec<u8> = digits
        .iter()
        .copied()
        .filter(|byte| !b"-:".contains(byte))
        .collect();
    let (pairs, []) = clean.as_chunks::<2>() else {
        return Err(wrong());
    };
    if pairs.is_empty() {
        return Err(wrong());
    }
    let byte = |pair: &[u8; 2]| crate::script::parse_digits(pair, 16).map(|value| value as u8);
    pairs
        .iter()
        .map(byte)
        .collect::<Option<_>>()
        .ok_or_else(wrong)
}

pub fn hash_style(line: &mut Line, value: &[u8]) -> Done {
    let (sysv, gnu) = match value {
        b"sysv" => (true, false),
        b"gnu" => (false, true),
        b"both" => (true, true),
        b"none" => (false, false),
        _ => return Err(one_of(value, "sysv, gnu, both, none")),
    };
    line.opts.hash_style = Some(HashStyle { sysv, gnu });
    Ok(())
}

pub fn compress_debug(line: &mut Line, value: &[u8]) -> Done {
    line.opts.compress_debug = compression(value)?;
    Ok(())
}

/// `--compress-sections GLOB=METHOD[:LEVEL]`.
pub fn compress_sections(line: &mut Line, value: &[u8]) -> Done {
    match memchr::memchr(b'=', value) {
        Some(at) if at > 0 => {
            let method = compression(&value[at + 1..])?;
            line.opts
                .compress_sections
                .push((value[..at].to_vec(), method));
            Ok(())
        }
        _ => Err(format!("'{}' is not of the form GLOB=METHOD", text(value))),
    }
}

/// `none`, or a method with an optional `:LEVEL`.
fn compression(value: &[u8]) -> Result<CompressDebug, String> {
    let (method, level) = match memchr::memchr(b':', value) {
        Some(at) => (&value[..at], number(&value[at + 1..])?),
        None => (value, 0),
    };
    let level_up_to = |most: u64| match u8::try_from(level) {
        Ok(level) if u64::from(level) <= most => Ok(level),
        _ => Err(format!("compression level {level} is more than {most}")),
    };
    Ok(match method {
        b"none" => CompressDebug::None,
        b"zlib" | b"zlib-gabi" => CompressDebug::Zlib(level_up_to(9)?),
        b"zstd" => CompressDebug::Zstd(level_up_to(22)?),
        b"zlib-gnu" => CompressDebug::ZlibGnu(level_up_to(9)?),
        _ => return Err(one_of(value, "none, zlib, zlib-gabi, zlib-gnu, zstd")),
    })
}

/// `--package-metadata`: `%22`-like escapes stand for bytes, since quotes are lost on the way here.
pub fn package_metadata(line: &mut Line, value: Option<&[u8]>) -> Done {
    let Some(value) = value.filter(|value| !value.is_empty()) else {
        line.opts.package_metadata = None;
        return Ok(());
    };
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((&byte, tail)) = rest.split_first() {
        let escaped = match tail {
            [high, low, ..] if byte == b'%' => crate::script::parse_digits(&[*high, *low], 16),
            _ => None,
        };
        if byte == b'%' && escaped.is_none() {
            return Err(format!(
                "invalid string: {}: a % needs two hexadecimal digits after it (%25 is a % itself)",
                text(value)
            ));
        }
        match escaped {
            Some(code) => {
                out.push(code as u8);
                rest = tail.get(2..).unwrap_or(&[]);
            }
            None => {
                out.push(byte);
                rest = tail;
            }
        }
    }
    line.opts.package_metadata = Some(out);
    Ok(())
}

pub fn oformat(line: &mut Line, value: &[u8]) -> Done {
    line.saw_format = true;
    line.opts.shape.hex = super::shape::hex_format(value);
    line.opts.oformat_binary = match value {
        b"binary" | b"srec" | b"ihex" => true,
        b"default" | b"elf64-x86-64" | b"elf64-x86-64-sol2" | b"elf64-x86-64-freebsd" => false,
        _ => {
            return Err(format!(
                "output format '{}' is not supported; objcopy -O makes others of an ELF file",
                text(value)
            ));
        }
    };
    Ok(())
}

pub fn pack_dyn_relocs(line: &mut Line, value: &[u8]) -> Done {
    let (relr, android) = match value {
        b"none" => (false, false),
        b"relr" => (true, false),
        b"android" => (false, true),
        b"android+relr" => (true, true),
        _ => return Err(one_of(value, "none, relr, android, android+relr")),
    };
    line.opts.z.pack_relative_relocs = relr;
    line.opts.shape.android_relocs = android;
    Ok(())
}

pub fn threads(line: &mut Line, value: Option<&[u8]>) -> Done {
    line.opts.threads = match value {
        None | Some(b"all") => None,
        Some(count) => match number(count)? {
            0 => return Err("the number of threads must be at least 1".into()),
            count => Some(usize::try_from(count).unwrap_or(usize::MAX)),
        },
    };
    Ok(())
}

/// `-Y P,dir:dir`.
pub fn default_dirs(line: &mut Line, value: &[u8]) -> Done {
    let list = value.strip_prefix(b"P,").unwrap_or(value);
    colon_list(&mut line.default_dirs, list);
    line.opts.no_default_dirs = true;
    Ok(())
}

pub fn hp_archive(line: &mut Line, value: &[u8]) -> Done {
    line.mode.static_libs = match value {
        b"archive" => true,
        b"shared" | b"default" => false,
        _ => return Err(one_of(value, "archive, shared, default")),
    };
    Ok(())
}

pub fn input_format(line: &mut Line, value: &[u8]) -> Done {
    line.binary_inputs = match value {
        b"binary" => true,
        b"default" | b"elf" => false,
        elf if elf.starts_with(b"elf64-x86-64") => false,
        _ => return Err(format!("input format '{}' is not supported", text(value))),
    };
    Ok(())
}

pub fn just_symbols(line: &mut Line, value: &[u8]) -> Done {
    // What does not exist is a run path too: of the machine the output is for, or not installed yet.
    if std::fs::metadata(path(value)).map_or(true, |m| m.is_dir()) {
        return rpath(line, value);
    }
    line.input(InputKind::JustSymbols(path(value)));
    Ok(())
}

/// `--exclude-libs a,b:c`.
pub fn exclude_libs(line: &mut Line, value: &[u8]) -> Done {
    let parts = value
        .split(|byte| b",:".contains(byte))
        .filter(|part| !part.is_empty());
    line.opts.exclude_libs.extend(parts.map(<[u8]>::to_vec));
    Ok(())
}

/// `--defsym name=expr`; the expression is kept as text (checked here), and evaluated when the link knows
/// its symbols.
pub fn defsym(line: &mut Line, value: &[u8]) -> Done {
    match memchr::memchr(b'=', value) {
        Some(at) if at > 0 && at + 1 < value.len() => {
            crate::script::parse_expression(&value[at + 1..], "expression")?;
            line.input(InputKind::Defsym {
                name: value[..at].to_vec(),
                expression: value[at + 1..].to_vec(),
            });
            Ok(())
        }
        _ => Err(format!(
            "'{}' is not of the form SYMBOL=EXPRESSION",
            text(value)
        )),
    }
}

pub fn unresolved(line: &mut Line, value: &[u8]) -> Done {
    line.opts.unresolved = match value {
        b"report-all" => Unresolved::ReportAll,
        b"ignore-all" => Unresolved::IgnoreAll,
        b"ignore-in-object-files" => Unresolved::IgnoreInObjectFiles,
        b"ignore-in-shared-libs" => Unresolved::IgnoreInSharedLibs,
        _ => {
            let known = "report-all, ignore-all, ignore-in-object-files, ignore-in-shared-libs";
            return Err(one_of(value, known));
        }
    };
    Ok(())
}

pub fn icf(line: &mut Line, value: &[u8]) -> Done {
    line.opts.icf = match value {
        b"none" => 0,
        b"safe" => 1,
        b"all" => 2,
        _ => return Err(one_of(value, "none, safe, all")),
    };
    Ok(())
}

pub fn section_address(line: &mut Line, name: &[u8], value: &[u8]) -> Done {
    let address = hex_address(value)?;
    line.opts.section_start.retain(|(known, _)| known != name);
    line.opts.section_start.push((name.to_vec(), address));
    Ok(())
}

pub fn section_start(line: &mut Line, value: &[u8]) -> Done {
    match memchr::memrchr(b'=', value) {
        Some(at) if at > 0 => section_address(line, &value[..at], &value[at + 1..]),
        _ => Err(format!(
            "'{}' is not of the form SECTION=ADDRESS",
            text(value)
        )),
    }
}

/// `-O2`; letters (`-Os`, which drivers pass on by mistake) are level 1.
pub fn optimize(line: &mut Line, value: &[u8]) -> Done {
    let level = crate::script::parse_digits(value, 10).unwrap_or(1);
    line.opts.optimize = level.min(255) as u8;
    Ok(())
}

/// `--remap-inputs glob=file`.
pub fn remap_inputs(line: &mut Line, value: &[u8]) -> Done {
    match memchr::memchr(b'=', value) {
        Some(at) if at > 0 => {
            line.remaps
                .push((Glob::new(&value[..at]), value[at + 1..].to_vec()));
            Ok(())
        }
        _ => Err(format!("'{}' is not of the form GLOB=FILE", text(value))),
    }
}

pub fn rsp_quoting(_: &mut Line, value: &[u8]) -> Done {
    match value {
        b"posix" => Ok(()),
        _ => Err(one_of(value, "posix")),
    }
}

pub fn sort_section(line: &mut Line, value: &[u8]) -> Done {
    line.opts.sort_section = match value {
        b"none" => SortSection::None,
        b"name" => SortSection::Name,
        b"alignment" => SortSection::Alignment,
        _ => return Err(one_of(value, "name, alignment, none")),
    };
    Ok(())
}

pub fn unique(line: &mut Line, value: Option<&[u8]>) -> Done {
    match value {
        None => line.opts.unique_orphans = true,
        Some(name) => line.opts.unique.push(name.to_vec()),
    }
    Ok(())
}

pub fn orphan_handling(line: &mut Line, value: &[u8]) -> Done {
    if !matches!(value, b"place" | b"warn" | b"error" | b"discard") {
        return Err(one_of(value, "place, warn, error, discard"));
    }
    line.opts.orphan_handling = Some(value.to_vec());
    Ok(())
}

pub fn shuffle(line: &mut Line, value: Option<&[u8]>) -> Done {
    let (glob, seed) = match value.map(|v| (v, memchr::memrchr(b'=', v))) {
        // mold's form without a seed.
        None => (&b"*"[..], 0),
        Some((v, None)) => (&b"*"[..], seed(v)?),
        Some((v, Some(at))) => (&v[..at], seed(&v[at + 1..])?),
    };
    line.opts.shuffle_sections.push((glob.to_vec(), seed));
    Ok(())
}

fn seed(value: &[u8]) -> Result<i64, String> {
    match value {
        b"-1" => Ok(-1),
        _ => Ok((number(value)? & (i64::MAX as u64)) as i64),
    }
}

pub fn call_graph_sort(line: &mut Line, value: &[u8]) -> Done {
    line.opts.call_graph_sort = match value {
        b"none" => false,
        b"hfsort" | b"cdsort" => true,
        _ => return Err(one_of(value, "none, hfsort, cdsort")),
    };
    Ok(())
}

pub fn color(line: &mut Line, value: Option<&[u8]>) -> Done {
    line.opts.color = match value {
        None | Some(b"always") => Some(true),
        Some(b"never") => Some(false),
        Some(b"auto") => None,
        Some(other) => return Err(one_of(other, "auto, always, never")),
    };
    Ok(())
}

pub fn verbose(line: &mut Line, value: Option<&[u8]>) -> Done {
    let level = value.map_or(Ok(1), number)?;
    line.opts.verbose = u8::try_from(level)
        .unwrap_or(u8::MAX)
        .max(line.opts.verbose);
    if level > 0 {
        line.version = line.version.max(super::gnu::Version::Emulations);
    }
    Ok(())
}

pub fn time_trace(line: &mut Line, value: Option<&[u8]>) -> Done {
    line.opts.time_trace = Some(path(value.unwrap_or(b"wcc-trace.json")));
    Ok(())
}
