//! A small dynamic x86-64 program for illumos, made byte by byte, for tests to break in one place.
//!
//! Fixed places (file offset = address less the base): headers at 0, interpreter 0x200, hash 0x240, dynsym 0x280,
//! dynstr 0x300, .rela.dyn 0x380, .rela.plt 0x3b0, text 0x400; the second segment: .dynamic 0x1000, GOT 0x1200, TLS 0x1240.

/// What the sample is to be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Program,
    Library,
}

pub struct Sample {
    pub bytes: Vec<u8>,
    pub base: u64,
}

pub const TEXT: usize = 0x400;
pub const GOT: usize = 0x1200;
pub const DYNAMIC: usize = 0x1000;
pub const RELA: usize = 0x380;
pub const HASH: usize = 0x240;
pub const DYNSYM: usize = 0x280;
const SIZE: usize = 0x1300;

impl Sample {
    pub fn new(kind: Kind) -> Sample {
        let base = if kind == Kind::Program { 0x40_0000 } else { 0 };
        let mut s = Sample {
            bytes: vec![0; SIZE],
            base,
        };
        s.put(0, b"\x7fELF\x02\x01\x01");
        s.half(16, if kind == Kind::Program { 2 } else { 3 });
        s.half(18, 62);
        s.word(20, 1);
        s.long(24, base + TEXT as u64);
        s.long(32, 64);
        s.half(52, 64);
        s.half(54, 56);
        let phdrs: Vec<[u64; 6]> = match kind {
            // type, flags, offset, file size, memory size, alignment
            Kind::Program => vec![
                [6, 5, 64, 6 * 56, 6 * 56, 8],
                [3, 4, 0x200, 20, 20, 1],
                [1, 5, 0, 0x480, 0x480, 0x1000],
                [1, 6, 0x1000, 0x300, 0x400, 0x1000],
                [2, 6, DYNAMIC as u64, 0x200, 0x200, 8],
                [7, 4, 0x1240, 4, 4, 4],
            ],
            Kind::Library => vec![
                [1, 5, 0, 0x480, 0x480, 0x1000],
                [1, 6, 0x1000, 0x300, 0x400, 0x1000],
                [2, 6, DYNAMIC as u64, 0x200, 0x200, 8],
            ],
        };
        s.half(56, phdrs.len() as u16);
        for (i, p) in phdrs.iter().enumerate() {
            let at = 64 + i * 56;
            s.word(at, p[0] as u32);
            s.word(at + 4, p[1] as u32);
            for (k, v) in [p[2], base + p[2], base + p[2], p[3], p[4], p[5]]
                .iter()
                .enumerate()
            {
                s.long(at + 8 + 8 * k, *v);
            }
        }
        s.put(0x200, b"/lib/amd64/ld.so.1\0\0");
        // One bucket; symbol 2 hangs on it, symbol 1 is undefined.
        for (i, v) in [1, 3, 2, 0, 1, 0].iter().enumerate() {
            s.word(HASH + 4 * i, *v);
        }
        s.symbol(1, 1, 0x12, 0, 0);
        s.symbol(2, 5, 0x12, 1, base + TEXT as u64);
        s.put(0x300, b"\0puts\0main\0libc.so.1\0");
        s.rela(RELA, GOT as u64 + 32, (1 << 32) | 6, 0);
        s.rela(0x3b0, GOT as u64 + 24, (1 << 32) | 7, 0);
        // mov %fs:-16,%eax; ret
        s.put(TEXT, b"\x64\x8b\x04\x25\xf0\xff\xff\xff\xc3");
        s.long(GOT, base + DYNAMIC as u64);
        s.long(GOT + 24, base + TEXT as u64 + 0x20);
        let b = base;
        let dynamic: [(u64, u64); 14] = [
            (1, 11),
            (4, b + HASH as u64),
            (5, b + 0x300),
            (10, 21),
            (6, b + DYNSYM as u64),
            (11, 24),
            (7, b + RELA as u64),
            (8, 48),
            (9, 24),
            (3, b + GOT as u64),
            (2, 24),
            (20, 7),
            (23, b + 0x3b0),
            (21, 0),
        ];
        for (i, (tag, value)) in dynamic.iter().enumerate() {
            s.long(DYNAMIC + 16 * i, *tag);
            s.long(DYNAMIC + 16 * i + 8, *value);
        }
        // The second of the two relocations of .rela.dyn.
        s.rela(RELA + 24, GOT as u64 + 40, 8, TEXT as i64);
        s
    }

    pub fn put(&mut self, at: usize, bytes: &[u8]) {
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
    }
    pub fn half(&mut self, at: usize, v: u16) {
        self.put(at, &v.to_le_bytes());
    }
    pub fn word(&mut self, at: usize, v: u32) {
        self.put(at, &v.to_le_bytes());
    }
    pub fn long(&mut self, at: usize, v: u64) {
        self.put(at, &v.to_le_bytes());
    }
    pub fn symbol(&mut self, index: usize, name: u32, info: u8, shndx: u16, value: u64) {
        let at = DYNSYM + 24 * index;
        self.word(at, name);
        self.put(at + 4, &[info, 0]);
        self.half(at + 6, shndx);
        self.long(at + 8, value);
    }
    pub fn rela(&mut self, at: usize, offset: u64, info: u64, addend: i64) {
        self.long(at, self.base + offset);
        self.long(at + 8, info);
        self.long(at + 16, addend as u64);
    }
    /// Changes field `field` (0 type, 8 offset, 16 vaddr, 32 filesz, 40 memsz, 48 align) of a program header.
    pub fn phdr(&mut self, index: usize, field: usize, v: u64) {
        let at = 64 + 56 * index + field;
        if field < 8 {
            self.word(at, v as u32);
        } else {
            self.long(at, v);
        }
    }
    /// Changes a dynamic entry.
    pub fn dynamic(&mut self, index: usize, tag: u64, value: u64) {
        self.long(DYNAMIC + 16 * index, tag);
        self.long(DYNAMIC + 16 * index + 8, value);
    }
}
