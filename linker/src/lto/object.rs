//! A claimed IR file as an object of the linker's: its symbols, and no code.
//!
//! Resolution treats it like any other object. Each COMDAT key becomes a section group with one empty section, in which the
//! symbols of that key are defined; all others are defined in one empty section.

use object::elf;

use super::api::kind;
use super::host::IrSymbol;
use crate::elf::{Elf, PutElf, RawSym, Sym};
use crate::input::InputName;
use crate::input::object::{Claim, Group, Kind, Object, Section};
use crate::symbols::intern::NameRef;

/// Number of the section for definitions without COMDAT key.
const PLAIN: u32 = 1;

fn empty_section(kind: Kind) -> Section {
    Section {
        offset: 0,
        size: 0,
        name: 0,
        ty: elf::SHT_PROGBITS,
        flags: 0,
        link: 0,
        info: 0,
        entsize: 0,
        relocs: 0,
        align_log2: 0,
        kind,
    }
}

/// Makes the object of a claimed file, and its names, still to be interned. Global symbol `i + 1` is the plugin's `i`.
///
/// # Errors
/// When there are more symbols or keys than an object can have.
pub fn make<'d, E: Elf>(
    name: InputName,
    data: &'d [u8],
    claim: Claim,
    symbols: &[IrSymbol],
    keep: &dyn Fn(Vec<u8>) -> &'d [u8],
) -> Result<(Object<'d, E>, Vec<NameRef<'d>>), String> {
    let mut keys: Vec<&[u8]> = Vec::new();
    let mut sections = vec![empty_section(Kind::Skip), empty_section(Kind::Skip)];
    let mut strings = vec![0u8];
    let mut table = Vec::new();
    table.put_sym::<E>(&Sym::default());
    let mut number_of = std::collections::HashMap::new();
    for s in symbols {
        let section = match &s.comdat {
            None => PLAIN,
            Some(key) => *number_of.entry(&key[..]).or_insert_with(|| {
                keys.push(key);
                sections.push(empty_section(Kind::Skip));
                sections.len() as u32 - 1
            }),
        };
        let defined = u16::try_from(section)
            .ok()
            .filter(|n| *n < elf::SHN_LORESERVE)
            .ok_or("more COMDAT groups than an object can have")?;
        let (bind, shndx) = match s.kind {
            kind::DEF => (elf::STB_GLOBAL, defined),
            kind::WEAK_DEF => (elf::STB_WEAK, defined),
            kind::WEAK_UNDEF => (elf::STB_WEAK, elf::SHN_UNDEF),
            kind::COMMON => (elf::STB_GLOBAL, elf::SHN_COMMON),
            _ => (elf::STB_GLOBAL, elf::SHN_UNDEF),
        };
        let symbol_type = match s.symbol_type {
            1 => elf::STT_FUNC,
            2 => elf::STT_OBJECT,
            _ => elf::STT_NOTYPE,
        };
        table.put_sym::<E>(&Sym {
            name: u32::try_from(strings.len()).map_err(|_| "symbol names are too long")?,
            info: bind << 4 | symbol_type,
            // LDPV_ to STV_.
            other: match s.visibility {
                1 => elf::STV_PROTECTED,
                2 => elf::STV_INTERNAL,
                3 => elf::STV_HIDDEN,
                _ => elf::STV_DEFAULT,
            },
            shndx,
            value: 0,
            size: s.size,
        });
        strings.extend_from_slice(&s.name);
        strings.push(0);
    }
    let strings = keep(strings);
    let table = keep(table);
    let (raw, _) = object::pod::slice_from_bytes::<RawSym<E>>(table, symbols.len() + 1)
        .map_err(|()| "too many symbols")?;
    let mut names = Vec::with_capacity(symbols.len() + keys.len());
    let mut at = 1;
    for s in symbols {
        names.push(NameRef::new(
            strings.get(at..at + s.name.len()).unwrap_or(&[]),
        ));
        at += s.name.len() + 1;
    }
    let mut groups = Vec::with_capacity(keys.len());
    for (i, key) in (PLAIN + 1..).zip(keys) {
        groups.push(Group {
            comdat: true,
            signature: names.len() as u32,
            section: i,
            // The group's own section is all there is.
            members: &[],
        });
        names.push(NameRef::new(keep(key.to_vec())));
    }
    let mut o = Object::from_symbols(name, data, sections, raw, strings);
    o.groups = groups;
    o.ir = Some(claim);
    Ok((o, names))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elf::Elf64Le;
    use crate::input::object::Place;
    use crate::input::store::Store;

    fn symbol(name: &str, kind: u8, comdat: Option<&str>) -> IrSymbol {
        IrSymbol {
            name: name.into(),
            kind,
            symbol_type: 1,
            visibility: 3,
            size: 4,
            comdat: comdat.map(Into::into),
        }
    }

    #[test]
    fn symbols_of_a_key_share_a_group() {
        let store = Store::new();
        let list = [
            symbol("main", kind::DEF, None),
            symbol("f", kind::WEAK_DEF, Some("key")),
            symbol("g", kind::WEAK_DEF, Some("key")),
            symbol("buffer", kind::COMMON, None),
            symbol("puts", kind::UNDEF, None),
        ];
        let claim = Claim { plugin: 0, file: 7 };
        let (o, names) = make::<Elf64Le>(InputName::file("a.o"), b"", claim, &list, &|b| {
            store.keep(b)
        })
        .expect("object");
        assert_eq!(o.ir, Some(claim));
        assert_eq!(o.globals(), 1..6);
        let place = |i| o.place(i, &o.symbol(i));
        assert_eq!(place(1), Place::Section(1));
        assert_eq!(place(2), Place::Section(2));
        assert_eq!(place(3), Place::Section(2));
        assert_eq!(place(4), Place::Common);
        assert_eq!(place(5), Place::Undefined);
        assert_eq!(o.symbol(5).visibility(), elf::STV_HIDDEN);
        assert_eq!(o.groups.len(), 1);
        assert_eq!(names[o.groups[0].signature as usize].name, b"key");
        assert_eq!(names[3].name, b"buffer");
        assert_eq!(o.symbol_name(&o.symbol(3)), b"g");
    }
}
