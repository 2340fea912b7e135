//! Expected bytes, by hand from the psABI. The text is at `TEXT`, the GOT at `GOT`, the symbol at `SYM`, and a
//! thread-local symbol is 0x18 bytes before the thread pointer.

use super::X86_64;
use crate::arch::address::{self, Do, Kind};
use crate::arch::*;

const TEXT: u64 = 0x40_1000;
const GOT: u64 = 0x40_3000;
const SYM: u64 = 0x40_2000;
const SLOT: u64 = 0x40_3018;
const PLT: u64 = 0x40_1800;
const TP_OFF: i64 = -0x18;

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

fn reloc(ty: u32, offset: u64, addend: i64) -> Reloc {
    Reloc {
        offset,
        addend,
        sym: 1,
        ty,
    }
}

fn decide(ty: u32, sym: SymFlags, out: &OutputTraits) -> Action {
    X86_64::decide(&reloc(ty, 4, 0), None, sym, out, &[0; 16])
}

/// The value as the writer computes it.
fn value(r: &Reloc, a: &Action) -> u64 {
    let base = match a.base {
        Base::None => 0,
        Base::Sym => SYM,
        Base::Plt => {
            if a.needs.contains(Needs::PLT) {
                PLT
            } else {
                SYM
            }
        }
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
    out: &OutputTraits,
    code: &[u8],
) -> (Action, Result<Vec<u8>, PatchError>) {
    let action = X86_64::decide(&r, next.as_ref(), sym, out, code);
    assert_eq!(action.problem, None);
    let mut bytes = code.to_vec();
    let done = X86_64::patch(&r, &action, value(&r, &action), &mut bytes);
    (action, done.map(|()| bytes))
}

fn linked(r: Reloc, sym: SymFlags, kind: OutputKind, code: &[u8]) -> Vec<u8> {
    link(r, None, sym, &output(kind), code).1.unwrap()
}

const GD: [u8; 16] = [
    0x66, 0x48, 0x8d, 0x3d, 0, 0, 0, 0, 0x66, 0x66, 0x48, 0xe8, 0, 0, 0, 0,
];
const GD_NO_PLT: [u8; 16] = [
    0x66, 0x48, 0x8d, 0x3d, 0, 0, 0, 0, 0x66, 0x48, 0xff, 0x15, 0, 0, 0, 0,
];
const GD_LARGE: [u8; 22] = [
    0x48, 0x8d, 0x3d, 0, 0, 0, 0, 0x48, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0x48, 0x01, 0xd8, 0xff, 0xd0,
];

#[test]
fn general_dynamic_becomes_local_exec() {
    let expected = [
        0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0, 0x48, 0x8d, 0x80, 0xe8, 0xff, 0xff, 0xff,
    ];
    for (code, ty) in [(GD, 4), (GD_NO_PLT, 41), (GD_NO_PLT, 9)] {
        let next = Some(reloc(ty, 12, -4));
        let (action, bytes) = link(reloc(19, 4, -4), next, TLS, &output(PIE), &code);
        assert_eq!(action.skip_next, 1);
        assert_eq!(action.needs, Needs::empty());
        assert_eq!(bytes.unwrap(), expected);
    }
}

#[test]
fn general_dynamic_of_an_import_becomes_initial_exec() {
    let next = Some(reloc(4, 12, -4));
    let (action, bytes) = link(reloc(19, 4, -4), next, TLS_IMPORTED, &output(PDE), &GD);
    assert_eq!((action.skip_next, action.needs), (1, Needs::GOTTP));
    // 0x403018 - 0x401010 = 0x2008.
    assert_eq!(
        bytes.unwrap(),
        [
            0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0, 0x48, 0x03, 0x05, 0x08, 0x20, 0, 0
        ]
    );
}

#[test]
fn large_general_dynamic() {
    let next = Some(reloc(31, 9, 0));
    let mut r15 = GD_LARGE;
    r15[17..20].copy_from_slice(&[0x4c, 0x01, 0xf8]);
    for code in [GD_LARGE, r15] {
        let (action, bytes) = link(reloc(19, 3, -4), next, TLS, &output(PDE), &code);
        assert_eq!(action.skip_next, 1);
        assert_eq!(
            bytes.unwrap(),
            [
                0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0, 0x48, 0x8d, 0x80, 0xe8, 0xff, 0xff, 0xff,
                0x66, 0x0f, 0x1f, 0x44, 0, 0
            ]
        );
    }
    let out = output(PDE);
    let (action, bytes) = link(reloc(19, 3, -4), next, TLS_IMPORTED, &out, &GD_LARGE);
    assert_eq!(action.needs, Needs::GOTTP);
    assert_eq!(
        bytes.unwrap(),
        [
            0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0, 0x48, 0x03, 0x05, 0x08, 0x20, 0, 0, 0x66,
            0x0f, 0x1f, 0x44, 0, 0
        ]
    );
}

#[test]
fn general_dynamic_stays_where_it_must() {
    let next = reloc(4, 12, -4);
    let mut other = GD;
    other[1] = 0x4c;
    let no_relax = OutputTraits {
        relax: false,
        ..output(PIE)
    };
    for (next, out, code) in [
        (Some(next), output(SHARED), GD),
        (Some(next), no_relax, GD),
        (Some(next), output(PIE), other),
        (None, output(PIE), GD),
        (Some(reloc(4, 13, -4)), output(PIE), GD),
        (Some(reloc(1, 12, -4)), output(PIE), GD),
    ] {
        let (action, bytes) = link(reloc(19, 4, -4), next, TLS, &out, &code);
        assert_eq!((action.needs, action.skip_next), (Needs::TLSGD, 0));
        assert_eq!(bytes.unwrap()[4..8], 0x2010i32.to_le_bytes());
    }
}

#[test]
fn local_dynamic_in_a_program() {
    let mov = [0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0];
    let lea = [0x48, 0x8d, 0x3d, 0, 0, 0, 0];
    let large = &GD_LARGE[7..];
    for (call, next, pad) in [
        (&[0xe8, 0, 0, 0, 0][..], reloc(4, 8, -4), &[0x66; 3][..]),
        (&[0xff, 0x15, 0, 0, 0, 0], reloc(41, 9, -4), &[0x66; 4]),
        (&[0x67, 0xe8, 0, 0, 0, 0], reloc(4, 9, -4), &[0x66; 4]),
        (
            large,
            reloc(31, 9, 0),
            &[
                0x66, 0x66, 0x66, 0x66, 0x2e, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0,
            ],
        ),
    ] {
        let code = [&lea[..], call].concat();
        let (action, bytes) = link(reloc(20, 3, -4), Some(next), TLS, &output(PDE), &code);
        assert_eq!((action.skip_next, action.needs), (1, Needs::empty()));
        assert_eq!(bytes.unwrap(), [pad, &mov].concat());
    }
    // The offsets follow.
    for ty in [17, 21] {
        assert_eq!(decide(ty, TLS, &output(PIE)).base, Base::TpOff);
        assert_eq!(decide(ty, TLS, &output(SHARED)).base, Base::DtpOff);
        let debug = OutputTraits {
            alloc: false,
            ..output(PIE)
        };
        assert_eq!(decide(ty, TLS, &debug).base, Base::DtpOff);
    }
}

#[test]
fn local_dynamic_with_unknown_bytes_is_an_error_in_a_program() {
    let (_, bytes) = link(reloc(20, 3, -4), None, TLS, &output(PIE), &[0x90; 16]);
    assert_eq!(bytes, Err(PatchError::BadInstruction));
    let (action, bytes) = link(reloc(20, 3, -4), None, TLS, &output(SHARED), &[0x90; 16]);
    assert_eq!(action.needs, Needs::TLSLD);
    assert!(bytes.is_ok());
}

#[test]
fn initial_exec_becomes_local_exec() {
    let le = [0xe8, 0xff, 0xff, 0xff];
    for (ty, code, expected) in [
        (22, &[0x48, 0x8b, 0x05][..], &[0x48, 0xc7, 0xc0][..]),
        (22, &[0x4c, 0x8b, 0x0d], &[0x49, 0xc7, 0xc1]),
        (22, &[0x4c, 0x03, 0x25], &[0x49, 0x81, 0xc4]),
        (22, &[0x48, 0x03, 0x1d], &[0x48, 0x81, 0xc3]),
        // mov x@gottpoff(%rip), %r16 and add to %r31: R4 and R3 go to B4 and B3.
        (44, &[0xd5, 0x48, 0x8b, 0x05], &[0xd5, 0x18, 0xc7, 0xc0]),
        (44, &[0xd5, 0x4c, 0x03, 0x3d], &[0xd5, 0x19, 0x81, 0xc7]),
        // add x@gottpoff(%rip), %r16, %r17: EVEX.R4 is inverted, B4 is not.
        (
            50,
            &[0x62, 0xe4, 0xf4, 0x10, 0x03, 0x05],
            &[0x62, 0xfc, 0xf4, 0x10, 0x81, 0xc0],
        ),
        // add %r8, x@gottpoff(%rip), %rax.
        (
            50,
            &[0x62, 0x74, 0xfc, 0x18, 0x01, 0x05],
            &[0x62, 0xd4, 0xfc, 0x18, 0x81, 0xc0],
        ),
    ] {
        let r = reloc(ty, code.len() as u64, -4);
        let code = [code, &[0; 4]].concat();
        assert_eq!(linked(r, TLS, PIE, &code), [expected, &le].concat());
        let (action, bytes) = link(r, None, TLS_IMPORTED, &output(PIE), &code);
        assert_eq!((action.rewrite, action.needs), (0, Needs::GOTTP));
        assert!(bytes.is_ok());
        let shared = X86_64::decide(&r, None, TLS, &output(SHARED), &code);
        assert_eq!((shared.base, shared.needs), (Base::GotTp, Needs::GOTTP));
    }
    // xor is not in the psABI's list; the load stays.
    let (action, _) = link(
        reloc(22, 3, -4),
        None,
        TLS,
        &output(PIE),
        &[0x48, 0x33, 0x05, 0, 0, 0, 0],
    );
    assert_eq!(action.base, Base::GotTp);
}

#[test]
fn tls_descriptors() {
    let lea = [0x48, 0x8d, 0x05, 0, 0, 0, 0];
    let r = reloc(34, 3, -4);
    assert_eq!(
        linked(r, TLS, PIE, &lea),
        [0x48, 0xc7, 0xc0, 0xe8, 0xff, 0xff, 0xff]
    );
    assert_eq!(
        linked(r, TLS_IMPORTED, PIE, &lea),
        [0x48, 0x8b, 0x05, 0x11, 0x20, 0, 0]
    );
    assert_eq!(
        linked(
            reloc(45, 4, -4),
            TLS,
            PIE,
            &[0xd5, 0x48, 0x8d, 0x05, 0, 0, 0, 0]
        ),
        [0xd5, 0x18, 0xc7, 0xc0, 0xe8, 0xff, 0xff, 0xff]
    );
    let call = reloc(35, 0, 0);
    assert_eq!(linked(call, TLS, PIE, &[0xff, 0x10]), [0x66, 0x90]);
    assert_eq!(
        linked(call, TLS, PIE, &[0x67, 0xff, 0x10]),
        [0x0f, 0x1f, 0x00]
    );
    assert_eq!(linked(call, TLS, SHARED, &[0xff, 0x10]), [0xff, 0x10]);
    let (_, bad) = link(call, None, TLS, &output(PIE), &[0xff, 0x11]);
    assert_eq!(bad, Err(PatchError::BadInstruction));
    let (_, bad) = link(r, None, TLS, &output(PIE), &[0x48, 0x8b, 0x05, 0, 0, 0, 0]);
    assert_eq!(bad, Err(PatchError::BadInstruction));
    assert_eq!(decide(34, TLS, &output(SHARED)).needs, Needs::TLSDESC);
    let illumos = OutputTraits {
        tlsdesc: false,
        ..output(SHARED)
    };
    assert_eq!(decide(34, TLS, &illumos).problem, Some(Problem::Platform));
    assert_eq!(decide(35, TLS, &illumos).problem, Some(Problem::Platform));
}

#[test]
fn loads_through_the_got_become_direct() {
    for (ty, code, expected) in [
        // 0x402000 - 0x401007 = 0xff9.
        (
            42,
            &[0x4c, 0x8b, 0x0d, 0, 0, 0, 0][..],
            &[0x4c, 0x8d, 0x0d, 0xf9, 0x0f, 0, 0][..],
        ),
        (
            41,
            &[0x8b, 0x05, 0, 0, 0, 0],
            &[0x8d, 0x05, 0xfa, 0x0f, 0, 0],
        ),
        (
            41,
            &[0xff, 0x15, 0, 0, 0, 0],
            &[0x67, 0xe8, 0xfa, 0x0f, 0, 0],
        ),
        (
            41,
            &[0xff, 0x25, 0, 0, 0, 0],
            &[0xe9, 0xfb, 0x0f, 0, 0, 0x90],
        ),
        (
            43,
            &[0xd5, 0x48, 0x8b, 0x05, 0, 0, 0, 0],
            &[0xd5, 0x48, 0x8d, 0x05, 0xf8, 0x0f, 0, 0],
        ),
    ] {
        let r = reloc(ty, code.len() as u64 - 4, -4);
        for kind in [PDE, PIE, SHARED] {
            assert_eq!(linked(r, LOCAL, kind, code), expected);
        }
        let stays = [
            SymFlags::IMPORTED,
            SymFlags::IFUNC,
            SymFlags::ABS,
            SymFlags::UNDEF_WEAK | SymFlags::ABS,
            SymFlags::FAR,
        ];
        for sym in stays {
            let (action, bytes) = link(r, None, sym, &output(PIE), code);
            assert_eq!((action.base, action.needs), (Base::Got, Needs::GOT));
            let n = code.len() - 4;
            assert_eq!(bytes.unwrap()[..n], code[..n]);
        }
        let no_relax = OutputTraits {
            relax: false,
            ..output(PIE)
        };
        assert_eq!(link(r, None, LOCAL, &no_relax, code).0.needs, Needs::GOT);
        let other_word = Reloc { addend: 4, ..r };
        assert_eq!(
            link(other_word, None, LOCAL, &output(PIE), code).0.needs,
            Needs::GOT
        );
    }
}

#[test]
fn arithmetic_on_the_got_becomes_immediate_at_low_addresses() {
    let imm = [0x00, 0x20, 0x40, 0x00];
    for (ty, code, expected) in [
        (42, &[0x4c, 0x85, 0x15][..], &[0x49, 0xf7, 0xc2][..]),
        (42, &[0x4c, 0x03, 0x15], &[0x49, 0x81, 0xc2]),
        (42, &[0x48, 0x2b, 0x1d], &[0x48, 0x81, 0xeb]),
        (41, &[0x3b, 0x0d], &[0x81, 0xf9]),
        (43, &[0xd5, 0x48, 0x3b, 0x05], &[0xd5, 0x18, 0x81, 0xf8]),
    ] {
        let r = reloc(ty, code.len() as u64, -4);
        let code = [code, &[0; 4]].concat();
        assert_eq!(
            linked(r, SymFlags::LOW, PDE, &code),
            [expected, &imm].concat()
        );
        for (sym, kind) in [(SymFlags::LOW, PIE), (LOCAL, PDE)] {
            assert_eq!(link(r, None, sym, &output(kind), &code).0.needs, Needs::GOT);
        }
    }
}

#[test]
fn code_5_and_6_loads_stay() {
    for ty in [46, 49] {
        assert_eq!(decide(ty, LOCAL, &output(PIE)).needs, Needs::GOT);
    }
    assert_eq!(decide(47, TLS, &output(PIE)).needs, Needs::GOTTP);
}

#[test]
fn words_by_output_and_symbol() {
    let read_only = |kind| move |sym| decide(1, sym, &output(kind));
    let writable = |kind| {
        move |sym| {
            let out = OutputTraits {
                writable: true,
                ..output(kind)
            };
            decide(1, sym, &out)
        }
    };
    for kind in [PIE, SHARED] {
        assert_eq!(read_only(kind)(LOCAL).dynamic, Dynamic::Relative);
        assert_eq!(writable(kind)(DATA).dynamic, Dynamic::Symbolic);
        assert_eq!(writable(kind)(DATA).needs, Needs::DYNSYM);
        assert_eq!(writable(kind)(SymFlags::ABS).dynamic, Dynamic::Nothing);
        assert_eq!(
            writable(kind)(SymFlags::UNDEF_WEAK).dynamic,
            Dynamic::Nothing
        );
    }
    assert_eq!(read_only(PDE)(LOCAL).dynamic, Dynamic::Nothing);
    assert_eq!(writable(PDE)(FUNC).dynamic, Dynamic::Symbolic);
    assert_eq!(read_only(PDE)(FUNC).needs, Needs::PLT | Needs::CPLT);
    assert_eq!(read_only(PDE)(DATA).needs, Needs::COPY);
    assert_eq!(
        read_only(PDE)(DATA | SymFlags::PROTECTED).dynamic,
        Dynamic::Symbolic
    );
    assert_eq!(
        read_only(SHARED)(SymFlags::IFUNC).dynamic,
        Dynamic::Irelative
    );
    assert_eq!(
        read_only(PIE)(SymFlags::IFUNC).needs,
        Needs::PLT | Needs::CPLT
    );
    assert_eq!(read_only(PIE)(SymFlags::IFUNC).dynamic, Dynamic::Relative);
    assert_eq!(
        read_only(PDE)(TLS_IMPORTED).problem,
        Some(Problem::TlsMismatch)
    );
}

#[test]
fn narrow_words_need_a_fixed_load_address() {
    for ty in [10, 11, 12, 14] {
        for kind in [PIE, SHARED] {
            let out = output(kind);
            assert_eq!(decide(ty, LOCAL, &out).problem, Some(Problem::NotPic));
            assert_eq!(decide(ty, SymFlags::ABS, &out).problem, None);
            let debug = OutputTraits {
                alloc: false,
                ..out
            };
            assert_eq!(
                decide(ty, FUNC, &debug),
                Action::new(Base::Sym, Minus::Nothing)
            );
        }
        assert_eq!(decide(ty, LOCAL, &output(PDE)).problem, None);
        assert_eq!(decide(ty, DATA, &output(PDE)).needs, Needs::COPY);
    }
}

#[test]
fn distances_by_output_and_symbol() {
    for ty in [2, 13, 15, 24, 25] {
        let minus = if ty == 25 {
            Needs::GOTBASE
        } else {
            Needs::empty()
        };
        let shared = output(SHARED);
        for sym in [DATA, FUNC] {
            assert_eq!(decide(ty, sym, &shared).problem, Some(Problem::NotPic));
        }
        for kind in [PIE, PDE] {
            let out = output(kind);
            assert_eq!(decide(ty, DATA, &out).needs, Needs::COPY | minus);
            assert_eq!(
                decide(ty, FUNC, &out).needs,
                Needs::PLT | Needs::CPLT | minus
            );
            assert_eq!(decide(ty, LOCAL, &out).needs, minus);
            let protected = decide(ty, DATA | SymFlags::PROTECTED, &out);
            assert_eq!(protected.problem, Some(Problem::NoCopy));
            let no_copies = OutputTraits {
                copyreloc: false,
                ..out
            };
            assert_eq!(decide(ty, DATA, &no_copies).problem, Some(Problem::NoCopy));
        }
        let abs = |kind| decide(ty, SymFlags::ABS, &output(kind)).problem;
        assert_eq!(abs(PIE), Some(Problem::AbsFromPic));
        assert_eq!(abs(PDE), None);
    }
}

#[test]
fn calls_take_the_plt_and_claim_nothing() {
    let call = [0x90, 0x90, 0x90, 0xe8, 0, 0, 0, 0];
    let jcc = [0x90, 0x90, 0x0f, 0x84, 0, 0, 0, 0];
    for kind in [PDE, PIE, SHARED] {
        for (ty, code) in [(4, &call), (2, &call), (2, &jcc), (4, &jcc)] {
            let (action, bytes) = link(reloc(ty, 4, -4), None, FUNC, &output(kind), code);
            assert_eq!((action.base, action.needs), (Base::Plt, Needs::PLT));
            assert_eq!(bytes.unwrap()[4..], 0x7f8i32.to_le_bytes());
        }
        assert_eq!(decide(4, SymFlags::IFUNC, &output(kind)).needs, Needs::PLT);
        assert_eq!(decide(4, LOCAL, &output(kind)).needs, Needs::empty());
        assert_eq!(
            decide(31, FUNC, &output(kind)).needs,
            Needs::PLT | Needs::GOTBASE
        );
    }
}

#[test]
fn a_call_to_a_missing_weak_function_reaches_any_distance() {
    let r = reloc(4, 4, -4);
    let action = decide(4, SymFlags::UNDEF_WEAK | SymFlags::ABS, &output(PIE));
    let mut code = [0; 8];
    let far = 0u64.wrapping_sub(0x7000_0000_0000);
    assert_eq!(X86_64::patch(&r, &action, far, &mut code), Ok(()));
}

#[test]
fn got_and_size_types() {
    let out = output(SHARED);
    let got_index = Needs::GOT | Needs::GOTBASE;
    for ty in [3, 27, 30] {
        let a = decide(ty, FUNC, &out);
        assert_eq!(
            (a.base, a.minus, a.needs),
            (Base::Got, Minus::GotBase, got_index)
        );
    }
    for ty in [9, 28] {
        let a = decide(ty, LOCAL, &out);
        assert_eq!((a.base, a.minus), (Base::Got, Minus::Place));
    }
    for ty in [26, 29] {
        let a = decide(ty, LOCAL, &out);
        assert_eq!((a.base, a.needs), (Base::GotBase, Needs::GOTBASE));
    }
    for ty in [32, 33] {
        assert_eq!(decide(ty, LOCAL, &out).base, Base::Size);
    }
}

#[test]
fn local_exec_is_for_programs() {
    for ty in [18, 23] {
        let problem = |sym, kind| decide(ty, sym, &output(kind)).problem;
        assert_eq!(problem(TLS, SHARED), Some(Problem::TlsLocalExecInShared));
        assert_eq!(problem(TLS, PIE), None);
        assert_eq!(problem(TLS_IMPORTED, PIE), Some(Problem::NotPic));
        assert_eq!(problem(LOCAL, PIE), Some(Problem::TlsMismatch));
    }
}

#[test]
fn ranges_are_exact() {
    let mut bytes = [0; 8];
    let mut fits = |ty, value: i64| {
        let action = Action::new(Base::Sym, Minus::Nothing);
        X86_64::patch(&reloc(ty, 0, 0), &action, value as u64, &mut bytes).is_ok()
    };
    for (ty, min, max) in [
        (2, i64::from(i32::MIN), i64::from(i32::MAX)),
        (10, 0, i64::from(u32::MAX)),
        (11, i64::from(i32::MIN), i64::from(i32::MAX)),
        (12, i64::from(i16::MIN), i64::from(u16::MAX)),
        (13, i64::from(i16::MIN), i64::from(i16::MAX)),
        (14, -128, 255),
        (15, -128, 127),
        (32, 0, i64::from(u32::MAX)),
    ] {
        assert!(fits(ty, min) && fits(ty, max), "{ty}");
        assert!(!fits(ty, min - 1) && !fits(ty, max + 1), "{ty}");
    }
    assert!(fits(1, i64::MIN) && fits(1, i64::MAX) && fits(24, i64::MIN));
    let action = Action::new(Base::Sym, Minus::Nothing);
    let r = reloc(10, 0, 0);
    assert_eq!(
        X86_64::patch(&r, &action, 1 << 32, &mut bytes),
        Err(PatchError::Overflow(Overflow {
            value: 1 << 32,
            min: 0,
            max: (1 << 32) - 1
        }))
    );
    assert_eq!(X86_64::patch_data(10, 0, u64::MAX, &mut bytes), Ok(()));
    assert_eq!(X86_64::implicit_addend(15, 0, &[0xfc]), -4);
    assert_eq!(X86_64::implicit_addend(1, 0, &[0xfc]), 0);
}

#[test]
fn types_only_for_dynamic_objects_are_unknown() {
    for ty in [5, 6, 7, 8, 16, 36, 37, 38, 52, u32::MAX] {
        let problem = decide(ty, LOCAL, &output(PDE)).problem;
        assert_eq!(problem, Some(Problem::Unknown));
    }
    assert_eq!(X86_64::reloc_name(2), Some("R_X86_64_PC32"));
    assert_eq!(
        X86_64::reloc_name(51),
        Some("R_X86_64_CODE_6_GOTPC32_TLSDESC")
    );
    assert_eq!(X86_64::reloc_name(52), None);
    assert_eq!(decide(0, LOCAL, &output(PDE)), Action::NONE);
}

#[test]
fn plt_bytes() {
    // As GNU ld lays out a shared object with .plt at 0x1000 and .got.plt at 0x2fe8.
    let e = PltEntry {
        index: 1,
        address: 0x1020,
        got_word: 0x3008,
        header: 0x1000,
    };
    let mut out = Vec::new();
    X86_64::write_plt_header(PltStyle::Lazy, 0x1000, 0x2fe8, &mut out);
    assert_eq!(
        out,
        [
            0xff, 0x35, 0xea, 0x1f, 0, 0, 0xff, 0x25, 0xec, 0x1f, 0, 0, 0x0f, 0x1f, 0x40, 0
        ]
    );
    out.clear();
    X86_64::write_plt_entry(PltStyle::Lazy, &e, &mut out);
    assert_eq!(
        out,
        [
            0xff, 0x25, 0xe2, 0x1f, 0, 0, 0x68, 1, 0, 0, 0, 0xe9, 0xd0, 0xff, 0xff, 0xff
        ]
    );
    out.clear();
    X86_64::write_plt_entry(PltStyle::LazyIbt, &e, &mut out);
    assert_eq!(
        out,
        [
            0xf3, 0x0f, 0x1e, 0xfa, 0x68, 1, 0, 0, 0, 0xe9, 0xd2, 0xff, 0xff, 0xff, 0x66, 0x90
        ]
    );
    let sec = PltEntry {
        address: 0x1040,
        ..e
    };
    let ibt = [
        0xf3, 0x0f, 0x1e, 0xfa, 0xff, 0x25, 0xbe, 0x1f, 0, 0, 0x66, 0x0f, 0x1f, 0x44, 0, 0,
    ];
    out.clear();
    X86_64::write_plt_sec_entry(PltStyle::LazyIbt, &sec, &mut out);
    assert_eq!(out, ibt);
    out.clear();
    X86_64::write_plt_entry(PltStyle::NowIbt, &sec, &mut out);
    assert_eq!(out, ibt);
    out.clear();
    X86_64::write_plt_entry(PltStyle::Now, &e, &mut out);
    assert_eq!(out, [0xff, 0x25, 0xe2, 0x1f, 0, 0, 0x66, 0x90]);
}

#[test]
fn plt_sizes_are_those_of_the_bytes() {
    let e = PltEntry {
        index: 0,
        address: 0,
        got_word: 0,
        header: 0,
    };
    for style in [
        PltStyle::Lazy,
        PltStyle::LazyIbt,
        PltStyle::Now,
        PltStyle::NowIbt,
    ] {
        let mut out = Vec::new();
        X86_64::write_plt_header(style, 0, 0, &mut out);
        assert_eq!(out.len() as u64, X86_64::plt_header_size(style));
        out.clear();
        X86_64::write_plt_entry(style, &e, &mut out);
        assert_eq!(out.len() as u64, X86_64::plt_entry_size(style));
        out.clear();
        X86_64::write_plt_sec_entry(style, &e, &mut out);
        assert_eq!(out.len() as u64, X86_64::plt_sec_entry_size(style));
    }
    assert_eq!(X86_64::lazy_got_offset(PltStyle::Lazy), 6);
}

#[test]
fn thread_pointer_is_at_the_rounded_end_of_the_tls_block() {
    assert_eq!(X86_64::tp_offset(0x1000, 0x1000, 0x14, 16), -0x20);
    assert_eq!(X86_64::tp_offset(0x1008, 0x1000, 0x14, 4), -0xc);
    assert_eq!(X86_64::tp_offset(0x1000, 0x1000, 0x10, 0), -0x10);
    // The block starts as misaligned as its address is.
    assert_eq!(X86_64::tp_offset(0x1008, 0x1008, 0x10, 16), -0x18);
}

#[test]
fn kinds_are_columns() {
    assert_eq!(address::kind(FUNC | SymFlags::IFUNC), Kind::ImportedFunc);
    assert_eq!(
        address::kind(SymFlags::ABS | SymFlags::UNDEF_WEAK),
        Kind::Missing
    );
    assert_eq!(address::CALL[0][Kind::ImportedFunc as usize], Do::Plt);
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
    let pieces: [&[u8]; 8] = [
        &GD,
        &GD_LARGE,
        &GD_NO_PLT,
        &[0x48, 0x8b, 0x05],
        &[0xd5, 0x48, 0x8b, 0x05],
        &[0xff, 0x25],
        &[0x67, 0xff],
        &[0xe8],
    ];
    for _ in 0..200_000 {
        let code = pieces[random() as usize % 8];
        let code = &code[..random() as usize % (code.len() + 1)];
        let offset = match random() % 8 {
            0 => u64::MAX - random() % 32,
            _ => random() % 24,
        };
        let r = reloc(
            random() as u32 % 54,
            offset,
            [-4, 0, i64::MIN][random() as usize % 3],
        );
        let next = reloc(
            [4, 41, 31][random() as usize % 3],
            offset.wrapping_add(8),
            -4,
        );
        let out = OutputTraits {
            is_static: random() % 2 == 0,
            relax: random() % 2 == 0,
            ..output([PDE, PIE, SHARED][random() as usize % 3])
        };
        let sym = SymFlags::from_bits_truncate(random() as u16);
        let mut bytes = code.to_vec();
        let action = X86_64::decide(&r, Some(&next), sym, &out, code);
        for rewrite in [action.rewrite, random() as u8 % 16] {
            let action = Action { rewrite, ..action };
            let _ = X86_64::patch(&r, &action, value(&reloc(0, 0, 0), &action), &mut bytes);
        }
        let _ = X86_64::patch_data(r.ty, offset, 0, &mut bytes);
        let _ = X86_64::implicit_addend(r.ty, offset, &bytes);
    }
}
