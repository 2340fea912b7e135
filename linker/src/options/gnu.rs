//! GNU ld's command line grammar.
//!
//! The rules, as GNU ld has them (it uses `getopt_long_only`): a long option may have one dash or two; `-o` and
//! `-l` take everything that follows, so long options that start with `o` need two dashes; a value
//! follows after `=` or as the next argument; a long option may be abbreviated. All errors are collected.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use wcc_targets::Dialect;

use super::choices::{InputArg, InputKind, InputMode, OutputKind, Strip};
use super::settings::Options;
use super::table::{Abbreviated, Arg, Does, Row, find, find_abbreviated, nearest};
use super::{
    dialect, files, help, man, mapfiles, platform, response, root, solaris, unheeded, values,
};
use crate::script::{Glob, Pattern, SymbolScope, VersionNode, VersionScript};

/// What a command line asks for.
#[derive(Debug)]
pub enum Parsed {
    /// A link.
    Link(Box<Options>),
    /// Text on standard output, and an exit status.
    Print { stdout: String, status: i32 },
}

/// How much `-v`, `-V` and `--verbose` want to be said before the link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    #[default]
    None,
    Line,
    Emulations,
}

/// Options that print something and stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Print {
    Version,
    Help,
    Man,
    OutputFormat,
    Sysroot,
}

/// The state of a command line while it is read.
#[derive(Default)]
pub struct Line {
    pub opts: Options,
    /// What holds for the next input file.
    pub mode: InputMode,
    /// `-M FILE` of the Solaris dialect, and of GNU's for a Solaris target.
    pub mapfiles: Vec<Vec<u8>>,
    /// `-B local`, `-B eliminate`.
    pub reduce: Option<SymbolScope>,
    /// Options of which the first counts and that were seen.
    pub once: Vec<u8>,
    /// The output is for illumos or Solaris.
    pub sunw_target: bool,
    /// `-z nolazyload` was given: `-B direct` does not make all libraries lazy.
    pub saw_nolazyload: bool,
    /// Inside the arguments of `-z ld64=`.
    pub nested: bool,
    /// Saved by `--push-state`.
    pub states: Vec<InputMode>,
    /// `-b binary` is in force.
    pub binary_inputs: bool,
    pub saw_static: bool,
    /// `--repro`.
    pub repro: bool,
    /// `-o` was given.
    pub saw_output: bool,
    /// `--oformat` was given.
    pub saw_format: bool,
    pub relocatable: bool,
    pub version: Version,
    pub print: Option<Print>,
    /// Directories and files as written; read when everything else is known.
    pub library_dirs: Vec<Vec<u8>>,
    pub default_dirs: Vec<Vec<u8>>,
    pub rpath_link: Vec<Vec<u8>>,
    pub scripts: Vec<Vec<u8>>,
    pub default_script: Option<Vec<u8>>,
    pub version_scripts: Vec<Vec<u8>>,
    pub dynamic_lists: Vec<Vec<u8>>,
    pub export_lists: Vec<Vec<u8>>,
    pub order_files: Vec<Vec<u8>>,
    pub section_order_files: Vec<Vec<u8>>,
    pub call_graph_files: Vec<Vec<u8>>,
    pub remap_files: Vec<Vec<u8>>,
    /// What `--remap-inputs` says, in order.
    pub remaps: Vec<(Glob, Vec<u8>)>,
    pub retain_file: Option<Vec<u8>>,
    pub errors: Vec<String>,
    /// What was read, when somebody wants to know.
    words: Option<Vec<Word>>,
    in_group: bool,
    in_lib: bool,
}

impl Line {
    /// Adds something that yields input files, in the state that holds now.
    pub fn input(&mut self, kind: InputKind) {
        self.opts.inputs.push(InputArg {
            kind,
            mode: self.mode,
        });
    }

    pub fn file(&mut self, name: &[u8]) {
        if let Some(words) = &mut self.words {
            words.push(Word::File(name.to_vec()));
        }
        let path = values::path(name);
        self.input(if self.binary_inputs {
            InputKind::Binary(path)
        } else {
            InputKind::File(path)
        });
    }

    pub fn pop_state(&mut self) {
        match self.states.pop() {
            Some(mode) => self.mode = mode,
            None => self.errors.push("no state pushed before popping".into()),
        }
    }

    pub fn start_group(&mut self) {
        if self.in_group {
            self.errors
                .push("may not nest groups (--help for usage)".into());
        }
        self.in_group = true;
        self.input(InputKind::StartGroup);
    }

    pub fn end_group(&mut self) {
        if !self.in_group {
            self.errors
                .push("group ended before it began (--help for usage)".into());
        }
        self.in_group = false;
        self.input(InputKind::EndGroup);
    }

    pub fn start_lib(&mut self) {
        if self.in_lib {
            self.errors.push("nested --start-lib".into());
        }
        self.in_lib = true;
        self.input(InputKind::StartLib);
    }

    pub fn end_lib(&mut self) {
        if !self.in_lib {
            self.errors.push("--end-lib without --start-lib".into());
        }
        self.in_lib = false;
        self.input(InputKind::EndLib);
    }

    /// Adds C++ patterns to the dynamic list.
    pub fn list_patterns(&mut self, patterns: &[&str]) {
        let list = self.opts.dynamic_list.get_or_insert_with(|| VersionScript {
            file: "command line".into(),
            nodes: vec![VersionNode::default()],
            combined: false,
        });
        if let Some(node) = list.nodes.first_mut() {
            node.global.extend(patterns.iter().map(|text| Pattern {
                text: text.as_bytes().to_vec(),
                quoted: false,
                cxx: true,
                line: 0,
            }));
        }
    }
}

/// Reads GNU ld's command line: `args` without the program's name, which is `program`.
///
/// Errors are messages without the program's name; there is one for everything that is wrong.
pub fn parse_gnu(program: &str, args: &[OsString]) -> Result<Parsed, Vec<String>> {
    parse_with_environment(program, args, &|name| std::env::var_os(name))
}

/// As [`parse_gnu`], the environment variables coming from `environment`.
pub fn parse_with_environment(
    program: &str,
    args: &[OsString],
    environment: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Parsed, Vec<String>> {
    let expanded = response::expand(args).map_err(|error| vec![error])?;
    let args = expanded.as_deref().unwrap_or(args);
    let mut line = Line::default();
    line.opts.program = program.to_string();
    let dialect = dialect::choose(args).map_err(|error| vec![error])?;
    line.opts.dialect = dialect;
    let with_environment: Vec<OsString>;
    let args = match dialect {
        Dialect::Gnu => args,
        Dialect::Solaris => {
            let mut all = solaris::from_environment(environment);
            all.extend(args.iter().cloned());
            with_environment = all;
            &with_environment
        }
    };
    line.opts.demangle = environment("COLLECT_NO_DEMANGLE").is_none();
    match platform::target(args, dialect) {
        Ok(target) => line.opts.target = target,
        Err(error) => line.errors.push(error),
    }
    let rules = platform::rules(line.opts.target.as_ref(), dialect);
    if let Some((rules, _)) = &rules {
        platform::set_defaults(&mut line.opts, rules);
        line.sunw_target = rules.mapfiles;
    }
    match dialect {
        Dialect::Gnu => read_arguments(&mut line, args),
        Dialect::Solaris => {
            // Names stay as they are without -C.
            line.opts.demangle = false;
            solaris::read_arguments(&mut line, args);
        }
    }
    if let Some(print) = line.print
        && line.errors.is_empty()
    {
        let stdout = match print {
            Print::Version => help::version_text(),
            Print::Help => help::help_text(program),
            Print::Man => man::man_page(),
            Print::OutputFormat => "elf64-x86-64\n".into(),
            Print::Sysroot => {
                let sysroot = line.opts.sysroot.unwrap_or_default();
                format!("{}\n", sysroot.display())
            }
        };
        return Ok(Parsed::Print { stdout, status: 0 });
    }
    line.opts.banner = match line.version {
        Version::None => String::new(),
        _ if dialect == Dialect::Solaris => solaris::version_line(),
        Version::Line => help::version_line(),
        Version::Emulations => help::version_line() + &help::emulations_text(),
    };
    finish(&mut line, environment);
    mapfiles::read_all(&mut line);
    if line.opts.verbose > 0 {
        let text = help::script_text(&line.opts);
        line.opts.banner.push_str(&text);
    }
    if let Some((rules, _)) = &rules
        && let Err(error) = platform::limit(&mut line.opts, rules)
    {
        line.errors.push(error);
    }
    if !has_inputs(&line) {
        if line.errors.is_empty() && line.version != Version::None {
            let stdout = line.opts.banner;
            return Ok(Parsed::Print { stdout, status: 0 });
        }
        line.errors.push("no input files".into());
    }
    if line.errors.is_empty() {
        line.opts.raw_args = args.to_vec();
        Ok(Parsed::Link(Box::new(line.opts)))
    } else {
        Err(line.errors)
    }
}

/// One thing of a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    File(Vec<u8>),
    /// The names of its row, and its value.
    Option(&'static str, Option<Vec<u8>>),
}

/// A command line taken apart, for `--reproduce`.
pub fn words(args: &[OsString]) -> Vec<Word> {
    let mut line = Line {
        words: Some(Vec::new()),
        ..Line::default()
    };
    read_arguments(&mut line, args);
    line.words.unwrap_or_default()
}

/// Whether something is named that can be linked; a script may name files itself.
fn has_inputs(line: &Line) -> bool {
    let is_file = |input: &InputArg| {
        !matches!(
            input.kind,
            InputKind::StartGroup | InputKind::EndGroup | InputKind::StartLib | InputKind::EndLib
        )
    };
    let defines = line
        .opts
        .sunw
        .mapfile
        .symbols
        .iter()
        .any(|s| s.attributes.defines());
    defines || !line.opts.scripts.is_empty() || line.opts.inputs.iter().any(is_file)
}

fn read_arguments(line: &mut Line, args: &[OsString]) {
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let bytes = arg.as_bytes();
        match bytes {
            [b'-', b'-'] => {
                for file in rest.by_ref() {
                    line.file(file.as_bytes());
                }
            }
            [b'-', b'-', body @ ..] => long_option(line, bytes, body, true, &mut rest),
            [b'-', _, ..] => one_dash(line, bytes, &mut rest),
            _ => line.file(bytes),
        }
    }
}

pub(super) type Rest<'a> = std::slice::Iter<'a, OsString>;

/// An argument with one dash: a short option with its value, or a long option.
fn one_dash(line: &mut Line, arg: &[u8], rest: &mut Rest<'_>) {
    let body = arg.get(1..).unwrap_or(&[]);
    let short = body
        .first()
        .and_then(|byte| find(std::slice::from_ref(byte)));
    let always_short = body.len() == 1 || matches!(body.first(), Some(b'l' | b'o'));
    if !always_short && long_option_known(body) {
        return long_option(line, arg, body, false, rest);
    }
    let Some(row) = short else {
        return long_option(line, arg, body, false, rest);
    };
    let value = body.get(1..).unwrap_or(&[]);
    // Compilers for Solaris pass it whatever linker they think they run.
    if body == b"C" && line.sunw_target {
        line.opts.demangle = true;
        return;
    }
    // `-M` with a file is Solaris' mapfile; GNU's has no argument.
    if body == b"M"
        && line.sunw_target
        && let Some(next) = rest.as_slice().first()
        && dialect::is_mapfile(next.as_bytes())
    {
        line.mapfiles.push(next.as_bytes().to_vec());
        rest.next();
        return;
    }
    // `-G` without a number is Solaris' way to ask for a shared library.
    if body == b"G"
        && !rest
            .as_slice()
            .first()
            .is_some_and(|next| starts_with_digit(next))
    {
        line.opts.kind = OutputKind::Shared;
        return;
    }
    match row.arg {
        Arg::None if value.is_empty() => apply(line, row, arg, None),
        Arg::None => grouped(line, arg, body),
        Arg::Optional => apply(
            line,
            row,
            arg,
            Some(value).filter(|value| !value.is_empty()),
        ),
        Arg::Required if value.is_empty() => match rest.next() {
            Some(next) => apply(line, row, arg, Some(next.as_bytes())),
            None => missing_value(line, arg),
        },
        Arg::Required => apply(line, row, arg, Some(value)),
    }
}

fn starts_with_digit(text: &OsStr) -> bool {
    text.as_bytes().first().is_some_and(u8::is_ascii_digit)
}

/// Whether `name[=value]` is a long option or the start of exactly one.
fn long_option_known(body: &[u8]) -> bool {
    let name = body.split(|&byte| byte == b'=').next().unwrap_or(body);
    // Two letters abbreviate nothing that anybody writes, and may be `-r` or `-s` with more letters.
    (name.len() > 1 && find(name).is_some())
        || (name.len() > 2 && matches!(find_abbreviated(name), Abbreviated::Row(_)))
}

/// `-rs`: several short options without value in one argument. GNU ld takes them, and says they are deprecated.
fn grouped(line: &mut Line, arg: &[u8], body: &[u8]) {
    let rows: Option<Vec<&'static Row>> = body
        .iter()
        .map(|byte| find(std::slice::from_ref(byte)).filter(|row| row.arg == Arg::None))
        .collect();
    match rows {
        Some(rows) => {
            line.opts.parse_warnings.push(format!(
                "grouped short command line options are deprecated: {}",
                values::text(arg)
            ));
            for row in rows {
                apply(line, row, arg, None);
            }
        }
        None => unknown(line, arg, body),
    }
}

/// A long option; `body` is `arg` without its dashes.
pub(super) fn long_option(
    line: &mut Line,
    arg: &[u8],
    body: &[u8],
    two: bool,
    rest: &mut Rest<'_>,
) {
    let (name, value) = match memchr::memchr(b'=', body) {
        Some(at) => (&body[..at], Some(&body[at + 1..])),
        None => (body, None),
    };
    let exact = find(name).filter(|_| name.len() > 1 || !two);
    let row = match exact {
        Some(row) => row,
        None if name.is_empty() => return unknown(line, arg, name),
        None => match find_abbreviated(name) {
            Abbreviated::Row(row) => row,
            Abbreviated::Ambiguous(one, other) => {
                line.errors.push(format!(
                    "unknown command line option: {} (could be '--{one}' or '--{other}')",
                    values::text(arg)
                ));
                return;
            }
            Abbreviated::Unknown => return unknown(line, arg, name),
        },
    };
    match (row.arg, value) {
        (Arg::None, Some(_)) => line.errors.push(format!(
            "unknown command line option: {}: it takes no value",
            values::text(arg)
        )),
        (Arg::Required, None) => match rest.next() {
            Some(next) => apply(line, row, arg, Some(next.as_bytes())),
            None => missing_value(line, arg),
        },
        (_, value) => apply(line, row, arg, value),
    }
}

pub(super) fn missing_value(line: &mut Line, arg: &[u8]) {
    line.errors
        .push(format!("option '{}' needs a value", values::text(arg)));
}

/// Unknown options for which the nearest known one is looked up: more of them are no slip of the pen, and each look-up
/// goes through the whole table.
const HINTS: usize = 20;

fn unknown(line: &mut Line, arg: &[u8], name: &[u8]) {
    let few = line.errors.len() < HINTS;
    let hint = few
        .then(|| nearest(name))
        .flatten()
        .map(|near| format!(" (did you mean '{near}'?)"));
    line.errors.push(format!(
        "unknown command line option: {}{}",
        values::text(arg),
        hint.unwrap_or_default()
    ));
}

/// Does what the row says; `arg` is for messages.
pub(super) fn apply(line: &mut Line, row: &'static Row, arg: &[u8], value: Option<&[u8]>) {
    if let Some(words) = &mut line.words {
        words.push(Word::Option(row.names, value.map(<[u8]>::to_vec)));
    }
    let option = || {
        let name = arg.split(|&byte| byte == b'=').next().unwrap_or(arg);
        values::text(name)
    };
    let result = match row.does {
        Does::Set(run) => {
            run(line);
            Ok(())
        }
        Does::Take(run) => run(line, value.unwrap_or(&[])),
        Does::May(run) => run(line, value),
        Does::Nothing(_) => Ok(()),
        Does::Missing(reason) => {
            line.opts
                .parse_warnings
                .push(format!("{} has no effect: {reason}", option()));
            Ok(())
        }
        Does::Refused(reason) => Err(reason.into()),
    };
    if let Err(error) = result {
        line.errors.push(format!("{}: {error}", option()));
    }
}

/// What can be said only when all arguments are known.
fn finish(line: &mut Line, environment: &dyn Fn(&str) -> Option<OsString>) {
    if line.relocatable {
        if line.opts.kind == OutputKind::Shared {
            line.errors
                .push("-r and -shared may not be used together".into());
        }
        line.opts.kind = OutputKind::Relocatable;
        if line.opts.z.nosectionheader {
            line.errors
                .push("-r and -z nosectionheader may not be used together: an object is nothing without them".into());
        }
    }
    line.opts.static_output =
        line.saw_static && matches!(line.opts.kind, OutputKind::Executable | OutputKind::Pie);
    if line.opts.static_output && line.opts.kind == OutputKind::Pie {
        // The start code calls through the GOT before it has relocated it; only as direct calls do these arrive.
        line.opts.relax = true;
    }
    if line.opts.shape.execute_only && !line.opts.rosegment {
        line.errors
            .push("--execute-only and --no-rosegment may not be used together".into());
    }
    if line.repro || environment("MOLD_REPRO").is_some_and(|v| !v.is_empty()) {
        let mut name = line.opts.output.clone().into_os_string();
        name.push(".repro.tar");
        line.opts.reproduce.get_or_insert(name.into());
    }
    if let (Some(common), Some(max)) = (line.opts.z.common_page_size, line.opts.z.max_page_size)
        && common > max
    {
        line.errors.push(format!(
            "common page size ({common:#x}) > maximum page size ({max:#x})"
        ));
    }
    if !line.opts.define_common && line.opts.kind != OutputKind::Shared {
        line.errors
            .push("--no-define-common may not be used without -shared".into());
    }
    // Also what a mistyped option that starts with -f or -F ends as.
    for (name, values) in [("-f", &line.opts.auxiliary), ("-F", &line.opts.filter)] {
        if !values.is_empty() && line.opts.kind != OutputKind::Shared {
            line.errors
                .push(format!("{name} may not be used without -shared"));
        }
    }
    if line.in_group {
        line.opts
            .parse_warnings
            .push("missing --end-group; added as last command line option".into());
        line.end_group();
    }
    if line.in_lib {
        line.end_lib();
    }
    if line.opts.omagic {
        // No page holds data alone: the C library's RELRO would take the code's execute permission.
        line.opts.z.relro = false;
    }
    if line.opts.rpath.is_empty()
        && line.opts.kind != OutputKind::Relocatable
        && let Some(path) = environment("LD_RUN_PATH").filter(|path| !path.is_empty())
    {
        line.opts.rpath.push(path.as_bytes().to_vec());
    }
    if line.opts.emit_relocs && line.opts.strip == Strip::All {
        line.errors
            .push("--strip-all and --emit-relocs may not be used together".into());
    }
    root::apply(line);
    files::read_all(line);
    unheeded::warn(&mut line.opts);
}

#[cfg(test)]
#[path = "gnu_tests.rs"]
mod tests;
