//! The outcome of resolution in the form the rest of the linker uses: one [`Target`] a global symbol, numbers for local
//! symbols and sections, versions, and which symbols are exported.
//!
//! From here on no symbol is added and no definition changes.

use std::collections::{HashMap, HashSet};

use object::elf;
use wcc_targets::{Dialect, LoadRules};

use super::claims::{self, Nature};
use super::duplicates::{report_duplicates, report_missing_versions};
use super::owners::Owners;
pub use super::program::{Program, Symbols};
use super::reserved::Reserved;
use super::resolve::Resolved;
use super::versions::{VER_GLOBAL, VER_HIDDEN, VER_LOCAL, VersionRules};
use super::{Info, SectionId, Seen, State, SymbolId, Target};
use crate::arch::SymFlags;
use crate::elf::Elf;
use crate::input::load::Opened;
use crate::input::object::{Object, Place};
use crate::input::shared::Shared;
use crate::layout::names::SHF_X86_64_LARGE;
use crate::options::{Options, OutputKind, Symbolic, Unresolved};
use crate::par::Par;
use crate::report::Report;
use crate::script::SymbolScope;

/// Whether the output gets a dynamic section.
pub(crate) fn is_dynamic<E: Elf>(opts: &Options, shared: &[Shared<'_, E>]) -> bool {
    match opts.kind {
        OutputKind::Pie | OutputKind::Shared => true,
        OutputKind::Executable => {
            // The system's own linker makes a static program only when it is asked to (-dn).
            let unless_static = opts.export_dynamic || opts.dialect == Dialect::Solaris;
            !shared.is_empty() || (unless_static && !opts.static_output)
        }
        OutputKind::Relocatable => false,
    }
}

/// Binds all symbols. `section_names` are needed for `__start_NAME`.
pub fn bind<'d, E: Elf>(
    mut r: Resolved<'d, E>,
    opts: &Options,
    opened: &Opened<'d>,
    rules_of_platform: &LoadRules,
    report: &Report,
    par: Par,
) -> Program<'d, E> {
    report_duplicates(&r, opts, report);
    let dynamic = is_dynamic(opts, &r.shared);
    let public = if dynamic {
        claims::claim_public(&mut r, rules_of_platform)
    } else {
        Vec::new()
    };
    let mut linker = claims::claim_reserved(&mut r, opts, opened, dynamic);
    linker.extend(public.iter().cloned());
    let markers = claims::claim_markers(&mut r, opts, rules_of_platform, opened.layout.is_some());
    linker.extend(markers.iter().cloned());
    let globals = r.interner.limit();
    r.info.resize(globals, Info::default());

    let mut sections = 0u32;
    let mut locals = globals as u32;
    for o in &mut r.objects {
        o.section_base = sections;
        o.local_base = locals;
        sections = sections.saturating_add(o.sections.len() as u32);
        locals = locals.saturating_add(o.first_global);
    }
    if locals >= u32::MAX - 1 || sections >= u32::MAX - 1 {
        report.error("more than 4,294,967,294 symbols or sections in one link");
    }

    hide_excluded(&mut r);
    if !opts.define_common && opts.kind == OutputKind::Shared {
        leave_commons_to_the_program(&mut r);
    }
    protect(&mut r, opts);
    let external = external(&r, opts);
    let mut rules = VersionRules::new(opts, &opened.version_scripts, report);
    let named = rules.named(&r.named_versions, opts, report);
    let mut base_names = HashMap::new();
    for n in r.named_versions.iter().filter(|n| !n.default) {
        base_names.insert(n.id, n.base);
    }
    base_names.extend(r.versioned_references.iter().copied());
    // `foo@V` stands for `foo` in V: a plain `foo` that the script puts into V too is not exported beside it.
    let taken: HashSet<(&[u8], u16)> = r
        .named_versions
        .iter()
        .filter(|n| !n.default)
        .filter_map(|n| Some((n.base, named.get(&n.id)? & !VER_HIDDEN)))
        .collect();
    let has_versions = !rules.is_trivial() || !named.is_empty();
    let mut version = Vec::new();
    if has_versions {
        version = par.map_range(globals, |i| {
            let id = SymbolId(i as u32);
            match (r.info.get(i), named.get(&id)) {
                (_, Some(v)) => *v,
                (Some(info), None) if info.state >= State::DefWeak => {
                    let name = r.interner.name(id);
                    match rules.of_name(name, opts) {
                        Some(v) if taken.contains(&(name, v)) => VER_LOCAL,
                        Some(v) => v,
                        None => VER_GLOBAL,
                    }
                }
                _ => VER_GLOBAL,
            }
        });
    }
    let memory = memory(&r.objects, par);
    let binder = Binder {
        r: &r,
        opts,
        dynamic,
        rules: &rules,
        version: &version,
        exports_all: rules_of_platform.exports_all,
        external: &external,
        low: opts.kind == OutputKind::Executable
            && opts.image_base.is_none()
            && opts.section_start.is_empty()
            && memory < 1 << 30,
        vast: memory >= (1 << 31) - (1 << 24),
    };
    let bound: Vec<(Target, bool)> =
        par.map_range(globals, |i| binder.bind_one(SymbolId(i as u32)));
    let (mut targets, mut exported): (Vec<Target>, Vec<bool>) = bound.into_iter().unzip();
    for l in &public {
        if let Some(e) = exported.get_mut(l.id.index()) {
            *e = true;
        }
        // Of no version, whatever a script's `*` says.
        if let Some(v) = version.get_mut(l.id.index()) {
            *v = VER_GLOBAL;
        }
    }
    let mut aliases = HashMap::new();
    let natures = claims::natures(&opened.assignments);
    for l in &linker {
        if let Reserved::Assigned(i) = l.what
            && let Some(crate::script::Expr::Symbol(name)) =
                opened.assignments.get(i).map(|a| &a.expr)
            && let Some(id) = r.interner.get(name)
            && id != l.id
        {
            aliases.insert(l.id, id);
        }
        if let Reserved::Assigned(i) = l.what
            && let Some(t) = targets.get_mut(l.id.index())
            && natures.get(i).is_some_and(|n| *n != Nature::Relative)
        {
            t.flags |= SymFlags::ABS;
        }
        // Where something is loaded does not move with the image.
        if matches!(l.what, Reserved::Loaded(_))
            && let Some(t) = targets.get_mut(l.id.index())
        {
            t.flags |= SymFlags::ABS;
        }
        if l.what == Reserved::TlsModuleBase
            && let Some(t) = targets.get_mut(l.id.index())
        {
            t.flags |= SymFlags::TLS;
        }
    }
    report_missing_versions(&r, opts, opened, report);
    let bases = r.objects.iter().map(|o| o.section_base).collect();
    Program {
        owners: Owners::new(bases, sections),
        objects: r.objects,
        shared: r.shared,
        inclusions: r.inclusions,
        meetings: r.meetings,
        symbols: Symbols {
            interner: r.interner,
            info: r.info,
            targets,
            exported,
            version,
            rules,
            linker,
            globals,
            total: locals as usize,
            sections: sections as usize,
            base_names,
            aliases,
            markers: markers.iter().map(|l| l.id).collect(),
            overridden: r.overridden,
        },
        dynamic,
    }
}

/// `--exclude-libs`: what comes from these archives is hidden.
fn hide_excluded<E: Elf>(r: &mut Resolved<'_, E>) {
    if !r.objects.iter().any(|o| o.excluded_lib) {
        return;
    }
    for info in &mut r.info {
        if info.state >= State::DefWeak
            && info
                .file
                .as_object()
                .and_then(|f| r.objects.get(f))
                .is_some_and(|o| o.excluded_lib)
        {
            info.visibility = super::merge_visibility(info.visibility, elf::STV_HIDDEN);
        }
    }
}

/// `--no-define-common`: a library's common symbols are references to the program's.
fn leave_commons_to_the_program<E: Elf>(r: &mut Resolved<'_, E>) {
    for info in r.info.iter_mut().filter(|i| i.state == State::Common) {
        info.state = State::Undef;
        info.seen |= Seen::REF_OBJECT | Seen::REF_STRONG;
    }
}

/// Symbols that mapfiles make `protected`.
fn protect<E: Elf>(r: &mut Resolved<'_, E>, opts: &Options) {
    let symbols = opts.sunw.mapfile.symbols.iter();
    for s in symbols.filter(|s| s.scope == SymbolScope::Protected) {
        if let Some(id) = r.interner.get(&s.name)
            && let Some(info) = r.info.get_mut(id.index())
            && info.state >= State::DefWeak
        {
            info.visibility = super::merge_visibility(info.visibility, elf::STV_PROTECTED);
        }
    }
}

/// Symbols that mapfiles let stay undefined (`EXTERN`, `PARENT`).
fn external<E: Elf>(r: &Resolved<'_, E>, opts: &Options) -> Vec<SymbolId> {
    let symbols = opts.sunw.mapfile.symbols.iter();
    symbols
        .filter(|s| s.attributes.external || s.attributes.parent)
        .filter_map(|s| r.interner.get(&s.name))
        .collect()
}

/// Bytes that all loaded sections take, alignment aside.
fn memory<E: Elf>(objects: &[Object<'_, E>], par: Par) -> u64 {
    let loaded = |o: &Object<'_, E>| -> u64 {
        o.sections
            .iter()
            .filter(|s| s.is_alloc())
            .map(|s| s.size.saturating_add(s.align()))
            .fold(0, u64::saturating_add)
    };
    par.map(objects, loaded)
        .into_iter()
        .fold(0, u64::saturating_add)
}

struct Binder<'a, 'd, E: Elf> {
    r: &'a Resolved<'d, E>,
    opts: &'a Options,
    dynamic: bool,
    rules: &'a VersionRules,
    version: &'a [u16],
    exports_all: bool,
    /// Names that a mapfile says another module has.
    external: &'a [SymbolId],
    /// Everything will lie below 2 GiB.
    low: bool,
    /// The image may be larger than 2 GiB: nothing is surely near.
    vast: bool,
}

fn type_flags(sym_type: u8) -> SymFlags {
    match sym_type {
        elf::STT_FUNC => SymFlags::FUNC,
        elf::STT_GNU_IFUNC => SymFlags::IFUNC | SymFlags::FUNC,
        elf::STT_TLS => SymFlags::TLS,
        _ => SymFlags::empty(),
    }
}

impl<E: Elf> Binder<'_, '_, E> {
    /// Where a symbol lies, and whether this output exports it.
    fn bind_one(&self, id: SymbolId) -> (Target, bool) {
        let Some(info) = self.r.info.get(id.index()) else {
            return (
                Target {
                    section: SectionId::NONE,
                    flags: SymFlags::empty(),
                },
                false,
            );
        };
        let none = |flags| {
            (
                Target {
                    section: SectionId::NONE,
                    flags,
                },
                false,
            )
        };
        let visible = info.visibility == elf::STV_DEFAULT;
        match info.state {
            State::None => none(SymFlags::empty()),
            State::UndefShared if !info.seen.contains(Seen::REF_OBJECT) => none(SymFlags::empty()),
            State::UndefWeak | State::UndefShared => {
                if self.may_import() && visible && self.opts.z.dynamic_undefined_weak != Some(false)
                {
                    none(SymFlags::IMPORTED)
                } else {
                    none(SymFlags::UNDEF_WEAK | SymFlags::ABS)
                }
            }
            State::Undef if visible && self.may_import() && self.external.contains(&id) => {
                none(SymFlags::IMPORTED)
            }
            State::Undef => none(self.undefined(id, visible)),
            // What this output alone could define, and need not.
            State::Shared
                if matches!(info.visibility, elf::STV_HIDDEN | elf::STV_INTERNAL)
                    && !info.seen.contains(Seen::REF_STRONG) =>
            {
                none(SymFlags::UNDEF_WEAK | SymFlags::ABS)
            }
            State::Shared => none(self.imported(info)),
            State::DefWeak | State::Def | State::Common => {
                let Some(o) = info.file.as_object().and_then(|f| self.r.objects.get(f)) else {
                    return none(SymFlags::empty());
                };
                let s = o.symbol(info.sym);
                let mut flags = type_flags(s.sym_type());
                let mut section = SectionId::NONE;
                match o.place(info.sym, &s) {
                    Place::Section(n) => {
                        section = o.section_id(n);
                        flags |= self.distance(o, n);
                    }
                    Place::Absolute => flags |= SymFlags::ABS,
                    _ => {}
                }
                let data = info.state == State::Common || s.sym_type() == elf::STT_OBJECT;
                let exported = self.exports(id, info, o.excluded_lib, data);
                let unique = s.bind() == elf::STB_GNU_UNIQUE;
                if exported && self.preemptible(id, info, flags, data, unique) {
                    flags |= SymFlags::IMPORTED;
                }
                (Target { section, flags }, exported)
            }
            State::Linker => {
                let exported = self.exports(id, info, false, false);
                (
                    Target {
                        section: SectionId::NONE,
                        flags: SymFlags::empty(),
                    },
                    exported,
                )
            }
        }
    }

    /// Whether a definition may be too far for, or surely is in reach of, 32-bit addresses.
    fn distance(&self, o: &Object<'_, E>, section: u32) -> SymFlags {
        let large = o
            .sections
            .get(section as usize)
            .is_some_and(|s| s.flags & SHF_X86_64_LARGE != 0);
        if large || self.vast {
            SymFlags::FAR
        } else if self.low {
            SymFlags::LOW
        } else {
            SymFlags::empty()
        }
    }

    /// A run-time linker will be there to bind symbols.
    fn may_import(&self) -> bool {
        self.dynamic && !self.opts.static_output
    }

    fn undefined(&self, id: SymbolId, visible: bool) -> SymFlags {
        let may_stay = visible
            && match self.opts.kind {
                OutputKind::Shared => !self.opts.z.defs,
                _ => false,
            };
        let ignored = matches!(
            self.opts.unresolved,
            Unresolved::IgnoreAll | Unresolved::IgnoreInObjectFiles
        ) || self.opts.z.undefs
            || self.is_ignored(id);
        if self.opts.kind == OutputKind::Relocatable {
            SymFlags::empty()
        } else if may_stay || (ignored && visible && self.may_import()) {
            SymFlags::IMPORTED
        } else if ignored {
            SymFlags::ABS | SymFlags::UNDEF_WEAK
        } else {
            SymFlags::UNDEFINED
        }
    }

    /// `--ignore-unresolved-symbol`.
    fn is_ignored(&self, id: SymbolId) -> bool {
        let names = &self.opts.ignore_unresolved;
        !names.is_empty() && names.iter().any(|n| n == self.r.interner.name(id))
    }

    fn imported(&self, info: &Info) -> SymFlags {
        if info.visibility == elf::STV_HIDDEN || info.visibility == elf::STV_INTERNAL {
            return SymFlags::UNDEFINED;
        }
        let Some(lib) = info.file.as_shared().and_then(|f| self.r.shared.get(f)) else {
            return SymFlags::IMPORTED;
        };
        let s = lib.symbol(info.sym);
        let mut flags = SymFlags::IMPORTED;
        match s.sym_type() {
            // The resolver runs in its own library: for us it is a function.
            elf::STT_FUNC | elf::STT_GNU_IFUNC => flags |= SymFlags::FUNC,
            elf::STT_TLS => flags |= SymFlags::TLS,
            elf::STT_NOTYPE if lib.section_of(&s).flags & u64::from(elf::SHF_EXECINSTR) != 0 => {
                flags |= SymFlags::FUNC;
            }
            _ => {}
        }
        if s.visibility() == elf::STV_PROTECTED && self.opts.z.extern_protected_data != Some(true) {
            flags |= SymFlags::PROTECTED;
        }
        if lib.no_copy || self.opts.z.indirect_extern_access {
            flags |= SymFlags::NO_COPY;
        }
        flags
    }

    /// Whether a definition of this output goes into `.dynsym`.
    fn exports(&self, id: SymbolId, info: &Info, excluded: bool, data: bool) -> bool {
        if !self.dynamic
            || excluded
            || info.visibility == elf::STV_HIDDEN
            || info.visibility == elf::STV_INTERNAL
            || self
                .version
                .get(id.index())
                .is_some_and(|v| *v == VER_LOCAL)
        {
            return false;
        }
        if self.opts.kind == OutputKind::Shared {
            return true;
        }
        self.opts.export_dynamic
            || (data && self.opts.dynamic_list_data)
            || self.exports_all
            || info.seen.intersects(Seen::REF_SHARED | Seen::DEF_SHARED)
            || (!self.rules.is_trivial() && {
                let name = self.r.interner.name(id);
                self.rules.in_dynamic_list(name) == Some(true)
                    || self.rules.is_exported_by_name(name)
            })
    }

    /// Whether another module's definition may take the place of an exported one at run time.
    fn preemptible(
        &self,
        id: SymbolId,
        info: &Info,
        flags: SymFlags,
        data: bool,
        unique: bool,
    ) -> bool {
        if self.opts.kind != OutputKind::Shared {
            return false;
        }
        if info.visibility != elf::STV_DEFAULT {
            // A program may have a copy of it, which then counts.
            return data
                && info.visibility == elf::STV_PROTECTED
                && self.opts.z.extern_protected_data == Some(true);
        }
        // One in the whole process, whatever the library says of its other symbols.
        if unique {
            return true;
        }
        let data_listed = self.opts.dynamic_list_data;
        if self.rules.is_trivial() && self.opts.symbolic == Symbolic::None && !data_listed {
            return true;
        }
        let name = self.r.interner.name(id);
        let listed = self.rules.in_dynamic_list(name);
        if data_listed {
            return data || listed == Some(true);
        }
        if let Some(listed) = listed {
            return listed;
        }
        let function = flags.contains(SymFlags::FUNC);
        let weak = info.state == State::DefWeak;
        let bound = match self.opts.symbolic {
            Symbolic::None => false,
            Symbolic::All => true,
            Symbolic::Functions => function,
            Symbolic::NonWeak => !weak,
            Symbolic::NonWeakFunctions => function && !weak,
        };
        !bound || self.rules.is_exported_by_name(name)
    }
}
