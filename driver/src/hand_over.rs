//! `ld.wcc -m elf_i386`: a machine that the embedded linker does not make is left to the system's linker.
//!
//! A build with `LD=ld.wcc` has one linker for all it makes: the Linux kernel links the code that starts in
//! real mode with `-m elf_i386`. The compiler command takes another linker for such targets by itself
//! (`linker_choice.rs`); this does the same for the linker command.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use wcc_targets::{Triple, triple_of_emulation};

use crate::host::Host;
use crate::{linker_choice, process};

/// The status of the link by another linker. `None`: it is for the embedded linker, which also says what is wrong with
/// an emulation nobody knows.
pub fn link(host: &Host, words: &[OsString]) -> Option<i32> {
    let emulation = emulation(words)?.to_str()?;
    let triple = triple_of_emulation(emulation)?;
    linker_choice::embedded_lacks(&triple)?;
    let names = names(&triple);
    let is_there = |name: &String| host.find_program(OsStr::new(name)).map(|found| found.path);
    let Some(linker) = names.iter().find_map(is_there) else {
        process::error(&format!(
            "the embedded linker does not make {emulation} programs and no other linker for them was found (looked for {})",
            names.join(", ")
        ));
        return Some(1);
    };
    if let Err(message) = process::check_depth(&linker) {
        process::error(&message);
        return Some(1);
    }
    if words.iter().any(|w| w == "-v" || w == "--verbose") {
        eprintln!(
            "wcc: the embedded linker does not make {emulation} programs: linking with {}",
            linker.display()
        );
    }
    let mut argv = vec![linker.into_os_string()];
    argv.extend(words.iter().cloned());
    Some(process::exec(&argv))
}

/// What the last `-m` says.
fn emulation(words: &[OsString]) -> Option<&OsStr> {
    let mut last = None;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_bytes() {
            b"-m" => last = words.next().map(OsString::as_os_str),
            // `-max-...` and `-mri-script` are no emulations.
            [b'-', b'm', rest @ ..] => {
                let name = OsStr::from_bytes(rest);
                if name.to_str().and_then(triple_of_emulation).is_some() {
                    last = Some(name);
                }
            }
            _ => {}
        }
    }
    last
}

/// Linkers that may know the target, the most likely first.
fn names(triple: &Triple) -> Vec<String> {
    let aliases = triple.gcc_aliases().into_iter().take(6);
    let mut names: Vec<String> = aliases.map(|t| format!("{t}-ld")).collect();
    let native = crate::compiler::native_arch();
    if native.is_some_and(|a| a.family() == triple.arch.family()) {
        names.extend(["ld.bfd".into(), "ld".into()]);
    }
    names.push("ld.lld".into());
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_emulation_counts() {
        let of = |text: &str| {
            let words: Vec<OsString> = text.split(' ').map(OsString::from).collect();
            emulation(&words).map(|e| e.to_string_lossy().into_owned())
        };
        assert_eq!(of("-o x -m elf_i386 a.o").as_deref(), Some("elf_i386"));
        assert_eq!(
            of("-melf_i386 -m elf_x86_64").as_deref(),
            Some("elf_x86_64")
        );
        assert_eq!(of("-maarch64linux").as_deref(), Some("aarch64linux"));
        assert_eq!(of("-m aarch64linux").as_deref(), Some("aarch64linux"));
        assert_eq!(of("-o a -Map=m a.o"), None);
    }
}
