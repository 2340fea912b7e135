//! Each rule: a file that is fine, broken in one place, must be told by that rule's id.

use super::sample::{DYNAMIC, DYNSYM, GOT, HASH, Kind, RELA, Sample, TEXT};
use super::{Severity, check, platform};

fn ids(name: &str, bytes: &[u8]) -> Vec<&'static str> {
    let platform = platform(name).expect("a known platform");
    let found = check(platform, bytes);
    for f in &found {
        assert!(f.to_string().starts_with(f.rule.id));
    }
    found
        .iter()
        .filter(|f| f.rule.severity == Severity::Broken)
        .map(|f| f.rule.id)
        .collect()
}

fn warnings(name: &str, bytes: &[u8]) -> Vec<&'static str> {
    let platform = platform(name).expect("a known platform");
    let found = check(platform, bytes);
    found
        .iter()
        .filter(|f| f.rule.severity == Severity::Warning)
        .map(|f| f.rule.id)
        .collect()
}

#[test]
fn the_samples_are_fine() {
    assert_eq!(ids("illumos", &Sample::new(Kind::Program).bytes), [""; 0]);
    assert_eq!(ids("illumos", &Sample::new(Kind::Library).bytes), [""; 0]);
    assert_eq!(ids("solaris", &Sample::new(Kind::Program).bytes), [""; 0]);
    assert_eq!(ids("linux", &Sample::new(Kind::Library).bytes), [""; 0]);
}

type Break = fn(&mut Sample);

#[test]
fn each_rule_for_programs_is_seen() {
    let breaks: &[(&str, Break)] = &[
        ("K01", |s| s.put(0, b"#!")),
        ("K01", |s| s.bytes.truncate(40)),
        ("K02", |s| s.half(16, 1)),
        ("K02", |s| s.half(18, 183)),
        ("K03", |s| s.long(40, 0x10_0000)),
        ("K04", |s| s.long(32, 0x10_0000)),
        ("K05", |s| s.long(24, 0)),
        ("K05", |s| s.long(24, 0x40_1000)),
        ("K06", |s| s.phdr(4, 32, 0x10_0000)),
        ("K07", |s| {
            s.phdr(5, 0, 0x6fff_fffd);
            s.phdr(5, 8, 0x10_0000);
        }),
        ("K14", |s| s.phdr(5, 0, 0x6fff_fffc)),
        ("K09", |s| s.phdr(3, 40, 0x100)),
        ("K09", |s| s.bytes.truncate(0x1200)),
        ("K10", |s| {
            // The first two headers change places with the first PT_LOAD.
            let load = s.bytes[64 + 112..64 + 168].to_vec();
            let phdr = s.bytes[64..64 + 56].to_vec();
            s.put(64, &load);
            s.put(64 + 112, &phdr);
        }),
        ("K11", |s| {
            let load = s.bytes[64 + 112..64 + 168].to_vec();
            let interp = s.bytes[64 + 56..64 + 112].to_vec();
            s.put(64 + 56, &load);
            s.put(64 + 112, &interp);
        }),
        ("K12", |s| s.phdr(1, 0, 4)),
        ("K13", |s| s.phdr(0, 0, 4)),
        ("K15", |s| s.put(0x200 + 19, b"x")),
        ("K15", |s| s.put(0x200, b"/lib64/ld-linux.so\0")),
        ("K17", |s| s.phdr(3, 16, 0xffff_ffff_ffff_ff00)),
        ("K18", |s| s.phdr(2, 40, 0x1800)),
        ("K19", |s| s.phdr(3, 4, 4)),
        ("K20", |s| {
            s.phdr(2, 0, 4);
            s.phdr(3, 0, 4);
        }),
        ("R01", |s| s.phdr(0, 8, 128)),
        ("R02", |s| s.word(48, 1)),
        ("R04", |s| {
            s.dynamic(13, 21, 0);
            for i in 14..32 {
                s.dynamic(i, 24, 1);
            }
        }),
        ("R05", |s| s.dynamic(1, 0x6fff_fef5, 0)),
        ("R05", |s| s.word(HASH + 8, 1)),
        ("R05", |s| s.word(HASH + 8 + 12, 2)),
        ("R06", |s| s.dynamic(5, 11, 16)),
        ("R07", |s| s.dynamic(14, 36, 0x40_1000)),
        ("R08", |s| s.dynamic(14, 17, 0)),
        ("R08", |s| s.dynamic(14, 0x6fff_fff9, 1)),
        ("R09", |s| s.dynamic(7, 8, 24)),
        ("R10", |s| s.long(RELA + 24 + 8, 37)),
        ("R11", |s| s.long(RELA, 0x10)),
        ("R12", |s| s.put(DYNSYM + 48 + 4, &[0x1a])),
        ("R13", |s| s.long(GOT + 32, 8)),
        ("R14", |s| s.long(0x3b0 + 8, (1 << 32) | 6)),
        ("R14", |s| s.long(GOT + 24, 0)),
        ("R15", |s| s.dynamic(9, 3, 0x40_0400)),
        ("R20", |s| s.dynamic(12, 0x6fff_fdfd, 1)),
        ("S03", |s| s.put(TEXT + 4, b"\xfc\xff\xff\xff")),
    ];
    for (id, change) in breaks {
        let mut s = Sample::new(Kind::Program);
        change(&mut s);
        let found = ids("illumos", &s.bytes);
        assert!(found.contains(id), "{id} is not among {found:?}");
    }
}

#[test]
fn the_program_of_the_story_has_one_line() {
    // A static program with PT_PHDR, as other linkers make it.
    let mut s = Sample::new(Kind::Program);
    s.phdr(1, 0, 4);
    s.phdr(4, 0, 4);
    s.phdr(5, 0, 4);
    let found = check(platform("illumos").expect("known"), &s.bytes);
    assert_eq!(found.len(), 1);
    let text = found[0].to_string();
    assert!(!text.contains('\n'));
    for part in [
        "K12: PT_PHDR without PT_INTERP",
        "elfexec",
        "SIGKILL",
        "to mend",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[test]
fn each_rule_for_libraries_is_seen() {
    let breaks: &[(&str, Break)] = &[
        ("K30", |s| {
            s.half(54, 60);
            // Headers every 60 bytes.
            for i in (0..3).rev() {
                let h = s.bytes[64 + 56 * i..64 + 56 * (i + 1)].to_vec();
                s.put(64 + 60 * i, &h);
            }
        }),
        ("K31", |s| s.phdr(1, 16, 0x480)),
        ("K32", |s| {
            s.phdr(0, 16, 0x1_0000);
            s.phdr(1, 16, 0x1_1000);
        }),
        ("R16", |s| s.long(RELA + 8, (1 << 32) | 5)),
        ("R17", |s| {
            s.dynamic(13, 0x6fff_fffe, 0x1100);
            s.dynamic(14, 0x6fff_ffff, 1);
            // vn_file is "puts", which no DT_NEEDED has.
            s.word(DYNAMIC + 0x100 + 4, 1);
        }),
        ("R17", |s| {
            s.dynamic(13, 0x6fff_fffe, 0x1100);
            s.dynamic(14, 0x6fff_ffff, 1);
            // A version of libc.so.1 that is called "puts", with the hash of another name.
            s.half(DYNAMIC + 0x102, 1);
            s.word(DYNAMIC + 0x104, 11);
            s.word(DYNAMIC + 0x108, 16);
            s.word(DYNAMIC + 0x110, 1);
            s.word(DYNAMIC + 0x118, 1);
        }),
    ];
    for (id, change) in breaks {
        let mut s = Sample::new(Kind::Library);
        change(&mut s);
        let found = ids("illumos", &s.bytes);
        assert!(found.contains(id), "{id} is not among {found:?}");
    }
}

#[test]
fn zero_variables_in_the_padding_are_a_warning() {
    let mut s = Sample::new(Kind::Program);
    s.put(TEXT + 4, b"\xfc\xff\xff\xff");
    s.phdr(5, 32, 0);
    assert_eq!(ids("illumos", &s.bytes), [""; 0]);
    assert_eq!(warnings("illumos", &s.bytes), ["W23"]);
}

fn no_loads(s: &mut Sample) {
    s.phdr(2, 0, 0);
    s.phdr(3, 0, 0);
}

/// An answer names the rule, who has it, what happens there, and what mends it.
#[test]
fn every_rule_says_all_four_things() {
    for name in super::platform_names() {
        let platform = platform(name).expect("known");
        let single = [&platform.not_elf, &platform.bad_table];
        let rules = platform.rules.iter().flat_map(|t| t.iter()).chain(single);
        for r in rules {
            for part in [r.id, r.by, r.effect, r.mend] {
                assert!(!part.is_empty(), "{name} {}: {}", r.id, r.by);
            }
        }
    }
}

#[test]
fn other_platforms_have_their_own_rules() {
    let breaks: &[(&str, &str, Break)] = &[
        ("linux", "L01", |s| s.put(0, b"#!")),
        ("linux", "L02", |s| s.half(16, 1)),
        ("linux", "L03", |s| s.half(54, 64)),
        ("linux", "L06", |s| s.bytes.truncate(0x1200)),
        ("linux", "L09", |s| s.phdr(2, 16, 0x1000)),
        ("linux", "L10", no_loads),
        ("freebsd", "F01", |s| s.put(0, b"#!")),
        ("freebsd", "F01", |s| s.half(16, 1)),
        ("freebsd", "F01", |s| s.half(18, 0xbeef)),
        ("freebsd", "F01", |s| s.word(20, 2)),
        ("freebsd", "F02", |s| s.half(54, 64)),
        ("freebsd", "F02", |s| s.long(32, 0x10_0000)),
        ("freebsd", "F04", |s| s.phdr(5, 0, 3)),
        ("freebsd", "F04", |s| s.phdr(1, 32, 1)),
        ("freebsd", "F05", |s| s.phdr(3, 40, 0x100)),
        ("freebsd", "F05", |s| s.phdr(3, 8, 0x1008)),
        ("freebsd", "F07", no_loads),
        ("netbsd", "N01", |s| s.half(18, 0xbeef)),
        ("netbsd", "N02", |s| s.half(60, 40000)),
        ("netbsd", "N02", |s| s.half(56, 200)),
        ("netbsd", "N03", no_loads),
        ("netbsd", "N06", |s| s.phdr(3, 8, 0x1008)),
        ("netbsd", "N07", |s| s.phdr(3, 40, 0x100)),
        ("openbsd", "O01", |s| s.half(18, 0xbeef)),
        ("openbsd", "O01", |s| s.word(20, 2)),
        ("openbsd", "O02", |s| s.phdr(5, 0, 5)),
        ("openbsd", "O04", |s| s.phdr(3, 40, 0x100)),
        ("openbsd", "O04", |s| {
            s.phdr(3, 32, 0);
            s.phdr(3, 40, 0);
        }),
        ("openbsd", "O07", |s| s.put(0x200 + 19, b"x")),
        ("openbsd", "O09", |s| {
            s.phdr(5, 0, 0x65a3_dbe6);
            s.phdr(5, 40, 0x20_0000);
        }),
        ("openbsd", "O10", |s| {
            s.phdr(5, 0, 0x65a3_dbe9);
            s.phdr(5, 32, 12);
        }),
        ("openbsd", "O11", no_loads),
        ("linux", "L05", |s| s.put(0x200 + 19, b"x")),
        ("linux", "L06", |s| s.phdr(3, 40, 0x100)),
        ("linux", "L07", |s| s.phdr(3, 8, 0x1008)),
        ("linux", "L08", |s| s.phdr(3, 16, 0x8000_0000_0000)),
        ("linux", "L11", |s| s.long(24, 0)),
        ("freebsd", "F06", |_| ()),
        ("freebsd", "F03", |s| s.long(32, 65)),
        ("netbsd", "N05", |_| ()),
        ("netbsd", "N04", |_| ()),
        ("openbsd", "O05", |_| ()),
        ("openbsd", "O03", |s| s.phdr(3, 48, 3)),
        ("openbsd", "O06", |s| {
            s.half(16, 3);
            s.phdr(0, 0, 4);
        }),
        ("openbsd", "O10", |s| s.phdr(1, 0, 4)),
    ];
    for (name, id, change) in breaks {
        let mut s = Sample::new(Kind::Program);
        change(&mut s);
        let found = ids(name, &s.bytes);
        assert!(found.contains(id), "{name}: {id} is not among {found:?}");
    }
}

/// Every byte in turn, and every length: an answer, never a panic.
#[test]
fn garbage_is_answered() {
    for kind in [Kind::Program, Kind::Library] {
        let good = Sample::new(kind).bytes;
        for name in super::platform_names() {
            for at in (0..0x4c0).chain(0x1000..0x1240) {
                for value in [0, 1, 0x7f, 0xff] {
                    let mut bad = good.clone();
                    bad[at] = value;
                    let _ = ids(name, &bad);
                }
            }
            for len in (0..good.len()).step_by(7) {
                let _ = ids(name, &good[..len]);
            }
        }
    }
}

#[test]
fn loaders_that_refuse_what_they_do_not_know() {
    let library = || Sample::new(Kind::Library);
    for name in ["musl", "dragonfly"] {
        assert_eq!(ids(name, &library().bytes), [""; 0], "{name}");
    }
    let breaks: &[(&str, &str, Break)] = &[
        ("musl", "L02", |s| s.half(16, 1)),
        ("musl", "M03", |s| s.long(RELA + 8, 37)),
        ("dragonfly", "D01", |s| s.half(18, 3)),
        ("dragonfly", "D06", |s| s.put(7, &[6])),
        ("dragonfly", "D13", |s| s.long(RELA + 8, 36)),
        ("haiku", "H03", |s| s.half(60, 0)),
        ("haiku", "H05", |s| s.phdr(1, 0, 0x6474_e553)),
        ("haiku", "H09", |s| s.long(RELA + 8, 5)),
    ];
    for (name, id, damage) in breaks {
        let kind = if *id == "D06" {
            Kind::Program
        } else {
            Kind::Library
        };
        let mut sample = Sample::new(kind);
        damage(&mut sample);
        let found = ids(name, &sample.bytes);
        assert!(found.contains(id), "{name} {id}: {found:?}");
    }
}
