//! A test case: a source file whose `//@ key: value` lines say how to build, link and judge it.
//!
//! The file is cut at each `//@ file:` line; every part becomes a file of its own in the case's work directory.
//! Parts with a source suffix (`.c .cc .s .S`) are compiled; others (version scripts, linker scripts) are only
//! written. A `.sh` case is a bash script that does everything itself (`$WCC $WCCXX $LD $AS_LD $LINKDIFF $CC $CXX`,
//! `must_fail COMMAND`; exit 77 with a last line on stdout: skipped). Directives, in the order they are used:
//!
//! | directive | meaning |
//! |---|---|
//! | `file: NAME [flags]` | the following lines are file NAME, compiled with these flags too |
//! | `needs: TOOL…` | skip the case without them (`clang lld bfd root` or a program name) |
//! | `compilers: gcc clang` | which of the installed compilers (default: both; assembler files alone: gcc) |
//! | `cflags: …` | for every compile |
//! | `variant: NAME [link args] [\| cflags]` | do it all once for each variant |
//! | `sh: COMMAND` | in the object directory, after compiling |
//! | `ar: [-OPTS] LIB OBJ…` | make an archive (`rcs` unless OPTS are given) |
//! | `shared: OUT ARGS…` | driver-level link with `-shared`; `link-to: OUT ARGS…` the same without it |
//! | `ld-to: OUT ARGS…` | linker-level link |
//! | `args: …` | more arguments behind the objects of the main link |
//! | `link: ARGS…` | the whole main link (default: all objects that no step above used) |
//! | `ld: ARGS…` | the main link, by the linker itself |
//! | `fail: TEXT` | the main link must fail, and say TEXT; `warn: TEXT` it must succeed and say TEXT |
//! | `says: TEXT` | it says TEXT on either channel; `quiet:` it says nothing at all |
//! | `out: LINE` | the program's output, line by line; `exit: N` its status; `run-args: …`; `no-run:` |
//! | `expect [FILE]: STATEMENT` | see `linkdiff::expect`; must hold for the reference too |
//! | `expect-wcc [FILE]: STATEMENT` | must hold for wcc's output only |
//! | `after: COMMAND` | in the link directory, `$OUT` is the output, `$LD` the linker; must exit 0 |
//! | `allow: KEY…` | differences that are fine (`key`, `key*`, `key=text`); `allow-check: KEY…` findings |
//! | `ref: bfd\|lld\|none` | the reference linker (default bfd); `ref-links:` the reference need not fail |

use std::path::{Path, PathBuf};

/// One file of a case.
#[derive(Clone, Debug, Default)]
pub struct SourceFile {
    pub name: String,
    pub text: String,
    pub flags: Vec<String>,
}

impl SourceFile {
    pub fn is_source(&self) -> bool {
        [".c", ".cc", ".s", ".S"]
            .iter()
            .any(|e| self.name.ends_with(e))
    }
    pub fn object(&self) -> String {
        match self.name.rsplit_once('.') {
            Some((stem, _)) => format!("{stem}.o"),
            None => format!("{}.o", self.name),
        }
    }
}

/// What happens between compiling and running.
#[derive(Clone, Debug)]
pub enum Step {
    Shell(String),
    Archive(Vec<String>),
    /// A link by the driver or by the linker itself, to the named output.
    Link {
        output: String,
        args: Vec<String>,
        direct: bool,
    },
}

/// A set of arguments with which everything is done once.
#[derive(Clone, Debug, Default)]
pub struct Variant {
    pub name: String,
    pub link: Vec<String>,
    pub cflags: Vec<String>,
}

/// One parsed case.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// `capability/NAME`.
    pub name: String,
    pub path: PathBuf,
    pub files: Vec<SourceFile>,
    pub needs: Vec<String>,
    pub compilers: Vec<String>,
    pub cflags: Vec<String>,
    pub variants: Vec<Variant>,
    pub steps: Vec<Step>,
    /// The main link; None: all unused objects.
    pub link: Option<Vec<String>>,
    pub direct: bool,
    pub args: Vec<String>,
    pub fail: Vec<String>,
    pub warn: Vec<String>,
    pub says: Vec<String>,
    pub quiet: bool,
    pub out: Vec<String>,
    pub exit: i32,
    pub run: bool,
    pub run_args: Vec<String>,
    /// (file, statement, only for wcc)
    pub expect: Vec<(String, String, bool)>,
    pub after: Vec<String>,
    pub allow: Vec<String>,
    pub allow_check: Vec<String>,
    pub reference: String,
    pub reference_links: bool,
}

impl Case {
    pub fn is_script(&self) -> bool {
        self.path.extension().is_some_and(|e| e == "sh")
    }
    pub fn cxx(&self) -> bool {
        self.files.iter().any(|f| f.name.ends_with(".cc"))
    }

    /// Reads a case file. The error names the line.
    pub fn read(root: &Path, path: &Path) -> Result<Case, String> {
        let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let name = path.strip_prefix(root).unwrap_or(path).with_extension("");
        let mut case = Case {
            name: name.display().to_string(),
            path: path.to_path_buf(),
            run: true,
            reference: "bfd".into(),
            ..Case::default()
        };
        let first = path.file_name().map(|n| n.to_string_lossy().into_owned());
        case.files.push(SourceFile {
            name: first.unwrap_or_default(),
            ..SourceFile::default()
        });
        for (number, line) in text.lines().enumerate() {
            let directive = line
                .trim_start()
                .strip_prefix("//@")
                .or_else(|| line.trim_start().strip_prefix("#@"));
            let result = match directive {
                Some(d) => case.directive(d.trim()),
                None => Ok(()),
            };
            result.map_err(|e| format!("{}:{}: {e}", path.display(), number + 1))?;
            if let Some(file) = case.files.last_mut() {
                // Directives leave an empty line, so that the compiler's line numbers stay right.
                if directive.is_none() {
                    file.text.push_str(line);
                }
                if !directive.is_some_and(|d| d.trim_start().starts_with("file:")) {
                    file.text.push('\n');
                }
            }
        }
        case.files.retain(|f| !f.text.trim().is_empty());
        if case.variants.is_empty() {
            case.variants.push(Variant::default());
        }
        if case.compilers.is_empty() {
            let assembler = case
                .files
                .iter()
                .filter(|f| f.is_source())
                .all(|f| f.name.ends_with(".s"));
            case.compilers = if assembler {
                vec!["gcc".into()]
            } else {
                vec!["gcc".into(), "clang".into()]
            };
        }
        Ok(case)
    }

    fn directive(&mut self, text: &str) -> Result<(), String> {
        let (head, value) = text.split_once(':').ok_or("a directive needs a colon")?;
        let value = value.trim();
        let (key, file) = match head.trim().split_once(' ') {
            Some((key, file)) => (key, file.trim()),
            None => (head.trim(), "out"),
        };
        let words = || shell_words::split(value).map_err(|e| e.to_string());
        match key {
            "file" => {
                let mut words = words()?.into_iter();
                self.files.push(SourceFile {
                    name: words.next().ok_or("file: needs a name")?,
                    flags: words.collect(),
                    text: String::new(),
                });
            }
            "needs" => self.needs.extend(words()?),
            "compilers" => self.compilers = words()?,
            "cflags" => self.cflags.extend(words()?),
            "variant" => {
                let (link, cflags) = value.split_once('|').unwrap_or((value, ""));
                let mut link = shell_words::split(link)
                    .map_err(|e| e.to_string())?
                    .into_iter();
                self.variants.push(Variant {
                    name: link.next().ok_or("variant: needs a name")?,
                    link: link.collect(),
                    cflags: shell_words::split(cflags).map_err(|e| e.to_string())?,
                });
            }
            "sh" => self.steps.push(Step::Shell(value.into())),
            "ar" => self.steps.push(Step::Archive(words()?)),
            "shared" | "link-to" | "ld-to" => {
                let mut words = words()?.into_iter();
                let output = words.next().ok_or("an output is missing")?;
                let mut args: Vec<String> = words.collect();
                if key == "shared" {
                    args.insert(0, "-shared".into());
                }
                self.steps.push(Step::Link {
                    output,
                    args,
                    direct: key == "ld-to",
                });
            }
            "args" => self.args.extend(words()?),
            "link" => self.link = Some(words()?),
            "ld" => {
                self.link = Some(words()?);
                self.direct = true;
            }
            "fail" => self.fail.push(value.into()),
            "warn" => self.warn.push(value.into()),
            "says" => self.says.push(value.into()),
            "quiet" => self.quiet = true,
            "out" => self.out.push(value.into()),
            "exit" => self.exit = value.parse().map_err(|_| "exit: needs a number")?,
            "no-run" => self.run = false,
            "run-args" => self.run_args = words()?,
            "expect" => self.expect.push((file.into(), value.into(), false)),
            "expect-wcc" => self.expect.push((file.into(), value.into(), true)),
            "after" => self.after.push(value.into()),
            "allow" => self.allow.extend(words()?),
            "allow-check" => self.allow_check.extend(words()?),
            "ref" => self.reference = value.into(),
            "ref-links" => self.reference_links = true,
            other => return Err(format!("unknown directive {other}")),
        }
        Ok(())
    }

    /// What is linked: the steps' files, and the main link's.
    pub fn outputs(&self) -> Vec<String> {
        let steps = self.steps.iter().filter_map(|s| match s {
            Step::Link { output, .. } => Some(output.clone()),
            _ => None,
        });
        std::iter::once("out".to_string()).chain(steps).collect()
    }

    /// Objects that no step used: the inputs of a main link that names none.
    pub fn unused_objects(&self) -> Vec<String> {
        let used = |object: &String| {
            self.steps.iter().any(|s| match s {
                Step::Archive(words) => words.contains(object),
                Step::Link { args, .. } => args.contains(object),
                Step::Shell(_) => false,
            })
        };
        self.files
            .iter()
            .filter(|f| f.is_source())
            .map(SourceFile::object)
            .filter(|o| !used(o))
            .collect()
    }
}

/// Every case below a directory, by name.
pub fn all(root: &Path) -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    let read = |dir: &Path| -> Result<Vec<PathBuf>, String> {
        let entries = std::fs::read_dir(dir).map_err(|e| format!("{}: {e}", dir.display()))?;
        let mut all: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
        all.sort();
        Ok(all)
    };
    for dir in read(root)?.iter().filter(|d| d.is_dir()) {
        for file in read(dir)?.iter().filter(|f| f.is_file()) {
            cases.push(Case::read(root, file)?);
        }
    }
    Ok(cases)
}
