//! What is likely missing when a symbol is undefined: the option or the library that brings it.
//!
//! Names tell most: run-time support of a language or an instrumentation has a prefix of its own. For the rest the libraries in
//! the search directories are asked for their definitions. Directories with more libraries than [`FEW`] are read only when a
//! person is watching: a configure script fails hundreds of links on purpose, and is not to wait.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use object::{Object as _, ObjectSymbol as _};

/// Libraries read in one directory without a terminal, and with one.
const FEW: usize = 40;
const MANY: usize = 3000;
/// Names that are looked for; more in one link mean that something else is wrong.
const NAMES: usize = 20;

/// Prefixes of names and what brings them.
const PREFIXES: &[(&str, &str)] = &[
    (
        "_ZNSt3__1",
        "libc++: link with -stdlib=libc++ by the C++ command, or add -lc++",
    ),
    (
        "_ZNKSt3__1",
        "libc++: link with -stdlib=libc++ by the C++ command, or add -lc++",
    ),
    (
        "_ZNSt",
        "the C++ library: link with the C++ command (wcc++), or add -lstdc++",
    ),
    (
        "_ZNKSt",
        "the C++ library: link with the C++ command (wcc++), or add -lstdc++",
    ),
    (
        "_ZSt",
        "the C++ library: link with the C++ command (wcc++), or add -lstdc++",
    ),
    (
        "_ZTVN10__cxxabiv",
        "the C++ library: link with the C++ command (wcc++), or add -lstdc++",
    ),
    (
        "_Znw",
        "the C++ library: link with the C++ command (wcc++), or add -lstdc++",
    ),
    (
        "_Zdl",
        "the C++ library: link with the C++ command (wcc++), or add -lstdc++",
    ),
    (
        "__cxa_",
        "the C++ library: link with the C++ command (wcc++), or add -lstdc++",
    ),
    (
        "__gxx_personality_",
        "the C++ library: link with the C++ command (wcc++), or add -lstdc++",
    ),
    ("_gfortran_", "Fortran's run-time: add -lgfortran"),
    (
        "__asan_",
        "objects were compiled with -fsanitize=address: link with it too",
    ),
    (
        "__hwasan_",
        "objects were compiled with -fsanitize=hwaddress: link with it too",
    ),
    (
        "__tsan_",
        "objects were compiled with -fsanitize=thread: link with it too",
    ),
    (
        "__msan_",
        "objects were compiled with -fsanitize=memory: link with it too",
    ),
    (
        "__ubsan_",
        "objects were compiled with -fsanitize=undefined: link with it too",
    ),
    (
        "__sanitizer_cov_",
        "objects were compiled with -fsanitize-coverage=: link with it too",
    ),
    (
        "__gcov_",
        "objects were compiled with --coverage: link with it too",
    ),
    (
        "__llvm_profile_",
        "objects were compiled for profiling: link with the same -fprofile option",
    ),
    (
        "GOMP_",
        "objects were compiled with -fopenmp: link with it too",
    ),
    ("omp_", "OpenMP: link with -fopenmp"),
    (
        "__kmpc_",
        "objects were compiled with clang's -fopenmp: link with it too",
    ),
    (
        "__atomic_",
        "atomic operations without an instruction: add -latomic",
    ),
    ("_Unwind_", "the unwinder: add -lgcc_s"),
    ("_d_", "D's run-time: link with the D compiler"),
    (
        "__stack_chk_",
        "objects were compiled with -fstack-protector, and no C library is linked",
    ),
];

/// Functions of the C library's side libraries.
const FUNCTIONS: &[(&str, &[&str])] = &[
    (
        "-lm",
        &[
            "acos",
            "asin",
            "atan",
            "atan2",
            "cbrt",
            "ceil",
            "cos",
            "cosh",
            "erf",
            "exp",
            "exp2",
            "expm1",
            "fabs",
            "floor",
            "fmax",
            "fmin",
            "fmod",
            "hypot",
            "lgamma",
            "log",
            "log10",
            "log1p",
            "log2",
            "lrint",
            "lround",
            "nearbyint",
            "pow",
            "powf",
            "remainder",
            "rint",
            "round",
            "sin",
            "sincos",
            "sinf",
            "cosf",
            "sinh",
            "sqrt",
            "sqrtf",
            "tan",
            "tanh",
            "tgamma",
            "trunc",
        ],
    ),
    ("-ldl", &["dlopen", "dlsym", "dlclose", "dlerror", "dladdr"]),
    (
        "-lrt",
        &[
            "clock_gettime",
            "shm_open",
            "shm_unlink",
            "timer_create",
            "mq_open",
        ],
    ),
];

/// What brings this symbol, as far as its name says.
pub fn by_name(name: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(name).ok()?;
    if name == "main" {
        return Some("a program needs main; -shared makes a library, -c an object".into());
    }
    if name.starts_with("_ZTV") && !name.starts_with("_ZTVN10__cxxabiv") {
        return Some(
            "a vtable is made where the first virtual function that is not inline is defined"
                .into(),
        );
    }
    if name.starts_with("pthread_") {
        return Some("threads: link with -pthread".into());
    }
    let library = FUNCTIONS.iter().find(|(_, names)| names.contains(&name));
    if let Some((library, _)) = library {
        return Some(format!("add {library}"));
    }
    let prefix = PREFIXES.iter().find(|(p, _)| name.starts_with(p))?;
    Some(prefix.1.to_string())
}

/// `_Z3fooi` for `foo(int)`: the plain name, when the mangled one is a function outside of any namespace.
pub fn plain_name(mangled: &[u8]) -> Option<&[u8]> {
    let rest = mangled.strip_prefix(b"_Z")?;
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let length: usize = std::str::from_utf8(rest.get(..digits)?)
        .ok()?
        .parse()
        .ok()?;
    rest.get(digits..)?.get(..length)
}

/// Which library in the directories defines which of the names.
pub fn by_library<'n>(names: &[&'n [u8]], dirs: &[PathBuf]) -> HashMap<&'n [u8], PathBuf> {
    let limit = if std::io::stderr().is_terminal() {
        MANY
    } else {
        FEW
    };
    let mut found = HashMap::new();
    if names.is_empty() || names.len() > NAMES {
        return found;
    }
    for dir in dirs {
        let Some(libraries) = libraries(dir, limit) else {
            continue;
        };
        for library in libraries {
            let wanted: Vec<&'n [u8]> = names
                .iter()
                .copied()
                .filter(|n| !found.contains_key(n))
                .collect();
            if wanted.is_empty() {
                return found;
            }
            let Ok(data) = std::fs::read(&library) else {
                continue;
            };
            for name in wanted {
                // Most libraries do not have the name at all.
                if memchr::memmem::find(&data, name).is_some() && defines(&data, name) {
                    found.insert(name, library.clone());
                }
            }
        }
    }
    found
}

/// `libX.so` and `libX.a` of a directory, sorted; `None` when there are more than the limit.
fn libraries(dir: &Path, limit: usize) -> Option<Vec<PathBuf>> {
    let is_library = |p: &PathBuf| {
        let name = p.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        name.starts_with("lib") && (name.ends_with(".so") || name.ends_with(".a"))
    };
    let entries = std::fs::read_dir(dir).ok()?;
    let mut list: Vec<PathBuf> = entries
        .flatten()
        .map(|e| e.path())
        .filter(is_library)
        .take(limit + 1)
        .collect();
    list.sort();
    (list.len() <= limit).then_some(list)
}

fn defines(data: &[u8], name: &[u8]) -> bool {
    if let Ok(archive) = object::read::archive::ArchiveFile::parse(data) {
        let symbols = archive.symbols().ok().flatten();
        return symbols.is_some_and(|mut s| s.any(|s| s.is_ok_and(|s| s.name() == name)));
    }
    let file = object::read::elf::ElfFile64::<object::Endianness>::parse(data);
    file.is_ok_and(|f| {
        f.dynamic_symbols()
            .any(|s| s.is_definition() && s.name_bytes() == Ok(name))
    })
}

/// How a library is asked for on the command line: `-lX` when its name allows it.
pub fn option(library: &Path) -> String {
    let name = library
        .file_name()
        .and_then(|n| n.to_str())
        .unwrap_or_default();
    let stem = name
        .strip_prefix("lib")
        .and_then(|n| n.strip_suffix(".so").or_else(|| n.strip_suffix(".a")));
    match stem {
        Some(stem) => format!("-l{stem}"),
        None => library.display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_is_missing() {
        for (name, hint) in [
            ("cos", "-lm"),
            ("pthread_create", "-pthread"),
            ("__asan_init", "-fsanitize=address"),
            ("_ZSt4cout", "wcc++"),
            ("_ZNSt3__112basic_stringE", "-lc++"),
            ("_ZTV3Foo", "vtable"),
            ("main", "-shared"),
        ] {
            assert!(
                by_name(name.as_bytes()).is_some_and(|h| h.contains(hint)),
                "{name}"
            );
        }
        assert_eq!(by_name(b"frobnicate"), None);
    }

    #[test]
    fn mangled_names_have_plain_ones() {
        assert_eq!(plain_name(b"_Z3fooi"), Some(&b"foo"[..]));
        assert_eq!(plain_name(b"_ZN1a3fooEi"), None);
        assert_eq!(plain_name(b"_Z99foo"), None);
        assert_eq!(plain_name(b"foo"), None);
    }

    #[test]
    fn libraries_become_options() {
        assert_eq!(option(Path::new("/x/libz.so")), "-lz");
        assert_eq!(option(Path::new("/x/z.o")), "/x/z.o");
    }
}
