//! Options of lld and mold about link-time optimisation. The work is done by the compiler's plugin, so
//! each becomes an argument of the plugin, spelt as LLVMgold.so spells it.

use super::super::gnu::Line;
use super::super::values;
use super::Does::{May, Missing, Nothing, Set, Take};
use super::{Arg, G, L, M, Row, rows};

/// Adds `NAME` to the plugin's arguments.
fn flag(line: &mut Line, name: &str) {
    line.opts.plugin_opts.push(name.into());
}

/// Adds `NAME` followed by `value` to the plugin's arguments.
fn pass(line: &mut Line, name: &str, value: &[u8]) -> Result<(), String> {
    let mut text = name.as_bytes().to_vec();
    text.extend_from_slice(value);
    line.opts.plugin_opts.push(values::os(&text));
    Ok(())
}

rows! { ROWS:
    "-plugin", Required "FILE", G|L|M, Take(|l, v| { l.opts.plugin = Some(values::path(v)); Ok(()) }), "Plugin, used when an input is compiler's intermediate code";
    "-plugin-opt", Required "ARG", G|L|M, Take(|l, v| pass(l, "", v)), "Argument for the plugin";
    "-plugin-save-temps", None "", G, Set(|l| flag(l, "save-temps")), "Keep the plugin's intermediate files";
    "-mllvm", Required "ARG", L|M, Take(|l, v| pass(l, "", v)), "Argument for LLVM";
    "--lto-O0", None "", L|M, Set(|l| flag(l, "O0")), "Optimisation level 0";
    "--lto-O1", None "", L|M, Set(|l| flag(l, "O1")), "Optimisation level 1";
    "--lto-O2", None "", L|M, Set(|l| flag(l, "O2")), "Optimisation level 2";
    "--lto-O3", None "", L|M, Set(|l| flag(l, "O3")), "Optimisation level 3";
    "--lto-CGO0", None "", L, Missing("LLVMgold.so has no such argument"), "Code generator's level 0";
    "--lto-CGO1", None "", L, Missing("LLVMgold.so has no such argument"), "Code generator's level 1";
    "--lto-CGO2", None "", L, Missing("LLVMgold.so has no such argument"), "Code generator's level 2";
    "--lto-CGO3", None "", L, Missing("LLVMgold.so has no such argument"), "Code generator's level 3";
    "--lto", Required "KIND", L, Nothing("the intermediate code says whether it is full or thin"), "full or thin";
    "--lto-partitions", Required "N", L|M, Take(|l, v| pass(l, "lto-partitions=", v)), "Number of parts";
    "--lto-obj-path", Required "FILE", L|M, Take(|l, v| pass(l, "obj-path=", v)), "Where the object files go";
    "--lto-sample-profile", Required "FILE", L|M, Take(|l, v| pass(l, "sample-profile=", v)), "Sample profile";
    "--lto-cs-profile-generate", None "", L|M, Set(|l| flag(l, "cs-profile-generate")), "Instrument for a context-sensitive profile";
    "--lto-cs-profile-file", Required "FILE", L|M, Take(|l, v| pass(l, "cs-profile-path=", v)), "Context-sensitive profile";
    "--lto-pseudo-probe-for-profiling", Required "ARG", M, Take(|l, v| pass(l, "pseudo-probe-for-profiling=", v)), "Pseudo probes";
    "--lto-debug-pass-manager", None "", L|M, Set(|l| flag(l, "debug-pass-manager")), "Debug the pass manager";
    "--no-lto-legacy-pass-manager --no-legacy-pass-manager", None "", M, Nothing("LLVM has one pass manager"), "Ignored";
    "--lto-emit-asm", None "", L|M, Set(|l| flag(l, "emit-asm")), "Write assembly";
    "--lto-emit-llvm", None "", L, Set(|l| flag(l, "emit-llvm")), "Write intermediate code";
    "--lto-aa-pipeline", Required "PASSES", L, Missing("LLVMgold.so has no such argument"), "Alias analyses";
    "--lto-newpm-passes", Required "PASSES", L, Missing("LLVMgold.so has no such argument"), "Passes";
    "--lto-pgo-warn-mismatch --no-lto-pgo-warn-mismatch", None "", L, Nothing("the plugin decides what it warns of"), "Ignored";
    "--lto-known-safe-vtables", Required "NAME", L, Missing("LLVMgold.so has no such argument"), "Tables that need no check";
    "--lto-validate-all-vtables-have-type-infos --no-lto-validate-all-vtables-have-type-infos", None "", L, Missing("LLVMgold.so has no such argument"), "Check tables of virtual functions";
    "--lto-whole-program-visibility", None "", L, Set(|l| flag(l, "-whole-program-visibility")), "Nothing outside uses the classes";
    "--no-lto-whole-program-visibility", None "", L, Nothing("the default"), "Default";
    "--lto-basic-block-sections", Required "MODE", L, Take(|l, v| pass(l, "-basic-block-sections=", v)), "Sections for basic blocks";
    "--lto-basic-block-address-map", None "", L, Set(|l| flag(l, "-basic-block-address-map")), "Address map of basic blocks";
    "--no-lto-basic-block-address-map", None "", L, Nothing("the default"), "Default";
    "--lto-unique-basic-block-section-names", None "", L, Set(|l| flag(l, "-unique-basic-block-section-names")), "Names for the sections of basic blocks";
    "--no-lto-unique-basic-block-section-names", None "", L, Nothing("the default"), "Default";
    "--disable-verify", None "", L|M, Set(|l| flag(l, "disable-verify")), "Do not verify intermediate code";
    "--save-temps", Optional "WHAT", L|M, May(|l, _| { flag(l, "save-temps"); Ok(()) }), "Keep intermediate files";
    "--load-pass-plugin", Required "FILE", L, Missing("LLVMgold.so has no such argument"), "Plugin with passes";
    "--opt-remarks-filename", Required "FILE", L|M, Take(|l, v| pass(l, "opt-remarks-filename=", v)), "Write optimisation remarks";
    "--opt-remarks-format", Required "FORMAT", L|M, Take(|l, v| pass(l, "opt-remarks-format=", v)), "Format of remarks";
    "--opt-remarks-passes", Required "REGEX", L|M, Take(|l, v| pass(l, "opt-remarks-passes=", v)), "Passes that remark";
    "--opt-remarks-hotness-threshold", Required "N", L|M, Take(|l, v| pass(l, "opt-remarks-hotness-threshold=", v)), "Least hotness of a remark";
    "--opt-remarks-with-hotness --opt-remarks-with_hotness", None "", L|M, Set(|l| flag(l, "opt-remarks-with-hotness")), "Hotness in remarks";
    "--thinlto-jobs", Required "N", L|M, Take(|l, v| pass(l, "jobs=", v)), "Number of jobs";
    "--thinlto-cache-dir", Required "DIR", L|M, Take(|l, v| pass(l, "cache-dir=", v)), "Directory of the cache";
    "--thinlto-cache-policy", Required "POLICY", L|M, Take(|l, v| pass(l, "cache-policy=", v)), "When the cache is pruned";
    "--thinlto-emit-imports-files", None "", L|M, Set(|l| flag(l, "thinlto-emit-imports-files")), "Write lists of imports";
    "--thinlto-emit-index-files", None "", L, Missing("LLVMgold.so has no such argument"), "Write index files";
    "--thinlto-index-only", Optional "FILE", L|M, May(|l, v| match v { Some(file) => pass(l, "thinlto-index-only=", file), None => pass(l, "thinlto-index-only", b"") }), "Write index files and stop";
    "--thinlto-object-suffix-replace", Required "OLD;NEW", L|M, Take(|l, v| pass(l, "thinlto-object-suffix-replace=", v)), "Suffixes of objects";
    "--thinlto-prefix-replace", Required "OLD;NEW", L|M, Take(|l, v| pass(l, "thinlto-prefix-replace=", v)), "Prefixes of objects";
    "--thinlto-single-module", Required "NAME", L, Missing("LLVMgold.so has no such argument"), "Compile one module";
    "--fat-lto-objects", None "", L, Missing("the machine code of fat objects is linked"), "Use the intermediate code of fat objects";
    "--no-fat-lto-objects", None "", L, Nothing("the default"), "Default";
    "-flto", Optional "MODE", G, Nothing("intermediate code is recognised by itself"), "Ignored";
    "-flto-partition", Required "MODE", G, Nothing("for the compiler"), "Ignored";
    "-fuse-ld", Required "NAME", G|M, Nothing("for the compiler driver"), "Ignored";
}
