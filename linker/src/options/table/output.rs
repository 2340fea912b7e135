//! Options about the output file: its kind, name, headers, dynamic section.

use super::super::gnu::Version;
use super::super::settings::{CompressDebug, OutputKind, Strip};
use super::super::values;
use super::Does::{May, Refused, Set, Take};
use super::{Arg, G, L, M, Row, S, W, rows};

rows! { ROWS:
    "-o --output --out", Required "FILE", G|L|M|S, Take(values::output), "Set the name of the output file (default a.out)";
    "-shared -Bshareable --dll", None "", G|L|M, Set(|l| l.opts.kind = OutputKind::Shared), "Create a shared library";
    "-pie --pic-executable", None "", G|L|M, Set(|l| l.opts.kind = OutputKind::Pie), "Create a position-independent executable";
    "-no-pie -nopie --no-pic-executable", None "", G|L|M, Set(|l| l.opts.kind = OutputKind::Executable), "Create a position-dependent executable (default)";
    "-r -i --relocatable", None "", G|L|M|S, Set(|l| { l.relocatable = true; l.mode.static_libs = true; }), "Create a relocatable object that can be linked again";
    "-Ur", None "", G, Set(|l| l.relocatable = true), "As -r; ELF needs no tables for constructors";
    "-static", None "", G|L|M, Set(|l| { l.saw_static = true; l.mode.static_libs = true; }), "Create an output without dynamic section; -l takes archives only";
    "-m", Required "EMULATION", G|L|M, Take(values::emulation), "Set the emulation (default: taken from the first object)";
    "-e --entry", Required "SYMBOL", G|L|M|S, Take(|l, v| { l.opts.entry = Some(v.to_vec()); Ok(()) }), "Set the address where the program starts (default _start)";
    "-soname -h", Required "NAME", G|L|M|S, Take(|l, v| { l.opts.soname = Some(v.to_vec()); Ok(()) }), "Set DT_SONAME of a shared library";
    "-I --dynamic-linker", Required "FILE", G|L|M|S, Take(|l, v| { l.opts.dynamic_linker = Some(v.to_vec()); l.opts.no_dynamic_linker = false; Ok(()) }), "Set the path of the run-time linker";
    "--no-dynamic-linker", None "", G|L|M, Set(|l| { l.opts.no_dynamic_linker = true; l.opts.dynamic_linker = None; }), "Make no PT_INTERP";
    "-rpath", Required "PATH", G|L|M, Take(values::rpath), "Add PATH to DT_RUNPATH; -rpath PATH of Solaris' -R is the same";
    "--disable-new-dtags", None "", G|L|M, Set(|l| l.opts.new_dtags = false), "Use DT_RPATH rather than DT_RUNPATH";
    "--enable-new-dtags", None "", G|L|M, Set(|l| l.opts.new_dtags = true), "Use DT_RUNPATH rather than DT_RPATH (default)";
    "--build-id", Optional "STYLE", G|L|M, May(values::build_id), "Make a build ID: sha1 (default), sha256, md5, fast, tree, uuid, 0xHEX or none";
    "--no-build-id", None "", L|M, Set(|l| l.opts.build_id = super::super::settings::BuildId::None), "Make no build ID";
    "--hash-style", Required "STYLE", G|L|M, Take(values::hash_style), "Make a hash table of style sysv, gnu or both";
    "--eh-frame-hdr", None "", G|L|M, Set(|l| l.opts.eh_frame_hdr = true), "Make .eh_frame_hdr and PT_GNU_EH_FRAME";
    "--no-eh-frame-hdr", None "", G|L|M, Set(|l| l.opts.eh_frame_hdr = false), "Make no .eh_frame_hdr";
    "-s --strip-all", None "", G|L|M|S, Set(|l| l.opts.strip = Strip::All), "Leave out all symbols and debug sections";
    "-S --strip-debug", None "", G|L|M, Set(|l| if l.opts.strip == Strip::None { l.opts.strip = Strip::Debug }), "Leave out debug sections";
    "-q --emit-relocs", None "", G|L|M, Set(|l| l.opts.emit_relocs = true), "Keep relocations in the output";
    "--compress-debug-sections", Required "METHOD", G|L|M, Take(values::compress_debug), "Compress debug sections: none, zlib, zlib-gabi, zstd, each with an optional :LEVEL";
    "--no-compress-debug-sections", None "", W, Set(|l| l.opts.compress_debug = CompressDebug::None), "Leave debug sections as they are (default)";
    "--package-metadata", Optional "JSON", G|L|M, May(values::package_metadata), "Make a note that says which package this file belongs to; %XX stands for a byte";
    "--oformat", Required "FORMAT", G|L|M, Take(values::oformat), "Output format: an ELF format or binary";
    "-init", Required "SYMBOL", G|L|M, Take(|l, v| { l.opts.init = v.to_vec(); Ok(()) }), "Function for DT_INIT (default _init)";
    "-fini", Required "SYMBOL", G|L|M, Take(|l, v| { l.opts.fini = v.to_vec(); Ok(()) }), "Function for DT_FINI (default _fini)";
    "-f --auxiliary", Required "NAME", G|L|M|S, Take(|l, v| { l.opts.auxiliary.push(v.to_vec()); Ok(()) }), "Set DT_AUXILIARY";
    "-F --filter", Required "NAME", G|L|M|S, Take(|l, v| { l.opts.filter.push(v.to_vec()); Ok(()) }), "Set DT_FILTER";
    "--audit", Required "NAME", G|M, Take(|l, v| { values::colon_list(&mut l.opts.audit, v); Ok(()) }), "Set DT_AUDIT";
    "-P --depaudit", Required "NAME", G|M, Take(|l, v| { values::colon_list(&mut l.opts.depaudit, v); Ok(()) }), "Set DT_DEPAUDIT";
    "--spare-dynamic-tags", Required "COUNT", G|M, Take(|l, v| { l.opts.spare_dynamic_tags = values::number(v)?; Ok(()) }), "Entries left free at the end of .dynamic (default 5)";
    "--pack-dyn-relocs", Required "FORMAT", L|M, Take(values::pack_dyn_relocs), "Pack dynamic relocations: none or relr";
    "-z", Required "KEYWORD", G|L|M|S, Take(super::super::z::keyword), "Set a property by keyword; see the list of keywords";
    "--threads", Optional "COUNT", L|M|W, May(values::threads), "Number of threads (default: all cores)";
    "--thread-count", Required "COUNT", M, Take(|l, v| values::threads(l, Some(v))), "Number of threads";
    "--no-threads", None "", L|M|W, Set(|l| l.opts.threads = Some(1)), "Use one thread";
    "-Bgroup", None "", G, Set(|l| l.opts.z.group = true), "Set DF_1_GROUP: the library's references are resolved within its group";
    "-c --mri-script", Required "FILE", G, Refused("MRI scripts are not supported; use a linker script"), "Read an MRI script";
    "-v", None "", G|L|M, Set(|l| l.version = l.version.max(Version::Line)), "Print the version; link if there is something to link";
    "-V", None "", G|L|M|S, Set(|l| l.version = l.version.max(Version::Emulations)), "Print the version and emulations; link if there is something to link";
    "--version", None "", G|L|M, Set(|l| l.print = l.print.or(Some(super::super::gnu::Print::Version))), "Print the version and stop";
    "--help", None "", G|L|M, Set(|l| l.print = l.print.or(Some(super::super::gnu::Print::Help))), "Print this text and stop";
    "--target-help", None "", G, Set(|l| l.print = l.print.or(Some(super::super::gnu::Print::Help))), "As --help";
    "--wcc-man", None "", W, Set(|l| l.print = l.print.or(Some(super::super::gnu::Print::Man))), "Print the manual page's source (troff) and stop";
    "--print-output-format", None "", G, Set(|l| l.print = l.print.or(Some(super::super::gnu::Print::OutputFormat))), "Print the output format and stop";
    "--print-sysroot", None "", G, Set(|l| l.print = l.print.or(Some(super::super::gnu::Print::Sysroot))), "Print the sysroot and stop";
}
