//! What one link is asked to do, as plain values.
//!
//! A dialect's parser fills an [`Options`]; every stage reads it; nothing changes it after parsing.
//! Defaults are GNU ld's unless the field says otherwise.

use std::ffi::OsString;
use std::path::PathBuf;

use wcc_targets::Dialect;

use super::choices::*;
use super::sunw::Sunw;
use super::zoptions::ZOptions;
use crate::lto::CompilerHints;
use crate::script::{LinkerScript, VersionScript};

/// Everything one link is asked to do.
#[derive(Clone, Debug)]
pub struct Options {
    /// Name the program was called by, for messages (`ld.wcc`).
    pub program: String,
    /// `-o` (default `a.out`).
    pub output: PathBuf,
    /// The grammar of the command line. In the system's own dialect the output has that system's habits too.
    pub dialect: Dialect,
    pub kind: OutputKind,
    /// `-m EMULATION`; None: taken from the first object.
    pub emulation: Option<String>,
    /// The target, if the command line tells of one.
    pub target: Option<wcc_targets::Triple>,
    /// `-static`/`-dn`-like output without dynamic section: no shared objects may be linked. A static PIE is
    /// `kind == Pie` with this set and `no_dynamic_linker`.
    pub static_output: bool,
    pub inputs: Vec<InputArg>,
    /// `-L` directories in order, `=`/`$SYSROOT` already expanded. Default directories come after them.
    pub library_dirs: Vec<PathBuf>,
    /// `-nostdlib` of the linker: only `library_dirs` are searched.
    pub no_default_dirs: bool,
    pub sysroot: Option<PathBuf>,
    /// `--dynamic-linker` / `-I`; None: the target's default.
    pub dynamic_linker: Option<Vec<u8>>,
    /// `--no-dynamic-linker`.
    pub no_dynamic_linker: bool,
    /// `-e`; None: `_start`.
    pub entry: Option<Vec<u8>>,
    pub soname: Option<Vec<u8>>,
    /// `-rpath`, joined with `:`, duplicates removed.
    pub rpath: Vec<Vec<u8>>,
    pub rpath_link: Vec<PathBuf>,
    /// `--enable-new-dtags` (default): DT_RUNPATH rather than DT_RPATH.
    pub new_dtags: bool,
    pub build_id: BuildId,
    /// `--hash-style`; None: the target's default.
    pub hash_style: Option<HashStyle>,
    pub eh_frame_hdr: bool,
    pub gc_sections: bool,
    pub print_gc_sections: bool,
    /// `--gc-keep-exported`.
    pub gc_keep_exported: bool,
    pub strip: Strip,
    /// `--strip-debug-non-line`: of debug sections, only those stay that line numbers need.
    pub strip_non_lines: bool,
    /// `--separate-debug-file`: where debug sections go; Some(None): beside the output, with `.dbg`.
    pub separate_debug: Option<Option<PathBuf>>,
    pub discard_locals: DiscardLocals,
    /// `-E` / `--export-dynamic`.
    pub export_dynamic: bool,
    /// `--export-dynamic-symbol=GLOB`.
    pub export_dynamic_symbols: Vec<Vec<u8>>,
    /// `--dynamic-list` files, parsed: patterns of one nameless node. A program exports what matches; in a
    /// shared object what does not match is bound to its own definition, as by `-Bsymbolic`.
    pub dynamic_list: Option<VersionScript>,
    /// Inputs before the first `-T`: `--defsym` among them is in force when the script is read.
    pub before_script: Option<usize>,
    /// `--export-dynamic-symbol-list`.
    pub export_list: Option<VersionScript>,
    /// `--version-script` files, parsed in order.
    pub version_scripts: Vec<VersionScript>,
    /// `--no-undefined-version`: a script's exact name without definition is an error.
    pub no_undefined_version: bool,
    /// `--default-symver`: version = soname.
    pub default_symver: bool,
    /// `-T` scripts, parsed, in order; none: the built-in layout rules.
    pub scripts: Vec<LinkerScript>,
    pub symbolic: Symbolic,
    /// `-u` names.
    pub undefined: Vec<Vec<u8>>,
    /// `--require-defined` names (also in `undefined`).
    pub require_defined: Vec<Vec<u8>>,
    /// `--wrap` names.
    pub wrap: Vec<Vec<u8>>,
    /// `--exclude-libs` file names; `ALL` for all.
    pub exclude_libs: Vec<Vec<u8>>,
    /// `--unresolved-symbols` and friends.
    pub unresolved: Unresolved,
    /// `--warn-unresolved-symbols`: report as warnings.
    pub warn_unresolved: bool,
    /// `--no-allow-shlib-undefined` (Some(false)) / `--allow-shlib-undefined` (Some(true)); None: GNU ld's
    /// default (checked for programs, allowed for shared objects).
    pub allow_shlib_undefined: Option<bool>,
    /// `--error-unresolved-symbols` is the default.
    pub noinhibit_exec: bool,
    /// `--disable-multiple-abs-defs`
    pub prohibit_multiple_abs: bool,
    /// `-y` names to trace.
    pub trace_symbols: Vec<Vec<u8>>,
    /// `-t` once or twice.
    pub trace_files: u8,
    /// `--init`, default `_init`.
    pub init: Vec<u8>,
    /// `--fini`, default `_fini`.
    pub fini: Vec<u8>,
    /// `-f` / `--auxiliary`, `-F` / `--filter`.
    pub auxiliary: Vec<Vec<u8>>,
    pub filter: Vec<Vec<u8>>,
    pub audit: Vec<Vec<u8>>,
    pub depaudit: Vec<Vec<u8>>,
    /// `--image-base`, `-Ttext-segment`: lowest address, bytes.
    pub image_base: Option<u64>,
    /// Writable segments are executable too (a mapfile's `data = ?RWX`).
    pub exec_data: bool,
    /// Address of the first writable segment (a mapfile's `data`), bytes.
    pub data_segment: Option<u64>,
    /// `--section-start NAME=ADDR`, `-Ttext`, `-Tdata`, `-Tbss` (as `.text`, `.data`, `.bss`).
    pub section_start: Vec<(Vec<u8>, u64)>,
    /// `-O` level: 2 and more tail-merges strings.
    pub optimize: u8,
    pub relax: bool,
    /// `-N`/`-n`.
    pub omagic: bool,
    pub nmagic: bool,
    /// `-Bno-merge`-like: `--no-merge` is not GNU; sections with SHF_MERGE are merged when true (default).
    pub merge: bool,
    /// `-z` keywords.
    pub z: ZOptions,
    pub shape: super::Shape,
    /// What only the Solaris link editor's dialect and mapfiles can ask for.
    pub sunw: Sunw,
    pub compress_debug: CompressDebug,
    /// `--compress-sections=GLOB=METHOD`: the last that matches holds, for sections that are not loaded.
    pub compress_sections: Vec<(Vec<u8>, CompressDebug)>,
    pub emit_relocs: bool,
    /// `--gdb-index`.
    pub gdb_index: bool,
    pub define_common: bool,
    /// `--no-fortran-common` clears it: an archive member that defines a common symbol is not linked for that.
    pub fortran_common: bool,
    /// `--dependent-libraries`; None: what is not there is no error.
    pub dependent_libraries: Option<bool>,
    pub sort_common: Option<bool>,
    /// `--warn-common`.
    pub warn_common: bool,
    /// `--warn-textrel`, `--warn-execstack`, `--warn-rwx-segments` … by name, on.
    /// None: of inputs that ask for one, not of `-z execstack`.
    pub warn_execstack: Option<bool>,
    pub warn_rwx_segments: bool,
    pub warn_textrel: bool,
    pub fatal_warnings: bool,
    pub no_warnings: bool,
    /// `--error-limit=N`, 0 = unlimited.
    pub error_limit: usize,
    pub demangle: bool,
    pub color: Option<bool>,
    /// Objects that messages call by another name: path, and the source it was just made from.
    pub called: Vec<(String, String)>,
    /// `-M` / `--print-map`, `-Map=FILE` (`-` is stdout).
    pub map_file: Option<PathBuf>,
    /// `--wcc-report`: a page about the link.
    pub html_report: Option<PathBuf>,
    /// `--print-map-locals`: local symbols too.
    pub print_map_locals: bool,
    /// `--no-print-map-discarded` clears it.
    pub print_map_discarded: bool,
    pub cref: bool,
    pub dependency_file: Option<PathBuf>,
    /// `--why-extract`, `--print-archive-stats` (`-` is stdout), `--print-dependencies` (stdout).
    pub why_extract: Option<PathBuf>,
    pub print_archive_stats: Option<PathBuf>,
    pub print_dependencies: bool,
    /// `--why-live` patterns.
    pub why_live: Vec<Vec<u8>>,
    /// `--warn-backrefs`, and the archives it does not look at.
    pub warn_backrefs: bool,
    pub backrefs_exclude: Vec<Vec<u8>>,
    /// `--reproduce`: the tar file.
    pub reproduce: Option<PathBuf>,
    /// Files that options named and that were read while the command line was.
    pub files_read: Vec<PathBuf>,
    pub error_handling_script: Option<PathBuf>,
    pub print_memory_usage: bool,
    /// `--no-fork`: no process gives memory back behind the command.
    pub stay: bool,
    /// `--threads=N`; None: all cores (or what make's jobserver grants).
    pub threads: Option<usize>,
    /// `--time-trace=FILE`.
    pub time_trace: Option<PathBuf>,
    /// `--stats`.
    pub stats: bool,
    /// `--verbose` count.
    pub verbose: u8,
    /// `--icf=all|safe|none`: 0 none, 1 safe, 2 all.
    pub icf: u8,
    /// `--plugin` path and `-plugin-opt` values, kept for LTO inputs.
    pub plugin: Option<PathBuf>,
    pub plugin_opts: Vec<OsString>,
    /// What the driver that made the line knows of the compiler.
    pub compiler: CompilerHints,
    /// `--package-metadata` JSON.
    pub package_metadata: Option<Vec<u8>>,
    /// `--oformat=binary`.
    pub oformat_binary: bool,
    /// `-d -dc -dp`: allocate commons in `-r` output.
    pub force_common: bool,
    /// `--orphan-handling=discard|error|warn|place` as written, None = place.
    pub orphan_handling: Option<Vec<u8>>,
    /// `--no-rosegment`: read-only data may share the executable segment.
    pub rosegment: bool,
    /// `--shuffle-sections=[GLOB=]SEED`, in order: -1 turns the order round, 0 is another one at each link.
    pub shuffle_sections: Vec<(Vec<u8>, i64)>,
    /// `--section-ordering-file`, parsed.
    pub section_order: Vec<OrderRule>,
    /// `--call-graph-ordering-file`: caller, callee, weight.
    pub call_graph: Vec<(Vec<u8>, Vec<u8>, u64)>,
    /// `--call-graph-profile-sort` (default): lay out code by the calls that are known.
    pub call_graph_sort: bool,
    /// `--warn-symbol-ordering` (default): names of `symbol_order` that order nothing.
    pub warn_symbol_ordering: bool,
    /// `--print-icf-sections`.
    pub print_icf_sections: bool,
    /// `--symbol-ordering-file`, parsed into names.
    pub symbol_order: Vec<Vec<u8>>,
    /// `--fatal`-free extra: the raw arguments, for `--reproduce`, `.comment` and messages.
    pub raw_args: Vec<OsString>,
    /// `--retain-symbols-file`: the only names that stay in `.symtab`, sorted; None: all.
    pub retain_symbols: Option<Vec<Vec<u8>>>,
    /// `--ignore-unresolved-symbol` names.
    pub ignore_unresolved: Vec<Vec<u8>>,
    /// `-z weakextract`: weak references extract archive members.
    pub weak_extract: bool,
    /// `--undefined-glob` patterns: as `undefined`, for every archive symbol that matches.
    pub undefined_globs: Vec<Vec<u8>>,
    /// `--dynamic-list-data`: all data symbols count as listed in the dynamic list.
    pub dynamic_list_data: bool,
    /// `--spare-dynamic-tags`: null entries after the DT_NULL that ends `.dynamic`.
    pub spare_dynamic_tags: u64,
    /// `--sort-section`.
    pub sort_section: SortSection,
    /// `--unique=GLOB`: input sections that match get an output section each.
    pub unique: Vec<Vec<u8>>,
    /// `--unique` without a name: so do all orphan sections.
    pub unique_orphans: bool,
    /// `-Trodata-segment`, `-Tldata-segment`: address of the segment, bytes.
    pub rodata_segment: Option<u64>,
    pub ldata_segment: Option<u64>,
    /// `--error-execstack`: what `warn_execstack` warns of is an error.
    pub error_execstack: bool,
    /// `--error-rwx-segments`: what `warn_rwx_segments` warns of is an error.
    pub error_rwx_segments: bool,
    /// `--keep-unique` names: not folded by `--icf`.
    pub keep_unique: Vec<Vec<u8>>,
    /// `--ignore-data-address-equality`: `--icf` folds read-only data too.
    pub icf_data: bool,
    /// `--no-gnu-unique`: STB_GNU_UNIQUE symbols become STB_GLOBAL.
    pub no_gnu_unique: bool,
    /// `--verify-load=PLATFORM`: nothing is linked; the inputs are judged by that platform's rules.
    pub verify_load: Option<String>,
    /// `--apply-dynamic-relocs`: the addend of a dynamic relocation is also stored in its place; None: as the platform has it
    /// for RELATIVE ones, and not for others.
    pub apply_dynamic_relocs: Option<bool>,
    /// What `-v`, `-V` or `--verbose` want printed on stdout before the link; empty otherwise.
    pub banner: String,
    /// Warnings found while parsing (printed with the others; empty for silent options).
    pub parse_warnings: Vec<String>,
}

impl Options {
    /// A symbol's name as messages show it.
    pub fn shown(&self, name: &[u8]) -> String {
        if self.demangle {
            crate::demangle::display(name).into_owned()
        } else {
            String::from_utf8_lossy(name).into_owned()
        }
    }

    /// The names of the `-T` scripts, for messages.
    pub fn script_names(&self) -> String {
        let names: Vec<&str> = self.scripts.iter().map(|s| &s.file[..]).collect();
        names.join(", ")
    }

    /// Whether the user decided where things lie.
    pub fn placed_by_hand(&self) -> bool {
        self.image_base.is_some()
            || !self.section_start.is_empty()
            || self.data_segment.is_some()
            || self.rodata_segment.is_some()
            || self.ldata_segment.is_some()
            || self.omagic
            || self.nmagic
            || self.oformat_binary
            || self.noinhibit_exec
            || self.sunw.mapfile.hdr_noalloc
            || self
                .sunw
                .mapfile
                .segments
                .iter()
                .any(|s| s.address.is_some())
            || self.z.max_page_size.is_some()
            || self.z.common_page_size.is_some()
    }
}

impl Default for Options {
    fn default() -> Self {
        Options {
            program: "ld.wcc".into(),
            output: PathBuf::from("a.out"),
            dialect: Dialect::Gnu,
            kind: OutputKind::Executable,
            emulation: None,
            target: None,
            static_output: false,
            inputs: Vec::new(),
            library_dirs: Vec::new(),
            no_default_dirs: false,
            sysroot: None,
            dynamic_linker: None,
            no_dynamic_linker: false,
            entry: None,
            soname: None,
            rpath: Vec::new(),
            rpath_link: Vec::new(),
            new_dtags: true,
            build_id: BuildId::None,
            hash_style: None,
            eh_frame_hdr: false,
            gc_sections: false,
            print_gc_sections: false,
            gc_keep_exported: false,
            strip: Strip::None,
            strip_non_lines: false,
            separate_debug: None,
            discard_locals: DiscardLocals::SecMerge,
            export_dynamic: false,
            export_dynamic_symbols: Vec::new(),
            dynamic_list: None,
            before_script: None,
            export_list: None,
            version_scripts: Vec::new(),
            no_undefined_version: false,
            default_symver: false,
            scripts: Vec::new(),
            symbolic: Symbolic::None,
            undefined: Vec::new(),
            require_defined: Vec::new(),
            wrap: Vec::new(),
            exclude_libs: Vec::new(),
            unresolved: Unresolved::ReportAll,
            warn_unresolved: false,
            allow_shlib_undefined: None,
            noinhibit_exec: false,
            prohibit_multiple_abs: false,
            trace_symbols: Vec::new(),
            trace_files: 0,
            init: b"_init".to_vec(),
            fini: b"_fini".to_vec(),
            auxiliary: Vec::new(),
            filter: Vec::new(),
            audit: Vec::new(),
            depaudit: Vec::new(),
            image_base: None,
            exec_data: false,
            data_segment: None,
            section_start: Vec::new(),
            optimize: 0,
            relax: true,
            omagic: false,
            nmagic: false,
            merge: true,
            z: ZOptions::default(),
            shape: super::Shape::default(),
            sunw: Sunw::default(),
            compress_debug: CompressDebug::None,
            compress_sections: Vec::new(),
            emit_relocs: false,
            gdb_index: false,
            define_common: true,
            fortran_common: true,
            dependent_libraries: None,
            sort_common: None,
            warn_common: false,
            warn_execstack: None,
            warn_rwx_segments: true,
            warn_textrel: true,
            fatal_warnings: false,
            no_warnings: false,
            error_limit: 20,
            demangle: true,
            color: None,
            called: Vec::new(),
            map_file: None,
            html_report: None,
            print_map_locals: false,
            print_map_discarded: true,
            cref: false,
            dependency_file: None,
            why_extract: None,
            print_archive_stats: None,
            print_dependencies: false,
            why_live: Vec::new(),
            warn_backrefs: false,
            backrefs_exclude: Vec::new(),
            reproduce: None,
            files_read: Vec::new(),
            error_handling_script: None,
            print_memory_usage: false,
            stay: false,
            threads: None,
            time_trace: None,
            stats: false,
            verbose: 0,
            icf: 0,
            plugin: None,
            plugin_opts: Vec::new(),
            compiler: CompilerHints::default(),
            package_metadata: None,
            oformat_binary: false,
            force_common: false,
            orphan_handling: None,
            rosegment: true,
            shuffle_sections: Vec::new(),
            section_order: Vec::new(),
            call_graph: Vec::new(),
            call_graph_sort: true,
            warn_symbol_ordering: true,
            print_icf_sections: false,
            symbol_order: Vec::new(),
            raw_args: Vec::new(),
            retain_symbols: None,
            ignore_unresolved: Vec::new(),
            weak_extract: false,
            undefined_globs: Vec::new(),
            dynamic_list_data: false,
            spare_dynamic_tags: 5,
            sort_section: SortSection::None,
            unique: Vec::new(),
            unique_orphans: false,
            rodata_segment: None,
            ldata_segment: None,
            error_execstack: false,
            error_rwx_segments: false,
            keep_unique: Vec::new(),
            icf_data: false,
            no_gnu_unique: false,
            verify_load: None,
            apply_dynamic_relocs: None,
            banner: String::new(),
            parse_warnings: Vec::new(),
        }
    }
}
