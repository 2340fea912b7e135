//! Options about sections: which stay, in what order, at what address.

use super::super::values;
use super::Does::{May, Nothing, Set, Take};
use super::{Arg, G, L, M, Row, W, rows};

rows! { ROWS:
    "--gc-sections", None "", G|L|M, Set(|l| l.opts.gc_sections = true), "Leave out sections that nothing refers to";
    "--no-gc-sections", None "", G|L|M, Set(|l| l.opts.gc_sections = false), "Keep all sections (default)";
    "--gc-keep-exported", None "", G, Set(|l| l.opts.gc_keep_exported = true), "--gc-sections keeps what is exported";
    "--icf", Required "MODE", L|M, Take(values::icf), "Fold identical code: none, safe or all";
    "--no-icf", None "", M|W, Set(|l| l.opts.icf = 0), "Do not fold identical code (default)";
    "-Ttext", Required "ADDR", G|L|M, Take(|l, v| values::section_address(l, b".text", v)), "Address of .text (hexadecimal)";
    "-Tdata", Required "ADDR", G|L|M, Take(|l, v| values::section_address(l, b".data", v)), "Address of .data (hexadecimal)";
    "-Tbss", Required "ADDR", G|L|M, Take(|l, v| values::section_address(l, b".bss", v)), "Address of .bss (hexadecimal)";
    "-Ttext-segment", Required "ADDR", G|L|M, Take(|l, v| { l.opts.image_base = Some(values::hex_address(v)?); Ok(()) }), "Lowest address of the output (hexadecimal)";
    "-Trodata-segment", Required "ADDR", G, Take(|l, v| { l.opts.rodata_segment = Some(values::hex_address(v)?); Ok(()) }), "Address of the read-only data segment (hexadecimal)";
    "-Tldata-segment", Required "ADDR", G, Take(|l, v| { l.opts.ldata_segment = Some(values::hex_address(v)?); Ok(()) }), "Address of the large data segment (hexadecimal)";
    "--section-start", Required "NAME=ADDR", G|L|M, Take(values::section_start), "Address of a section (hexadecimal)";
    "--image-base", Required "ADDR", G|L|M, Take(|l, v| { l.opts.image_base = Some(values::number(v)?); Ok(()) }), "Lowest address of the output";
    "-N --omagic", None "", G|L|M, Set(|l| { l.opts.omagic = true; l.mode.static_libs = true; }), "Text writable, nothing page-aligned, archives only";
    "-n --nmagic", None "", G|L|M, Set(|l| { l.opts.nmagic = true; l.mode.static_libs = true; }), "Nothing page-aligned, archives only";
    "--no-omagic", None "", G|L|M, Set(|l| l.opts.omagic = false), "Undo -N";
    "--no-nmagic", None "", L|M, Set(|l| l.opts.nmagic = false), "Undo -n";
    "-O", Required "LEVEL", G|L|M, Take(values::optimize), "Effort to make the output small; changes nothing a program can see";
    "--relax", None "", G|L|M, Set(|l| l.opts.relax = true), "Use shorter instructions where possible (default)";
    "--no-relax", None "", G|L|M, Set(|l| l.opts.relax = false), "Keep instructions as they are";
    "--sort-common --sort_common", Optional "ORDER", G|L|M, Nothing("no program can see the order of common symbols"), "Sort common symbols by alignment: ascending or descending";
    "--sort-section", Required "KEY", G|L|M, Take(values::sort_section), "Sort input sections by name or alignment";
    "--unique", Optional "SECTION", G|L|M, May(values::unique), "Do not merge input sections of this name (without a name: orphans)";
    "--orphan-handling", Required "MODE", G|L, Take(values::orphan_handling), "Sections the script does not place: place, warn, error or discard";
    "--rosegment", None "", G|L|M, Set(|l| l.opts.rosegment = true), "Read-only data in a segment of its own (default)";
    "--no-rosegment", None "", G|L|M, Set(|l| l.opts.rosegment = false), "Read-only data may share the code's segment";
    "--merge", None "", W, Set(|l| l.opts.merge = true), "Merge equal strings and constants (default)";
    "--no-merge", None "", W, Set(|l| l.opts.merge = false), "Keep SHF_MERGE sections as they are";
    "--shuffle-sections", Optional "[GLOB=]SEED", L|M, May(values::shuffle), "Lay input sections (that match) out in an order made from the seed; -1 reverses it, 0 takes a new seed each time";
    "--reverse-sections", None "", M, Set(|l| l.opts.shuffle_sections.push((b"*".to_vec(), -1))), "As --shuffle-sections=-1";
    "--section-ordering-file", Required "FILE", G, Take(|l, v| { l.section_order_files.push(v.to_vec()); Ok(()) }), "Put the sections that FILE names first: statements as in a linker script, or one pattern a line";
    "--call-graph-ordering-file", Required "FILE", L, Take(|l, v| { l.call_graph_files.push(v.to_vec()); Ok(()) }), "Lay out code by the calls that FILE lists: caller, callee and weight a line";
    "--call-graph-profile-sort", Required "METHOD", L, Take(values::call_graph_sort), "Lay out code by the calls of a profile (default): hfsort, cdsort or none";
    "--no-call-graph-profile-sort", None "", L|M, Set(|l| l.opts.call_graph_sort = false), "As --call-graph-profile-sort=none";
    "--warn-symbol-ordering", None "", L, Set(|l| l.opts.warn_symbol_ordering = true), "Warn about names in a symbol ordering file that order nothing (default)";
    "--no-warn-symbol-ordering", None "", L, Set(|l| l.opts.warn_symbol_ordering = false), "Do not";
    "--check-sections", None "", G|L, Nothing("always checked"), "Check that sections do not overlap (default)";
}
