//! A link line: an ordered list of typed arguments.
//!
//! The platform builds it, and it prints itself for a linker that speaks GNU ld's language or for
//! one that speaks Solaris ld's. Each argument says where it came from.

use std::ffi::OsString;
use std::path::PathBuf;

/// The language a linker's command line is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    #[default]
    Gnu,
    Solaris,
}

/// How a library is asked for "only if something needs it".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsNeededStyle {
    /// `--push-state --as-needed -lx --pop-state` (GCC).
    PushState,
    /// `--as-needed -lx --no-as-needed` (clang).
    Toggle,
}

/// One argument, in words that do not depend on the linker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkArg {
    /// Text that every linker understands.
    Plain(&'static str),
    /// Text only GNU-style linkers are given.
    GnuOnly(&'static str),
    /// Text only Solaris ld is given.
    SolarisOnly(&'static str),
    /// `-m NAME`; Solaris ld goes by the first input.
    Emulation(&'static str),
    /// `-dynamic-linker PATH`; Solaris ld supplies its own.
    Interpreter(String),
    /// A position-independent executable.
    Pie,
    Shared,
    /// Only archives are searched, no run-time linker.
    Static,
    ExportDynamic,
    Entry(OsString),
    Output(OsString),
    SearchDir(PathBuf),
    /// `-lNAME`.
    Library(String),
    /// `-lNAME` that leaves no trace unless needed.
    LibraryIfNeeded(String, AsNeededStyle),
    StartGroup,
    EndGroup,
    /// Following `-l` find archives only.
    ArchivesOnly,
    /// Following `-l` find shared objects again.
    SharedAllowed,
    /// An input file.
    File(OsString),
    /// What the user wrote for the linker, untouched.
    User(OsString),
}

/// An argument and its provenance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    pub arg: LinkArg,
    /// Who wanted it: `command line`, `platform`, `start files`, `GCC's directory` ...
    pub origin: &'static str,
}

/// The whole line, without the linker's own name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkLine {
    pub args: Vec<Placed>,
}

impl LinkLine {
    /// Appends one argument.
    pub fn push(&mut self, arg: LinkArg, origin: &'static str) {
        self.args.push(Placed { arg, origin });
    }

    /// The line as a linker of this dialect reads it.
    pub fn print(&self, dialect: Dialect) -> Vec<OsString> {
        let mut out = Vec::with_capacity(self.args.len() + 16);
        for placed in &self.args {
            placed.arg.print(dialect, &mut out);
        }
        out
    }
}

impl LinkArg {
    /// Appends this argument's words in the given dialect.
    pub fn print(&self, dialect: Dialect, out: &mut Vec<OsString>) {
        let gnu = dialect == Dialect::Gnu;
        let mut word = |s: &str| out.push(OsString::from(s));
        match self {
            LinkArg::Plain(s) => s.split(' ').for_each(&mut word),
            LinkArg::GnuOnly(s) if gnu => s.split(' ').for_each(&mut word),
            LinkArg::SolarisOnly(s) if !gnu => s.split(' ').for_each(&mut word),
            LinkArg::GnuOnly(_) | LinkArg::SolarisOnly(_) => {}
            LinkArg::Emulation(name) if gnu => {
                word("-m");
                word(name);
            }
            LinkArg::Interpreter(path) if gnu => {
                word("-dynamic-linker");
                word(path);
            }
            LinkArg::Emulation(_) | LinkArg::Interpreter(_) => {}
            LinkArg::Pie if gnu => word("-pie"),
            LinkArg::Pie => {
                word("-z");
                word("type=pie");
            }
            LinkArg::Shared => word("-shared"),
            LinkArg::Static if gnu => word("-static"),
            LinkArg::Static => {
                word("-Bstatic");
                word("-dn");
            }
            LinkArg::ExportDynamic if gnu => word("-export-dynamic"),
            LinkArg::ExportDynamic => {}
            LinkArg::Entry(name) => {
                word("-e");
                out.push(name.clone());
            }
            LinkArg::Output(name) => {
                word("-o");
                out.push(name.clone());
            }
            LinkArg::SearchDir(dir) => {
                let mut s = OsString::from("-L");
                s.push(dir);
                out.push(s);
            }
            LinkArg::Library(name) => word(&format!("-l{name}")),
            LinkArg::LibraryIfNeeded(name, style) => {
                let (before, after): (&[&str], &[&str]) = match (gnu, style) {
                    (true, AsNeededStyle::PushState) => {
                        (&["--push-state", "--as-needed"], &["--pop-state"])
                    }
                    (true, AsNeededStyle::Toggle) => (&["--as-needed"], &["--no-as-needed"]),
                    (false, _) => (&["-z", "ignore"], &["-z", "record"]),
                };
                before.iter().for_each(|s| word(s));
                word(&format!("-l{name}"));
                after.iter().for_each(|s| word(s));
            }
            LinkArg::StartGroup if gnu => word("--start-group"),
            LinkArg::EndGroup if gnu => word("--end-group"),
            // Solaris ld rescans archives between these markers.
            LinkArg::StartGroup => {
                word("-z");
                word("rescan-start");
            }
            LinkArg::EndGroup => {
                word("-z");
                word("rescan-end");
            }
            LinkArg::ArchivesOnly => word("-Bstatic"),
            LinkArg::SharedAllowed => word("-Bdynamic"),
            LinkArg::File(name) | LinkArg::User(name) => out.push(name.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(arg: LinkArg, dialect: Dialect) -> String {
        let mut line = LinkLine::default();
        line.push(arg, "test");
        let words: Vec<String> = line
            .print(dialect)
            .iter()
            .map(|w| w.to_string_lossy().into_owned())
            .collect();
        words.join(" ")
    }

    #[test]
    fn each_argument_has_a_spelling_in_each_dialect() {
        for (arg, gnu, solaris) in [
            (LinkArg::Pie, "-pie", "-z type=pie"),
            (LinkArg::Static, "-static", "-Bstatic -dn"),
            (
                LinkArg::Emulation("elf_x86_64_sol2"),
                "-m elf_x86_64_sol2",
                "",
            ),
            (
                LinkArg::Interpreter("/lib/ld".into()),
                "-dynamic-linker /lib/ld",
                "",
            ),
            (
                LinkArg::LibraryIfNeeded("gcc_s".into(), AsNeededStyle::PushState),
                "--push-state --as-needed -lgcc_s --pop-state",
                "-z ignore -lgcc_s -z record",
            ),
            (
                LinkArg::LibraryIfNeeded("gcc_s".into(), AsNeededStyle::Toggle),
                "--as-needed -lgcc_s --no-as-needed",
                "-z ignore -lgcc_s -z record",
            ),
            (LinkArg::GnuOnly("--eh-frame-hdr"), "--eh-frame-hdr", ""),
            (LinkArg::SolarisOnly("-C"), "", "-C"),
        ] {
            assert_eq!(words(arg.clone(), Dialect::Gnu), gnu);
            assert_eq!(words(arg, Dialect::Solaris), solaris);
        }
    }
}
