//! Links damaged inputs and judges how that ends: `cargo test -p wcc-tests --test mutants [-- SEED…]`.
//!
//! A link of a damaged input may succeed or be refused. It may not panic, be killed, take more than 10 s or more memory
//! than 20 times its input and 256 MiB, or write anything but its output; a refusal names the damaged file, and an
//! output is sound. Always the same mutants: `SEED/NUMBER` makes one again and keeps its files.
//!
//! Arguments: `SEED` or `SEED/NUMBER`; `--linker PATH`, another linker: says how its links ended and judges nothing;
//! `--count N`, mutants of each seed; `--from N`, the number of the first. Environment: WCC_MUTANTS, the same as `--count`; WCC_MUTANTS_ALL,
//! show all failures; WCC_MUTANTS_NO_MEMORY_LIMIT, for sanitizers; WCC_BIN as for the cases.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use wcc_tests::linkdiff::{self, Image};
use wcc_tests::mutate::finds::FINDS;
use wcc_tests::mutate::judge::{End, Link};
use wcc_tests::mutate::seeds::{self, Kind, SEEDS, Seed};
use wcc_tests::run;
use wcc_tests::tools::Tools;

/// Mutants of each seed in the normal test run.
const COUNT: u64 = 160;
/// Refusals that need not name the damaged file, because what is missing is no longer in it.
const NAMELESS: &[&str] = &[
    "undefined symbol",
    "has undefined version",
    "no input files",
    "assigned to non-existent phdr",
    "is a directory",
    "which cannot see it",
    "overlaps section",
    // A compiler's plugin says so.
    "LLVM gold plugin",
];
/// Findings about what a damaged input says of its own contents and a linker hands on: values, flags, notes, code ranges.
/// Names that are no UTF-8 cannot be looked up by the checker.
const HANDED_ON: &[&str] = &[
    "dynamic-address=is the start of no INIT_ARRAY",
    "dynamic-address=is the start of no FINI_ARRAY",
    "dynsym-name",
    "dynsym-symtab=c_indirect",
    "dynsym-value",
    "eh-frame-lsda",
    "eh-frame-personality",
    "eh-frame-overlap",
    "eh-frame-range",
    "eh-frame=augmentation",
    "eh-frame=has version",
    "eh-frame=pointer format",
    "hash-gnu=\u{fffd}",
    "hash-gnu=out of bucket order",
    "hash-sysv=\u{fffd}",
    "init-array",
    "note=broken record",
    "phdr-without-interp",
    "reloc-target",
    "reloc-twice",
    "section-entsize",
    "section-link=sh_link 0 is not its symbols",
    "segment-outside=TLS",
    "segment-wx",
    "symtab-value",
    "version-hash=\u{fffd}",
];
/// Findings about what a linker script decides.
const SCRIPTED: &[&str] = &[
    "dynamic-address",
    "section-flags",
    "section-link=.dynamic",
    "section-nobits",
    "section-outside",
    "segment-empty",
    "segment-flags",
    "segment-order",
    "segment-overlap",
    "segment-section=DYNAMIC",
    "tls",
];
/// What the command lines ask for.
const OUTPUTS: &[&str] = &["out", "out.map", "out.debug"];
/// Failures shown in full.
const SHOWN: usize = 40;

struct Args {
    seeds: Vec<(String, Option<u64>)>,
    linker: Option<PathBuf>,
    count: u64,
    from: u64,
    jobs: usize,
}

fn parse() -> Result<Args, String> {
    let number = |name: &str| std::env::var(name).ok().and_then(|v| v.parse::<u64>().ok());
    let mut args = Args {
        seeds: Vec::new(),
        linker: None,
        count: number("WCC_MUTANTS").unwrap_or(COUNT),
        from: 0,
        jobs: std::thread::available_parallelism().map_or(2, usize::from),
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
        match word.as_str() {
            "--linker" => args.linker = Some(value()?.into()),
            "--count" => args.count = value()?.parse().map_err(|_| "a number is needed")?,
            "--from" => args.from = value()?.parse().map_err(|_| "a number is needed")?,
            "-j" | "--test-threads" => {
                args.jobs = value()?.parse().map_err(|_| "a number is needed")?;
            }
            "--skip" | "--format" | "--color" | "-Z" => drop(value()?),
            w if w.starts_with('-') => {}
            w => args.seeds.push(match w.split_once('/') {
                Some((seed, n)) => (seed.into(), n.parse().ok()),
                None => (w.into(), None),
            }),
        }
    }
    Ok(args)
}

/// One damaged link to try.
struct Mutant {
    name: String,
    seed: &'static Seed,
    bytes: Vec<u8>,
    line: Vec<std::ffi::OsString>,
    /// Undamaged: has to link, or its seed tests nothing.
    control: bool,
}

struct Campaign<'a> {
    linker: &'a Path,
    sound: &'a Path,
    scratch: &'a Path,
    /// Judged, not only counted.
    ours: bool,
}

fn main() -> ExitCode {
    match harness() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(e) => {
            eprintln!("mutants: {e}");
            ExitCode::FAILURE
        }
    }
}

fn harness() -> Result<bool, String> {
    let args = parse()?;
    let start = Instant::now();
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutants");
    let linkdiff = PathBuf::from(env!("CARGO_BIN_EXE_linkdiff"));
    let text = |e: std::io::Error| format!("{}: {e}", scratch.display());
    fs::create_dir_all(&scratch).map_err(text)?;
    let tools = Tools::new(run::built_commands()?, &scratch, linkdiff).map_err(text)?;
    let sound = scratch.join("sound");
    seeds::make(&sound, &tools)?;
    let ours = tools.bin.join("ld.wcc");
    let campaign = Campaign {
        linker: args.linker.as_deref().unwrap_or(&ours),
        sound: &sound,
        scratch: &scratch,
        ours: args.linker.is_none(),
    };
    let mutants = list(&args, &sound)?;
    let shown = if std::env::var_os("WCC_MUTANTS_ALL").is_some() {
        usize::MAX
    } else {
        SHOWN
    };
    let (ends, failures) = campaign.run(&mutants, args.jobs);
    for (name, text) in failures.iter().take(shown) {
        println!("---- {name} ----\n{text}\n");
    }
    let counts: Vec<String> = ends.iter().map(|(e, n)| format!("{n} {e}")).collect();
    let result = if failures.is_empty() { "ok" } else { "FAILED" };
    println!(
        "test result: {result}. {} mutants: {}; {} failed; finished in {:.1}s",
        mutants.len(),
        counts.join(", "),
        failures.len(),
        start.elapsed().as_secs_f64()
    );
    Ok(failures.is_empty())
}

/// The mutants that the arguments ask for.
fn list(args: &Args, sound: &Path) -> Result<Vec<Mutant>, String> {
    let mut all = Vec::new();
    let wanted = |name: &str| args.seeds.is_empty() || args.seeds.iter().any(|(n, _)| n == name);
    // Those of tools that this machine has not are not there.
    let made = |s: &&Seed| sound.join(s.file).exists();
    for seed in SEEDS.iter().filter(|s| wanted(s.name)).filter(made) {
        let bytes = fs::read(sound.join(seed.file)).map_err(|e| format!("{}: {e}", seed.file))?;
        let one = args
            .seeds
            .iter()
            .find_map(|(name, n)| n.filter(|_| name == seed.name));
        let count = args.count.div_ceil(seed.cost);
        let range = one.map_or(args.from..args.from + count, |n| n..n + 1);
        all.extend(range.map(|index| {
            let (bytes, line) = seed.mutant(&bytes, index);
            let name = format!("{}-{index}", seed.name);
            Mutant {
                name,
                seed,
                bytes,
                line,
                control: false,
            }
        }));
        if one.is_none() && args.linker.is_none() {
            all.extend(seed.lines.iter().enumerate().map(|(i, line)| Mutant {
                name: format!("{}-sound-{i}", seed.name),
                seed,
                bytes: bytes.clone(),
                line: seeds::words(line),
                control: true,
            }));
        }
    }
    for find in FINDS
        .iter()
        .filter(|_| wanted("finds") && args.linker.is_none())
    {
        let seed = SEEDS
            .iter()
            .find(|s| s.name == find.seed)
            .ok_or_else(|| format!("{}: no seed is called {}", find.name, find.seed))?;
        let bytes = fs::read(sound.join(seed.file)).map_err(|e| format!("{}: {e}", seed.file))?;
        let bytes = (find.damage)(bytes).ok_or_else(|| format!("{}: cannot be made", find.name))?;
        for (i, line) in seed.lines.iter().enumerate() {
            let (name, bytes) = (format!("finds-{}-{i}", find.name), bytes.clone());
            all.push(Mutant {
                name,
                seed,
                bytes,
                line: seeds::words(line),
                control: false,
            });
        }
    }
    Ok(all)
}

impl Campaign<'_> {
    /// How many ended how, and what is wrong, by name.
    fn run(
        &self,
        mutants: &[Mutant],
        jobs: usize,
    ) -> (BTreeMap<End, usize>, Vec<(String, String)>) {
        let next = AtomicUsize::new(0);
        let done = Mutex::new((BTreeMap::new(), Vec::new()));
        std::thread::scope(|scope| {
            for job in 0..jobs.max(1) {
                let (next, done) = (&next, &done);
                scope.spawn(move || {
                    while let Some(mutant) = mutants.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let slot = self.scratch.join(format!("slot-{job}"));
                        let (end, found) = match self.one(mutant, &slot) {
                            Ok((end, found)) => (Some(end), found),
                            Err(e) => (None, Some(format!("cannot be tried: {e}"))),
                        };
                        let found = found.map(|text| {
                            let kept = self.scratch.join(&mutant.name);
                            let _ = fs::remove_dir_all(&kept);
                            let _ = fs::rename(&slot, &kept);
                            let words: Vec<String> = mutant
                                .line
                                .iter()
                                .map(|w| w.to_string_lossy().into_owned())
                                .collect();
                            format!(
                                "{text}\n$ cd {} && {} {}",
                                kept.display(),
                                self.linker.display(),
                                shell_words::join(words)
                            )
                        });
                        if let Ok(mut d) = done.lock() {
                            if let Some(end) = end {
                                *d.0.entry(end).or_insert(0) += 1;
                            }
                            d.1.extend(found.map(|text| (mutant.name.clone(), text)));
                        }
                    }
                });
            }
        });
        let (ends, mut failures) = done.into_inner().unwrap_or_default();
        failures.sort();
        (ends, failures)
    }

    /// Tries one mutant in a fresh directory: how it ended, and what is wrong with that.
    fn one(&self, mutant: &Mutant, slot: &Path) -> std::io::Result<(End, Option<String>)> {
        let _ = fs::remove_dir_all(slot);
        fs::create_dir_all(slot)?;
        let mut input = 0;
        let mut names = Vec::new();
        for entry in fs::read_dir(self.sound)? {
            let entry = entry?;
            input += entry.metadata()?.len();
            fs::hard_link(entry.path(), slot.join(entry.file_name()))?;
            names.push(entry.file_name());
        }
        let damaged = slot.join(mutant.seed.file);
        fs::remove_file(&damaged)?;
        fs::write(&damaged, &mutant.bytes)?;
        let log = slot.with_extension("log");
        let link = Link {
            linker: self.linker,
            args: &mutant.line,
            dir: slot,
            log,
            input,
            ours: self.ours,
            limit_memory: self.ours
                && !mutant.seed.has_plugin()
                && std::env::var_os("WCC_MUTANTS_NO_MEMORY_LIMIT").is_none(),
        };
        let result = link.run()?;
        if !self.ours {
            return Ok((result.end, None));
        }
        let out = slot.join("out");
        let said: String = result.stderr.chars().take(2000).collect();
        let found = match result.end {
            End::Linked if mutant.seed.kind == Kind::Response && !out.exists() => None,
            End::Linked => unsound(&out, mutant.seed.name == "sections"),
            _ if mutant.control => Some(format!("undamaged, and does not link:\n{said}")),
            End::Refused if out.exists() => Some("refused, but there is an output".into()),
            End::Refused if result.stderr.trim().is_empty() => {
                Some("refused without a word".into())
            }
            End::Refused if !names_it(mutant, &result.stderr) => Some(format!(
                "refused without naming {}:\n{said}",
                mutant.seed.file
            )),
            End::Refused => None,
            end => Some(format!("{end}:\n{said}")),
        };
        let stray = || -> std::io::Result<Option<String>> {
            for entry in fs::read_dir(slot)? {
                let name = entry?.file_name();
                if !names.contains(&name) && !OUTPUTS.iter().any(|o| name == *o) {
                    return Ok(Some(format!("writes {}", name.display())));
                }
            }
            Ok(None)
        };
        // A damaged option may name any output.
        let found = match found {
            None if mutant.seed.kind != Kind::Response => stray()?,
            found => found,
        };
        Ok((result.end, found))
    }
}

/// Whether a refusal says which file is at fault.
fn names_it(mutant: &Mutant, said: &str) -> bool {
    mutant.seed.kind == Kind::Response
        || said.contains(mutant.seed.file)
        || NAMELESS.iter().any(|n| said.contains(n))
        // Sound files may be what does not fit beside it.
        || mutant.name.starts_with("finds-")
}

/// What the checker says against an output.
fn unsound(out: &Path, scripted: bool) -> Option<String> {
    let image = match Image::open(out) {
        Ok(image) => image,
        Err(e) => return Some(format!("the output cannot be read: {e:#}")),
    };
    let more = if scripted { SCRIPTED } else { &[] };
    let allowed: Vec<String> = HANDED_ON
        .iter()
        .chain(more)
        .map(|k| (*k).to_string())
        .collect();
    let check = || linkdiff::check(&image).without(&allowed);
    let found = match std::panic::catch_unwind(std::panic::AssertUnwindSafe(check)) {
        Ok(found) => found,
        Err(_) => return Some("the checker panics on the output".into()),
    };
    let texts: Vec<String> = found.0.iter().take(5).map(ToString::to_string).collect();
    (!texts.is_empty()).then(|| format!("the output is unsound:\n{}", texts.join("\n")))
}
