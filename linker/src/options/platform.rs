//! The platform's say in the options: its defaults, before the command line is read, and its limits, after.
//!
//! Which platform that is, `-m` says; without it the machine's own if that is illumos or Solaris, else Linux.
//! A command line in the Solaris dialect is for that system, and its output has what the system's linker writes.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

use wcc_targets::{Dialect, LoadRules, Triple, platform_for, triple_of_emulation};

use super::settings::{Options, OutputKind};

/// What the linker is for when no option says so.
const HOST: &str = if cfg!(target_os = "illumos") {
    "x86_64-unknown-illumos"
} else if cfg!(target_os = "solaris") {
    "x86_64-pc-solaris2.11"
} else {
    "x86_64-unknown-linux-gnu"
};

/// The rules of the output's platform, and its run-time linker.
pub fn rules(emulation: Option<&str>, dialect: Dialect) -> Option<(LoadRules, Vec<u8>)> {
    let default = match dialect {
        Dialect::Gnu => HOST,
        Dialect::Solaris if cfg!(target_os = "solaris") => HOST,
        Dialect::Solaris => "x86_64-unknown-illumos",
    };
    let triple = emulation
        .and_then(triple_of_emulation)
        .or_else(|| Triple::parse(default))?;
    let platform = platform_for(&triple)?;
    let rules = match dialect {
        Dialect::Gnu => platform.load_rules(&triple),
        Dialect::Solaris => platform.native_rules(&triple),
    };
    let interpreter = platform.interpreter(&triple, None).unwrap_or_default();
    Some((rules, interpreter.into_bytes()))
}

/// The emulation that the last `-m` names, read before the options whose defaults depend on it.
pub fn emulation(args: &[OsString]) -> Option<&str> {
    let mut found = None;
    let mut args = args.iter().map(|arg| arg.as_bytes());
    while let Some(arg) = args.next() {
        let name = match arg {
            b"-m" => args.next(),
            _ => arg.strip_prefix(b"-m"),
        };
        found = name
            .and_then(|name| std::str::from_utf8(name).ok())
            .filter(|name| triple_of_emulation(name).is_some())
            .or(found);
    }
    found
}

/// Gives options that have not been read yet the platform's defaults.
pub fn set_defaults(opts: &mut Options, rules: &LoadRules) {
    opts.z.relro = rules.relro;
    opts.z.separate_code = rules.separate_code;
    opts.rosegment = rules.rosegment;
}

/// Takes back what the platform's kernel and run-time linker could not cope with. `hash` is how `--hash-style`
/// was written.
///
/// # Errors
/// What cannot be taken back: the output would not be what was asked for.
pub fn limit(opts: &mut Options, rules: &LoadRules) -> Result<(), String> {
    if opts.kind == OutputKind::Relocatable {
        return match opts.sunw.needed.is_empty() {
            true => Ok(()),
            false => Err("-N with -r: kernel modules with dependencies cannot be made yet".into()),
        };
    }
    let name = rules.name;
    let mut note = |text: String| opts.parse_warnings.push(text);
    if opts.z.pack_relative_relocs && !rules.relr {
        note(format!(
            "{name}'s run-time linker does not read DT_RELR: relative relocations are not packed"
        ));
        opts.z.pack_relative_relocs = false;
    }
    if !rules.gnu_hash && opts.hash_style.is_some_and(|h| h.gnu && !h.sysv) {
        note(format!(
            "{name}'s run-time linker reads DT_HASH, not DT_GNU_HASH: the hash table is of style sysv"
        ));
        opts.hash_style = None;
    }
    if rules.dynamic_writable && opts.z.rodynamic {
        note(format!(
            "{name}'s run-time linker writes into .dynamic: -z rodynamic is not obeyed"
        ));
        opts.z.rodynamic = false;
    }
    if rules.both_run_paths && opts.kind == OutputKind::Executable && opts.soname.is_some() {
        note("-h is for shared libraries: a program has no DT_SONAME".into());
    }
    opts.no_gnu_unique |= !rules.gnu_unique;
    // The system gives no program an executable stack by itself, so there is nothing to take away either.
    match opts.image_base {
        Some(base) if base != 0 && rules.base_zero && opts.kind.is_pic() => Err(format!(
            "{name} maps position-independent files that are linked at 0 only; leave out --image-base={base:#x}"
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn the_last_emulation_counts() {
        let args = words("-m elf_x86_64 -melf_x86_64_sol2 -max x.o");
        assert_eq!(emulation(&args), Some("elf_x86_64_sol2"));
        assert_eq!(emulation(&words("-map x.o -m")), None);
    }

    #[test]
    fn the_dialect_adds_the_systems_habits() {
        let (gnu, interpreter) = rules(Some("elf_x86_64_sol2"), Dialect::Gnu).unwrap();
        let (own, _) = rules(None, Dialect::Solaris).unwrap();
        assert_eq!(interpreter, b"/lib/amd64/ld.so.1");
        assert_eq!((gnu.osabi, own.osabi), (0, 6));
        assert_eq!(gnu.tls_rounding, own.tls_rounding);
    }

    #[test]
    fn limits_say_what_they_take_back() {
        let (sol2, _) = rules(Some("elf_x86_64_sol2"), Dialect::Gnu).unwrap();
        let mut opts = Options::default();
        set_defaults(&mut opts, &sol2);
        assert!(!opts.z.relro && !opts.rosegment);
        opts.kind = OutputKind::Shared;
        opts.z.pack_relative_relocs = true;
        limit(&mut opts, &sol2).unwrap();
        assert!(!opts.z.pack_relative_relocs && opts.no_gnu_unique);
        assert_eq!(opts.parse_warnings.len(), 1);
        opts.image_base = Some(0x10000);
        assert!(limit(&mut opts, &sol2).is_err());
    }
}
