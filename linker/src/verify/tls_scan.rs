//! Where a program's code reaches for thread-local variables, and whether ld.so.1 puts them there.
//!
//! On amd64 the thread pointer is %fs, and a program's own variables lie below it: a compiler writes `%fs:x@tpoff`, the
//! linker fills in a negative number. By the ELF TLS specification that is `x - roundup(p_memsz, p_align)`; illumos'
//! ld.so.1 places the block at `-roundup(p_memsz, 16)` whatever p_align says (`cmd/sgs/rtld/common/tls.c`). Where the
//! two differ, a program linked for the specification reads its neighbour.
//!
//! This reads machine code without decoding all of it: it looks for the few instruction shapes that carry such a number.
//! A number that lies in no variable is a finding. Two shifted variables can hide each other, so silence is no proof.

use object::elf;

use super::file::File;
use super::tables;

/// What ld.so.1 rounds the block to, bytes.
const ROUNDING: u64 = 16;
/// Numbers further below the thread pointer than the block and this are not taken for accesses.
const SLACK: u64 = 4096;

/// The program's block: how ld.so.1 places it, and what is in it.
struct Block {
    memsz: u64,
    filesz: u64,
    rounded: u64,
}

fn block(f: &File<'_>) -> Option<Block> {
    let t = f.segment(elf::PT_TLS)?;
    Some(Block {
        memsz: t.memsz,
        filesz: t.filesz,
        rounded: t.memsz.checked_next_multiple_of(ROUNDING)?,
    })
}

/// Accesses outside every variable, where it matters.
pub fn outside_variables(f: &File<'_>) -> Option<String> {
    let b = block(f).filter(|_| f.is_amd64())?;
    let variables = tables::tls_variables(f);
    let (addr, offset) = first_access(f, &b, |offset| {
        let Some(at) = b.rounded.checked_sub(offset) else {
            return true;
        };
        if at < b.memsz {
            // With a symbol table the place must be some variable's.
            let index = variables.partition_point(|v| v.0 <= at);
            let inside = index
                .checked_sub(1)
                .and_then(|i| variables.get(i))
                .is_some_and(|v| at < v.1);
            return !variables.is_empty() && !inside;
        }
        // Zero-initialised variables may lie anywhere in the block, if all accesses agree.
        b.filesz > 0
    })?;
    Some(format!(
        "the code at {addr:#x} uses %fs:-{offset:#x}, but the variables lie at %fs:-{:#x}..-{:#x}",
        b.rounded,
        b.rounded - b.memsz
    ))
}

/// Accesses behind the variables, but inside a block without initial values.
pub fn in_padding(f: &File<'_>) -> Option<String> {
    let b = block(f).filter(|b| f.is_amd64() && b.filesz == 0)?;
    let (addr, offset) = first_access(f, &b, |offset| {
        b.rounded
            .checked_sub(offset)
            .is_some_and(|at| at >= b.memsz)
    })?;
    Some(format!(
        "the code at {addr:#x} uses %fs:-{offset:#x}, in the padding behind the variables at %fs:-{:#x}..-{:#x}",
        b.rounded,
        b.rounded - b.memsz
    ))
}

/// The first access whose distance below the thread pointer is `wrong`: its address and that distance.
fn first_access(f: &File<'_>, b: &Block, wrong: impl Fn(u64) -> bool) -> Option<(u64, u64)> {
    code(f).into_iter().find_map(|(addr, bytes)| {
        let mut found = None;
        accesses(bytes, &mut |at, offset| {
            let distance = u64::from(offset.unsigned_abs());
            if distance <= b.rounded.saturating_add(SLACK) && wrong(distance) {
                found = Some((addr.wrapping_add(at as u64), distance));
            }
            found.is_some()
        });
        found
    })
}

/// Code: sections that can be executed, or segments when there are no section headers.
fn code<'a>(f: &File<'a>) -> Vec<(u64, &'a [u8])> {
    let wanted = u64::from(elf::SHF_ALLOC | elf::SHF_EXECINSTR);
    let sections = f.sections();
    let by_section: Vec<(u64, &[u8])> = sections
        .iter()
        .filter(|s| s.flags & wanted == wanted && s.kind != elf::SHT_NOBITS)
        .filter_map(|s| Some((s.addr, f.range(s.offset, s.size)?)))
        .collect();
    if !sections.is_empty() {
        return by_section;
    }
    f.loads
        .iter()
        .filter(|s| s.executable())
        .filter_map(|s| Some((s.vaddr, f.range(s.offset, s.filesz)?)))
        .collect()
}

/// Calls `visit` with the place and the (negative) offset of each access, until it says stop.
fn accesses(code: &[u8], visit: &mut dyn FnMut(usize, i32) -> bool) {
    for at in memchr::memchr_iter(0x64, code) {
        let Some(rest) = code.get(at + 1..) else {
            return;
        };
        let before = code.get(at.saturating_sub(16)..at).unwrap_or(&[]);
        let offset = match Operand::read(rest) {
            Some(Operand::Absolute { disp, .. }) if disp < 0 => Some(disp),
            // The thread pointer itself, then an offset from it.
            Some(Operand::Absolute {
                disp: 0,
                opcode: 0x8b,
                reg,
                len,
            }) => rest.get(len..).and_then(|next| from_pointer(next, reg)),
            Some(Operand::Register { base }) => loaded_before(before, base),
            _ => None,
        };
        if let Some(offset) = offset.filter(|o| *o < 0)
            && visit(at, offset)
        {
            return;
        }
    }
}

/// The memory operand behind a %fs prefix.
enum Operand {
    /// `%fs:disp`.
    Absolute {
        disp: i32,
        opcode: u8,
        reg: u8,
        /// Bytes read, the prefix not counted.
        len: usize,
    },
    /// `%fs:(base)`.
    Register { base: u8 },
}

impl Operand {
    fn read(code: &[u8]) -> Option<Operand> {
        let mut at = 0;
        while matches!(code.get(at)?, 0x66 | 0xf2 | 0xf3) {
            at += 1;
        }
        let mut rex = 0;
        if matches!(code.get(at)?, 0x40..=0x4f) {
            rex = *code.get(at)?;
            at += 1;
        }
        let opcode = *code.get(at)?;
        at += 1;
        if opcode == 0x0f {
            at += 1;
        } else if !is_memory_opcode(opcode) {
            return None;
        }
        let modrm = *code.get(at)?;
        at += 1;
        if modrm & 0xc0 != 0 {
            return None;
        }
        let reg = (modrm >> 3 & 7) | (rex & 4) << 1;
        let base = (modrm & 7) | (rex & 1) << 3;
        match modrm & 7 {
            4 => {
                // SIB without base and index.
                if *code.get(at)? != 0x25 {
                    return None;
                }
                let disp = read_i32(code, at + 1)?;
                Some(Operand::Absolute {
                    disp,
                    opcode,
                    reg,
                    len: at + 5,
                })
            }
            // Relative to the instruction.
            5 => None,
            _ => Some(Operand::Register { base }),
        }
    }
}

/// One-byte opcodes with a ModRM byte that compilers use on variables.
fn is_memory_opcode(opcode: u8) -> bool {
    match opcode {
        // ADD, OR, ADC, SBB, AND, SUB, XOR, CMP in their four register forms.
        0x00..=0x3f => opcode & 7 < 4,
        0x63 | 0x69 | 0x6b | 0x80 | 0x81 | 0x83..=0x8b | 0xc0 | 0xc1 | 0xc6 | 0xc7 => true,
        0xd0..=0xd3 | 0xf6 | 0xf7 | 0xfe | 0xff => true,
        _ => false,
    }
}

/// What the instruction behind `mov %fs:0, reg` adds to the thread pointer.
fn from_pointer(code: &[u8], pointer: u8) -> Option<i32> {
    let mut at = 0;
    while matches!(code.get(at)?, 0x66 | 0xf2 | 0xf3) {
        at += 1;
    }
    let mut rex = 0;
    if matches!(code.get(at)?, 0x40..=0x4f) {
        rex = *code.get(at)?;
        at += 1;
    }
    let opcode = *code.get(at)?;
    if opcode == 0x05 && pointer == 0 {
        return read_i32(code, at + 1);
    }
    let two = opcode == 0x0f;
    let modrm = *code.get(at + 1 + usize::from(two))?;
    let after = at + 2 + usize::from(two);
    let base = (modrm & 7) | (rex & 1) << 3;
    if base != pointer || modrm & 7 == 4 {
        return None;
    }
    match (modrm >> 6, opcode) {
        // ADD imm, reg.
        (3, 0x81) if modrm >> 3 & 7 == 0 => read_i32(code, after),
        (3, 0x83) if modrm >> 3 & 7 == 0 => code.get(after).map(|b| i32::from(*b as i8)),
        (1, o) if two || o == 0x8d || is_memory_opcode(o) => {
            code.get(after).map(|b| i32::from(*b as i8))
        }
        (2, o) if two || o == 0x8d || is_memory_opcode(o) => read_i32(code, after),
        _ => None,
    }
}

/// `mov $imm32, reg` right before an access through that register (what is left of an initial-exec access).
fn loaded_before(before: &[u8], reg: u8) -> Option<i32> {
    let start = before.len().checked_sub(7)?;
    let b = before.get(start..)?;
    let rex = 0x48 | reg >> 3;
    (b.first() == Some(&rex) && b.get(1) == Some(&0xc7) && b.get(2) == Some(&(0xc0 | reg & 7)))
        .then(|| read_i32(b, 3))
        .flatten()
}

fn read_i32(bytes: &[u8], at: usize) -> Option<i32> {
    let b = bytes.get(at..at.checked_add(4)?)?;
    Some(i32::from_le_bytes(b.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::accesses;

    fn offsets(code: &[u8]) -> Vec<i32> {
        let mut all = Vec::new();
        accesses(code, &mut |_, o| {
            all.push(o);
            false
        });
        all
    }

    #[test]
    fn the_shapes_compilers_write() {
        for (name, code, offset) in [
            (
                "mov %fs:-16,%eax",
                &b"\x64\x8b\x04\x25\xf0\xff\xff\xff"[..],
                -16,
            ),
            (
                "mov %rcx,%fs:-8",
                b"\x64\x48\x89\x0c\x25\xf8\xff\xff\xff",
                -8,
            ),
            (
                "movss %fs:-4,%xmm0",
                b"\xf3\x64\x0f\x10\x04\x25\xfc\xff\xff\xff",
                -4,
            ),
            (
                "addl $1,%fs:-4",
                b"\x64\x83\x04\x25\xfc\xff\xff\xff\x01",
                -4,
            ),
            (
                "mov %fs:0,%rax; lea -24(%rax),%rax",
                b"\x64\x48\x8b\x04\x25\0\0\0\0\x48\x8d\x80\xe8\xff\xff\xff",
                -24,
            ),
            (
                "mov %fs:0,%rax; add $-24,%rax",
                b"\x64\x48\x8b\x04\x25\0\0\0\0\x48\x05\xe8\xff\xff\xff",
                -24,
            ),
            (
                "mov %fs:0,%rdx; mov -4(%rdx),%eax",
                b"\x64\x48\x8b\x14\x25\0\0\0\0\x8b\x42\xfc",
                -4,
            ),
            (
                "mov $-4,%rax; mov %fs:(%rax),%eax",
                b"\x48\xc7\xc0\xfc\xff\xff\xff\x64\x8b\x00",
                -4,
            ),
        ] {
            assert_eq!(offsets(code), [offset], "{name}");
        }
    }

    #[test]
    fn the_thread_control_block_is_no_variable() {
        // mov %fs:0x28,%rax; mov %fs:0,%rax; ret
        let code = b"\x64\x48\x8b\x04\x25\x28\0\0\0\x64\x48\x8b\x04\x25\0\0\0\0\xc3";
        assert!(offsets(code).is_empty());
    }
}
