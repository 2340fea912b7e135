//! Symbols that mapfiles define (Solaris linker guide, "SYMBOL_SCOPE": TYPE, VALUE, SIZE of a symbol make a definition).

use object::elf;

use crate::elf::Sym;
use crate::options::Options;
use crate::script::SymbolType;

/// A symbol that a mapfile defines.
#[derive(Clone, Debug)]
pub struct Definition {
    pub name: Vec<u8>,
    pub symbol: Sym,
}

/// What mapfiles define: functions and whatever has a value as absolute symbols (a filter's are found elsewhere at run
/// time), data without a value as common ones, so that they have room.
pub(super) fn definitions(opts: &Options) -> Vec<Definition> {
    let symbols = opts.sunw.mapfile.symbols.iter();
    let defined = symbols.filter(|s| s.attributes.defines());
    // Their values are known when the segments are (`layout/map_segments.rs`).
    let sizes = opts.sunw.mapfile.segments.iter();
    let sizes = sizes.flat_map(|s| &s.size_symbols).map(|name| Definition {
        name: name.clone(),
        symbol: Sym {
            info: elf::STB_GLOBAL << 4 | elf::STT_OBJECT,
            shndx: elf::SHN_ABS,
            ..Sym::default()
        },
    });
    defined
        .map(|s| {
            let a = &s.attributes;
            let function = a.ty.unwrap_or(SymbolType::Function) == SymbolType::Function;
            let common = !function && a.value.is_none();
            let (ty, shndx, value) = match (function, common) {
                (true, _) => (elf::STT_FUNC, elf::SHN_ABS, a.value.unwrap_or(0)),
                (false, false) => (elf::STT_OBJECT, elf::SHN_ABS, a.value.unwrap_or(0)),
                // The value of a common symbol is its alignment.
                (false, true) => (elf::STT_OBJECT, elf::SHN_COMMON, 16),
            };
            Definition {
                name: s.name.clone(),
                symbol: Sym {
                    info: elf::STB_GLOBAL << 4 | ty,
                    shndx,
                    value,
                    size: a.size.unwrap_or(0),
                    ..Sym::default()
                },
            }
        })
        .chain(sizes)
        .collect()
}
