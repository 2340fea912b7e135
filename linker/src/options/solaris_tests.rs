use std::ffi::OsString;

use wcc_targets::Dialect;

use super::super::choices::{InputKind, OutputKind, Symbolic};
use super::super::gnu::{Parsed, parse_with_environment};
use super::super::settings::Options;
use super::super::solaris_table::ROWS;
use super::super::table::{Arg, Does};

fn parse_in(text: &str, environment: &[(&str, &str)]) -> Result<Options, String> {
    let args: Vec<OsString> = text.split_whitespace().map(OsString::from).collect();
    let get = |name: &str| {
        let found = environment.iter().find(|(n, _)| *n == name);
        found.map(|(_, value)| OsString::from(value))
    };
    match parse_with_environment("ld", &args, &get) {
        Ok(Parsed::Link(opts)) => Ok(*opts),
        Ok(Parsed::Print { stdout, .. }) => Err(stdout),
        Err(errors) => Err(errors.join("\n")),
    }
}

fn parse(text: &str) -> Options {
    parse_in(&format!("--wcc-ld-dialect=solaris {text}"), &[]).unwrap()
}

#[test]
fn rows_are_complete_and_names_stand_once() {
    let mut names = Vec::new();
    for row in ROWS {
        assert!(!row.help.is_empty() && !row.help.ends_with('.'));
        assert_eq!(row.arg == Arg::None, row.meta.is_empty(), "{}", row.names);
        assert!(matches!(row.does, Does::Take(_)) <= (row.arg == Arg::Required));
        names.extend(row.names.split(' ').map(|n| n.trim_start_matches('-')));
    }
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn letters_stand_together_and_values_are_glued_or_follow() {
    let opts =
        parse("-Gs -hlibx.so.1 -o x -Ldir -L other -lc -zdefs -z,now a.o -Bsymbolic -R/a -R /b");
    assert_eq!(
        (opts.dialect, opts.kind),
        (Dialect::Solaris, OutputKind::Shared)
    );
    assert_eq!(opts.soname.as_deref(), Some(&b"libx.so.1"[..]));
    assert_eq!(opts.library_dirs.len(), 2);
    assert!(opts.z.now && opts.z.defs && opts.symbolic == Symbolic::All);
    assert_eq!(opts.rpath, [b"/a".to_vec(), b"/b".to_vec()]);
    assert!(!opts.demangle && parse("-C a.o").demangle);
}

#[test]
fn states_hold_for_the_files_that_follow() {
    let opts = parse(
        "a.o -z ignore -la -z record -Bstatic -lb -B dynamic -z lazyload -z direct -lc -z nolazyload -z nodirect \
         -z allextract -ld -z defaultextract -z deferred -le",
    );
    let mode = |name: &str| {
        let kind = InputKind::Library(name.into());
        opts.inputs.iter().find(|i| i.kind == kind).unwrap().mode
    };
    assert!(mode("a").as_needed && !mode("b").as_needed);
    assert!(mode("b").static_libs && !mode("c").static_libs);
    assert!(mode("c").lazyload && mode("c").direct && !mode("d").lazyload && !mode("d").direct);
    assert!(mode("d").whole_archive && !mode("e").whole_archive && mode("e").deferred);
}

#[test]
fn the_environment_comes_first_and_the_first_setting_counts() {
    let opts = parse_in("-Qy -o late a.o", &[("LD_OPTIONS", "-o early -m")]).unwrap();
    assert_eq!(opts.output.to_str(), Some("early"));
    assert!(opts.map_file.is_some() && opts.parse_warnings.len() == 1);
    let opts = parse_in("-o x a.o", &[("LD_OPTIONS", "-z ignored")]).unwrap();
    assert!(
        opts.parse_warnings.is_empty(),
        "GNU's dialect does not read it"
    );
    let opts = parse("-64 -z ld32=-r -z ld64=-G,-hy a.o");
    assert_eq!(opts.kind, OutputKind::Shared);
    assert_eq!(opts.soname.as_deref(), Some(&b"y"[..]));
}

#[test]
fn mistakes_are_errors() {
    for (line, message) in [
        ("-z relro a.o", "no keyword of the Solaris link editor"),
        ("-z pie a.o", "no keyword"),
        ("-k a.o", "unrecognized option '-k'"),
        ("-d x a.o", "'x' is not one of y, n"),
        ("-Y Q,a a.o", "is not of the form P,DIRS"),
        ("-z aslr=maybe a.o", "not one of enabled, disabled"),
        ("-32 a.o", "i386"),
        ("a.o -o", "needs a value"),
        ("-z ld64=-z,ld64=-G a.o", "may not contain another"),
        ("-r", "no input files"),
    ] {
        let error = parse_in(&format!("--wcc-ld-dialect=solaris {line}"), &[]).unwrap_err();
        assert!(error.contains(message), "{line}: {error}");
    }
}

#[test]
fn gnus_dialect_takes_suns_words_for_its_target() {
    let opts = parse_in(
        "-m elf_x86_64_sol2 -C -h libx.so.1 -R /no/such -Y P,/a:/b -G -B direct -Qy -z lazyload -z type=shared a.o",
        &[],
    )
    .unwrap();
    assert_eq!(
        (opts.dialect, opts.kind),
        (Dialect::Gnu, OutputKind::Shared)
    );
    assert_eq!(opts.sunw.direct, Some(true));
    assert_eq!(opts.rpath, [b"/no/such".to_vec()]);
    assert!(opts.no_default_dirs);
}
