//! The sound inputs that are damaged, and the links they take part in.
//!
//! They are made from `tests/mutants/seeds/` by the compiler and the linker of this machine.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use super::rng::Rng;
use super::{archive, elf_mutants, text};
use crate::tools::{Compiler, Run, Tools};

/// How a seed is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Elf,
    Archive,
    /// Any bytes: the format is not ours.
    Bytes,
    Text,
    /// A file of linker options.
    Response,
}

/// A sound file.
#[derive(Clone, Debug)]
pub struct Seed {
    pub name: &'static str,
    pub kind: Kind,
    /// The file that is damaged.
    pub file: &'static str,
    /// Arguments of `ld.wcc` or another linker; one of the lines is taken for each mutant.
    pub lines: &'static [&'static str],
    /// How many times as long as the others' its links take: it has so many times fewer mutants.
    pub cost: u64,
}

impl Seed {
    /// Whether a compiler's plugin works in its links, whose memory is not ours.
    pub fn has_plugin(&self) -> bool {
        matches!(self.name, "lto" | "bitcode")
    }

    /// The damaged bytes of mutant `index`, and the command line it is linked with.
    pub fn mutant(&self, sound: &[u8], index: u64) -> (Vec<u8>, Vec<OsString>) {
        let mut rng = Rng::new(self.name, index);
        let line = rng.pick(self.lines).copied().unwrap_or_default();
        let bytes = match self.kind {
            Kind::Elf => elf_mutants::mutate(sound, &mut rng),
            Kind::Archive => archive::mutate(sound, &mut rng),
            Kind::Bytes => elf_mutants::bytes(sound, &mut rng),
            Kind::Text => text::mutate(sound, &mut rng),
            Kind::Response => {
                // No word of it may name a file outside the working directory.
                let mut text = text::mutate(sound, &mut rng);
                text.iter_mut()
                    .filter(|b| **b == b'/')
                    .for_each(|b| *b = b'_');
                text
            }
        };
        (bytes, words(line))
    }
}

/// The arguments of a line.
pub fn words(line: &str) -> Vec<OsString> {
    line.split_whitespace().map(OsString::from).collect()
}

/// All seeds. Every output is called `out`.
pub const SEEDS: &[Seed] = &[
    Seed {
        name: "object",
        kind: Kind::Elf,
        file: "cxx.o",
        lines: &[
            "-shared cxx.o -o out",
            "-shared --gc-sections --build-id --hash-style=both cxx.o c.o -o out",
            "-pie start.o cxx.o c.o --unresolved-symbols=ignore-all -o out",
            "-static start.o cxx.o c.o --unresolved-symbols=ignore-all --eh-frame-hdr -o out",
            "-r cxx.o c.o -o out",
            "-shared -O2 --threads=2 -z pack-relative-relocs --emit-relocs cxx.o c.o -o out",
        ],
        cost: 1,
    },
    Seed {
        name: "debug",
        kind: Kind::Elf,
        file: "debug.o",
        lines: &[
            "-shared debug.o -o out",
            "-shared --gdb-index --gc-sections debug.o -o out",
            "-r debug.o c.o -o out",
            "-shared --gdb-index --compress-debug-sections=zlib debug.o -o out",
            "-shared --icf=all --compress-debug-sections=zstd --separate-debug-file=out.debug debug.o -o out",
        ],
        cost: 1,
    },
    Seed {
        name: "packed",
        kind: Kind::Elf,
        file: "packed.o",
        lines: &[
            "-shared packed.o -o out",
            "-shared --gdb-index --compress-debug-sections=zstd packed.o c.o -o out",
            "-shared --compress-debug-sections=none packed.o -o out",
            "-r packed.o c.o -o out",
        ],
        cost: 1,
    },
    Seed {
        name: "clang",
        kind: Kind::Elf,
        file: "clang.o",
        lines: &[
            "-shared --icf=safe --print-icf-sections clang.o -o out",
            "-shared --gc-sections --icf=all --emit-relocs clang.o c.o -o out",
            "-pie start.o clang.o c.o --unresolved-symbols=ignore-all --why-live=* -o out",
            "-r --gc-sections -u c_one clang.o c.o -o out",
        ],
        cost: 1,
    },
    Seed {
        name: "assembler",
        kind: Kind::Elf,
        file: "asm.o",
        lines: &[
            "-shared asm.o -o out",
            "-shared --version-script=v.ver asm.o c.o -o out",
            "-pie start.o asm.o c.o lib.so -o out",
            "start.o asm.o c.o lib.so -o out",
            "-r asm.o c.o -o out",
            "-pie --gc-sections --print-gc-sections --icf=all -Map=out.map start.o asm.o c.o -o out",
        ],
        cost: 1,
    },
    Seed {
        name: "tls",
        kind: Kind::Elf,
        file: "c.o",
        lines: &[
            "-shared c.o -o out",
            "-pie start.o c.o lib.so -o out",
            "-static start.o c.o -o out",
            "start.o c.o asm.o -z now -z relro -o out",
            "-r c.o -o out",
        ],
        cost: 1,
    },
    Seed {
        name: "shared",
        kind: Kind::Elf,
        file: "lib.so",
        lines: &[
            "-pie start.o user.o lib.so --allow-shlib-undefined -o out",
            "start.o user.o lib.so --unresolved-symbols=ignore-in-shared-libs -o out",
            "-shared user.o --as-needed lib.so -o out",
            "-shared user.o lib.so --no-undefined --no-allow-shlib-undefined --defsym=__tls_get_addr=1 --defsym=__gxx_personality_v0=1 -o out",
            "-static start.o user.o -R lib.so -o out",
        ],
        cost: 1,
    },
    Seed {
        name: "archive",
        kind: Kind::Archive,
        file: "lib.a",
        lines: &[
            "-pie start.o user.o lib.a -o out",
            "-shared --whole-archive lib.a -o out",
            "-shared user.o --start-group lib.a --end-group --exclude-libs=ALL -o out",
        ],
        cost: 1,
    },
    Seed {
        name: "thin",
        kind: Kind::Archive,
        file: "thin.a",
        lines: &[
            "-pie start.o user.o thin.a -o out",
            "-shared --whole-archive thin.a -o out",
        ],
        cost: 1,
    },
    Seed {
        name: "script",
        kind: Kind::Text,
        file: "inputs.ld",
        lines: &["-shared inputs.ld -o out", "-pie start.o inputs.ld -o out"],
        cost: 1,
    },
    Seed {
        name: "sections",
        kind: Kind::Text,
        file: "sections.ld",
        lines: &[
            "-T sections.ld start.o c.o asm.o -o out",
            "-shared -T sections.ld c.o asm.o -o out",
        ],
        cost: 1,
    },
    Seed {
        name: "version",
        kind: Kind::Text,
        file: "v.ver",
        lines: &[
            "-shared --version-script=v.ver c.o asm.o cxx.o -o out",
            "-shared --version-script v.ver --undefined-version c.o -o out",
        ],
        cost: 1,
    },
    Seed {
        name: "dynamic-list",
        kind: Kind::Text,
        file: "d.list",
        lines: &[
            "-shared -Bsymbolic --dynamic-list=d.list c.o cxx.o -o out",
            "-pie --export-dynamic-symbol-list=d.list start.o c.o -o out",
        ],
        cost: 1,
    },
    Seed {
        name: "response",
        kind: Kind::Response,
        file: "args",
        lines: &["@args", "-z muldefs c.o @args -o out"],
        cost: 1,
    },
    Seed {
        name: "static",
        kind: Kind::Elf,
        file: "main.o",
        lines: &[
            "-static @static.args -o out",
            "-static --gc-sections --icf=all --build-id --eh-frame-hdr -O2 @static.args -o out",
            "-static --emit-relocs --threads=2 -Map=out.map --cref @static.args -o out",
        ],
        cost: 10,
    },
    Seed {
        name: "rlib",
        kind: Kind::Archive,
        file: "lib.rlib",
        lines: &[
            "-shared --whole-archive lib.rlib -o out",
            "-shared -u rust_entry --gc-sections lib.rlib -o out",
        ],
        cost: 2,
    },
    Seed {
        name: "lto",
        kind: Kind::Elf,
        file: "lto.o",
        lines: &[
            "-shared lto.o c.o -o out",
            "-shared --gc-sections lto.o -o out",
        ],
        cost: 40,
    },
    Seed {
        name: "bitcode",
        kind: Kind::Bytes,
        file: "bitcode.o",
        lines: &["-shared bitcode.o c.o -o out"],
        cost: 40,
    },
    Seed {
        name: "mapfile-1",
        kind: Kind::Text,
        file: "map1",
        lines: &[
            "-G -M map1 user.o -o out",
            "-m elf_x86_64_sol2 -shared -M map1 user.o -o out",
        ],
        cost: 1,
    },
    Seed {
        name: "mapfile-2",
        kind: Kind::Text,
        file: "map2",
        lines: &[
            "-G -M map2 user.o -o out",
            "-G -Breduce -zdirect -M map2 user.o -o out",
            "-r -M map2 user.o -o out",
        ],
        cost: 1,
    },
];

/// Makes the sound files in `dir`.
///
/// # Errors
/// A file cannot be written, or the compiler refuses a source: a text for people.
pub fn make(dir: &Path, tools: &Tools) -> Result<(), String> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("mutants/seeds");
    let _ = fs::remove_dir_all(dir);
    fs::create_dir_all(dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    for entry in fs::read_dir(&sources).map_err(|e| format!("{}: {e}", sources.display()))? {
        let path = entry.map_err(|e| e.to_string())?.path();
        let to = dir.join(path.file_name().unwrap_or_default());
        fs::copy(&path, to).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    let compiler = tools.compilers.first().ok_or("no compiler")?;
    let ar = crate::tools::find(&["ar", "llvm-ar", "llvm-ar-19"]).ok_or("no ar")?;
    let ld = tools.bin.join("ld.wcc");
    for (program, line) in [
        (
            &compiler.cxx,
            "-std=c++17 -O1 -fPIC -ffunction-sections -c cxx.cc -o cxx.o",
        ),
        (
            &compiler.cxx,
            "-std=c++17 -g -Os -fPIC -c debug.cc -o debug.o",
        ),
        (
            &compiler.cxx,
            "-std=c++17 -g -gz=zlib -Os -fPIC -c debug.cc -o packed.o",
        ),
        (&compiler.cxx, "-std=c++17 -O1 -c main.cc -o main.o"),
        (&compiler.cc, "-O1 -fPIC -fcommon -c c.c -o c.o"),
        (&compiler.cc, "-O1 -fPIC -c user.c -o user.o"),
        (&compiler.cc, "-c start.s -o start.o"),
        (&compiler.cc, "-c asm.s -o asm.o"),
        (
            &ld,
            "-shared --version-script=lib.ver -soname lib.so.1 --hash-style=both c.o asm.o -o lib.so",
        ),
        (&ar, "rcs lib.a c.o asm.o a_member_with_a_long_name.o"),
        (&ar, "rcsT thin.a c.o asm.o"),
    ] {
        if program == &ar {
            let _ = fs::copy(dir.join("cxx.o"), dir.join("a_member_with_a_long_name.o"));
        }
        run(program, line, dir)?;
    }
    static_args(dir, compiler)?;
    // Seeds of tools that not every machine has are left out there.
    for (tools, line) in OTHER_TOOLS {
        if let Some(program) = crate::tools::find(tools) {
            run(&program, line, dir)?;
        }
    }
    Ok(())
}

const OTHER_TOOLS: &[(&[&str], &str)] = &[
    (
        &["clang++", "clang++-19"],
        "-std=c++17 -O1 -fPIC -ffunction-sections -faddrsig -Wa,--crel,--allow-experimental-crel -c cxx.cc -o clang.o",
    ),
    (
        &["clang", "clang-19"],
        "-O1 -fPIC -flto -c user.c -o bitcode.o",
    ),
    (&["gcc"], "-O1 -fPIC -flto -c user.c -o lto.o"),
    (
        &["rustc"],
        "--edition=2021 --crate-type=rlib -Copt-level=1 -Cpanic=abort -g lib.rs -o lib.rlib",
    ),
];

fn run(program: &Path, line: &str, dir: &Path) -> Result<(), String> {
    let args = line.split_whitespace().map(String::from).collect();
    let outcome = Run::new(program, args, dir).run();
    match outcome.ok() {
        true => Ok(()),
        false => Err(outcome.report()),
    }
}

/// The words of a whole static C++ program, where this machine has its parts.
fn static_args(dir: &Path, compiler: &Compiler) -> Result<(), String> {
    let mut words = Vec::new();
    for file in [
        "crt1.o",
        "crti.o",
        "crtbeginT.o",
        "main.o",
        "--start-group",
        "libstdc++.a",
        "libm.a",
        "libgcc.a",
        "libgcc_eh.a",
        "libc.a",
        "--end-group",
        "crtend.o",
        "crtn.o",
    ] {
        if file.starts_with('-') || file == "main.o" {
            words.push(file.to_string());
            continue;
        }
        let outcome = Run::new(&compiler.cxx, vec![format!("-print-file-name={file}")], dir).run();
        words.push(outcome.stdout.trim().to_string());
    }
    let whole = words
        .iter()
        .filter(|w| w.starts_with('/'))
        .all(|w| Path::new(w).exists());
    let text = if whole {
        words.join("\n")
    } else {
        "main.o".into()
    };
    fs::write(dir.join("static.args"), text).map_err(|e| format!("static.args: {e}"))
}
