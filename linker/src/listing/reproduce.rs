//! `--reproduce=FILE`: a tar file with every input and a response file, which links the same on another machine.
//!
//! Paths in the tar are those of the machine below one directory, so that names in linker scripts still mean the right
//! files: the response file makes that directory the sysroot. As in lld, `response.txt` and `version.txt` stand beside.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use crate::options::{Options, Word, words};
use crate::report::Report;

/// Options whose value is a file or directory that is read.
const READ: &[&str] = &[
    "-L",
    "-T",
    "-dT",
    "-R",
    "-rpath-link",
    "--version-script",
    "--dynamic-list",
    "--export-dynamic-symbol-list",
    "--retain-symbols-file",
    "--symbol-ordering-file",
    "--section-ordering-file",
    "--call-graph-ordering-file",
    "--remap-inputs-file",
];

/// Options that write something besides the output, or that the tar file stands for.
const LEFT_OUT: &[&str] = &[
    "--reproduce",
    "--repro",
    "--sysroot",
    "-Map",
    "--dependency-file",
    "--why-extract",
    "--print-archive-stats",
    "--time-trace",
    "--error-handling-script",
];

/// Writes the tar file. `files`: everything that was opened.
pub fn write(tar: &Path, opts: &Options, files: &[PathBuf], report: &Report) {
    if let Err(e) = try_write(tar, opts, files) {
        report.error(format!(
            "cannot write {}: {}",
            tar.display(),
            crate::plain(&e)
        ));
    }
}

fn try_write(tar: &Path, opts: &Options, files: &[PathBuf]) -> io::Result<()> {
    let base = PathBuf::from(tar.file_stem().unwrap_or(tar.as_os_str()));
    let cwd = std::env::current_dir()?;
    let mut builder = tar::Builder::new(io::BufWriter::new(File::create(tar)?));
    let mut add = |name: &Path, bytes: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(0);
        builder.append_data(&mut header, base.join(name), bytes)
    };
    let version = concat!("ld.wcc ", env!("CARGO_PKG_VERSION"), "\n");
    add(Path::new("version.txt"), version.as_bytes())?;
    add(Path::new("response.txt"), &response(opts, &cwd))?;
    let unique: BTreeSet<PathBuf> = files.iter().map(|f| inside(f, &cwd)).collect();
    for name in &unique {
        let bytes = std::fs::read(Path::new("/").join(name))?;
        add(name, &bytes)?;
    }
    builder
        .into_inner()?
        .into_inner()
        .map_err(|e| e.into_error())?;
    Ok(())
}

/// A path as it stands in the tar file: absolute, without `.`, `..` and the leading slash.
fn inside(path: &Path, cwd: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in cwd.join(path).components() {
        match part {
            Component::Normal(name) => out.push(name),
            Component::ParentDir => {
                out.pop();
            }
            Component::Prefix(_) | Component::RootDir | Component::CurDir => {}
        }
    }
    out
}

/// The response file: the options as they were given, with paths that start in the tar file's directory.
fn response(opts: &Options, cwd: &Path) -> Vec<u8> {
    let local = |value: &[u8]| -> Vec<u8> {
        let path = Path::new(std::ffi::OsStr::from_bytes(value));
        [b"./", inside(path, cwd).as_os_str().as_bytes()].concat()
    };
    let root = opts.sysroot.as_deref().unwrap_or(Path::new("/"));
    let mut lines: Vec<Vec<u8>> =
        vec![[b"--sysroot=", &local(root.as_os_str().as_bytes())[..]].concat()];
    let list = |value: &[u8]| {
        let parts: Vec<Vec<u8>> = value.split(|c| *c == b':').map(&local).collect();
        parts.join(&b':')
    };
    for word in words(&opts.raw_args) {
        match word {
            Word::File(name) => lines.push(local(&name)),
            Word::Option(names, value) => {
                let is = |list: &[&str]| names.split(' ').any(|n| list.contains(&n));
                if is(LEFT_OUT) {
                    continue;
                }
                let value = value.map(|v| {
                    let from_sysroot = v.starts_with(b"=") || v.starts_with(b"$SYSROOT");
                    if is(&["-o"]) {
                        v.rsplit(|c| *c == b'/').next().unwrap_or(&v).to_vec()
                    } else if is(READ) && !from_sysroot {
                        list(&v)
                    } else {
                        v
                    }
                });
                lines.push(spell(names, value.as_deref()));
            }
        }
    }
    let mut out = Vec::new();
    for line in lines {
        quote(&line, &mut out);
        out.push(b'\n');
    }
    out
}

/// An option with its value, in a form that every GNU ld reads: long names with two dashes and `=`.
fn spell(names: &str, value: Option<&[u8]>) -> Vec<u8> {
    let long = names
        .split(' ')
        .find(|n| n.trim_start_matches('-').len() > 1);
    match (long, value) {
        (Some(name), Some(v)) => [b"--", name.trim_start_matches('-').as_bytes(), b"=", v].concat(),
        (Some(name), None) => [b"--", name.trim_start_matches('-').as_bytes()].concat(),
        (None, v) => [names.as_bytes(), v.unwrap_or(&[])].concat(),
    }
}

/// One argument of a response file.
fn quote(arg: &[u8], out: &mut Vec<u8>) {
    for &c in arg {
        if c.is_ascii_whitespace() || b"\"'\\".contains(&c) {
            out.push(b'\\');
        }
        out.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_spelt_with_paths_inside_the_tar_file() {
        let args = [
            "-o",
            "/tmp/x/out",
            "-L../lib",
            "a b.o",
            "-lm",
            "-rpath",
            "/opt",
            "-(",
            "x.a",
            "-)",
        ];
        let opts = Options {
            raw_args: args.iter().map(Into::into).collect(),
            ..Options::default()
        };
        let text = response(&opts, Path::new("/home/me"));
        let text = String::from_utf8(text).expect("is ASCII");
        let want = [
            "--sysroot=./",
            "--output=out",
            "--library-path=./home/lib",
            "./home/me/a\\ b.o",
            "--library=m",
            "--rpath=/opt",
            "--start-group",
            "./home/me/x.a",
            "--end-group",
        ];
        assert_eq!(text.lines().collect::<Vec<_>>(), want);
    }
}
