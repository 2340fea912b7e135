//! The commands for the compiler: one for each source file, or one for everything.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::CompileJob;
use super::refuse::is_translated;
use crate::compiler::{Delegate, Family};
use crate::host::Host;
use crate::invocation::{Arg, Input, Invocation};
use crate::options::{Families, Id, Who};

/// The command for the delegate: everything but what only wcc reads. `linker` keeps the options that
/// choose one.
pub fn passthrough(
    host: &Host,
    inv: &Invocation,
    delegate: &Delegate,
    linker: bool,
) -> Vec<OsString> {
    let mut argv = command_start(host, delegate, inv.no_link);
    for arg in &inv.args {
        let ours = arg
            .opt
            .is_some_and(|o| o.who == Who::Wcc && !matches!(o.id, Id::Verbose | Id::DryRun));
        let chooses = linker && matches!(arg.id(), Id::FuseLd | Id::LdPath) && !inv.rustc_lld;
        if (!ours || chooses) && !foreign(arg, delegate.family) {
            argv.extend(arg.words.iter().cloned());
        } else if !linker && !inv.no_link {
            argv.extend(report(arg));
        }
    }
    let cxx_source = |i: &Input| matches!(i, Input::Source { name, language } if is_cxx(name, language.as_deref()));
    if inv.stdlib.is_some() && (inv.cxx || inv.inputs.iter().any(cxx_source)) {
        argv.extend(libcxx_for_gcc(host, inv, delegate));
    }
    argv
}

/// `--wcc-report=` as the compiler hands it to the linker, which is ours.
fn report(arg: &Arg) -> Vec<OsString> {
    let mut word = OsString::from("--wcc-report=");
    word.push(&arg.value);
    match arg.id() {
        Id::Report => vec!["-Xlinker".into(), word],
        _ => Vec::new(),
    }
}

/// The launcher, if the command compiles, and the compiler with its own leading words.
pub(super) fn command_start(host: &Host, delegate: &Delegate, compiles: bool) -> Vec<OsString> {
    let mut argv = Vec::new();
    if compiles && let Some(launcher) = host.var("WCC_LAUNCHER") {
        let words = shell_words::split(&launcher.to_string_lossy()).unwrap_or_default();
        argv.extend(words.into_iter().map(OsString::from));
    }
    let launched = !argv.is_empty();
    argv.push(match delegate.path.file_name() {
        // distccd runs no compiler that is named by a path.
        Some(name) if launched && is_first_on_path(host, name, &delegate.path) => name.into(),
        _ => delegate.path.clone().into_os_string(),
    });
    argv.extend(delegate.args.iter().cloned());
    argv
}

/// Whether a shell that is told the name alone would run this program.
fn is_first_on_path(host: &Host, name: &OsStr, path: &Path) -> bool {
    let mut places = host.path().into_iter().map(|d| d.join(name));
    places.find(|p| host.fs.is_file(p)).as_deref() == Some(path)
}

/// Options of clang's that change what is linked or where, which wcc has read and gcc refuses.
pub(super) fn foreign(arg: &Arg, family: Family) -> bool {
    let Some(opt) = arg.opt else { return false };
    family == Family::Gcc && opt.families == Families::Clang && is_translated(opt.id)
}

pub(super) fn jobs(
    host: &Host,
    inv: &Invocation,
    delegate: &Delegate,
    temp_dir: &Path,
) -> Vec<CompileJob> {
    let mut common = Vec::new();
    let mut stdlib = Vec::new();
    for arg in &inv.args {
        let Some(opt) = arg.opt else { continue };
        let wanted = match opt.who {
            Who::Compile | Who::Both => !matches!(opt.id, Id::Output | Id::Language),
            Who::Wcc => opt.id == Id::Verbose,
            Who::Link | Who::Query => false,
        };
        if wanted && !foreign(arg, delegate.family) {
            // clang warns about -stdlib= when it compiles C and does not link.
            let to = if opt.id == Id::Stdlib {
                &mut stdlib
            } else {
                &mut common
            };
            to.extend(arg.words.iter().cloned());
        }
    }
    let files = inv
        .inputs
        .iter()
        .filter(|i| !matches!(i, Input::Words(_)))
        .count();
    let mut out = Vec::new();
    for input in &inv.inputs {
        let Input::Source { name, language } = input else {
            continue;
        };
        let stem = stem(name);
        let number = out.len();
        let object = temp_dir.join(if files == 1 {
            format!("{stem}.o")
        } else {
            format!("{stem}-{number}.o")
        });
        let mut argv = command_start(host, delegate, true);
        argv.extend(common.iter().cloned());
        if inv.cxx || is_cxx(name, language.as_deref()) {
            argv.extend(stdlib.iter().cloned());
            argv.extend(libcxx_for_gcc(host, inv, delegate));
        }
        side_outputs(inv, delegate, name, files, &mut argv);
        argv.extend(["-c".into(), "-o".into(), object.clone().into_os_string()]);
        if let Some(l) = language {
            argv.extend(["-x".into(), l.clone()]);
        }
        argv.push(name.clone());
        out.push(CompileJob {
            source: name.clone(),
            argv,
            object,
        });
    }
    out
}

/// What `-stdlib=libc++` means to gcc, which has no such option: other headers.
fn libcxx_for_gcc(host: &Host, inv: &Invocation, delegate: &Delegate) -> Vec<OsString> {
    if delegate.family != Family::Gcc || inv.stdlib.as_deref() != Some(OsStr::new("libc++")) {
        return Vec::new();
    }
    // Without headers to point at, gcc then says which one it misses.
    let mut words = vec![OsString::from("-nostdinc++")];
    if let Some(dir) = wcc_targets::llvm::libcxx_include(host.fs, inv.sysroot.as_deref()) {
        words.extend(["-isystem".into(), dir.into_os_string()]);
    }
    words
}

/// Whether a source is C++ (or Objective-C++), by `-x` or by its suffix.
fn is_cxx(name: &OsStr, language: Option<&OsStr>) -> bool {
    if let Some(l) = language {
        return l.as_bytes().windows(2).any(|w| w == b"++");
    }
    let suffix = Path::new(name).extension().map(OsStr::as_bytes);
    matches!(
        suffix,
        Some(
            b"cc"
                | b"cp"
                | b"cxx"
                | b"cpp"
                | b"CPP"
                | b"c++"
                | b"C"
                | b"ii"
                | b"mm"
                | b"M"
                | b"mii"
                | b"cppm"
                | b"ixx"
        )
    )
}

/// The file's name without directory and suffix, made safe for a file name of our own.
fn stem(name: &OsStr) -> String {
    let base = Path::new(name)
        .file_stem()
        .map(|s| s.to_string_lossy().into_owned())
        .unwrap_or_default();
    let kept: String = base
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '+'))
        .collect();
    if kept.is_empty() || kept == "-" {
        "input".into()
    } else {
        kept
    }
}

/// Words that give dependency files, coverage notes, dumps and .dwo files the names they have when
/// the compiler itself compiles and links: after the final output, not after our temporary object.
fn side_outputs(
    inv: &Invocation,
    delegate: &Delegate,
    source: &OsStr,
    files: usize,
    argv: &mut Vec<OsString>,
) {
    let base = Path::new(source).file_name().unwrap_or(source);
    let stem = Path::new(base).file_stem().unwrap_or(base);
    let prefix = dump_prefix(inv.output.as_deref(), stem, files);
    let clang = delegate.family == Family::Clang;
    if inv.dep_by_preprocessor && clang && !inv.dep_target {
        // clang names the rule after its output, which here is a temporary object.
        argv.extend(["-MQ".into(), dep_target(inv, stem)]);
    }
    if inv.aux && delegate.family == Family::Gcc {
        argv.extend([
            "-dumpdir".into(),
            prefix.clone(),
            "-dumpbase".into(),
            base.to_os_string(),
        ]);
        if let Some(ext) = Path::new(base).extension() {
            let mut dotted = OsString::from(".");
            dotted.push(ext);
            argv.extend(["-dumpbase-ext".into(), dotted]);
        }
    }
    if !inv.dep_generate {
        return;
    }
    if !inv.dep_file {
        let file = match &inv.output {
            Some(out) => Path::new(out).with_extension("d").into_os_string(),
            None => {
                let mut f = if clang { OsString::new() } else { prefix };
                f.push(stem);
                f.push(".d");
                f
            }
        };
        argv.extend(["-MF".into(), file]);
    }
    if !inv.dep_target {
        argv.extend(["-MQ".into(), dep_target(inv, stem)]);
    }
}

/// What a dependency rule is for: the output, or the object the compiler would have made.
fn dep_target(inv: &Invocation, stem: &OsStr) -> OsString {
    inv.output.clone().unwrap_or_else(|| {
        let mut object = stem.to_os_string();
        object.push(".o");
        object
    })
}

/// GCC's rule for the directory and prefix of side outputs of a command that links.
fn dump_prefix(output: Option<&OsStr>, stem: &OsStr, files: usize) -> OsString {
    let out = output.unwrap_or(OsStr::new("a.out"));
    let bytes = out.as_bytes();
    let cut = bytes
        .strip_suffix(b".exe")
        .or_else(|| bytes.strip_suffix(b".out"))
        .unwrap_or(bytes);
    let dir_end = cut.iter().rposition(|b| *b == b'/').map_or(0, |p| p + 1);
    let (dir, name) = cut.split_at(dir_end);
    if files == 1 && name == stem.as_bytes() {
        return OsStr::from_bytes(dir).to_os_string();
    }
    let mut s = OsStr::from_bytes(cut).to_os_string();
    s.push("-");
    s
}

/// The command that asks the delegate for its link line: objects stand where the sources stood.
pub(super) fn ask(
    host: &Host,
    inv: &Invocation,
    delegate: &Delegate,
    jobs: &[CompileJob],
) -> Vec<OsString> {
    let mut argv = command_start(host, delegate, false);
    argv.push("-###".into());
    let mut objects = jobs.iter().map(|j| j.object.clone().into_os_string());
    for arg in &inv.args {
        let ours = arg.opt.is_some_and(|o| o.who == Who::Wcc);
        if ours || arg.id() == Id::Language || foreign(arg, delegate.family) {
            argv.extend(report(arg));
            continue;
        }
        let source = arg
            .input
            .and_then(|i| inv.inputs.get(i))
            .is_some_and(|i| matches!(i, Input::Source { .. }));
        if source {
            argv.extend(objects.next());
        } else {
            argv.extend(arg.words.iter().cloned());
        }
    }
    argv
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn side_outputs_are_named_as_gcc_names_them() {
        for (output, stem, files, prefix) in [
            (None, "a", 1, ""),
            (None, "b", 1, "a-"),
            (Some("x"), "a", 1, "x-"),
            (Some("a"), "a", 1, ""),
            (Some("d/a"), "a", 1, "d/"),
            (None, "a", 2, "a-"),
            (Some("x.y.z"), "a", 2, "x.y.z-"),
            (Some("x.exe"), "a", 1, "x-"),
            (Some("x.so"), "a", 1, "x.so-"),
            (Some("a.out"), "a", 1, ""),
            (Some("a.out"), "a", 2, "a-"),
            (Some("q/x"), "a", 1, "q/x-"),
        ] {
            assert_eq!(
                dump_prefix(output.map(OsStr::new), OsStr::new(stem), files),
                prefix,
                "{output:?} {stem} {files}"
            );
        }
    }

    #[test]
    fn object_names_come_from_the_sources() {
        assert_eq!(stem(OsStr::new("dir/a b.c")), "ab");
        assert_eq!(stem(OsStr::new("-")), "input");
        assert_eq!(stem(OsStr::new("x.tar.c")), "x.tar");
    }
}
