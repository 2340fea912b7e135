//! `--wcc-help` and the manual page, made from the table.

use super::{Families, Kind, Opt, TABLE, Who};

const SECTIONS: &[(Who, &str, &str)] = &[
    (
        Who::Wcc,
        "Options of wcc itself",
        "Never passed to the compiler.",
    ),
    (
        Who::Link,
        "Options of the link",
        "Read by wcc, which links by itself; compile jobs do not see them.",
    ),
    (
        Who::Both,
        "Options of both steps",
        "Passed to compile jobs and read for the link.",
    ),
    (
        Who::Query,
        "Questions",
        "Answered by the compiler behind wcc, except where its answer would name another linker.",
    ),
    (
        Who::Compile,
        "Options of the compiler",
        "Passed on untouched; any option of the families -f -m -W -O -g -d is.",
    ),
];

fn spelling(o: &Opt) -> String {
    match o.kind {
        Kind::Flag => o.name.to_string(),
        Kind::Joined => format!("{}ARG", o.name),
        Kind::Separate | Kind::Either => format!("{} ARG", o.name),
    }
}

fn note(o: &Opt) -> &'static str {
    match o.families {
        Families::Clang if matches!(o.who, Who::Compile | Who::Query) => " (clang)",
        Families::Gcc => " (gcc)",
        _ => "",
    }
}

/// What `--wcc-help` prints.
pub fn help_text() -> String {
    let mut out = String::from(
        "Usage: wcc [options] file...\n\nCompiles with the compiler behind it (WCC_CC, or cc, gcc, clang) and links by itself.\n",
    );
    for (who, title, about) in SECTIONS {
        out.push_str(&format!("\n{title}: {about}\n"));
        for o in TABLE.iter().filter(|o| o.who == *who) {
            out.push_str(&format!("  {:<32} {}{}\n", spelling(o), o.help, note(o)));
        }
    }
    out
}

/// Escapes text for roff.
fn roff(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-")
}

/// The manual page `man/wcc.1`.
pub fn man_page() -> String {
    let mut out = String::from(PAGE_HEAD);
    for (who, title, about) in SECTIONS {
        out.push_str(&format!(".SS {title}\n{}\n", roff(about)));
        for o in TABLE.iter().filter(|o| o.who == *who) {
            out.push_str(&format!(
                ".TP\n.B {}\n{}{}\n",
                roff(&spelling(o)),
                roff(o.help),
                note(o)
            ));
        }
    }
    out.push_str(PAGE_TAIL);
    out
}

const PAGE_HEAD: &str = r#".\" Made from the option table by "wcc --wcc-man"; a test keeps it current.
.TH WCC 1 "" "wcc" "User Commands"
.SH NAME
wcc, wcc++ \- compile with the system's compiler and link natively
.SH SYNOPSIS
.B wcc
.RI [ options ] " file" ...
.br
.B wcc++
.RI [ options ] " file" ...
.SH DESCRIPTION
.B wcc
takes the place of
.BR cc (1).
Each source file is compiled by the compiler behind it; several are compiled in parallel, within
.BR make (1)'s
jobserver when there is one. Then wcc finds start files, libraries and directories for the target
and links in its own process. Commands that do not link are handed to the compiler unchanged.
.SH OPTIONS
"#;

const PAGE_TAIL: &str = r#".SH ENVIRONMENT
.TP
.B WCC_CC
The compiler behind wcc, with leading arguments if wanted. Default: the first of cc, gcc, clang on PATH that is not wcc.
.TP
.B WCC_CXX
The same for wcc++. Default: the C++ sibling of the C compiler.
.TP
.B WCC_LAUNCHER
A program put before compile commands, such as ccache, sccache, distcc or icecc.
.TP
.B WCC_HONOR_FUSE_LD
Obey the \-fuse\-ld=lld that rustc adds by itself.
.TP
.B WCC_LINKER
The linker to use when the command line names none; ld.wcc is the built\-in one.
.TP
.B PATH
Where the compiler is looked for.
.TP
.BR COMPILER_PATH ", " LIBRARY_PATH ", " GCC_EXEC_PREFIX ", " CCC_OVERRIDE_OPTIONS ", " CLANG_NO_DEFAULT_CONFIG
As for gcc and clang.
.TP
.BR TMPDIR
Where objects lie between compiling and linking. Default: /tmp.
.TP
.B MAKEFLAGS
Names make's jobserver, which says how many sources are compiled at once and how many threads a link has.
.TP
.BR XDG_CACHE_HOME ", " HOME
Where the compiler's answers about its link line are kept: the directory wcc in $XDG_CACHE_HOME or ~/.cache.
.TP
.B TERM
Whether messages may have colours.
.TP
.B WCC_DEPTH
Set by wcc for the programs it runs, to notice a compiler that is wcc again.
.SH EXIT STATUS
0 on success, 1 on errors of the driver or the compiler, the linker's status when the link fails.
.SH SEE ALSO
.BR ld.wcc (1),
.BR gcc (1),
.BR clang (1)
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_page_in_the_tree_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../man/wcc.1");
        let on_disk = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            on_disk == man_page(),
            "man/wcc.1 is out of date: run `wcc --wcc-man > man/wcc.1`"
        );
    }

    #[test]
    fn help_names_every_option() {
        let text = help_text();
        for o in TABLE {
            assert!(text.contains(o.name), "{}", o.name);
        }
    }
}
