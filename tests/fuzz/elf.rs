//! A small object around the contents of one section.

pub const ALLOC: u64 = 2;
pub const COMPRESSED: u64 = 0x800;
pub const EXCLUDE: u64 = 0x8000_0000;

#[derive(Clone, Copy)]
pub struct Section<'c> {
    pub name: &'static str,
    pub ty: u32,
    pub flags: u64,
    pub info: u32,
    /// Linked to the symbol table.
    pub symbols: bool,
    pub align: u64,
    pub entsize: u64,
    pub contents: &'c [u8],
}

impl Section<'_> {
    pub const NONE: Section<'static> =
        Section { name: "", ty: 0, flags: 0, info: 0, symbols: false, align: 0, entsize: 0, contents: &[] };
}

/// An x86-64 object: section 1 is code, then these, then its symbol table (symbol 1 is the code's start) and names.
pub fn object(special: &[Section<'_>]) -> Vec<u8> {
    let code = Section { name: ".text", ty: 1, flags: ALLOC | 4, align: 16, contents: &[0x90; 64], ..Section::NONE };
    let names = b"\0code\0";
    let mut symbols = vec![0; 24];
    for word in [1u32.to_le_bytes(), [0x12, 0, 1, 0], [0; 4], [0; 4], 64u32.to_le_bytes(), [0; 4]] {
        symbols.extend(word);
    }
    let symtab = special.len() + 2;
    let mut all = vec![Section::NONE, code];
    all.extend(special);
    all.push(Section { name: ".symtab", ty: 2, info: 1, align: 8, entsize: 24, contents: &symbols, ..Section::NONE });
    all.push(Section { name: ".strtab", ty: 3, align: 1, contents: names, ..Section::NONE });
    let mut section_names = vec![0];
    let offsets: Vec<usize> = all
        .iter()
        .map(|s| {
            section_names.extend([s.name.as_bytes(), &[0]].concat());
            section_names.len() - s.name.len() - 1
        })
        .collect();
    let own = section_names.len();
    section_names.extend(b".shstrtab\0");
    let own_name = Section { name: "", ty: 3, align: 1, contents: &section_names, ..Section::NONE };
    all.push(own_name);
    let (mut body, mut headers) = (Vec::new(), Vec::new());
    for (i, s) in all.iter().enumerate() {
        body.resize(body.len().next_multiple_of(8), 0);
        let link = if s.symbols { symtab } else if i == symtab { symtab + 1 } else { 0 };
        let name = offsets.get(i).copied().unwrap_or(own);
        headers.extend((name as u32).to_le_bytes());
        headers.extend(s.ty.to_le_bytes());
        for word in [s.flags, 0, 64 + body.len() as u64, s.contents.len() as u64] {
            headers.extend(word.to_le_bytes());
        }
        headers.extend((link as u32).to_le_bytes());
        headers.extend(s.info.to_le_bytes());
        headers.extend(s.align.to_le_bytes());
        headers.extend(s.entsize.to_le_bytes());
        body.extend(s.contents);
    }
    body.resize(body.len().next_multiple_of(8), 0);
    let mut out = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x01\0\x3e\0\x01\0\0\0".to_vec();
    out.extend([0; 16]);
    out.extend((64 + body.len() as u64).to_le_bytes());
    out.extend([0; 4]);
    for half in [64u16, 0, 0, 64, all.len() as u16, all.len() as u16 - 1] {
        out.extend(half.to_le_bytes());
    }
    out.extend(body);
    out.extend(headers);
    out
}
