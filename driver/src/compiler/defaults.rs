//! What a compiler does without being asked: gcc's defaults stand in the specs in its binary, clang's in configuration files.

use std::path::{Path, PathBuf};

use memchr::memmem;
use wcc_targets::Triple;
use wcc_targets::platform::Defaults;
use wcc_targets::sysroot::FileSystem;

use super::{Delegate, file_name};
use crate::host::Host;

/// Reads the specs compiled into a gcc driver. `None` when the file is not one.
pub fn gcc_defaults(binary: &[u8]) -> Option<Defaults> {
    if !binary.starts_with(b"\x7fELF") || memmem::find(binary, b"%{static|shared|r:;").is_none() {
        return None;
    }
    // The string around a place: specs end at their NUL.
    let around = |at: usize| {
        let start = binary
            .get(..at)
            .and_then(|b| memchr::memrchr(0, b))
            .map_or(0, |p| p + 1);
        let end = binary
            .get(at..)
            .and_then(|b| memchr::memchr(0, b))
            .map_or(binary.len(), |p| at + p);
        binary.get(start..end).unwrap_or_default()
    };
    // Some ports spell their link spec's options with one dash.
    let link_spec = memmem::find(binary, b"-hash-style=").map(around);
    let has = |needle: &[u8]| link_spec.is_some_and(|s| memmem::find(s, needle).is_some());
    let hash_style = match () {
        () if has(b"-hash-style=both") => Some("both"),
        () if has(b"-hash-style=sysv") => Some("sysv"),
        () if has(b"-hash-style=gnu") => Some("gnu"),
        () => None,
    };
    // -fhardened has the keywords too, under a condition of its own or as plain text.
    let by_default = |needle: &[u8]| {
        memmem::find_iter(binary, needle).map(around).any(|spec| {
            memmem::find(spec, b"%{").is_some() && memmem::find(spec, b"fhardened").is_none()
        })
    };
    Some(Defaults {
        pie: memmem::find(binary, b"%{static|shared|r:;!no-pie:-pie}").is_some()
            || memmem::find(binary, b"!no-pie:-pie").is_some(),
        build_id: memmem::find(binary, b"--build-id").is_some(),
        hash_style,
        as_needed: has(b"--as-needed"),
        now: by_default(b"-z now"),
        relro: by_default(b"-z relro"),
        fix_cortex_a53: memmem::find(binary, b"%{!mno-fix-cortex-a53-843419").is_some(),
    })
}

/// A configuration file that clang reads without being asked to (Gentoo and Fedora have such): by
/// its triple or its own name, beside the program and in `/etc/clang`.
pub fn clang_config(host: &Host, delegate: &Delegate, triple: &Triple) -> Option<PathBuf> {
    if host.var("CLANG_NO_DEFAULT_CONFIG").is_some() {
        return None;
    }
    let cxx = file_name(&delegate.real)?.contains("++");
    let driver = if cxx { "clang++" } else { "clang" };
    let aliases = triple.gcc_aliases();
    let mut names = vec![format!("{driver}.cfg")];
    for t in aliases.iter().take(4) {
        names.extend([format!("{t}.cfg"), format!("{t}-{driver}.cfg")]);
    }
    let dirs = [delegate.real.parent()?, Path::new("/etc/clang")];
    dirs.iter()
        .flat_map(|d| names.iter().map(|n| d.join(n)))
        .find(|f| host.fs.is_file(f))
}

/// clang asks which distribution it runs on and decides by that.
pub(super) fn clang_defaults(fs: &dyn FileSystem) -> Defaults {
    let text = fs.read(Path::new("/etc/os-release")).unwrap_or_default();
    let id = text
        .split(|b| *b == b'\n')
        .find_map(|l| l.strip_prefix(b"ID="))
        .map(|v| String::from_utf8_lossy(v).trim_matches('"').to_string())
        .unwrap_or_default();
    let alpine = id == "alpine";
    Defaults {
        hash_style: Some(if id.starts_with("opensuse") {
            "both"
        } else {
            "gnu"
        }),
        now: alpine,
        relro: alpine || id == "ubuntu" || id.starts_with("opensuse"),
        ..Defaults::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gccs_specs_tell_its_defaults() {
        let debian = b"\x7fELF\0%{static|shared|r:;!no-pie:-pie} %{fuse-ld=*:}\0%{!r:--build-id} x\0-m elf_x86_64 --hash-style=gnu %{!fsanitize=*:--as-needed} y\0-lgcc --push-state --as-needed\0";
        assert_eq!(
            gcc_defaults(debian),
            Some(Defaults {
                pie: true,
                build_id: true,
                hash_style: Some("gnu"),
                as_needed: true,
                now: false,
                relro: false,
                fix_cortex_a53: false,
            })
        );
        let plain = b"\x7fELF\0%{static|shared|r:;pie:-pie}\0-m elf_x86_64 %{shared:-shared}\0--push-state --as-needed\0%{fhardened:-z now -z relro}\0-z now\0";
        assert_eq!(
            gcc_defaults(plain),
            Some(Defaults {
                pie: false,
                build_id: false,
                hash_style: None,
                as_needed: false,
                now: false,
                relro: false,
                fix_cortex_a53: false,
            })
        );
        assert_eq!(gcc_defaults(b"#!/bin/sh\nexec gcc"), None);
    }
}
