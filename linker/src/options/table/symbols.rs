//! Options about symbols: what is defined, exported, kept, versioned.

use super::super::choices::{DiscardLocals, Symbolic};
use super::super::values;
use super::Does::{Nothing, Set, Take};
use super::{Arg, G, L, M, Row, S, rows};

rows! { ROWS:
    "-E --export-dynamic", None "", G|L|M, Set(|l| l.opts.export_dynamic = true), "Export all symbols of a program";
    "--no-export-dynamic", None "", G|L|M, Set(|l| l.opts.export_dynamic = false), "Export only what libraries refer to (default)";
    "--export-dynamic-symbol", Required "GLOB", G|L|M, Take(|l, v| { l.opts.export_dynamic_symbols.push(v.to_vec()); Ok(()) }), "Export the symbols that match";
    "--export-dynamic-symbol-list", Required "FILE", G|L|M, Take(|l, v| { l.export_lists.push(v.to_vec()); Ok(()) }), "Export the symbols listed in FILE";
    "--dynamic-list", Required "FILE", G|L|M, Take(|l, v| { l.dynamic_lists.push(v.to_vec()); Ok(()) }), "Symbols that are exported and stay open to interposition";
    "--dynamic-list-data", None "", G|M, Set(|l| l.opts.dynamic_list_data = true), "Add all data symbols to the dynamic list";
    "--dynamic-list-cpp-new", None "", G, Set(|l| l.list_patterns(values::CPP_NEW)), "Add operator new and delete to the dynamic list";
    "--dynamic-list-cpp-typeinfo", None "", G, Set(|l| l.list_patterns(values::CPP_TYPEINFO)), "Add C++ type information to the dynamic list";
    "--version-script", Required "FILE", G|L|M, Take(|l, v| { l.version_scripts.push(v.to_vec()); Ok(()) }), "Read symbol versions from FILE";
    "--no-undefined-version", None "", G|L|M, Set(|l| l.opts.no_undefined_version = true), "A name of the version script that is not defined is an error";
    "--undefined-version", None "", G|L|M, Set(|l| l.opts.no_undefined_version = false), "A name of the version script may be undefined (default)";
    "--default-symver", None "", G|M, Set(|l| l.opts.default_symver = true), "Give symbols the version that is the library's soname";
    "-B", Required "KEYWORD", S, Take(super::super::solaris::b_keyword), "direct, nodirect, local, eliminate and so on";
    "-Bdirect", None "", S, Set(|l| l.opts.sunw.direct = Some(true)), "Bind all references directly to the libraries that define them";
    "-Bnodirect", None "", S, Set(|l| l.opts.sunw.direct = Some(false)), "Nobody may bind directly to this library's symbols";
    "-Blocal", None "", S, Set(|l| l.reduce = Some(crate::script::SymbolScope::Hidden)), "Symbols that no version script names are not exported";
    "-Beliminate", None "", S, Set(|l| l.reduce = Some(crate::script::SymbolScope::Eliminate)), "As -Blocal";
    "-Breduce", None "", S, Nothing("symbols are reduced anyway"), "Obey version scripts with -r too";
    "-Bsymbolic", None "", G|L|M|S, Set(|l| l.opts.symbolic = Symbolic::All), "Bind a library's references to its own symbols";
    "-Bsymbolic-functions", None "", G|L|M, Set(|l| l.opts.symbolic = Symbolic::Functions), "Bind a library's references to its own functions";
    "-Bsymbolic-non-weak", None "", L|M, Set(|l| l.opts.symbolic = Symbolic::NonWeak), "Bind references to the library's symbols that are not weak";
    "-Bsymbolic-non-weak-functions", None "", L|M, Set(|l| l.opts.symbolic = Symbolic::NonWeakFunctions), "Bind references to the library's functions that are not weak";
    "-Bno-symbolic", None "", G|L|M, Set(|l| l.opts.symbolic = Symbolic::None), "Undo -Bsymbolic and its kin";
    "-u --undefined", Required "SYMBOL", G|L|M|S, Take(|l, v| { l.opts.undefined.push(v.to_vec()); Ok(()) }), "Start with a reference to SYMBOL";
    "--require-defined", Required "SYMBOL", G|L|M, Take(|l, v| { l.opts.undefined.push(v.to_vec()); l.opts.require_defined.push(v.to_vec()); Ok(()) }), "As -u, and SYMBOL must be defined";
    "--defsym", Required "SYMBOL=EXPR", G|L|M, Take(values::defsym), "Define a symbol";
    "--wrap", Required "SYMBOL", G|L|M, Take(|l, v| { l.opts.wrap.push(v.to_vec()); Ok(()) }), "References to SYMBOL go to __wrap_SYMBOL, to __real_SYMBOL to SYMBOL";
    "--no-undefined", None "", G|L|M, Set(|l| { l.opts.z.defs = true; l.opts.z.undefs = false; }), "Undefined symbols are errors in shared libraries too";
    "--unresolved-symbols", Required "METHOD", G|L|M, Take(values::unresolved), "report-all, ignore-all, ignore-in-object-files or ignore-in-shared-libs";
    "--warn-unresolved-symbols", None "", G|L|M, Set(|l| l.opts.warn_unresolved = true), "Undefined symbols are warnings";
    "--error-unresolved-symbols", None "", G|L|M, Set(|l| l.opts.warn_unresolved = false), "Undefined symbols are errors (default)";
    "--ignore-unresolved-symbol", Required "SYMBOL", G, Take(|l, v| { l.opts.ignore_unresolved.push(v.to_vec()); Ok(()) }), "SYMBOL may be undefined";
    "--allow-shlib-undefined", None "", G|L|M, Set(|l| l.opts.allow_shlib_undefined = Some(true)), "Libraries may have undefined symbols";
    "--no-allow-shlib-undefined", None "", G|L|M, Set(|l| l.opts.allow_shlib_undefined = Some(false)), "Undefined symbols of libraries are errors";
    "--allow-multiple-definition", None "", G|L|M, Set(|l| l.opts.z.muldefs = true), "The first of several definitions counts";
    "--no-allow-multiple-definition", None "", L|M, Set(|l| l.opts.z.muldefs = false), "Several definitions of a symbol are an error (default)";
    "--retain-symbols-file", Required "FILE", G|L|M, Take(|l, v| { l.retain_file = Some(v.to_vec()); Ok(()) }), "Keep only the symbols listed in FILE in .symtab";
    "-x --discard-all", None "", G|L|M, Set(|l| l.opts.discard_locals = DiscardLocals::All), "Leave out local symbols";
    "-X --discard-locals", None "", G|L|M, Set(|l| l.opts.discard_locals = DiscardLocals::Temporary), "Leave out local symbols that start with .L";
    "--discard-none", None "", G|L|M, Set(|l| l.opts.discard_locals = DiscardLocals::None), "Keep all local symbols";
    "-d -dc -dp --define-common", None "", G|L|M, Set(|l| l.opts.force_common = true), "Allocate common symbols in -r output too";
    "--no-define-common", None "", G|L, Set(|l| l.opts.define_common = false), "Do not allocate common symbols in a shared library";
    "--symbol-ordering-file", Required "FILE", L, Take(|l, v| { l.order_files.push(v.to_vec()); Ok(()) }), "Lay sections out in the order of the symbols in FILE";
}
