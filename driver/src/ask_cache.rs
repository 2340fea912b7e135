//! Answers of the delegate about its link line, kept between runs.
//!
//! Kept by the compiler's identity (path, size, time of change), the directory, the variables that
//! move its search paths, and the command with its files taken out: `a.o b.o` and `c.o` are the same
//! question when the options are the same. Commands whose meaning lies in a file (`-specs=`) are not
//! kept. Losing the cache costs one process a link; a wrong entry cannot be used, since the whole
//! question is stored beside the answer and compared. Which files an answer names depends on what is
//! installed, so one that names a file that is not there is neither kept nor believed. When there are
//! more than [`MOST`] answers, the older half goes.

use std::collections::hash_map::DefaultHasher;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::hash::{Hash, Hasher};
use std::io::{Read, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};

/// Answers kept at the most; the directory of a build that makes hundreds is not worth more.
const MOST: usize = 200;
/// Bytes of an answer: more than any command line has.
const LONGEST: u64 = 4 << 20;

/// A word of a question or an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Word(Vec<u8>),
    /// All files of one unbroken run of inputs.
    Inputs,
    /// The output's name.
    Output,
}

/// One question, ready to be looked up.
pub struct Question {
    path: PathBuf,
    key: Vec<u8>,
    inputs: Vec<OsString>,
    output: Option<OsString>,
    runs: usize,
}

impl Question {
    /// Prepares the look-up; `None` when this command is not kept or there is nowhere to keep it.
    pub fn new(argv: &[OsString], compiler: &Path, inputs: &[OsString]) -> Option<Question> {
        let here = std::env::current_dir().ok()?;
        Question::asked_in(&here, argv, compiler, inputs)
    }

    /// The look-up of an answer that is the same in every directory.
    pub fn of_no_place(argv: &[OsString], compiler: &Path) -> Option<Question> {
        Question::asked_in(Path::new(""), argv, compiler, &[])
    }

    fn asked_in(
        here: &Path,
        argv: &[OsString],
        compiler: &Path,
        inputs: &[OsString],
    ) -> Option<Question> {
        let in_file = |w: &OsString| {
            let b = w.as_bytes();
            b.starts_with(b"-specs")
                || b.starts_with(b"--specs")
                || b.starts_with(b"--config")
                || b.starts_with(b"@")
        };
        if argv.iter().any(in_file) {
            return None;
        }
        let dir = cache_dir()?;
        let output = argv
            .iter()
            .position(|w| w == "-o")
            .and_then(|i| argv.get(i + 1))
            .cloned();
        let parts = parts(argv, inputs, output.as_deref());
        let identity = std::fs::metadata(compiler).ok()?;
        let mut key = format!(
            "{} {} {}.{}\n",
            compiler.display(),
            identity.size(),
            identity.mtime(),
            identity.mtime_nsec()
        )
        .into_bytes();
        key.extend_from_slice(here.as_os_str().as_bytes());
        for name in [
            "LIBRARY_PATH",
            "COMPILER_PATH",
            "GCC_EXEC_PREFIX",
            "CCC_OVERRIDE_OPTIONS",
        ] {
            key.push(b'\n');
            key.extend_from_slice(std::env::var_os(name).unwrap_or_default().as_bytes());
        }
        key.push(b'\n');
        write_parts(&parts, &mut key);
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let path = dir.join(format!("ask-{:016x}", hasher.finish()));
        let runs = parts.iter().filter(|p| **p == Part::Inputs).count();
        // Only one run can be put back without knowing which file belongs to which.
        (runs <= 1).then(|| Question {
            path,
            key,
            inputs: inputs.to_vec(),
            output,
            runs,
        })
    }

    /// The answer of an earlier run.
    pub fn look_up(&self) -> Option<Vec<OsString>> {
        let bytes = read_own(&self.path)?;
        let rest = bytes
            .strip_prefix(self.key.as_slice())?
            .strip_prefix(b"\n\n")?;
        let parts = read_parts(rest);
        if !all_there(&parts) {
            return None;
        }
        let mut words = Vec::new();
        for part in parts {
            match part {
                Part::Word(w) => words.push(OsString::from_vec(w)),
                Part::Inputs => words.extend(self.inputs.iter().cloned()),
                Part::Output => words.push(self.output.clone()?),
            }
        }
        Some(words)
    }

    /// Keeps an answer. Failing to is no error: the next run asks again.
    pub fn keep(&self, answer: &[OsString]) {
        let parts = parts(answer, &self.inputs, self.output.as_deref());
        let runs = parts.iter().filter(|p| **p == Part::Inputs).count();
        let complete =
            answer.iter().filter(|w| self.inputs.contains(w)).count() == self.inputs.len();
        if runs != self.runs || !complete || !all_there(&parts) {
            return;
        }
        let mut bytes = self.key.clone();
        bytes.extend_from_slice(b"\n\n");
        write_parts(&parts, &mut bytes);
        let _ = self.write(&bytes);
    }

    fn write(&self, bytes: &[u8]) -> std::io::Result<()> {
        let Some(dir) = self.path.parent() else {
            return Ok(());
        };
        std::fs::create_dir_all(dir)?;
        let mut file = tempfile::NamedTempFile::new_in(dir)?;
        file.write_all(bytes)?;
        file.persist(&self.path)?;
        prune(dir)
    }
}

/// An answer is as good as the command line: only one that nobody but us can have written is believed.
fn read_own(path: &Path) -> Option<Vec<u8>> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let mut file = File::from(rustix::fs::open(path, flags, Mode::empty()).ok()?);
    let meta = file.metadata().ok()?;
    let ours = meta.uid() == rustix::process::geteuid().as_raw() && meta.mode() & 0o022 == 0;
    if !meta.is_file() || !ours || meta.len() > LONGEST {
        return None;
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// Whether the files that the words name exist: run-times and start files, by their paths.
fn all_there(parts: &[Part]) -> bool {
    parts.iter().all(|p| match p {
        Part::Word(w) if w.first() == Some(&b'/') => Path::new(OsStr::from_bytes(w)).exists(),
        _ => true,
    })
}

/// Removes the older half of the answers when there are too many.
fn prune(dir: &Path) -> std::io::Result<()> {
    let mut answers = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_name().as_bytes().starts_with(b"ask-") {
            // One that is gone already was pruned by another link.
            answers.extend(
                entry
                    .metadata()
                    .and_then(|m| m.modified())
                    .map(|t| (t, entry.path())),
            );
        }
    }
    if answers.len() > MOST {
        answers.sort();
        for (_, path) in answers.iter().take(answers.len() - MOST / 2) {
            let _ = std::fs::remove_file(path);
        }
    }
    Ok(())
}

fn cache_dir() -> Option<PathBuf> {
    let set = |name: &str| {
        std::env::var_os(name)
            .filter(|v| !v.is_empty())
            .map(PathBuf::from)
    };
    let base = set("XDG_CACHE_HOME").or_else(|| Some(set("HOME")?.join(".cache")))?;
    base.is_absolute().then(|| base.join("wcc"))
}

/// Takes files out of a command.
fn parts(words: &[OsString], inputs: &[OsString], output: Option<&OsStr>) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::with_capacity(words.len());
    let mut after_o = false;
    for w in words {
        if after_o && Some(w.as_os_str()) == output {
            out.push(Part::Output);
        } else if inputs.contains(w) {
            if out.last() != Some(&Part::Inputs) {
                out.push(Part::Inputs);
            }
        } else {
            out.push(Part::Word(w.as_bytes().to_vec()));
        }
        after_o = w == "-o";
    }
    out
}

/// Each part is ended by NUL, which no argument can hold, and begins with its kind.
fn write_parts(parts: &[Part], out: &mut Vec<u8>) {
    for p in parts {
        match p {
            Part::Word(w) => {
                out.push(b'w');
                out.extend_from_slice(w);
            }
            Part::Inputs => out.push(b'i'),
            Part::Output => out.push(b'o'),
        }
        out.push(0);
    }
}

fn read_parts(bytes: &[u8]) -> Vec<Part> {
    bytes
        .split(|b| *b == 0)
        .filter_map(|p| match p.split_first()? {
            (b'w', word) => Some(Part::Word(word.to_vec())),
            (b'i', _) => Some(Part::Inputs),
            (b'o', _) => Some(Part::Output),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<OsString> {
        text.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn an_answer_that_others_may_have_written_is_not_believed() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().expect("dir");
        let path = dir.path().join("ask");
        std::fs::write(&path, "answer").expect("written");
        let mode = |m| std::fs::set_permissions(&path, PermissionsExt::from_mode(m));
        for (m, believed) in [(0o600, true), (0o644, true), (0o620, false), (0o602, false)] {
            mode(m).expect("changed");
            assert_eq!(read_own(&path).is_some(), believed, "{m:o}");
        }
        mode(0o600).expect("changed");
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(&path, &link).expect("linked");
        assert_eq!(read_own(&link), None);
        assert_eq!(read_own(Path::new("/dev/zero")), None);
        assert_eq!(read_own(&dir.path().join("none")), None);
    }

    #[test]
    fn an_answer_serves_other_files() {
        let dir = tempfile::tempdir().expect("dir");
        let question = |argv: &str, inputs: &str, output: &str| Question {
            path: dir.path().join("ask"),
            key: {
                let mut k = Vec::new();
                write_parts(
                    &parts(&words(argv), &words(inputs), Some(OsStr::new(output))),
                    &mut k,
                );
                k
            },
            inputs: words(inputs),
            output: Some(output.into()),
            runs: 1,
        };
        let first = question("cc -### -fopenmp a.o b.o -o x", "a.o b.o", "x");
        assert_eq!(first.look_up(), None);
        first.keep(&words("-m e -o x crt1.o a.o b.o -lomp"));
        let second = question("cc -### -fopenmp c.o -o dir/y", "c.o", "dir/y");
        assert_eq!(
            second.look_up(),
            Some(words("-m e -o dir/y crt1.o c.o -lomp"))
        );
        let other = question("cc -### -fsanitize=address c.o -o y", "c.o", "y");
        assert_eq!(other.look_up(), None);
    }

    #[test]
    fn an_answer_is_believed_as_long_as_its_files_are_there() {
        let dir = tempfile::tempdir().expect("dir");
        let runtime = dir.path().join("libclang_rt.asan.a");
        let q = Question {
            path: dir.path().join("ask"),
            key: b"k".to_vec(),
            inputs: words("a.o"),
            output: None,
            runs: 1,
        };
        let answer = [runtime.clone().into_os_string(), "a.o".into()];
        q.keep(&answer);
        assert_eq!(q.look_up(), None);
        std::fs::write(&runtime, "").expect("write");
        q.keep(&answer);
        assert_eq!(q.look_up().as_deref(), Some(&answer[..]));
        std::fs::remove_file(&runtime).expect("remove");
        assert_eq!(q.look_up(), None);
    }

    #[test]
    fn answers_do_not_pile_up() {
        let dir = tempfile::tempdir().expect("dir");
        for n in 0..MOST + 20 {
            let q = Question {
                path: dir.path().join(format!("ask-{n:016x}")),
                key: b"k".to_vec(),
                inputs: words("a.o"),
                output: None,
                runs: 1,
            };
            q.keep(&words("a.o"));
            assert!(q.look_up().is_some());
        }
        assert!(std::fs::read_dir(dir.path()).expect("dir").count() <= MOST);
    }

    #[test]
    fn an_answer_without_the_files_is_not_kept() {
        let dir = tempfile::tempdir().expect("dir");
        let q = Question {
            path: dir.path().join("ask"),
            key: b"k".to_vec(),
            inputs: words("a.o"),
            output: None,
            runs: 1,
        };
        q.keep(&words("-lomp"));
        assert_eq!(q.look_up(), None);
    }
}
