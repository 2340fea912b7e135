//! Names of capabilities in mapfiles, with their bits (illumos, `sys/auxv_386.h` and `sys/elf.h`).

use super::mapfile_model::CapabilityNames;
use super::mapfile_text::{Op, Statement};

/// `MACHINE = NAME…`, `PLATFORM += NAME…`: an empty list takes the inputs' away.
pub(super) fn names(to: &mut CapabilityNames, s: &Statement) {
    let list = s.values.iter().map(|v| v.text.clone());
    match s.op {
        Some(Op::Set) | None => {
            *to = CapabilityNames {
                set: list.collect(),
                remove: Vec::new(),
                replace: true,
            };
        }
        Some(Op::Add) => {
            for name in list {
                if !to.set.contains(&name) {
                    to.set.push(name);
                }
            }
        }
        Some(Op::Remove) => {
            for name in list {
                to.set.retain(|n| *n != name);
                to.remove.push(name);
            }
        }
    }
}

/// CA_SUNW_HW_1 of x86: AV_386_*.
pub const HW_1: &[(&str, u64)] = &[
    ("FPU", 0x1),
    ("TSC", 0x2),
    ("CX8", 0x4),
    ("SEP", 0x8),
    ("AMD_SYSC", 0x10),
    ("CMOV", 0x20),
    ("MMX", 0x40),
    ("AMD_MMX", 0x80),
    ("AMD_3DNOW", 0x100),
    ("AMD_3DNOWX", 0x200),
    ("FXSR", 0x400),
    ("SSE", 0x800),
    ("SSE2", 0x1000),
    ("PAUSE", 0x2000),
    ("SSE3", 0x4000),
    ("MON", 0x8000),
    ("CX16", 0x1_0000),
    ("AHF", 0x2_0000),
    ("TSCP", 0x4_0000),
    ("AMD_SSE4A", 0x8_0000),
    ("POPCNT", 0x10_0000),
    ("AMD_LZCNT", 0x20_0000),
    ("SSSE3", 0x40_0000),
    ("SSE4_1", 0x80_0000),
    ("SSE4_2", 0x100_0000),
    ("MOVBE", 0x200_0000),
    ("AES", 0x400_0000),
    ("PCLMULQDQ", 0x800_0000),
    ("XSAVE", 0x1000_0000),
    ("AVX", 0x2000_0000),
    ("VMX", 0x4000_0000),
    ("AMD_SVM", 0x8000_0000),
];

/// CA_SUNW_HW_2 of x86: AV_386_2_*.
pub const HW_2: &[(&str, u64)] = &[
    ("F16C", 0x1),
    ("RDRAND", 0x2),
    ("BMI1", 0x4),
    ("BMI2", 0x8),
    ("FMA", 0x10),
    ("AVX2", 0x20),
    ("ADX", 0x40),
    ("RDSEED", 0x80),
];

/// CA_SUNW_SF_1: SF1_SUNW_*.
pub const SF_1: &[(&str, u64)] = &[("FPKNWN", 0x1), ("FPUSED", 0x2), ("ADDR32", 0x4)];
