//! The manual page, made from the option table.

use super::help::{description, names, origin};
use super::table::OPTIONS;
use super::z::{KEYWORDS, Means};

/// The source (troff) of ld.wcc(1).
pub fn man_page() -> String {
    let mut page = String::from(HEAD);
    let solaris = [("In the Solaris dialect", super::solaris_table::ROWS)];
    for (title, rows) in OPTIONS.iter().chain(&solaris) {
        page.push_str(&format!(".SS {}\n", troff(title)));
        for row in *rows {
            page.push_str(&format!(
                ".TP\n.B {}\n{}.\n.I ({})\n",
                troff(&names(row)),
                troff(&description(row)),
                origin(row.by)
            ));
        }
    }
    page.push_str(
        ".SS Response files\n.TP\n.B @FILE\nThe words of FILE stand in place of this argument.\n.SH KEYWORDS OF \\-z\n",
    );
    for keyword in KEYWORDS {
        let value = if keyword.meta.is_empty() {
            String::new()
        } else {
            format!("={}", keyword.meta)
        };
        let reason = match keyword.means {
            Means::Nothing(reason) => format!(". Nothing to do: {reason}"),
            Means::Missing(reason) => format!(". No effect but a warning: {reason}"),
            Means::Refused(reason) => format!(". Refused: {reason}"),
            _ => String::new(),
        };
        page.push_str(&format!(
            ".TP\n.B {}\n{}.\n.I ({})\n",
            troff(&format!("{}{value}", keyword.name)),
            troff(&format!("{}{reason}", keyword.help)),
            origin(keyword.by)
        ));
    }
    page.push_str(TAIL);
    page
}

/// Text with what troff takes as its own quoted.
fn troff(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    match text.chars().next() {
        Some('.' | '\'') => format!("\\&{text}"),
        _ => text,
    }
}

const HEAD: &str = r#".\" Made by `ld.wcc --wcc-man` from the option table; do not edit.
.TH LD.WCC 1 "" "wcc" "User Commands"
.SH NAME
ld.wcc \- link object files
.SH SYNOPSIS
.B ld.wcc
.RI [ options ]
.IR file ...
.SH DESCRIPTION
.B ld.wcc
is the linker of
.BR wcc (1)
as a program of its own. It combines ELF object files, archives and shared libraries into a program, a
shared library or another object file. Its command line and its linker scripts are those of GNU ld.
.PP
Long options may be written with one dash or two (two if the name starts with the letter o) and may be
abbreviated. A value follows after = or as the next argument. An option that is not known is an error.
After each option stand the linkers that have it.
.PP
With
.B \-\-wcc\-ld\-dialect=solaris
the command line is that of the Solaris link editor; so it is without
.B \-m
when the arguments are words that only it has (such as
.BR "\-z ignore" ,
.BR "\-Y P,DIRS" ,
.BR \-G ,
.BR \-Qy ).
The output is then for illumos and has what that linker writes.
.SH OPTIONS
"#;

const TAIL: &str = r#".SH ENVIRONMENT
.TP
.B LD_RUN_PATH
The run path if there is no \-rpath.
.TP
.B LD_LIBRARY_PATH
Where else the libraries that shared objects need are looked for, when the output is for this machine; not linked from.
.TP
.BR COLLECT_GCC ", " COLLECT_GCC_OPTIONS ", " COLLECT_LTO_WRAPPER
How gcc was called: read, and set where missing, for its LTO plugin.
.TP
.B TMPDIR
Where the files of link\-time optimisation lie. Default: /tmp.
.TP
.BR TERM ", " NO_COLOR
Whether messages may have colours.
.TP
.B COLLECT_NO_DEMANGLE
If set, names in messages are not demangled.
.TP
.BR LD_OPTIONS ", " LD_64_OPTIONS
Arguments that stand before the others in the Solaris dialect.
.TP
.B MAKEFLAGS
Names make's jobserver; a large link runs on one thread and those tokens that are free when it starts. \-\-threads overrides.
.SH EXIT STATUS
0 if the output was made, 1 if not.
.SH SEE ALSO
.BR wcc (1)
"#;

#[cfg(test)]
mod tests {
    #[test]
    fn manual_page_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../man/ld.wcc.1");
        if std::env::var_os("WCC_UPDATE_MAN").is_some() {
            std::fs::write(path, super::man_page()).unwrap();
        }
        let stored = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            stored == super::man_page(),
            "man/ld.wcc.1 is out of date; run: ld.wcc --wcc-man > man/ld.wcc.1\n\
             or: WCC_UPDATE_MAN=1 cargo test -p wcc-linker manual_page"
        );
    }
}
