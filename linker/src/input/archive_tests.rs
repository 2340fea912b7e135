//! Archives built by hand, by the system's `ar` when there is one, and broken at random.

use super::*;

fn header(name: &str, size: usize) -> Vec<u8> {
    format!("{name:<16}{:<12}{:<6}{:<6}{:<8}{size:<10}`\n", 0, 0, 0, 644).into_bytes()
}

fn put(out: &mut Vec<u8>, name: &str, data: &[u8]) -> u64 {
    let at = out.len() as u64;
    out.extend(header(name, data.len()));
    out.extend(data);
    if out.len() % 2 == 1 {
        out.push(b'\n');
    }
    at
}

fn gnu_index(word: usize, entries: &[(&str, u64)]) -> Vec<u8> {
    let mut body = Vec::new();
    let mut push = |v: u64| body.extend(&v.to_be_bytes()[8 - word..]);
    push(entries.len() as u64);
    for (_, at) in entries {
        push(*at);
    }
    for (name, _) in entries {
        body.extend(name.as_bytes());
        body.push(0);
    }
    body
}

fn bsd_index(word: usize, big: bool, entries: &[(&str, u64)]) -> Vec<u8> {
    let mut names = Vec::new();
    let mut pairs = Vec::new();
    let word_bytes = |v: u64| -> Vec<u8> {
        if big {
            v.to_be_bytes()[8 - word..].to_vec()
        } else {
            v.to_le_bytes()[..word].to_vec()
        }
    };
    for (name, at) in entries {
        pairs.extend(word_bytes(names.len() as u64));
        pairs.extend(word_bytes(*at));
        names.extend(name.as_bytes());
        names.push(0);
    }
    let mut body = word_bytes(pairs.len() as u64);
    body.extend(pairs);
    body.extend(word_bytes(names.len() as u64));
    body.extend(names);
    body
}

fn index_of<'d>(a: &Archive<'d>) -> Vec<(&'d [u8], u64)> {
    a.index.unwrap().iter().map(|e| e.unwrap()).collect()
}

/// Index, long names, a short and a long member.
fn sample(index_name: &str, make: impl Fn(&[(&str, u64)]) -> Vec<u8>) -> (Vec<u8>, u64, u64) {
    let build = |first: u64, second: u64| {
        let mut out = MAGIC.to_vec();
        put(
            &mut out,
            index_name,
            &make(&[("foo", first), ("bar", first), ("baz", second)]),
        );
        put(&mut out, "//", b"a_very_long_member_name.o/\n");
        let first = put(&mut out, "short.o/", b"12345");
        let second = put(&mut out, "/0", b"abcdef");
        (out, first, second)
    };
    let (_, first, second) = build(0, 0);
    build(first, second)
}

#[test]
fn gnu_indexes_of_both_widths() {
    for (name, word) in [("/", 4), ("/SYM64/", 8)] {
        let (data, first, second) = sample(name, |e| gnu_index(word, e));
        let a = parse(&data).unwrap();
        assert!(!a.thin);
        assert_eq!(
            index_of(&a),
            [
                (&b"foo"[..], first),
                (&b"bar"[..], first),
                (&b"baz"[..], second)
            ]
        );
        let members: Vec<_> = a.members().map(|m| m.unwrap()).collect();
        assert_eq!(members.len(), 2);
        assert_eq!(members[0].name, b"short.o");
        assert_eq!(a.bytes(&members[0]), b"12345");
        assert_eq!(members[1].name, b"a_very_long_member_name.o");
        assert_eq!(a.bytes(&members[1]), b"abcdef");
        assert_eq!(a.member_at(second).unwrap(), members[1]);
        assert_eq!(
            a.member_at(8).unwrap_err().fault,
            ArchiveFault::IndexOffset,
            "the index itself is no member"
        );
    }
}

#[test]
fn bsd_indexes_names_and_byte_orders() {
    for (word, big) in [(4, false), (4, true), (8, false), (8, true)] {
        let name = if word == 4 { "#1/16" } else { "#1/20" };
        let (data, first, second) = sample(name, |e| {
            let mut body = if word == 4 {
                b"__.SYMDEF SORTED".to_vec()
            } else {
                b"__.SYMDEF_64\0\0\0\0\0\0\0\0".to_vec()
            };
            body.extend(bsd_index(word, big, e));
            body
        });
        let a = parse(&data).unwrap();
        assert_eq!(
            index_of(&a),
            [
                (&b"foo"[..], first),
                (&b"bar"[..], first),
                (&b"baz"[..], second)
            ]
        );
    }
    let mut data = MAGIC.to_vec();
    put(&mut data, "__.SYMDEF", &bsd_index(4, false, &[]));
    let at = put(&mut data, "#1/12", b"long name.o\0data!");
    put(&mut data, "plain.o", b"x");
    let a = parse(&data).unwrap();
    assert!(a.index.unwrap().is_empty());
    let m = a.member_at(at).unwrap();
    assert_eq!((m.name, a.bytes(&m)), (&b"long name.o"[..], &b"data!"[..]));
    assert_eq!(a.members().count(), 2);
}

#[test]
fn thin_archives_have_paths_and_nested_members() {
    let mut data = THIN_MAGIC.to_vec();
    put(&mut data, "/", &gnu_index(4, &[]));
    put(&mut data, "//", b"sub/dir/a.o/\n/abs/lib.a/\n");
    data.extend(header("/0", 1000));
    data.extend(header("/13:68", 77));
    let at = data.len() as u64;
    data.extend(header("short.o/", 5));
    let a = parse(&data).unwrap();
    assert!(a.thin);
    let members: Vec<_> = a.members().map(|m| m.unwrap()).collect();
    assert_eq!(members[0].name, b"sub/dir/a.o");
    assert_eq!(members[0].data, MemberData::File { size: 1000 });
    assert_eq!(members[1].name, b"/abs/lib.a");
    assert_eq!(
        members[1].data,
        MemberData::Nested {
            header: 68,
            size: 77
        }
    );
    assert_eq!(a.member_at(at).unwrap().name, b"short.o");
}

#[test]
fn empty_archives_and_missing_padding() {
    assert_eq!(parse(MAGIC).unwrap().members().count(), 0);
    assert_eq!(parse(THIN_MAGIC).unwrap().members().count(), 0);
    let mut data = MAGIC.to_vec();
    put(&mut data, "a/", b"odd");
    data.pop();
    assert_eq!(parse(&data).unwrap().members().count(), 1);
}

#[test]
fn broken_archives_say_where() {
    let err = |data: &[u8]| -> ArchiveError {
        match parse(data) {
            Err(e) => e,
            Ok(a) => a
                .members()
                .find_map(|m| m.err())
                .or_else(|| a.index.and_then(|i| i.iter().find_map(|e| e.err())))
                .unwrap(),
        }
    };
    assert_eq!(err(b"!<arch>x").fault, ArchiveFault::NotAnArchive);
    assert_eq!(err(b"!<arch>\nabc").fault, ArchiveFault::HeaderCut);
    let (good, _, second) = sample("/", |e| gnu_index(4, e));
    let mut data = good.clone();
    data.truncate(good.len() - 3);
    assert_eq!(
        err(&data),
        ArchiveError {
            offset: second + 48,
            fault: ArchiveFault::SizeTooBig
        }
    );
    let mut data = good.clone();
    data[second as usize + 58] = b'x';
    assert_eq!(err(&data).fault, ArchiveFault::HeaderEnd);
    let mut data = good.clone();
    data[second as usize + 1..second as usize + 3].fill(b'9');
    assert_eq!(err(&data).fault, ArchiveFault::LongName);
    let mut data = good.clone();
    data[8 + 60] = 0xff;
    assert_eq!(err(&data).fault, ArchiveFault::IndexCut);
    let mut data = good.clone();
    data[8 + 64] = 0xff;
    assert_eq!(
        err(&data),
        ArchiveError {
            offset: 8 + 64,
            fault: ArchiveFault::IndexOffset
        }
    );
    let mut data = good;
    data[8 + 60 + 16 + 11] = b'!';
    assert_eq!(err(&data).fault, ArchiveFault::IndexName);
}

#[test]
fn mutated_archives_never_panic_and_always_end() {
    let samples = [
        sample("/", |e| gnu_index(4, e)).0,
        sample("/SYM64/", |e| gnu_index(8, e)).0,
        sample("__.SYMDEF", |e| bsd_index(4, false, e)).0,
    ];
    let mut seed = 0x1234_5678_9abc_def1u64;
    let mut random = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed as usize
    };
    for round in 0..30_000 {
        let mut data = samples[round % samples.len()].clone();
        for _ in 0..1 + random() % 4 {
            let at = random() % data.len();
            data[at] = match random() % 3 {
                0 => random() as u8,
                1 => b'0' + (random() % 10) as u8,
                _ => b'/',
            };
        }
        data.truncate(data.len() - random() % 8);
        let Ok(a) = parse(&data) else { continue };
        for m in a.members().flatten() {
            assert!(a.bytes(&m).len() <= data.len());
        }
        for (_, at) in a.index.iter().flat_map(|i| i.iter()).flatten() {
            let _ = a.member_at(at);
        }
    }
}

#[test]
fn archives_of_the_system_are_read() {
    for path in ["/usr/lib/x86_64-linux-gnu/libc.a", "/usr/lib64/libc.a"] {
        let Ok(data) = std::fs::read(path) else {
            continue;
        };
        let a = parse(&data).unwrap();
        let members = a.members().map(|m| m.unwrap().header_offset);
        let members: std::collections::HashSet<u64> = members.collect();
        let index = index_of(&a);
        assert!(index.len() > 1000 && members.len() > 1000);
        assert!(index.iter().any(|(name, _)| *name == b"printf"));
        for (_, at) in index {
            assert!(members.contains(&at));
        }
    }
}

#[test]
fn many_members_of_one_long_name_are_refused() {
    let names = [vec![b'x'; 1 << 20], b"/\n".to_vec()].concat();
    let header = |name: &str, size: usize| {
        format!("{name:<16}{:<12}{:<6}{:<6}{:<8}{size:<10}`\n", 0, 0, 0, 644).into_bytes()
    };
    let mut data = b"!<arch>\n".to_vec();
    data.extend(header("//", names.len()));
    data.extend(&names);
    for _ in 0..100 {
        data.extend(header("/0", 0));
    }
    let archive = parse(&data).unwrap();
    let errors: Vec<_> = archive.members().filter_map(Result::err).collect();
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].fault, ArchiveFault::NamesOverlap);
    assert!(archive.members().count() < 40);
}
