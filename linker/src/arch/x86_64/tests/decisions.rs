//! What each type asks for, by output and symbol.

use super::*;
use crate::arch::address::{self, Do, Kind};

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
fn kinds_are_columns() {
    assert_eq!(address::kind(FUNC | SymFlags::IFUNC), Kind::ImportedFunc);
    assert_eq!(
        address::kind(SymFlags::ABS | SymFlags::UNDEF_WEAK),
        Kind::Missing
    );
    assert_eq!(address::CALL[0][Kind::ImportedFunc as usize], Do::Plt);
}
