//! Expected bytes, by hand from the psABI. The text is at `TEXT`, the GOT at `GOT`, the symbol at `SYM`, and a
//! thread-local symbol is 0x18 bytes before the thread pointer.

use super::I386;
use crate::arch::*;

const TEXT: u64 = 0x804_9000;
const GOT: u64 = 0x804_b000;
const SYM: u64 = 0x804_a000;
const SLOT: u64 = 0x804_aff0;
const PLT: u64 = 0x804_9800;
const TP_OFF: i64 = -0x18;
/// TP_OFF as an immediate.
const LE: [u8; 4] = [0xe8, 0xff, 0xff, 0xff];
/// SLOT - GOT.
const IE: [u8; 4] = [0xf0, 0xff, 0xff, 0xff];

fn output(kind: OutputKind) -> OutputTraits {
    OutputTraits {
        kind,
        is_static: false,
        relax: true,
        copyreloc: true,
        alloc: true,
        writable: false,
        tlsdesc: true,
    }
}

const PDE: OutputKind = OutputKind::Executable;
const PIE: OutputKind = OutputKind::Pie;
const SHARED: OutputKind = OutputKind::Shared;
const LOCAL: SymFlags = SymFlags::empty();
const TLS: SymFlags = SymFlags::TLS;
const TLS_IMPORTED: SymFlags = SymFlags::TLS.union(SymFlags::IMPORTED);
const DATA: SymFlags = SymFlags::IMPORTED;
const FUNC: SymFlags = SymFlags::IMPORTED.union(SymFlags::FUNC);

fn reloc(ty: u32, offset: u64) -> Reloc {
    Reloc {
        offset,
        addend: 0,
        sym: 1,
        ty,
    }
}

fn decide(ty: u32, sym: SymFlags, out: &OutputTraits) -> Action {
    I386::decide(&reloc(ty, 4), None, sym, out, &[0; 16])
}

/// The value as the writer computes it.
fn value(r: &Reloc, a: &Action) -> u64 {
    let base = match a.base {
        Base::None => 0,
        Base::Plt if a.needs.contains(Needs::PLT) => PLT,
        Base::Sym | Base::Plt => SYM,
        Base::Got | Base::GotTp | Base::TlsGd | Base::TlsLd | Base::TlsDesc => SLOT,
        Base::TpOff => TP_OFF as u64,
        Base::DtpOff => 8,
        Base::Size => 24,
        Base::GotBase => GOT,
    };
    let minus = match a.minus {
        Minus::Nothing => 0,
        Minus::Place => TEXT + r.offset,
        Minus::GotBase => GOT,
    };
    base.wrapping_add(r.addend as u64).wrapping_sub(minus)
}

/// Decides and patches; the action and the bytes.
fn link(
    r: Reloc,
    next: Option<Reloc>,
    sym: SymFlags,
    kind: OutputKind,
    code: &[u8],
) -> (Action, Result<Vec<u8>, PatchError>) {
    let action = I386::decide(&r, next.as_ref(), sym, &output(kind), code);
    assert_eq!(action.problem, None);
    let mut bytes = code.to_vec();
    let done = I386::patch(&r, &action, value(&r, &action), &mut bytes);
    (action, done.map(|()| bytes))
}

/// `op` with its relocated four bytes at the end.
fn linked(ty: u32, sym: SymFlags, kind: OutputKind, op: &[u8]) -> Vec<u8> {
    let code = [op, &[0; 4]].concat();
    link(reloc(ty, op.len() as u64), None, sym, kind, &code)
        .1
        .unwrap()
}

const GD_SIB: [u8; 12] = [0x8d, 0x04, 0x1d, 0, 0, 0, 0, 0xe8, 0, 0, 0, 0];
const GD_NOP: [u8; 12] = [0x8d, 0x83, 0, 0, 0, 0, 0xe8, 0, 0, 0, 0, 0x90];
const GD_NO_PLT: [u8; 12] = [0x8d, 0x83, 0, 0, 0, 0, 0xff, 0x93, 0, 0, 0, 0];

#[test]
fn general_dynamic_in_a_program() {
    let mov = [0x65, 0xa1, 0, 0, 0, 0];
    for (code, at, call) in [
        (GD_SIB, 3, reloc(4, 8)),
        (GD_NOP, 2, reloc(4, 7)),
        (GD_NO_PLT, 2, reloc(43, 8)),
    ] {
        let r = reloc(18, at);
        let (action, bytes) = link(r, Some(call), TLS, PIE, &code);
        assert_eq!((action.skip_next, action.needs), (1, Needs::empty()));
        assert_eq!(bytes.unwrap(), [&mov[..], &[0x8d, 0x80], &LE].concat());
        let (action, bytes) = link(r, Some(call), TLS_IMPORTED, PDE, &code);
        assert_eq!(action.skip_next, 1);
        assert_eq!(action.needs, Needs::GOTTP | Needs::GOTBASE);
        assert_eq!(bytes.unwrap(), [&mov[..], &[0x03, 0x83], &IE].concat());
        for (next, kind) in [(Some(call), SHARED), (None, PIE), (Some(reloc(1, 8)), PIE)] {
            let (action, _) = link(r, next, TLS, kind, &code);
            assert_eq!(action.needs, Needs::TLSGD | Needs::GOTBASE);
            assert_eq!(action.skip_next, 0);
        }
    }
}

#[test]
fn local_dynamic_in_a_program() {
    let mov = [0x65, 0xa1, 0, 0, 0, 0];
    let short = [&mov[..], &[0x90, 0x8d, 0x74, 0x26, 0]].concat();
    let long = [&mov[..], &[0x8d, 0xb6, 0, 0, 0, 0]].concat();
    for (code, call, expected) in [
        (&GD_NOP[..11], reloc(4, 7), &short),
        (&GD_NO_PLT[..], reloc(3, 8), &long),
    ] {
        let (action, bytes) = link(reloc(19, 2), Some(call), TLS, PDE, code);
        assert_eq!((action.skip_next, action.needs), (1, Needs::empty()));
        assert_eq!(&bytes.unwrap(), expected);
        let (action, _) = link(reloc(19, 2), Some(call), TLS, SHARED, code);
        assert_eq!(action.needs, Needs::TLSLD | Needs::GOTBASE);
    }
    let (_, bad) = link(reloc(19, 2), None, TLS, PDE, &GD_NOP);
    assert_eq!(bad, Err(PatchError::BadInstruction));
    assert_eq!(decide(32, TLS, &output(PIE)).base, Base::TpOff);
    assert_eq!(decide(32, TLS, &output(SHARED)).base, Base::DtpOff);
}

#[test]
fn initial_exec_becomes_local_exec() {
    for (ty, op, expected) in [
        (15, &[0xa1][..], &[0xb8][..]),
        (15, &[0x90, 0xa1], &[0x90, 0xb8]),
        (15, &[0x8b, 0x0d], &[0xc7, 0xc1]),
        (15, &[0x03, 0x15], &[0x81, 0xc2]),
        (16, &[0x8b, 0x83], &[0xc7, 0xc0]),
        (16, &[0x03, 0xbb], &[0x81, 0xc7]),
    ] {
        assert_eq!(linked(ty, TLS, PIE, op), [expected, &LE].concat());
        let stays = linked(ty, TLS_IMPORTED, PDE, op);
        assert_eq!(stays[..op.len()], *op);
    }
    let address = decide(15, TLS_IMPORTED, &output(PDE));
    assert_eq!((address.base, address.minus), (Base::GotTp, Minus::Nothing));
    let moves = decide(15, TLS, &output(SHARED));
    assert_eq!(moves.dynamic, Dynamic::Relative);
    let offset = decide(16, TLS, &output(SHARED));
    assert_eq!((offset.base, offset.minus), (Base::GotTp, Minus::GotBase));
}

#[test]
fn local_exec_has_two_signs() {
    assert_eq!(linked(17, TLS, PIE, &[0xb8]), [&[0xb8], &LE[..]].concat());
    assert_eq!(linked(34, TLS, PIE, &[0xb8]), [0xb8, 0x18, 0, 0, 0]);
    let r = Reloc {
        addend: 4,
        ..reloc(34, 0)
    };
    let (_, bytes) = link(r, None, TLS, PIE, &[0; 4]);
    assert_eq!(bytes.unwrap(), [0x1c, 0, 0, 0]);
    for ty in [17, 34] {
        let problem = decide(ty, TLS, &output(SHARED)).problem;
        assert_eq!(problem, Some(Problem::TlsLocalExecInShared));
        let problem = decide(ty, LOCAL, &output(PDE)).problem;
        assert_eq!(problem, Some(Problem::TlsMismatch));
    }
}

#[test]
fn tls_descriptors() {
    let lea = [0x8d, 0x83];
    assert_eq!(
        linked(39, TLS, PIE, &lea),
        [&[0x8d, 0x05], &LE[..]].concat()
    );
    assert_eq!(
        linked(39, TLS_IMPORTED, PIE, &lea),
        [&[0x8b, 0x83], &IE[..]].concat()
    );
    let (_, bytes) = link(reloc(40, 0), None, TLS, PIE, &[0xff, 0x10]);
    assert_eq!(bytes.unwrap(), [0x66, 0x90]);
    let (_, bytes) = link(reloc(40, 0), None, TLS, SHARED, &[0xff, 0x10]);
    assert_eq!(bytes.unwrap(), [0xff, 0x10]);
    assert_eq!(
        decide(39, TLS, &output(SHARED)).needs,
        Needs::TLSDESC | Needs::GOTBASE
    );
}

#[test]
fn loads_through_the_got_become_direct() {
    // SYM - GOT, SYM - (TEXT + 6), SYM - (TEXT + 5), SYM.
    let got_off = [0x00, 0xf0, 0xff, 0xff];
    let call = [0xfa, 0x0f, 0, 0];
    let jmp = [0xfb, 0x0f, 0, 0];
    let imm = [0x00, 0xa0, 0x04, 0x08];
    for (op, expected, field, in_pic) in [
        (&[0x8b, 0xbb][..], &[0x8d, 0xbb][..], &got_off, true),
        (&[0x8b, 0x05], &[0xc7, 0xc0], &imm, false),
        (&[0xff, 0x93], &[0x67, 0xe8], &call, true),
        (&[0xff, 0x15], &[0x67, 0xe8], &call, true),
        (&[0x85, 0x8b], &[0xf7, 0xc1], &imm, false),
        (&[0x03, 0x8b], &[0x81, 0xc1], &imm, false),
        (&[0x3b, 0x8b], &[0x81, 0xf9], &imm, false),
    ] {
        let expected = [expected, &field[..]].concat();
        assert_eq!(linked(43, LOCAL, PDE, op), expected);
        if in_pic {
            assert_eq!(linked(43, LOCAL, SHARED, op), expected);
        } else if op[1] & 0xc0 == 0x80 {
            assert_eq!(linked(43, LOCAL, SHARED, op), [op, &IE].concat());
        }
    }
    assert_eq!(
        linked(43, LOCAL, PIE, &[0xff, 0xa3]),
        [&[0xe9], &jmp[..], &[0x90]].concat()
    );
    for sym in [SymFlags::IMPORTED, SymFlags::IFUNC, SymFlags::ABS] {
        assert_eq!(
            linked(43, sym, PIE, &[0x8b, 0x83]),
            [&[0x8b, 0x83], &IE[..]].concat()
        );
    }
    // Without a base register it is the word's address.
    assert_eq!(
        linked(43, FUNC, PDE, &[0xff, 0x15]),
        [0xff, 0x15, 0xf0, 0xaf, 0x04, 0x08]
    );
    let code = [0xff, 0x15, 0, 0, 0, 0];
    let action = I386::decide(&reloc(43, 2), None, FUNC, &output(PIE), &code);
    assert_eq!(action.problem, Some(Problem::NotPic));
}

#[test]
fn only_calls_that_set_ebx_reach_a_moving_plt() {
    let call = [0x90, 0x90, 0x90, 0xe8, 0, 0, 0, 0];
    let by = |ty, sym, kind| I386::decide(&reloc(ty, 4), None, sym, &output(kind), &call);
    for kind in [PIE, SHARED] {
        assert_eq!(by(4, FUNC, kind).needs, Needs::PLT);
        assert_eq!(by(4, SymFlags::IFUNC, kind).needs, Needs::PLT);
        for ty in [2, 9] {
            assert_eq!(by(ty, FUNC, kind).problem, Some(Problem::NotPic));
            assert_eq!(by(ty, SymFlags::IFUNC, kind).problem, Some(Problem::NotPic));
            assert_eq!(by(ty, LOCAL, kind).problem, None);
        }
        assert_eq!(by(1, SymFlags::IFUNC, kind).dynamic, Dynamic::Irelative);
    }
    assert_eq!(by(2, FUNC, PDE).needs, Needs::PLT);
    assert_eq!(
        decide(2, FUNC, &output(PDE)).needs,
        Needs::PLT | Needs::CPLT
    );
    assert_eq!(decide(2, DATA, &output(PIE)).needs, Needs::COPY);
    assert_eq!(decide(1, DATA, &output(PIE)).dynamic, Dynamic::Symbolic);
    assert_eq!(
        decide(20, LOCAL, &output(PIE)).problem,
        Some(Problem::NotPic)
    );
}

#[test]
fn results_are_32_bit_numbers() {
    let mut bytes = [0; 4];
    let mut fits = |ty, value: i64| {
        let action = Action::new(Base::Sym, Minus::Nothing);
        I386::patch(&reloc(ty, 0), &action, value as u64, &mut bytes).is_ok()
    };
    assert!(fits(1, -1) && fits(1, 0xffff_ffff) && fits(2, i64::MIN));
    for (ty, min, max) in [
        (20, -0x8000, 0xffff),
        (21, -0xffff, 0xffff),
        (22, -128, 255),
        (23, -128, 127),
    ] {
        assert!(fits(ty, min) && fits(ty, max), "{ty}");
        assert!(!fits(ty, min - 1) && !fits(ty, max + 1), "{ty}");
    }
    // The same address, counted from the other end.
    assert!(fits(20, 0xffff_8000));
    assert_eq!(I386::implicit_addend(2, 0, &[0xfc, 0xff, 0xff, 0xff]), -4);
    assert_eq!(I386::implicit_addend(23, 1, &[0, 0xfe]), -2);
    assert_eq!(I386::implicit_addend(40, 0, &[0xff, 0x10]), 0);
}

#[test]
fn types_only_for_dynamic_objects_are_unknown() {
    for ty in [
        5,
        6,
        7,
        8,
        12,
        13,
        14,
        24,
        33,
        35,
        36,
        37,
        41,
        42,
        44,
        u32::MAX,
    ] {
        let problem = decide(ty, LOCAL, &output(PDE)).problem;
        assert_eq!(problem, Some(Problem::Unknown));
    }
    assert_eq!(I386::reloc_name(43), Some("R_386_GOT32X"));
    assert_eq!(I386::reloc_name(12), None);
}

#[test]
fn plt_bytes() {
    // As GNU ld lays out a program, and a shared object with .plt at 0x1000 and .got.plt at 0x2ff4.
    let fixed = PltEntry {
        index: 1,
        address: 0x804_9020,
        got_word: 0x804_b004,
        header: 0x804_9000,
        got_base: 0x804_aff4,
        pic: false,
    };
    let moving = PltEntry {
        index: 1,
        address: 0x1020,
        got_word: 0x3004,
        header: 0x1000,
        got_base: 0x2ff4,
        pic: true,
    };
    let lazy = [0x68, 8, 0, 0, 0, 0xe9];
    let bytes = |write: fn(PltStyle, &PltEntry, &mut Vec<u8>), style, e| {
        let mut out = Vec::new();
        write(style, e, &mut out);
        out
    };
    assert_eq!(
        bytes(I386::write_plt_header, PltStyle::Lazy, &fixed),
        [
            0xff, 0x35, 0xf8, 0xaf, 0x04, 0x08, 0xff, 0x25, 0xfc, 0xaf, 0x04, 0x08, 0x0f, 0x1f,
            0x40, 0
        ]
    );
    assert_eq!(
        bytes(I386::write_plt_header, PltStyle::LazyIbt, &moving),
        [
            0xff, 0xb3, 4, 0, 0, 0, 0xff, 0xa3, 8, 0, 0, 0, 0x0f, 0x1f, 0x40, 0
        ]
    );
    assert_eq!(
        bytes(I386::write_plt_entry, PltStyle::Lazy, &fixed),
        [
            &[0xff, 0x25, 0x04, 0xb0, 0x04, 0x08][..],
            &lazy,
            &[0xd0, 0xff, 0xff, 0xff]
        ]
        .concat()
    );
    assert_eq!(
        bytes(I386::write_plt_entry, PltStyle::Lazy, &moving),
        [
            &[0xff, 0xa3, 0x10, 0, 0, 0][..],
            &lazy,
            &[0xd0, 0xff, 0xff, 0xff]
        ]
        .concat()
    );
    assert_eq!(
        bytes(I386::write_plt_entry, PltStyle::LazyIbt, &moving),
        [
            &[0xf3, 0x0f, 0x1e, 0xfb][..],
            &lazy,
            &[0xd2, 0xff, 0xff, 0xff, 0x66, 0x90]
        ]
        .concat()
    );
    let ibt = [
        0xf3, 0x0f, 0x1e, 0xfb, 0xff, 0xa3, 0x10, 0, 0, 0, 0x66, 0x0f, 0x1f, 0x44, 0, 0,
    ];
    assert_eq!(
        bytes(I386::write_plt_sec_entry, PltStyle::LazyIbt, &moving),
        ibt
    );
    assert_eq!(bytes(I386::write_plt_entry, PltStyle::NowIbt, &moving), ibt);
    assert_eq!(
        bytes(I386::write_plt_entry, PltStyle::Now, &fixed),
        [0xff, 0x25, 0x04, 0xb0, 0x04, 0x08, 0x66, 0x90]
    );
    for style in [
        PltStyle::Lazy,
        PltStyle::LazyIbt,
        PltStyle::Now,
        PltStyle::NowIbt,
    ] {
        let len = |write| bytes(write, style, &moving).len() as u64;
        assert_eq!(len(I386::write_plt_header), I386::plt_header_size(style));
        assert_eq!(len(I386::write_plt_entry), I386::plt_entry_size(style));
        assert_eq!(
            len(I386::write_plt_sec_entry),
            I386::plt_sec_entry_size(style)
        );
    }
}

#[test]
fn rel_records_are_read_and_addends_are_in_the_bytes() {
    use crate::elf::{Elf32Le, RawRel, Relocs};
    let bytes = [4, 0, 0, 0, 2, 7, 0, 0, 8, 0, 0, 0, 43, 0, 1, 0];
    let (records, _) = object::pod::slice_from_bytes::<RawRel<Elf32Le>>(&bytes, 2).unwrap();
    let relocs = Relocs::<Elf32Le>::Rel(records);
    let (first, second) = (relocs.get(0), relocs.get(1));
    assert_eq!((first.offset, first.ty, first.sym), (4, 2, 7));
    assert_eq!((second.offset, second.ty, second.sym), (8, 43, 256));
    assert_eq!(relocs.lower_bound(5), 1);
}

/// Any bytes, any type, any place: an answer or an error.
#[test]
fn hostile_input_is_no_panic() {
    let mut state = 1u64;
    let mut random = || {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        state >> 33
    };
    let pieces: [&[u8]; 7] = [
        &GD_SIB,
        &GD_NOP,
        &GD_NO_PLT,
        &[0x8b, 0x83],
        &[0xa1],
        &[0xff, 0x25],
        &[0xe8],
    ];
    for _ in 0..200_000 {
        let code = [pieces[random() as usize % 7], &[0; 4]].concat();
        let code = &code[..random() as usize % (code.len() + 1)];
        let offset = match random() % 8 {
            0 => u64::MAX - random() % 32,
            _ => random() % 16,
        };
        let r = Reloc {
            addend: [0, i64::MIN][random() as usize % 2],
            ..reloc(random() as u32 % 46, offset)
        };
        let next = reloc([4, 43][random() as usize % 2], offset.wrapping_add(5));
        let out = OutputTraits {
            relax: random() % 2 == 0,
            ..output([PDE, PIE, SHARED][random() as usize % 3])
        };
        let sym = SymFlags::from_bits_truncate(random() as u16);
        let mut bytes = code.to_vec();
        let action = I386::decide(&r, Some(&next), sym, &out, code);
        for rewrite in [action.rewrite, random() as u8 % 16] {
            let action = Action { rewrite, ..action };
            let _ = I386::patch(&r, &action, random(), &mut bytes);
        }
        let _ = I386::patch_data(r.ty, offset, 0, &mut bytes);
        let _ = I386::implicit_addend(r.ty, offset, &bytes);
    }
}
