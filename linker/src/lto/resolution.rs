//! What became of the symbols of IR files, for the plugin.
//!
//! A plugin may inline, rename or drop a definition that only IR refers to; so everything by which something else can
//! refer to a name is looked at here: other objects, shared objects, the command line, exports, `--wrap`, and the functions
//! to which compilers make calls that no symbol table shows.

use std::collections::HashSet;

use super::api::Resolution;
use crate::elf::Elf;
use crate::input::load::Opened;
use crate::input::object::{Object, Place};
use crate::options::{Options, OutputKind};
use crate::report::Report;
use crate::symbols::bind::is_dynamic;
use crate::symbols::resolve::Resolved;
use crate::symbols::versions::{VER_LOCAL, VersionRules};
use crate::symbols::{FileRef, Info, Seen, State, SymbolId};

/// Functions that code generation makes calls to. A definition of one in IR must outlive optimisation.
const LIBCALLS: &[&str] = &[
    "_Unwind_Resume",
    "__cxa_end_cleanup",
    "__stack_chk_fail",
    "__stack_chk_guard",
    "__tls_get_addr",
    "abort",
    "bcmp",
    "bcopy",
    "bzero",
    "calloc",
    "ceil",
    "ceilf",
    "cos",
    "cosf",
    "exp",
    "exp2",
    "exp2f",
    "expf",
    "floor",
    "floorf",
    "fma",
    "fmaf",
    "fmax",
    "fmaxf",
    "fmin",
    "fminf",
    "fmod",
    "fmodf",
    "fputc",
    "fputs",
    "free",
    "fwrite",
    "ldexp",
    "log",
    "log10",
    "log2",
    "logf",
    "lrint",
    "malloc",
    "memchr",
    "memcmp",
    "memcpy",
    "memmove",
    "mempcpy",
    "memset",
    "nearbyint",
    "pow",
    "powf",
    "putchar",
    "puts",
    "rint",
    "rintf",
    "round",
    "roundf",
    "sin",
    "sincos",
    "sincosf",
    "sinf",
    "sqrt",
    "sqrtf",
    "stpcpy",
    "strcat",
    "strchr",
    "strcmp",
    "strcpy",
    "strlen",
    "strncat",
    "strncmp",
    "strncpy",
    "strrchr",
    "strstr",
    "trunc",
    "truncf",
];

/// Prefixes of the names of libgcc's and compiler-rt's functions.
const RUNTIME: &[&[u8]] = &[
    b"__add",
    b"__ash",
    b"__atomic_",
    b"__bswap",
    b"__clz",
    b"__cmp",
    b"__ctz",
    b"__div",
    b"__eq",
    b"__ext",
    b"__ffs",
    b"__fix",
    b"__float",
    b"__ge",
    b"__gt",
    b"__le",
    b"__lshr",
    b"__lt",
    b"__mod",
    b"__mul",
    b"__ne",
    b"__parity",
    b"__popcount",
    b"__powi",
    b"__sub",
    b"__sync_",
    b"__trunc",
    b"__udiv",
    b"__umod",
    b"__unord",
];

/// Whether code generation may make calls to a function of this name.
pub fn is_libcall(name: &[u8]) -> bool {
    LIBCALLS
        .binary_search_by(|l| l.as_bytes().cmp(name))
        .is_ok()
        || RUNTIME.iter().any(|p| name.starts_with(p))
}

/// The resolutions of every linked IR file: its number at the plugin, and one for each of its symbols.
pub fn of_ir_files<E: Elf>(
    r: &Resolved<'_, E>,
    opts: &Options,
    opened: &Opened<'_>,
) -> Vec<(u32, Vec<Resolution>)> {
    let view = View {
        r,
        opts,
        outside: named_outside(r, opts),
        // What is wrong with the scripts is said when symbols are bound.
        rules: VersionRules::new(opts, &opened.version_scripts, &Report::new(opts)),
        dynamic: is_dynamic(opts, &r.shared),
    };
    let files = r.objects.iter().enumerate();
    files
        .filter_map(|(file, o)| {
            let claim = o.ir?;
            let list = o.globals().map(|i| {
                let s = o.symbol(i);
                let id = o.symbol_id(i);
                match o.place(i, &s) {
                    Place::Undefined => view.reference(claim.plugin, id),
                    _ => view.definition(claim.plugin, FileRef::object(file), i, id),
                }
            });
            Some((claim.file, list.collect()))
        })
        .collect()
}

/// The names that something else than IR and the exports knows.
fn named_outside<E: Elf>(r: &Resolved<'_, E>, opts: &Options) -> HashSet<SymbolId> {
    let mut outside = HashSet::new();
    // With several plugins, what one has claimed is as far from the others as machine code.
    let mut plugins: Vec<usize> = r
        .objects
        .iter()
        .filter_map(|o| Some(o.ir?.plugin))
        .collect();
    plugins.sort_unstable();
    plugins.dedup();
    for o in r
        .objects
        .iter()
        .filter(|o| o.ir.is_none() || plugins.len() > 1)
    {
        outside.extend(o.globals().map(|i| o.symbol_id(i)));
    }
    let mut add = |name: &[u8]| outside.extend(r.interner.get(name));
    add(&opts.init);
    add(&opts.fini);
    for name in &opts.wrap {
        add(name);
        for prefix in [&b"__wrap_"[..], b"__real_"] {
            add(&[prefix, name].concat());
        }
    }
    outside.extend(r.assigned.iter().map(|(id, _)| *id));
    outside
}

struct View<'a, 'd, E: Elf> {
    r: &'a Resolved<'d, E>,
    opts: &'a Options,
    outside: HashSet<SymbolId>,
    rules: VersionRules,
    dynamic: bool,
}

impl<E: Elf> View<'_, '_, E> {
    fn info(&self, id: SymbolId) -> Info {
        self.r.info.get(id.index()).copied().unwrap_or_default()
    }

    fn object(&self, file: FileRef) -> Option<&Object<'_, E>> {
        file.as_object().and_then(|f| self.r.objects.get(f))
    }

    /// Whether the file is IR of this plugin.
    fn is_ir(&self, plugin: usize, file: FileRef) -> bool {
        self.object(file)
            .and_then(|o| o.ir)
            .is_some_and(|claim| claim.plugin == plugin)
    }

    fn reference(&self, plugin: usize, id: SymbolId) -> Resolution {
        let info = self.info(id);
        match info.state {
            State::Shared => Resolution::ResolvedByShared,
            State::Linker => Resolution::ResolvedByObject,
            State::Def | State::DefWeak | State::Common if self.is_ir(plugin, info.file) => {
                Resolution::ResolvedByIr
            }
            State::Def | State::DefWeak | State::Common => Resolution::ResolvedByObject,
            _ => Resolution::Undef,
        }
    }

    fn definition(&self, plugin: usize, file: FileRef, sym: u32, id: SymbolId) -> Resolution {
        let info = self.info(id);
        if info.file != file || info.sym != sym {
            let by_object = info.state >= State::DefWeak && !self.is_ir(plugin, info.file);
            return if by_object {
                Resolution::PreemptedByObject
            } else {
                Resolution::PreemptedByIr
            };
        }
        let excluded = self.object(file).is_some_and(|o| o.excluded_lib);
        let name = self.r.interner.name(id);
        if self.opts.kind == OutputKind::Relocatable
            || info.seen.intersects(Seen::ROOT | Seen::REF_SHARED)
            || self.outside.contains(&id)
            || is_libcall(name)
        {
            Resolution::PrevailingDef
        } else if self.exports(name, &info, excluded) {
            Resolution::PrevailingExported
        } else {
            Resolution::PrevailingIrOnly
        }
    }

    /// As `symbols::bind` will decide it.
    fn exports(&self, name: &[u8], info: &Info, excluded: bool) -> bool {
        use object::elf::{STV_HIDDEN, STV_INTERNAL};
        if !self.dynamic || excluded || matches!(info.visibility, STV_HIDDEN | STV_INTERNAL) {
            return false;
        }
        // A name with a version of its own is exported whatever the scripts say.
        if name.contains(&b'@') {
            return true;
        }
        if self.rules.of_name(name, self.opts) == Some(VER_LOCAL) {
            return false;
        }
        self.opts.kind == OutputKind::Shared
            || self.opts.export_dynamic
            || self.opts.dynamic_list_data
            || info.seen.contains(Seen::DEF_SHARED)
            || self.rules.in_dynamic_list(name) == Some(true)
            || self.rules.is_exported_by_name(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_of_the_code_generator_are_known() {
        assert!(LIBCALLS.windows(2).all(|w| w[0] < w[1]));
        for name in ["memcpy", "__udivti3", "__atomic_load_16", "puts"] {
            assert!(is_libcall(name.as_bytes()), "{name}");
        }
        for name in ["main", "memcpy2", "compute", ""] {
            assert!(!is_libcall(name.as_bytes()), "{name}");
        }
    }
}
