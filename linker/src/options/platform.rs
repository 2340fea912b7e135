//! The platform's say in the options: its defaults, before the command line is read, and its limits, after.
//!
//! Which platform that is, `--wcc-target` says, or an emulation that one system has (`-m elf_x86_64_sol2`), or the path
//! of the run-time linker, which no other system has; without these it is the machine's own if that is illumos or
//! Solaris, else Linux. A command line in the Solaris dialect is for that system, and its output has what the system's
//! linker writes.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

use wcc_targets::{
    Arch, Dialect, LoadRules, Os, Triple, platform_for, triple_of_emulation, triple_of_interpreter,
};

use super::choices::OutputKind;
use super::settings::Options;

/// What the linker is for when no option says so.
const HOST: &str = if cfg!(target_os = "illumos") {
    "x86_64-unknown-illumos"
} else if cfg!(target_os = "solaris") {
    "x86_64-pc-solaris2.11"
} else {
    "x86_64-unknown-linux-gnu"
};

/// The rules of the output's platform, and its run-time linker.
pub fn rules(target: Option<&Triple>, dialect: Dialect) -> Option<(LoadRules, Vec<u8>)> {
    let default = match dialect {
        Dialect::Gnu => HOST,
        Dialect::Solaris if cfg!(target_os = "solaris") => HOST,
        Dialect::Solaris => "x86_64-unknown-illumos",
    };
    let triple = target.cloned().or_else(|| Triple::parse(default))?;
    let platform = platform_for(&triple)?;
    let rules = match dialect {
        Dialect::Gnu => platform.load_rules(&triple),
        Dialect::Solaris => platform.native_rules(&triple),
    };
    let interpreter = match rules.interpreter_by_default {
        true => platform.interpreter(&triple, None).unwrap_or_default(),
        false => String::new(),
    };
    Some((rules, interpreter.into_bytes()))
}

/// The target that the arguments speak of.
///
/// # Errors
/// A `--wcc-target` that is no target this linker knows.
pub fn target(args: &[OsString], dialect: Dialect) -> Result<Option<Triple>, String> {
    if let Some(name) = last_value(args, "wcc-target") {
        let triple = Triple::parse(&name).filter(|t| platform_for(t).is_some());
        return match triple {
            Some(triple) => Ok(Some(triple)),
            None => Err(format!(
                "--wcc-target={name}: nothing is known about this target"
            )),
        };
    }
    let by_name = emulation(args).and_then(triple_of_emulation);
    if dialect == Dialect::Solaris || by_name.as_ref().is_some_and(|t| t.os != Os::Linux) {
        return Ok(by_name);
    }
    let arch = by_name.as_ref().map_or(Arch::X86_64, |t| t.arch);
    let path = last_value(args, "dynamic-linker").or_else(|| last_value(args, "I"));
    let by_path = path.and_then(|path| triple_of_interpreter(&path, arch));
    Ok(by_path.or(by_name))
}

/// The value of the last option `name`, with one dash or two; a name of one letter may be glued to its value.
fn last_value(args: &[OsString], name: &str) -> Option<String> {
    let mut found = None;
    for (at, arg) in args.iter().enumerate() {
        let Some(body) = arg.to_str().and_then(|a| a.strip_prefix('-')) else {
            continue;
        };
        let body = body.strip_prefix('-').unwrap_or(body);
        let Some(rest) = body.strip_prefix(name) else {
            continue;
        };
        found = match rest.strip_prefix('=') {
            Some(value) => Some(value.to_string()),
            None if rest.is_empty() => args.get(at + 1).and_then(|v| v.to_str()).map(String::from),
            None if name.len() == 1 => Some(rest.to_string()),
            None => found,
        };
    }
    found
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
    opts.z.copyreloc = rules.copy_relocations;
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
    if let Some(path) = &opts.dynamic_linker
        && path.len() >= rules.interpreter_limit
    {
        return Err(format!(
            "--dynamic-linker: the name has {} bytes, and {name}'s kernel takes {} at most",
            path.len(),
            rules.interpreter_limit - 1
        ));
    }
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
    fn the_target_is_named_or_seen_by_its_run_time_linker() {
        for (text, os) in [
            (
                "--wcc-target=x86_64-unknown-openbsd -m elf_x86_64",
                Os::OpenBsd,
            ),
            ("-dynamic-linker /usr/libexec/ld.so", Os::OpenBsd),
            (
                "-m elf_x86_64 --dynamic-linker=/libexec/ld.elf_so",
                Os::NetBsd,
            ),
            ("-I/libexec/ld-elf.so.1", Os::FreeBsd),
            ("-melf_x86_64 -I /lib/amd64/ld.so.1", Os::Illumos),
            ("-m elf_x86_64_sol2 -I /usr/libexec/ld.so", Os::Illumos),
            ("-m elf_x86_64 -I /lib64/ld-linux-x86-64.so.2", Os::Linux),
        ] {
            let found = target(&words(text), Dialect::Gnu).unwrap();
            assert_eq!(found.map(|t| t.os), Some(os), "{text}");
        }
        assert_eq!(target(&words("x.o -o a.out"), Dialect::Gnu), Ok(None));
        assert!(target(&words("--wcc-target=x86_64-none-elf"), Dialect::Gnu).is_err());
    }

    #[test]
    fn the_dialect_adds_the_systems_habits() {
        let target = triple_of_emulation("elf_x86_64_sol2");
        let (gnu, interpreter) = rules(target.as_ref(), Dialect::Gnu).unwrap();
        let (own, _) = rules(None, Dialect::Solaris).unwrap();
        assert_eq!(interpreter, b"/lib/amd64/ld.so.1");
        assert_eq!((gnu.osabi, own.osabi), (0, 6));
        assert_eq!(gnu.tls_rounding, own.tls_rounding);
    }

    #[test]
    fn limits_say_what_they_take_back() {
        let target = triple_of_emulation("elf_x86_64_sol2");
        let (sol2, _) = rules(target.as_ref(), Dialect::Gnu).unwrap();
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
