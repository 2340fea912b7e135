//! What the command line says, sorted into what the planner needs.
//!
//! Nothing here touches the disk, except that response files were expanded before.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use crate::compiler::Family;
use crate::options::{self, Id, Opt, Who};
use crate::suffixes::{is_header, is_source, is_source_to};

/// One word or two of the command line, recognised.
#[derive(Clone, Debug)]
pub struct Arg {
    /// `None`: an input file.
    pub opt: Option<&'static Opt>,
    /// The words as given.
    pub words: Vec<OsString>,
    /// The option's argument.
    pub value: OsString,
    /// For an input file: its place in [`Invocation::inputs`].
    pub input: Option<usize>,
}

impl Arg {
    /// The planner's name for it; inputs are `Other`.
    pub fn id(&self) -> Id {
        self.opt.map_or(Id::Other, |o| o.id)
    }
}

/// An input in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// To be compiled. `language` is what `-x` said.
    Source {
        name: OsString,
        language: Option<OsString>,
    },
    /// A file for the linker.
    Object(OsString),
    /// Words for the linker: `-lx`, `-Wl,...`, `-Xlinker ...`, `-z ...`.
    Words(Vec<OsString>),
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// A question about the compiler; the index is the asking argument's.
    Query(usize),
    /// The delegate does it all: nothing is linked.
    NoLink,
    Link,
    /// `--wcc-help`.
    Help,
    /// `--wcc-man`.
    Man,
    /// `--wcc-install`.
    Install,
    /// `--wcc-completion=SHELL`.
    Completion(OsString),
}

/// The last word on what kind of output is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModeOption {
    Shared,
    Pie,
    NoPie,
    StaticPie,
}

/// A request for a linker by option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkerRequest {
    /// `-fuse-ld=` or `--ld-path=`, for messages.
    pub option: &'static str,
    pub value: OsString,
}

/// The command, understood.
#[derive(Clone, Debug, Default)]
pub struct Invocation {
    pub args: Vec<Arg>,
    pub inputs: Vec<Input>,
    pub cxx: bool,
    pub output: Option<OsString>,
    pub verbose: bool,
    pub dry_run: bool,
    pub explain: bool,
    /// `-c`, `-S`, `-E` ... was given.
    pub no_link: bool,
    pub shared: bool,
    pub mode: Option<ModeOption>,
    pub static_: bool,
    pub relocatable: bool,
    pub nostdlib: bool,
    pub nodefaultlibs: bool,
    pub nostartfiles: bool,
    pub nolibc: bool,
    pub nostdlibxx: bool,
    pub static_libgcc: bool,
    pub shared_libgcc: bool,
    pub static_libstdcxx: bool,
    pub rdynamic: bool,
    pub pthread: bool,
    pub fast_math: bool,
    /// `-fopenmp[=LIB]`: the library named, empty for the default.
    pub openmp: Option<OsString>,
    pub coverage: bool,
    /// `-fprofile-generate` and the like.
    pub profile_runtime: bool,
    pub sanitizers: Vec<String>,
    /// `-fsanitize-trap` and the like: which run-times are linked depends on more than the names.
    pub sanitize_detail: bool,
    pub lto: bool,
    /// Options whose effect on the link only the delegate knows; the first is kept for `-v`.
    pub ask_delegate: Option<OsString>,
    pub split_stack: bool,
    pub compress_debug: Option<OsString>,
    pub fuse_ld: Option<LinkerRequest>,
    pub ld_path: Option<LinkerRequest>,
    /// rustc's own `-B.../gcc-ld -fuse-ld=lld` was set aside.
    pub rustc_lld: bool,
    pub ld_dialect: Option<OsString>,
    pub target: Option<OsString>,
    /// `-m32`, `-mx32`, `-m64`, the last of them.
    pub abi: Option<Id>,
    pub sysroot: Option<PathBuf>,
    pub gcc_toolchain: Option<PathBuf>,
    pub gcc_install_dir: Option<PathBuf>,
    pub gcc_triple: Option<OsString>,
    pub rtlib: Option<OsString>,
    pub unwindlib: Option<OsString>,
    pub stdlib: Option<OsString>,
    pub standard: Option<OsString>,
    pub mabi: Option<OsString>,
    pub no_relax: bool,
    pub stack_protector: bool,
    pub prefixes: Vec<PathBuf>,
    pub user_dirs: Vec<OsString>,
    pub early: Vec<OsString>,
    /// `-R`, `-h`, `-G` and the like, which only Solaris' linkers are given.
    pub solaris: Vec<OsString>,
    pub scripts: Vec<OsString>,
    /// Some option makes files named after the output.
    pub aux: bool,
    pub save_temps: bool,
    pub dumpdir: bool,
    pub dep_generate: bool,
    pub dep_file: bool,
    pub dep_target: bool,
    /// `-Wp,-MD,FILE`: a dependency file by way of the preprocessor.
    pub dep_by_preprocessor: bool,
    /// A `-x LANGUAGE` that no input follows.
    pub idle_language: Option<OsString>,
    /// Words that no row of the table fits.
    pub unknown: Vec<OsString>,
    pub query: Option<usize>,
    pub wants_help: bool,
    pub wants_man: bool,
    pub wants_install: bool,
    pub wants_completion: Option<OsString>,
}

/// A command line that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageError(pub String);

impl Invocation {
    /// Sorts the words (without the program's name).
    ///
    /// # Errors
    /// When an option lacks its argument.
    pub fn parse(argv: Vec<OsString>, cxx: bool) -> Result<Invocation, UsageError> {
        let mut inv = Invocation {
            cxx,
            ..Invocation::default()
        };
        let mut language: Option<OsString> = None;
        let mut gcc_ld_prefix = false;
        let mut only_inputs = false;
        let mut words = argv.into_iter();
        while let Some(word) = words.next() {
            let bytes = word.as_bytes();
            if only_inputs || bytes.first() != Some(&b'-') || bytes == b"-" {
                inv.add_input(word, &language);
                continue;
            }
            // Questions have two forms; the table has the one with a single dash.
            let question = bytes
                .strip_prefix(b"-")
                .filter(|w| w.starts_with(b"-print-"));
            let found = options::find(bytes).or_else(|| options::find(question?));
            let Some(found) = found else {
                inv.unknown.push(word.clone());
                inv.args.push(Arg {
                    opt: Some(&UNKNOWN),
                    words: vec![word],
                    value: OsString::new(),
                    input: None,
                });
                continue;
            };
            let Some(opt) = options::TABLE.get(found.index) else {
                continue;
            };
            let value = match found.joined {
                Some(v) => OsString::from_vec(v.to_vec()),
                None => OsString::new(),
            };
            only_inputs = opt.name == "--";
            let takes_next = found.takes_next;
            let mut given = vec![word];
            let value = if takes_next {
                let Some(next) = words.next() else {
                    let what = if opt.id == Id::Output {
                        "filename after"
                    } else {
                        "argument to"
                    };
                    return Err(UsageError(format!("missing {what} '{}'", opt.name)));
                };
                given.push(next.clone());
                next
            } else {
                value
            };
            if opt.id == Id::Language {
                inv.idle_language = Some(value.clone());
                language = (value != "none").then(|| value.clone());
            }
            let arg = Arg {
                opt: Some(opt),
                words: given,
                value,
                input: None,
            };
            if opt.id == Id::Prefix && arg.value.as_bytes().ends_with(b"/gcc-ld") {
                gcc_ld_prefix = true;
            }
            if opt.id == Id::FuseLd {
                // The last one counts; rustc's own comes with its prefix (see linker_choice.rs).
                inv.rustc_lld = gcc_ld_prefix && arg.value == "lld";
            }
            inv.apply(&arg);
            inv.args.push(arg);
        }
        Ok(inv)
    }

    fn add_input(&mut self, word: OsString, language: &Option<OsString>) {
        let source = language.is_some() || word == "-" || is_source(word.as_bytes());
        self.idle_language = None;
        self.inputs.push(if source {
            Input::Source {
                name: word.clone(),
                language: language.clone(),
            }
        } else {
            Input::Object(word.clone())
        });
        let input = Some(self.inputs.len() - 1);
        self.args.push(Arg {
            opt: None,
            words: vec![word],
            value: OsString::new(),
            input,
        });
    }

    /// What the command asks for.
    pub fn action(&self) -> Action {
        if self.wants_man {
            return Action::Man;
        }
        if let Some(shell) = &self.wants_completion {
            return Action::Completion(shell.clone());
        }
        if self.wants_install {
            return Action::Install;
        }
        if self.wants_help {
            return Action::Help;
        }
        if let Some(i) = self.query {
            return Action::Query(i);
        }
        if self.no_link {
            return Action::NoLink;
        }
        // A header alone is precompiled, and without any input the delegate says what it has to say.
        let header = |i: &Input| {
            matches!(i, Input::Source { name, language } if match language {
                Some(l) => l.as_bytes().ends_with(b"-header"),
                None => is_header(name.as_bytes()),
            })
        };
        if self.inputs.is_empty() || self.inputs.iter().any(header) {
            return Action::NoLink;
        }
        Action::Link
    }

    /// Number of inputs to be compiled.
    pub fn source_count(&self) -> usize {
        self.inputs
            .iter()
            .filter(|i| matches!(i, Input::Source { .. }))
            .count()
    }

    /// Leaves to the linker what this family of compilers takes for no source. An empty word is a file that is not there to
    /// gcc and nothing to clang.
    pub fn fit(&mut self, family: Family) {
        for input in &mut self.inputs {
            if family == Family::Clang && matches!(input, Input::Object(n) if n.is_empty()) {
                *input = Input::Words(Vec::new());
            }
            if let Input::Source {
                name,
                language: None,
            } = input
                && !is_source_to(family, name.as_bytes())
            {
                *input = Input::Object(name.clone());
            }
        }
    }

    fn ask(&mut self, arg: &Arg) {
        if self.ask_delegate.is_none() {
            self.ask_delegate = arg.words.first().cloned();
        }
    }

    fn words(&mut self, words: Vec<OsString>) {
        if !words.is_empty() {
            self.inputs.push(Input::Words(words));
        }
    }

    fn apply(&mut self, arg: &Arg) {
        let value = &arg.value;
        let id = arg.id();
        if arg.opt.is_some_and(|o| o.who == Who::Query) && self.query.is_none() {
            self.query = Some(self.args.len());
        }
        match id {
            Id::NoLink => self.no_link = true,
            Id::Output => self.output = Some(value.clone()),
            Id::Library => self.words(vec![glue("-l", value)]),
            Id::LibraryDir => self.user_dirs.push(glue("-L", value)),
            Id::LinkerWords => {
                let parts = value
                    .as_bytes()
                    .split(|b| *b == b',')
                    .filter(|p| !p.is_empty());
                self.words(parts.map(|p| OsStr::from_bytes(p).to_os_string()).collect());
            }
            Id::LinkerWord => self.words(vec![value.clone()]),
            // A word of the embedded linker's own; jobs.rs hands it on when the compiler is asked.
            Id::Report => self.words(vec![glue("--wcc-report=", value)]),
            Id::Keyword => self.words(vec!["-z".into(), value.clone()]),
            Id::Forward => self.words(arg.words.clone()),
            Id::Early if arg.words.first().is_some_and(|w| w == "-symbolic") => {
                self.early.push("-Bsymbolic".into())
            }
            Id::Early => self.early.extend(arg.words.iter().cloned()),
            Id::Solaris => self.solaris.extend(arg.words.iter().cloned()),
            Id::PreprocessorWords => {
                let names_file = |w: &[u8]| matches!(w, b"-MD" | b"-MMD" | b"-MF");
                self.dep_by_preprocessor |= value.as_bytes().split(|b| *b == b',').any(names_file);
            }
            Id::Entry => self.early.extend(["-e".into(), value.clone()]),
            Id::Script => self.scripts.extend(arg.words.iter().cloned()),
            Id::Prefix => self.prefixes.push(value.into()),
            Id::Static => self.static_ = true,
            Id::StaticPie => self.mode = Some(ModeOption::StaticPie),
            Id::Shared => {
                self.shared = true;
                self.mode = Some(ModeOption::Shared);
            }
            Id::Pie => self.mode = Some(ModeOption::Pie),
            Id::NoPie => self.mode = Some(ModeOption::NoPie),
            Id::Relocatable => self.relocatable = true,
            Id::NoStdlib => self.nostdlib = true,
            Id::NoDefaultLibs => self.nodefaultlibs = true,
            Id::NoStartFiles => self.nostartfiles = true,
            Id::NoLibc => self.nolibc = true,
            Id::NoStdlibxx => self.nostdlibxx = true,
            Id::StaticLibgcc => self.static_libgcc = true,
            Id::SharedLibgcc => self.shared_libgcc = true,
            Id::StaticLibstdcxx => self.static_libstdcxx = true,
            Id::Rdynamic => self.rdynamic = true,
            Id::Pthread => self.pthread = true,
            Id::FastMath => self.fast_math = true,
            Id::NoFastMath => self.fast_math = false,
            Id::OpenMp => self.openmp = Some(value.clone()),
            Id::NoOpenMp => self.openmp = None,
            Id::Coverage => {
                self.coverage = true;
                self.aux = true;
            }
            Id::ProfileRuntime => {
                self.profile_runtime = true;
                self.aux = true;
            }
            Id::Sanitize => {
                for name in value.to_string_lossy().split(',') {
                    if !self.sanitizers.iter().any(|s| s == name) {
                        self.sanitizers.push(name.to_string());
                    }
                }
            }
            Id::NoSanitize => {
                let text = value.to_string_lossy();
                self.sanitizers
                    .retain(|s| text != "all" && !text.split(',').any(|n| n == s));
            }
            Id::SanitizeDetail => self.sanitize_detail = true,
            Id::Lto => self.lto = value != "none",
            Id::NoLto => self.lto = false,
            Id::Specs | Id::Offload => self.ask(arg),
            Id::SplitStack => self.split_stack = true,
            Id::CompressDebug => {
                self.compress_debug = Some(if value.is_empty() {
                    "zlib".into()
                } else {
                    value.clone()
                })
            }
            Id::FuseLd => {
                self.fuse_ld = Some(LinkerRequest {
                    option: "-fuse-ld=",
                    value: value.clone(),
                })
            }
            Id::LdPath => {
                self.ld_path = Some(LinkerRequest {
                    option: "--ld-path=",
                    value: value.clone(),
                })
            }
            Id::LdDialect => self.ld_dialect = Some(value.clone()),
            Id::Mabi => self.mabi = Some(value.clone()),
            Id::NoRelax => self.no_relax = true,
            Id::Relax => self.no_relax = false,
            Id::StackProtector => self.stack_protector = true,
            Id::NoStackProtector => self.stack_protector = false,
            Id::Target => self.target = Some(value.clone()),
            Id::M32 | Id::Mx32 | Id::M64 => self.abi = Some(id),
            Id::Sysroot => self.sysroot = (!value.is_empty() && value != "/").then(|| value.into()),
            Id::GccToolchain => self.gcc_toolchain = (!value.is_empty()).then(|| value.into()),
            Id::GccInstallDir => self.gcc_install_dir = Some(value.into()),
            Id::GccTriple => self.gcc_triple = Some(value.clone()),
            Id::Rtlib => self.rtlib = Some(value.clone()),
            Id::Unwindlib => self.unwindlib = Some(value.clone()),
            Id::Stdlib => self.stdlib = Some(value.clone()),
            Id::Standard => {
                self.standard = Some(if value.is_empty() {
                    "ansi".into()
                } else {
                    value.clone()
                })
            }
            Id::DriverMode => self.cxx = value == "g++",
            Id::DepGenerate => self.dep_generate = true,
            Id::DepFile => self.dep_file = true,
            Id::DepTarget => self.dep_target = true,
            Id::Aux => self.aux = true,
            Id::DumpDir => self.dumpdir = true,
            Id::SaveTemps => {
                self.save_temps = true;
                self.aux = true;
            }
            Id::Verbose => self.verbose = true,
            Id::DryRun => self.dry_run = true,
            Id::Explain => self.explain = true,
            // The delegate's help (a question) shows wcc's own after it.
            Id::Help if arg.opt.is_some_and(|o| o.who == Who::Wcc) => self.wants_help = true,
            Id::Man => self.wants_man = true,
            Id::Completion => self.wants_completion = Some(value.clone()),
            Id::Install => self.wants_install = true,
            _ => {}
        }
    }
}

/// Stands for words the table does not know: the compiler may.
static UNKNOWN: Opt = Opt {
    name: "",
    kind: options::Kind::Flag,
    who: Who::Compile,
    families: options::Families::All,
    id: Id::Other,
    help: "unknown",
};

fn glue(option: &str, value: &OsStr) -> OsString {
    let mut s = OsString::from(option);
    s.push(value);
    s
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Invocation {
        Invocation::parse(line.split_whitespace().map(OsString::from).collect(), false).expect(line)
    }

    #[test]
    fn libraries_and_linker_words_keep_their_place() {
        let inv = parse("a.o -lfoo -Wl,--as-needed,,-x b.a -Xlinker -y c.c -z now -l bar");
        let words = |w: &[&str]| Input::Words(w.iter().map(OsString::from).collect());
        assert_eq!(
            inv.inputs,
            [
                Input::Object("a.o".into()),
                words(&["-lfoo"]),
                words(&["--as-needed", "-x"]),
                Input::Object("b.a".into()),
                words(&["-y"]),
                Input::Source {
                    name: "c.c".into(),
                    language: None
                },
                words(&["-z", "now"]),
                words(&["-lbar"]),
            ]
        );
    }

    #[test]
    fn unknown_suffixes_are_for_the_linker() {
        for name in ["x.rlib", "libx.so.1.2", "none", "x.xyz", "x.lo", ".c.o"] {
            assert_eq!(parse(name).inputs, [Input::Object(name.into())], "{name}");
        }
    }

    #[test]
    fn a_language_holds_until_none() {
        let inv = parse("-x c a.txt -x none b.txt -xc++ -");
        assert_eq!(
            inv.inputs,
            [
                Input::Source {
                    name: "a.txt".into(),
                    language: Some("c".into())
                },
                Input::Object("b.txt".into()),
                Input::Source {
                    name: "-".into(),
                    language: Some("c++".into())
                },
            ]
        );
    }

    #[test]
    fn what_is_asked_for() {
        for (line, action) in [
            ("-c a.c", Action::NoLink),
            ("-E -", Action::NoLink),
            ("a.c", Action::Link),
            ("a.h", Action::NoLink),
            ("-v", Action::NoLink),
            ("-Wl,--version", Action::Link),
            ("-lm", Action::Link),
            ("--version", Action::Query(0)),
            ("a.c -dumpmachine", Action::Query(1)),
            ("-print-file-name=libc.a", Action::Query(0)),
            ("--wcc-help", Action::Help),
        ] {
            assert_eq!(parse(line).action(), action, "{line}");
        }
    }

    #[test]
    fn rustcs_own_linker_request_is_recognised() {
        assert!(parse("a.o -B/x/bin/gcc-ld -fuse-ld=lld").rustc_lld);
        assert!(!parse("a.o -B/x/bin/gcc-ld -fuse-ld=lld -fuse-ld=mold").rustc_lld);
        assert!(!parse("a.o -fuse-ld=lld").rustc_lld);
    }

    #[test]
    fn a_missing_argument_is_named() {
        let err = Invocation::parse(vec!["-o".into()], false).map(|_| ());
        assert_eq!(err, Err(UsageError("missing filename after '-o'".into())));
    }

    #[test]
    fn unknown_words_are_kept() {
        assert_eq!(
            parse("--nonsense a.o").unknown,
            [OsString::from("--nonsense")]
        );
    }
}
