//! Cases for illumos, run on Linux: compiled for Solaris, linked by wcc, loaded by the model in `tests/illumos/ilx`.
//!
//! Each case is linked in several ways (see [`WAYS`]); every output must pass `ld.wcc --verify-load=illumos` and then run
//! through the model. When the reference linker is built (`tests/illumos/reference.sh`), it links the case too, its
//! output must run as well, and `linkdiff` compares. A variant's name that ends with `gnu-only` or `solaris-only` is
//! for that language of the command line. What this proves and what not: `targets/SOLARIS.md`.

pub mod sunw;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::case::{Case, Step, Variant};
use crate::linkdiff::{self, Image, expect};
use crate::run::{PRELUDE, Verdict};
use crate::tools::{Outcome, Run, Tools};

/// One way from source to program.
struct Way {
    name: &'static str,
    /// Compiled by clang for Solaris, or by the host's gcc.
    clang: bool,
    /// The sysroot's libraries have the Solaris form.
    sunw: bool,
    linker: Linker,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Linker {
    /// The driver with its embedded linker.
    Gnu,
    /// The same, its line in the Solaris dialect.
    Solaris,
    /// GNU ld sol2 behind the driver.
    Reference,
}

const WAYS: &[Way] = &[
    Way {
        name: "reference",
        clang: true,
        sunw: true,
        linker: Linker::Reference,
    },
    Way {
        name: "clang-gnu",
        clang: true,
        sunw: true,
        linker: Linker::Gnu,
    },
    Way {
        name: "clang-solaris",
        clang: true,
        sunw: true,
        linker: Linker::Solaris,
    },
    Way {
        name: "gcc-gnu",
        clang: false,
        sunw: false,
        linker: Linker::Gnu,
    },
];

/// Sysroots and tools.
pub struct Model {
    tools: Tools,
    /// Made with gcc, GNU versions.
    gnu: PathBuf,
    /// Made with clang (gcc without it), Solaris form.
    sunw: PathBuf,
    clang: Option<PathBuf>,
    /// Directory of GNU ld sol2.
    reference: Option<PathBuf>,
}

const TARGET: &str = "--target=x86_64-pc-solaris2.11";

impl Model {
    /// Builds the sysroots below `scratch`.
    ///
    /// # Errors
    /// What the shell script printed.
    pub fn new(tools: Tools, scratch: &Path) -> Result<Model, String> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("illumos");
        let clang = tools.compilers.iter().find(|c| c.name == "clang");
        let clang = clang.map(|c| c.cc.clone());
        let gcc = tools.compilers.iter().find(|c| c.name == "gcc");
        let gcc = gcc.ok_or("gcc is needed to build the sysroot")?.cc.clone();
        let mut model = Model {
            gnu: scratch.join("sysroot-gnu"),
            sunw: scratch.join("sysroot-solaris"),
            clang,
            reference: None,
            tools,
        };
        let compiler = |clang: bool| match (&model.clang, clang) {
            (Some(cc), true) => vec![cc.display().to_string(), TARGET.into()],
            _ => vec![gcc.display().to_string()],
        };
        for (root, flavour, clang) in [(&model.gnu, "gnu", false), (&model.sunw, "solaris", true)] {
            let _ = std::fs::remove_dir_all(root);
            let mut args = vec![
                here.join("sysroot.sh").display().to_string(),
                root.display().to_string(),
                flavour.into(),
            ];
            args.extend(compiler(clang));
            let made = Run::new(Path::new("bash"), args, scratch).run();
            if !made.ok() {
                return Err(made.report());
            }
        }
        let libraries = [
            "libc.so.1",
            "libm.so.2",
            "libpthread.so.1",
            "librt.so.1",
            "libdl.so.1",
            "libsocket.so.1",
            "libnsl.so.1",
        ];
        for library in libraries {
            sunw::rewrite(&model.sunw.join("lib/amd64").join(library))
                .map_err(|e| format!("{library}: {e:#}"))?;
        }
        let script = here.join("reference.sh").display().to_string();
        let found = Run::new(Path::new("bash"), vec![script, "--find".into()], scratch).run();
        if found.ok() {
            model.reference = Some(found.stdout.trim().into());
        }
        Ok(model)
    }

    /// What the tests go without.
    pub fn lacks(&self) -> Vec<&'static str> {
        let mut all = Vec::new();
        if self.clang.is_none() {
            all.push("clang is not installed: everything is compiled by gcc only");
        }
        if self.reference.is_none() {
            all.push("skipped: comparison with GNU ld for Solaris (tests/illumos/reference.sh builds it)");
        }
        all
    }

    fn sysroot(&self, way: &Way) -> &Path {
        if way.sunw { &self.sunw } else { &self.gnu }
    }

    /// Does one case.
    pub fn run(&self, case: &Case, work: &Path) -> Verdict {
        for need in &case.needs {
            let there = match need.as_str() {
                "sol2" => self.reference.is_some(),
                other => self.tools.need(other).is_ok(),
            };
            if !there {
                return Verdict::Skipped(format!("{need} is not available here"));
            }
        }
        let _ = std::fs::remove_dir_all(work);
        let result = if case.is_script() {
            self.script(case, work)
        } else {
            self.all_ways(case, work).map(|()| None)
        };
        match result {
            Ok(None) => {
                let _ = std::fs::remove_dir_all(work);
                Verdict::Passed
            }
            Ok(Some(reason)) => Verdict::Skipped(reason),
            Err(text) => Verdict::Failed(text),
        }
    }

    fn script(&self, case: &Case, work: &Path) -> Result<Option<String>, String> {
        std::fs::create_dir_all(work).map_err(|e| e.to_string())?;
        let mut args: Vec<String> = ["-eEu", "-o", "pipefail", "-c", PRELUDE, "case"]
            .map(String::from)
            .to_vec();
        args.push(case.path.display().to_string());
        let mut run = self.environment(&WAYS[1], Run::new(Path::new("bash"), args, work));
        run.limit = Duration::from_secs(240);
        let outcome = run.run();
        match outcome.code {
            Some(0) => Ok(None),
            Some(77) => Ok(Some(
                outcome.stdout.lines().last().unwrap_or("").to_string(),
            )),
            _ => Err(outcome.report()),
        }
    }

    /// `$WCC $LD $LINKDIFF`; `$S` the sysroot, `$ILX` the loader with its directories, `$CC` compiles for illumos, `$SOL2`
    /// the reference linker (may be empty), `$DIALECTS` those of ld.wcc.
    fn environment<'r>(&self, way: &Way, run: Run<'r>) -> Run<'r> {
        let root = self.sysroot(way);
        let ld = self
            .reference
            .as_ref()
            .map(|d| d.join("ld").display().to_string());
        run.env("WCC", self.driver().join(" "))
            .env("LD", self.tools.bin.join("ld.wcc").display().to_string())
            .env("LINKDIFF", self.tools.linkdiff.display().to_string())
            .env("S", root.display().to_string())
            .env("ILX", self.loader(root).join(" "))
            .env("CC", self.compiler(way, false).join(" "))
            .env("SOL2", ld.unwrap_or_default())
            .env("DIALECTS", "gnu solaris")
    }

    fn driver(&self) -> Vec<String> {
        vec![
            self.tools.bin.join("wcc").display().to_string(),
            "--target=x86_64-unknown-illumos".into(),
        ]
    }

    fn loader(&self, root: &Path) -> Vec<String> {
        let lib = root.join("lib/amd64");
        let usr = root.join("usr/lib/amd64");
        let text = |p: &Path| p.display().to_string();
        vec![
            text(&lib.join("ld.so.1")),
            "-L".into(),
            ".".into(),
            "-L".into(),
            text(&lib),
            "-L".into(),
            text(&usr),
        ]
    }

    fn compiler(&self, way: &Way, cxx: bool) -> Vec<String> {
        let name = if way.clang && self.clang.is_some() {
            "clang"
        } else {
            "gcc"
        };
        let family = self.tools.compilers.iter().find(|c| c.name == name);
        let Some(family) = family.or(self.tools.compilers.first()) else {
            return Vec::new();
        };
        let program = if cxx { &family.cxx } else { &family.cc };
        let mut all = vec![program.display().to_string()];
        if name == "clang" {
            all.push(TARGET.into());
        }
        let ask = Run::new(
            &family.cc,
            vec!["-print-file-name=include".into()],
            Path::new("/"),
        )
        .run();
        let include = self.sysroot(way).join("usr/include").display().to_string();
        all.extend([
            "-nostdinc".into(),
            "-isystem".into(),
            include,
            "-isystem".into(),
            ask.stdout.trim().into(),
        ]);
        all.extend(["-O1", "-fno-stack-protector", "-fno-pie", "-w"].map(String::from));
        all
    }

    fn all_ways(&self, case: &Case, work: &Path) -> Result<(), String> {
        let mut errors = Vec::new();
        for variant in &case.variants {
            let mut reference = None;
            for way in WAYS {
                let solaris_only = variant.name.ends_with("solaris-only");
                let gnu_only = variant.name.ends_with("gnu-only");
                let wanted = match way.linker {
                    Linker::Reference => {
                        self.reference.is_some()
                            && case.fail.is_empty()
                            && case.reference != "none"
                            && !solaris_only
                    }
                    Linker::Solaris => !gnu_only,
                    Linker::Gnu => !solaris_only,
                };
                if !wanted || way.clang && self.clang.is_none() {
                    continue;
                }
                let dir = work.join(format!("{}-{}", variant.name, way.name));
                if let Err(e) = self.one(case, variant, way, &dir) {
                    errors.push(format!("[{} {}] {e}", variant.name, way.name));
                    continue;
                }
                match (way.linker, &reference) {
                    (Linker::Reference, _) => reference = Some(dir),
                    (Linker::Gnu, Some(theirs)) if way.clang => {
                        for output in case.outputs() {
                            errors.extend(compare(case, theirs, &dir, &output));
                        }
                    }
                    _ => {}
                }
            }
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors.join("\n"))
        }
    }

    fn one(&self, case: &Case, variant: &Variant, way: &Way, dir: &Path) -> Result<(), String> {
        std::fs::create_dir_all(dir).map_err(|e| e.to_string())?;
        for file in &case.files {
            std::fs::write(dir.join(&file.name), &file.text).map_err(|e| e.to_string())?;
            if file.is_source() {
                let mut command = self.compiler(way, file.name.ends_with(".cc"));
                command.extend(
                    case.cflags
                        .iter()
                        .chain(&variant.cflags)
                        .chain(&file.flags)
                        .cloned(),
                );
                command.extend(["-c".into(), file.name.clone(), "-o".into(), file.object()]);
                need(command_in(&command, dir).run())?;
            }
        }
        for step in &case.steps {
            match step {
                Step::Shell(text) => {
                    let run = Run::new(Path::new("bash"), vec!["-ec".into(), text.clone()], dir);
                    need(self.environment(way, run).run())?;
                }
                Step::Archive(words) => {
                    let mut command = vec!["ar".into(), "rcs".into()];
                    command.extend(words.iter().cloned());
                    need(command_in(&command, dir).run())?;
                }
                Step::Link {
                    output,
                    args,
                    direct,
                } => {
                    need(self.link(case, way, dir, output, args, *direct))?;
                }
            }
        }
        let mut args = case.link.clone().unwrap_or_else(|| case.unused_objects());
        args.extend(case.args.iter().chain(&variant.link).cloned());
        let linked = self.link(case, way, dir, "out", &args, case.direct);
        if !case.fail.is_empty() {
            let says = case.fail.iter().all(|t| linked.stderr.contains(t.as_str()));
            return if !linked.ok() && says && !dir.join("out").exists() {
                Ok(())
            } else {
                Err(format!(
                    "must fail and say {:?}\n{}",
                    case.fail,
                    linked.report()
                ))
            };
        }
        let says = format!("{}{}", linked.stdout, linked.stderr);
        need(linked)?;
        if let Some(text) = case
            .says
            .iter()
            .find(|t| way.linker != Linker::Reference && !says.contains(t.as_str()))
        {
            return Err(format!("does not say `{text}` but\n{says}"));
        }
        self.judge(case, way, dir, &case.outputs())?;
        if case.run {
            self.execute(case, way, dir)
        } else {
            Ok(())
        }
    }

    fn link(
        &self,
        case: &Case,
        way: &Way,
        dir: &Path,
        output: &str,
        args: &[String],
        direct: bool,
    ) -> Outcome {
        let mut command;
        if direct {
            command = match (&self.reference, way.linker) {
                (Some(ld), Linker::Reference) => vec![ld.join("ld").display().to_string()],
                _ => vec![self.tools.bin.join("ld.wcc").display().to_string()],
            };
            command.extend(["-m".into(), "elf_x86_64_sol2".into()]);
        } else {
            command = self.driver();
            if case.cxx() {
                command[0] = self.tools.bin.join("wcc++").display().to_string();
            }
            command.push(format!("--sysroot={}", self.sysroot(way).display()));
            match (way.linker, &self.reference) {
                (Linker::Reference, Some(ld)) => {
                    command.push(format!("--ld-path={}", ld.join("ld").display()))
                }
                (Linker::Solaris, _) => command.push("--wcc-ld-dialect=solaris".into()),
                _ => {}
            }
        }
        command.extend(args.iter().cloned());
        command.extend(["-o".into(), output.into()]);
        command_in(&command, dir).run()
    }

    fn judge(&self, case: &Case, way: &Way, dir: &Path, outputs: &[String]) -> Result<(), String> {
        let ld = self.tools.bin.join("ld.wcc");
        let mut args = vec!["--verify-load=illumos".to_string()];
        args.extend(outputs.iter().cloned());
        need(Run::new(&ld, args, dir).run())?;
        if way.linker != Linker::Reference {
            for file in outputs {
                let image = Image::open(&dir.join(file)).map_err(|e| format!("{e:#}"))?;
                let found = linkdiff::check(&image).without(&case.allow_check).0;
                if let Some(f) = found.first() {
                    return Err(format!("{file} is unsound: {f}"));
                }
            }
        }
        for (file, statement, only_wcc) in &case.expect {
            if *only_wcc && way.linker == Linker::Reference {
                continue;
            }
            let image = Image::open(&dir.join(file)).map_err(|e| format!("{e:#}"))?;
            expect::test(&image, statement).map_err(|e| format!("{file}: {e}"))?;
        }
        for command in &case.after {
            let run = Run::new(Path::new("bash"), vec!["-ec".into(), command.clone()], dir);
            need(self.environment(way, run).run())?;
        }
        Ok(())
    }

    fn execute(&self, case: &Case, way: &Way, dir: &Path) -> Result<(), String> {
        let mut command = self.loader(self.sysroot(way));
        command.push("./out".into());
        command.extend(case.run_args.iter().cloned());
        let outcome = command_in(&command, dir).run();
        let lines: Vec<&str> = outcome.stdout.lines().map(str::trim_end).collect();
        if outcome.code != Some(case.exit) || !case.out.is_empty() && lines != case.out {
            return Err(format!(
                "must exit with {} and print {:?}\n{}",
                case.exit,
                case.out,
                outcome.report()
            ));
        }
        Ok(())
    }
}

/// Where we differ from GNU ld sol2 on purpose: PT_GNU_STACK means nothing on illumos, `_DYNAMIC`'s address is known
/// when a program at a fixed address is linked, and the PLT needs no unwind entry that nothing throws through.
const OURS: &[&str] = &[
    "segments=GNU_STACK",
    "stack",
    "relocs=_DYNAMIC",
    "frames=_PROCEDURE_LINKAGE_TABLE_",
];

fn compare(case: &Case, theirs: &Path, ours: &Path, output: &str) -> Vec<String> {
    let ours = ours.join(output);
    let (Ok(a), Ok(b)) = (Image::open(&theirs.join(output)), Image::open(&ours)) else {
        return Vec::new();
    };
    let allow: Vec<String> = OURS
        .iter()
        .map(|s| s.to_string())
        .chain(case.allow.iter().cloned())
        .collect();
    let found = linkdiff::compare(&a, &b).without(&allow).0;
    let line =
        |f: &linkdiff::Finding| format!("{} differs from the reference: {f}", ours.display());
    found.iter().map(line).collect()
}

fn command_in<'r>(command: &'r [String], dir: &'r Path) -> Run<'r> {
    let program = command.first().map_or("false", String::as_str);
    Run::new(
        Path::new(program),
        command.iter().skip(1).cloned().collect(),
        dir,
    )
}

fn need(outcome: Outcome) -> Result<(), String> {
    if outcome.ok() {
        Ok(())
    } else {
        Err(outcome.report())
    }
}
