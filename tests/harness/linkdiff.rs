//! `linkdiff` must be able to fail: sound files are damaged in one place each, and the damage must be found;
//! outputs that differ in one way must be told apart, and equal ones must not.
//!
//! The files come from GNU ld, whose outputs are taken for sound.

use std::path::{Path, PathBuf};
use std::process::Command;

use wcc_tests::linkdiff::{self, Image, expect};

const LIBRARY: &str = r#"
__attribute__((constructor)) static void ini(void) {}
int data[3] = {1, 2, 3};
int *pointer = data;
__thread int t = 5;
int old_f(void) { return 1; }
int new_f(void) { return t + data[0]; }
__asm__(".symver old_f, f@V1");
__asm__(".symver new_f, f@@V2");
int g(void);
int call(void) { return g(); }
"#;

/// Links LIBRARY with extra arguments; None when gcc or GNU ld are missing.
fn library(name: &str, args: &[&str]) -> Option<PathBuf> {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("linkdiff")
        .join(name);
    std::fs::create_dir_all(&dir).ok()?;
    std::fs::write(dir.join("lib.c"), LIBRARY).ok()?;
    std::fs::write(dir.join("map"), "V1 { local: *_f; };\nV2 { } V1;\n").ok()?;
    let output = Command::new("gcc")
        .current_dir(&dir)
        .args([
            "-fuse-ld=bfd",
            "-shared",
            "-fPIC",
            "-g",
            "lib.c",
            "-o",
            "lib.so",
        ])
        .args([
            "-Wl,--version-script=map",
            "-Wl,--hash-style=both",
            "-Wl,-soname,lib.so",
        ])
        .args(args)
        .output()
        .ok()?;
    output.status.success().then(|| dir.join("lib.so"))
}

fn keys(image: &Image) -> Vec<&'static str> {
    linkdiff::check(image).0.iter().map(|f| f.key).collect()
}

/// Writes `bytes` at file offset `at`.
fn patch(data: &mut [u8], at: u64, bytes: &[u8]) {
    let at = at as usize;
    data[at..at + bytes.len()].copy_from_slice(bytes);
}

/// Damages the file at one offset and requires that a finding starts with `key`.
fn damaged(sound: &Image, key: &str, at: u64, bytes: &[u8]) {
    let mut data = sound.data.clone();
    patch(&mut data, at, bytes);
    match Image::parse("damaged", data) {
        Ok(image) => {
            let found = keys(&image);
            assert!(
                found.iter().any(|k| k.starts_with(key)),
                "{key} at {at:#x}: found only {found:?}"
            );
        }
        Err(e) => assert_eq!(key, "unreadable", "{at:#x}: {e:#}"),
    }
}

fn segment_header(image: &Image, kind: u32) -> u64 {
    let index = image
        .segments
        .iter()
        .position(|s| s.kind == kind)
        .expect("segment");
    image.phoff + 56 * index as u64
}

fn section_header(image: &Image, name: &str) -> u64 {
    image.shoff + 64 * image.section(name).expect(name).index as u64
}

fn dynamic_entry(image: &Image, tag: u32) -> u64 {
    let index = image
        .dynamic
        .iter()
        .position(|(t, _)| *t == u64::from(tag))
        .expect("tag");
    image
        .segment(object::elf::PT_DYNAMIC)
        .expect("dynamic")
        .offset
        + 16 * index as u64
}

#[test]
fn sound_files_have_no_findings() {
    let Some(path) = library("sound", &[]) else {
        return;
    };
    let image = Image::open(&path).expect("readable");
    assert_eq!(keys(&image), Vec::<&str>::new());
    for file in ["/bin/sh", "/usr/bin/env", "/lib64/ld-linux-x86-64.so.2"] {
        if let Ok(image) = Image::open(Path::new(file)) {
            assert_eq!(keys(&image), Vec::<&str>::new(), "{file}");
        }
    }
}

#[test]
fn each_damage_is_found() {
    use object::elf::*;
    let Some(path) = library("damage", &[]) else {
        return;
    };
    let image = Image::open(&path).expect("readable");
    let load = segment_header(&image, PT_LOAD);
    let offset = |name: &str| image.section(name).expect(name).offset;
    damaged(&image, "segment-congruent", load + 8, &[1]);
    damaged(&image, "segment-align", load + 48, &[3]);
    damaged(&image, "segment-wx", load + 4, &[7]);
    damaged(&image, "segment-size", load + 32, &[0xff, 0xff, 0xff, 0x0f]);
    damaged(&image, "segment-overlap", load + 41, &[0xff, 0xff]);
    damaged(
        &image,
        "phdr-without-interp",
        segment_header(&image, PT_NOTE),
        &[6],
    );
    damaged(&image, "tls", segment_header(&image, PT_TLS) + 48, &[64]);
    damaged(
        &image,
        "segment-section",
        segment_header(&image, PT_GNU_EH_FRAME) + 16,
        &[0x77],
    );
    damaged(
        &image,
        "relro",
        segment_header(&image, PT_GNU_RELRO) + 40,
        &[0, 0x20],
    );
    damaged(
        &image,
        "section-offset",
        section_header(&image, ".text") + 24,
        &[8],
    );
    damaged(
        &image,
        "section-link",
        section_header(&image, ".dynsym") + 40,
        &[1],
    );
    damaged(
        &image,
        "section-align",
        section_header(&image, ".dynsym") + 16,
        &[1],
    );
    damaged(
        &image,
        "symtab-info",
        section_header(&image, ".symtab") + 44,
        &[1],
    );
    damaged(
        &image,
        "dynsym-info",
        section_header(&image, ".dynsym") + 44,
        &[2],
    );
    damaged(
        &image,
        "dynamic-address",
        dynamic_entry(&image, DT_GNU_HASH) + 8,
        &[1],
    );
    damaged(
        &image,
        "dynamic-size",
        dynamic_entry(&image, DT_STRSZ) + 8,
        &[1],
    );
    damaged(
        &image,
        "dynamic-pair",
        dynamic_entry(&image, DT_RELASZ),
        &[0x42],
    );
    damaged(
        &image,
        "dynamic-string",
        dynamic_entry(&image, DT_NEEDED) + 8,
        &[0xff, 0xff],
    );
    damaged(
        &image,
        "dynamic-entsize",
        dynamic_entry(&image, DT_SYMENT) + 8,
        &[25],
    );
    damaged(
        &image,
        "reloc-count",
        dynamic_entry(&image, DT_RELACOUNT) + 8,
        &[1],
    );
    damaged(
        &image,
        "version-hash",
        offset(".gnu.version_d") + 8,
        &[0, 0],
    );
    damaged(&image, "version-index", offset(".gnu.version") + 2, &[0x77]);
    let hash = offset(".hash");
    damaged(&image, "hash-sysv", hash + 4, &[1]);
    damaged(&image, "hash-sysv", hash + 8, &[0; 12]);
    let gnu = offset(".gnu.hash");
    damaged(&image, "hash-gnu", gnu + 16, &[0; 8]);
    let words = image.u32(gnu + 8).expect("bloom size");
    let buckets = gnu + 16 + u64::from(words) * 8;
    damaged(&image, "hash-gnu", buckets, &[0; 4]);
    damaged(
        &image,
        "reloc-target",
        offset(".rela.dyn") + 16,
        &[0, 0, 0, 0x70],
    );
    damaged(&image, "reloc-place", offset(".rela.dyn"), &[0, 0, 0, 0x70]);
    damaged(&image, "reloc-kind", offset(".rela.dyn") + 8, &[10]);
    damaged(&image, "reloc", offset(".rela.plt") + 12, &[0xee]);
    damaged(
        &image,
        "init-array",
        offset(".rela.dyn") + 16,
        &[0, 0, 0, 0],
    );
    let hdr = offset(".eh_frame_hdr");
    damaged(&image, "eh-frame-hdr", hdr + 8, &[1]);
    damaged(&image, "eh-frame-hdr", hdr + 12, &[0xff, 0xff, 0xff, 0x7f]);
    damaged(&image, "eh-frame", offset(".eh_frame") + 8, &[0xff]);
    damaged(&image, "note", offset(".note.gnu.build-id") + 4, &[0xff]);
    damaged(&image, "unreadable", 4, &[9]);
}

#[test]
fn no_damage_makes_it_panic() {
    let Some(path) = library("mutants", &[]) else {
        return;
    };
    let image = Image::open(&path).expect("readable");
    let mut seed = 0x2545_f491_4f6c_dd1du64;
    let mut random = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    for _ in 0..400 {
        let mut data = image.data.clone();
        for _ in 0..1 + random() % 4 {
            let at = (random() % data.len() as u64) as usize;
            data[at] = random() as u8;
        }
        if random() % 8 == 0 {
            data.truncate((random() % data.len() as u64) as usize);
        }
        if let Ok(mutant) = Image::parse("mutant", data) {
            let _ = linkdiff::check(&mutant);
            let _ = linkdiff::compare(&image, &mutant);
        }
    }
}

#[test]
fn differences_of_options_are_told_apart() {
    let Some(base) = library("base", &[]) else {
        return;
    };
    let base = Image::open(&base).expect("readable");
    let table: &[(&str, &[&str], &str)] = &[
        ("now", &["-Wl,-z,now"], "dynamic-flags"),
        ("stack", &["-Wl,-z,execstack"], "stack"),
        ("soname", &["-Wl,-soname,other.so"], "dynamic-strings"),
        ("needed", &["-Wl,--no-as-needed", "-lm"], "dynamic-strings"),
        ("build-id", &["-Wl,--build-id=md5"], "notes"),
        ("symbolic", &["-Wl,-Bsymbolic"], "relocs"),
        ("strip", &["-s"], "symtab"),
        ("debug", &["-g0"], "sections"),
        ("hash", &["-Wl,--hash-style=gnu"], "dynamic-tags"),
        ("frames", &["-Wl,--no-eh-frame-hdr"], "frames-hdr"),
        ("constructor", &["-Dini=ini2"], "init-order"),
    ];
    for (name, args, key) in table {
        let path = library(name, args).expect(name);
        let other = Image::open(&path).expect(name);
        let found = linkdiff::compare(&base, &other);
        assert!(
            found.0.iter().any(|f| f.key == *key),
            "{name}: {:?}",
            found.0
        );
    }
    let again = library("again", &[]).expect("again");
    let found = linkdiff::compare(&base, &Image::open(&again).expect("again"));
    assert!(found.0.is_empty(), "{:?}", found.0);
}

#[test]
fn changed_data_and_pointers_are_found() {
    let Some(path) = library("pointers", &[]) else {
        return;
    };
    let image = Image::open(&path).expect("readable");
    let data = image.symbol("data").expect("data");
    let mut changed = image.data.clone();
    patch(
        &mut changed,
        image.offset_of(data.value).expect("in file"),
        &[9],
    );
    let other = Image::parse("changed", changed).expect("readable");
    let found = linkdiff::compare(&image, &other);
    assert!(
        found.0.iter().any(|f| f.key == "data-bytes"),
        "{:?}",
        found.0
    );
}

#[test]
fn statements_hold_and_fail() {
    let Some(path) = library("statements", &[]) else {
        return;
    };
    let image = Image::open(&path).expect("readable");
    for good in [
        "type DYN",
        "segment GNU_STACK flags RW",
        "no segment INTERP",
        "section .text type PROGBITS flags AX",
        "symbol call GLOBAL FUNC DEFAULT in .text",
        "no symbol nothing",
        "dynsym f@V1 DEF",
        "dynsym f@@V2 DEF",
        "dynsym g UND",
        "soname lib.so",
        "verdef V2",
        "reloc R_X86_64_JUMP_SLOT g",
        "fde call",
        "init-array ini",
        "text .comment GCC",
        "word data 0x200000001",
        "note GNU 3 size 20",
    ] {
        assert_eq!(expect::test(&image, good), Ok(()), "{good}");
    }
    for bad in [
        "type EXEC",
        "segment INTERP",
        "no section .text",
        "section .text flags WA",
        "symbol call WEAK",
        "dynsym f@V9",
        "soname x",
        "needed libz.so",
        "reloc R_X86_64_COPY",
        "fde data",
        "init-array call",
        "word data 1",
        "nonsense",
    ] {
        assert!(expect::test(&image, bad).is_err(), "{bad}");
    }
}
