//! What the fuzzers share: links inside this process, in a directory of their own.

pub mod elf;

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use wcc_linker::options::{Parsed, parse_gnu};
use wcc_linker::report::Report;
use wcc_linker::trace::Trace;

/// A directory of this process with the sound files of WCC_FUZZ_SOUND (made by `--test mutants`) in it.
pub fn dir() -> &'static PathBuf {
    static DIR: OnceLock<PathBuf> = OnceLock::new();
    DIR.get_or_init(|| {
        let dir = std::env::temp_dir().join(format!("wcc-fuzz-{}", std::process::id()));
        fs::create_dir_all(&dir).expect("a directory for the links");
        if let Some(sound) = std::env::var_os("WCC_FUZZ_SOUND") {
            for entry in fs::read_dir(sound).expect("WCC_FUZZ_SOUND is a directory").flatten() {
                // A compiler's plugin in this process is not what is tested.
                if !["lto.o", "bitcode.o"].iter().any(|n| entry.file_name() == *n) {
                    let _ = fs::copy(entry.path(), dir.join(entry.file_name()));
                }
            }
        }
        // Names in command lines and scripts are relative.
        std::env::set_current_dir(&dir).expect("it was just made");
        dir
    })
}

/// Links `data`, as the file `name`, with one of `lines`, chosen by the data's last byte. A refusal is fine.
pub fn link(name: &str, data: &[u8], lines: &[&str]) {
    let file = dir().join(name);
    fs::write(&file, data).expect("the input can be written");
    let choice = data.last().map_or(0, |b| usize::from(*b) % lines.len().max(1));
    let args: Vec<OsString> =
        lines[choice].split_whitespace().map(OsString::from).collect();
    if let Ok(Parsed::Link(opts)) = parse_gnu("ld.wcc", &args) {
        let report = Report::new(&opts);
        let result = wcc_linker::link(&opts, &report, &Trace::new(&opts));
        let said = report.take_text();
        assert!(result.is_ok() || !said.is_empty(), "refused without a word");
    }
}
