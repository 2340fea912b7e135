//! Files that options name and that are read while the command line is: scripts, version scripts, lists
//! of symbols; and directories with the sysroot in them.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::choices::InputKind;
use super::gnu::Line;
use super::values;
use crate::script::{self, Glob, LinkerScript, ScriptCommand};

/// Expands directories and reads all files that `line` names, collecting errors there.
pub fn read_all(line: &mut Line) {
    let sysroot = line.opts.sysroot.clone();
    let expand = |dir: &Vec<u8>| with_sysroot(dir, sysroot.as_deref());
    let dirs = line.library_dirs.iter().chain(&line.default_dirs);
    line.opts.library_dirs = dirs.map(expand).collect();
    line.opts.rpath_link = line.rpath_link.iter().map(expand).collect();

    for name in std::mem::take(&mut line.version_scripts) {
        let script = parse(line, &name, script::parse_version_script);
        line.opts.version_scripts.extend(script);
    }
    line.errors
        .extend(script::check_version_scripts(&line.opts.version_scripts));
    for name in std::mem::take(&mut line.dynamic_lists) {
        let Some(script) = parse(line, &name, script::parse_dynamic_list) else {
            continue;
        };
        match &mut line.opts.dynamic_list {
            None => line.opts.dynamic_list = Some(script),
            Some(list) => {
                let patterns = script.nodes.into_iter().flat_map(|node| node.global);
                if let Some(node) = list.nodes.first_mut() {
                    node.global.extend(patterns);
                }
            }
        }
    }
    for name in std::mem::take(&mut line.export_lists) {
        let Some(list) = parse(line, &name, script::parse_dynamic_list) else {
            continue;
        };
        match &mut line.opts.export_list {
            None => line.opts.export_list = Some(list),
            Some(known) => known.nodes.extend(list.nodes),
        }
    }
    for name in std::mem::take(&mut line.order_files) {
        if let Some((_, text)) = read(line, &name) {
            line.opts.symbol_order.extend(names_in(&text));
        }
    }
    super::order_files::read_all(line);
    if let Some(name) = line.retain_file.take()
        && let Some((_, text)) = read(line, &name)
    {
        let mut names = names_in(&text);
        names.sort_unstable();
        line.opts.retain_symbols = Some(names);
    }
    read_scripts(line);
    remap(line);
    name_map_file(line);
}

/// Puts the files of `--remap-inputs` and `--remap-inputs-file` in the place of those they are for.
fn remap(line: &mut Line) {
    for name in std::mem::take(&mut line.remap_files) {
        let Some((path, text)) = read(line, &name) else {
            continue;
        };
        for row in text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii) {
            // GNU ld writes `glob file`, lld `glob=file`; `#` starts a comment.
            if row.is_empty() || row.starts_with(b"#") {
                continue;
            }
            let end = row
                .iter()
                .position(|&byte| byte == b'=' || byte.is_ascii_whitespace());
            match end {
                Some(at) => {
                    let file = row[at + 1..].trim_ascii().to_vec();
                    line.remaps.push((Glob::new(&row[..at]), file));
                }
                None => {
                    let row = values::text(row);
                    line.errors
                        .push(format!("{path}: '{row}' is not of the form GLOB=FILE"));
                }
            }
        }
    }
    let remaps = std::mem::take(&mut line.remaps);
    if remaps.is_empty() {
        return;
    }
    line.opts.inputs.retain_mut(|input| {
        let (InputKind::File(path) | InputKind::Binary(path)) = &mut input.kind else {
            return true;
        };
        let found = remaps
            .iter()
            .find(|(glob, _)| glob.matches(path.as_os_str().as_bytes()));
        match found {
            // As in GNU ld, the null device means that the file is left out.
            Some((_, file)) if file == b"/dev/null" => false,
            Some((_, file)) => {
                *path = values::path(file);
                true
            }
            None => true,
        }
    });
}

/// `-Map=DIR` writes `DIR/OUTPUT.map`; a `%` in the name stands for the output's name.
fn name_map_file(line: &mut Line) {
    let Some(map) = &line.opts.map_file else {
        return;
    };
    let output = line.opts.output.file_name().unwrap_or_default().as_bytes();
    let name = map.as_os_str().as_bytes();
    if let Some(at) = memchr::memchr(b'%', name) {
        let full = [&name[..at], output, &name[at + 1..]].concat();
        line.opts.map_file = Some(values::path(&full));
    } else if map.is_dir() {
        line.opts.map_file = Some(map.join(values::path(&[output, b".map"].concat())));
    }
}

/// `-T` scripts.
fn read_scripts(line: &mut Line) {
    let mut names = std::mem::take(&mut line.scripts);
    if names.is_empty() {
        names.extend(line.default_script.take());
    }
    for name in names {
        let Some((path, text)) = read(line, &name) else {
            continue;
        };
        let beside = Path::new(&path)
            .parent()
            .map(Path::to_path_buf)
            .unwrap_or_default();
        let mut places: Vec<&Path> = line
            .opts
            .library_dirs
            .iter()
            .map(PathBuf::as_path)
            .collect();
        places.push(&beside);
        places.extend(line.opts.shape.roots.directory.as_deref());
        let mut included = Vec::new();
        let mut loader = |file: &[u8]| {
            let found = script::read_include(file, &places)?;
            included.push(PathBuf::from(&found.0));
            Ok(found)
        };
        let parsed = script::parse_linker_script_with(&text, &path, &mut loader);
        line.opts.files_read.extend(included);
        match parsed {
            Ok(script) => {
                obey_output_commands(line, &script);
                line.opts.scripts.push(script);
            }
            Err(errors) => line.errors.extend(errors),
        }
    }
}

/// `OUTPUT(file)` and `OUTPUT_FORMAT(binary)` say what `-o` and `--oformat` say, and give way to them.
fn obey_output_commands(line: &mut Line, script: &LinkerScript) {
    for command in &script.commands {
        match command {
            ScriptCommand::Other(name, file) if name == b"OUTPUT" && !line.saw_output => {
                line.opts.output = values::path(file);
            }
            ScriptCommand::Other(name, _) if name == b"FORCE_GROUP_ALLOCATION" => {
                line.opts.shape.dissolve_groups = true;
            }
            ScriptCommand::Other(name, _) if name == b"FORCE_COMMON_ALLOCATION" => {
                line.opts.force_common = true;
            }
            ScriptCommand::OutputFormat(name)
                if matches!(name.as_slice(), b"binary" | b"srec" | b"ihex") && !line.saw_format =>
            {
                line.opts.oformat_binary = true;
                line.opts.shape.hex = super::shape::hex_format(name);
            }
            _ => {}
        }
    }
}

/// A `-L` directory: a leading `=` or `$SYSROOT` stands for the sysroot.
pub fn with_sysroot(dir: &[u8], sysroot: Option<&Path>) -> PathBuf {
    let relative = dir
        .strip_prefix(b"=")
        .or_else(|| dir.strip_prefix(b"$SYSROOT"));
    match (relative, sysroot) {
        (Some(rest), Some(root)) => {
            let rest = rest.trim_ascii_start();
            let rest = rest
                .iter()
                .position(|&byte| byte != b'/')
                .map_or(&b""[..], |at| &rest[at..]);
            root.join(values::path(rest))
        }
        (Some(rest), None) => values::path(rest),
        (None, _) => values::path(dir),
    }
}

/// The text of a file, looked for as GNU ld does: as named, then in the library directories.
pub(super) fn read(line: &mut Line, name: &[u8]) -> Option<(String, Vec<u8>)> {
    let dirs: Vec<&Path> = line
        .opts
        .library_dirs
        .iter()
        .map(PathBuf::as_path)
        .collect();
    match script::read_include(name, &dirs) {
        Ok(found) => {
            line.opts.files_read.push(PathBuf::from(&found.0));
            Some(found)
        }
        Err(error) => {
            line.errors.push(error);
            None
        }
    }
}

fn parse<T>(
    line: &mut Line,
    name: &[u8],
    parser: fn(&[u8], &str) -> Result<T, Vec<String>>,
) -> Option<T> {
    let (path, text) = read(line, name)?;
    match parser(&text, &path) {
        Ok(parsed) => Some(parsed),
        Err(errors) => {
            line.errors.extend(errors);
            None
        }
    }
}

/// The words of a list of symbols; `#` starts a comment.
fn names_in(text: &[u8]) -> Vec<Vec<u8>> {
    text.split(|&byte| byte == b'\n')
        .map(|line| line.split(|&byte| byte == b'#').next().unwrap_or(line))
        .flat_map(|line| line.split(u8::is_ascii_whitespace))
        .filter(|word| !word.is_empty())
        .map(<[u8]>::to_vec)
        .collect()
}
