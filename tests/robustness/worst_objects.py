"""Objects made to cost as much as can be: many tiny sections, symbols, relocations, records, groups, bombs."""

import random
import struct
import zlib

from worst_files import Object, rela, text, leb, ALLOC, EXEC, WRITE, MERGE, STRINGS, LINK_ORDER, GROUP, COMPRESSED


def many_sections(n):
    o = Object()
    for _ in range(n):
        o.section(".text", b"\x90", flags=ALLOC | EXEC)
    o.write("in.o")
    return ["-shared", "in.o", "--gc-sections", "--icf=all"]


def many_output_sections(n):
    o = Object()
    for i in range(n):
        o.section(f"s{i}", b"\x90")
    o.write("in.o")
    return ["-shared", "in.o"]


def many_symbols(n):
    o = Object()
    s = o.section(".data", bytes(8), flags=ALLOC | WRITE)
    for i in range(n):
        o.symbol(f"s{i}", s)
    o.write("in.o")
    return ["-shared", "in.o", "--hash-style=both"]


def one_long_name(n):
    o = Object()
    s = o.section(".data", bytes(8), flags=ALLOC | WRITE)
    at = o.name("x" * (40 * n))
    for i in range(n):
        o.symbol(at + i, s)
    o.write("in.o")
    return ["-shared", "in.o"]


def many_undefined(n):
    o = Object()
    s = o.section(".data", bytes(8), flags=ALLOC | WRITE)
    records = [rela(0, o.symbol(f"u{i}")) for i in range(n)]
    o.symbol_table()
    o.section(".rela.data", b"".join(records), "rela", 0, "symtab", s, 8, 24)
    o.write("in.o")
    return ["-pie", "in.o"]


def duplicates(n):
    for f in ("a.o", "b.o"):
        o = Object()
        s = o.section(".data", bytes(8), flags=ALLOC | WRITE)
        for i in range(n):
            o.symbol(f"s{i}", s)
        o.write(f)
    return ["-shared", "a.o", "b.o"]


def many_relocations(n):
    o = Object()
    s = o.section(".data", bytes(8), flags=ALLOC | WRITE)
    t = o.symbol("t", s)
    o.symbol_table()
    o.section(".rela.data", rela(0, t) * n, "rela", 0, "symtab", s, 8, 24)
    o.write("in.o")
    return ["-shared", "in.o", "-z", "pack-relative-relocs", "--emit-relocs"]


def chain(n, *options):
    """Sections that refer each to the next one."""
    o = Object()
    sections = [o.section(f".text.f{i}", bytes(8), flags=ALLOC | EXEC) for i in range(n)]
    locals_ = [o.symbol(0, s, info=3) for s in sections if s < 0xFF00]
    first = o.symbol("first", sections[0])
    o.symbol_table()
    for i, s in enumerate(sections[:-1]):
        if i + 1 < len(locals_):
            o.section(".rela", rela(0, locals_[i + 1], 2, 0), "rela", 0, "symtab", s, 8, 24)
    o.write("in.o")
    assert first
    return ["-shared", "in.o", *options]


def chain_collected(n):
    return chain(n, "--gc-sections")


def chain_folded(n):
    return chain(n, "--icf=all")


def why_alive(n):
    return chain(n, "--gc-sections", "--why-live=*")


def groups_of_one_name(n):
    o = Object()
    sig = o.symbol("sig", 0, info=0)
    for _ in range(n):
        g = len(o.sections)
        o.sections.append((".group", 17, 0, struct.pack("<II", 1, g + 1), "symtab", sig, 4, 4))
        o.section(".text.g", b"\x90", flags=ALLOC | EXEC | GROUP)
    o.write("in.o")
    return ["-shared", "in.o"]


def a_large_group(n):
    o = Object()
    sig = o.symbol("sig", 0, info=0)
    o.section(".group", struct.pack("<I", 1) + struct.pack("<I", 3) * n, "group", 0, "symtab", sig, 4, 4)
    for _ in range(3):
        o.section(".text.g", b"\x90", flags=ALLOC | EXEC | GROUP)
    o.write("in.o")
    return ["-shared", "in.o"]


def link_order(n):
    o = Object()
    for i in range(n):
        o.section(".order", b"\x90", flags=ALLOC | LINK_ORDER, link=(i + 1) % n + 1)
    o.write("in.o")
    return ["-shared", "in.o", "--gc-sections"]


def frames(n, cies):
    """Records of .eh_frame: a CIE and its FDEs, or a CIE for each."""
    o = Object()
    s = o.section(".text", bytes(n), flags=ALLOC | EXEC)
    f = o.symbol(0, s, info=3)
    body, records, last = bytearray(), [], 0
    for i in range(n):
        if i == 0 or cies:
            last = len(body)
            body += struct.pack("<II", 20, 0) + b"\1zR\0\1\x78\x10\1\x1b" + struct.pack("<I", i)[:3] + bytes(4)
        at = len(body)
        body += struct.pack("<IIiI", 16, at + 4 - last, 0, 1) + bytes(4)
        records.append(rela(at + 8, f, 2, i))
    e = o.section(".eh_frame", bytes(body), align=8)
    o.symbol_table()
    o.section(".rela.eh_frame", b"".join(records), "rela", 0, "symtab", e, 8, 24)
    o.write("in.o")
    return ["-shared", "in.o", "--eh-frame-hdr"]


def frames_of_one_cie(n):
    return frames(n, False)


def frames_of_many_cies(n):
    return frames(n, True)


def empty_strings(n):
    o = Object()
    o.section(".rodata.str", bytes(n), flags=ALLOC | MERGE | STRINGS, entsize=1)
    o.write("in.o")
    return ["-shared", "in.o", "-O2"]


def strings_with_one_tail(n):
    o = Object()
    size = int((2 * n) ** 0.5)
    o.section(".rodata.str", b"".join(b"a" * i + b"\0" for i in range(size)), flags=ALLOC | MERGE | STRINGS, entsize=1)
    o.write("in.o")
    return ["-shared", "in.o", "-O2"]


def one_byte_pieces(n):
    o = Object()
    rng = random.Random(1)
    o.section(".rodata.cst", rng.randbytes(n), flags=ALLOC | MERGE, entsize=1)
    o.write("in.o")
    return ["-shared", "in.o"]


def properties(n):
    o = Object()
    one = struct.pack("<III", 0xC0000002, 4, 3) + bytes(4)
    o.section(".note.gnu.property", struct.pack("<III", 4, len(one) * n, 5) + b"GNU\0" + one * n, "note", align=8)
    o.write("in.o")
    return ["-shared", "in.o"]


def distinct_properties(n):
    o = Object()
    body = b"".join(struct.pack("<III", 0xC0010000 + i % 0x7FFF, 4, i) + bytes(4) for i in range(n))
    o.section(".note.gnu.property", struct.pack("<III", 4, len(body), 5) + b"GNU\0" + body, "note", align=8)
    o.write("in.o")
    return ["-shared", "in.o"]


def units_of_one_large_table(n):
    """Compilation units that all begin to read the same long table of abbreviations."""
    o = Object()
    table = b"".join(leb(i + 1) + b"\x11\0\x03\x08\0\0" for i in range(n)) + b"\0"
    body = struct.pack("<HIB", 4, 0, 8) + leb(n) + b"x\0"
    o.section(".debug_info", (struct.pack("<I", len(body)) + body) * n, flags=0)
    o.section(".debug_abbrev", table, flags=0)
    o.write("in.o")
    return ["-shared", "in.o", "--gdb-index"]


def names_of_one_long_string(n):
    """Many entries whose name is one string without an end."""
    o = Object()
    abbrev = leb(1) + b"\x11\1\0\0" + leb(2) + b"\x2e\0\x03\x0e\x3f\x19\x3c\0\0\0" + b"\0"
    entries = (leb(2) + bytes(4)) * n
    body = struct.pack("<HIB", 4, 0, 8) + leb(1) + entries + b"\0"
    o.section(".debug_info", struct.pack("<I", len(body)) + body, flags=0)
    o.section(".debug_abbrev", leb(1) + b"\x11\1\0\0" + leb(2) + b"\x2e\0\x03\x0e\x3f\x19\0\0\0", flags=0)
    o.section(".debug_str", b"x" * (10 * n) + b"\0", flags=0)
    assert abbrev
    o.write("in.o")
    return ["-shared", "in.o", "--gdb-index"]


def units_of_overlapping_tables(n):
    o = Object()
    table = b"".join(b"\1\x11\0\x03\x08\0\0" for i in range(n)) + b"\0"
    units = (struct.pack("<IHIB", 7 + 1 + 2, 4, 7 * i, 8) + b"\1x\0" for i in range(n))
    o.section(".debug_info", b"".join(units), flags=0)
    o.section(".debug_abbrev", table, flags=0)
    o.write("in.o")
    return ["-shared", "in.o", "--gdb-index"]


def deep_debug_entries(n):
    o = Object()
    body = struct.pack("<HIB", 4, 0, 8) + leb(1) * n
    o.section(".debug_info", struct.pack("<I", len(body)) + body, flags=0)
    o.section(".debug_abbrev", leb(1) + b"\x39\1\0\0\0", flags=0)
    o.write("in.o")
    return ["-shared", "in.o", "--gdb-index"]


def bomb(data, kind, size):
    return struct.pack("<IIQQ", kind, 0, size, 1) + data


def zlib_bomb(n):
    o = Object()
    size = 1000 * n
    c = zlib.compressobj(9)
    data = b"".join(c.compress(bytes(1 << 20)) for _ in range(size >> 20)) + c.flush()
    o.section(".debug_info", bomb(data, 1, size >> 20 << 20), flags=COMPRESSED)
    o.write("in.o")
    return ["-shared", "in.o"]


def zstd_frame(size):
    """Zeros: blocks that repeat one byte."""
    out = b"\x28\xb5\x2f\xfd\xe0" + struct.pack("<Q", size)
    left = size
    while left:
        part = min(left, 128 << 10)
        left -= part
        out += struct.pack("<I", part << 3 | 1 << 1 | (left == 0))[:3] + b"\0"
    return out


def zstd_bomb(n):
    o = Object()
    size = 30000 * n
    o.section(".debug_info", bomb(zstd_frame(size), 2, size), flags=COMPRESSED)
    o.write("in.o")
    return ["-shared", "in.o"]


def many_bombs(n):
    o = Object()
    data = bomb(zstd_frame(2 << 20), 2, 2 << 20)
    for _ in range(n // 10):
        o.section(".debug_info", data, flags=COMPRESSED)
    o.write("in.o")
    return ["-shared", "in.o"]


def crel_bomb(n):
    o = Object()
    s = o.section(".data", bytes(8), flags=ALLOC | WRITE)
    o.symbol("t", s)
    o.symbol_table()
    o.section(".crel.data", leb(n << 3 | 4) + bytes(n), 0x40000014, 0, "symtab", s, 1, 1)
    o.write("in.o")
    return ["-shared", "in.o"]


def large_nobits(n):
    o = Object()
    for i in range(n):
        o.section(f".bss.{i}", 1 << 40, "nobits", ALLOC | WRITE)
    o.write("in.o")
    return ["-shared", "in.o"]


def call_graph(n):
    o = Object()
    sections = [o.section(".text", b"\xc3", flags=ALLOC | EXEC) for _ in range(min(n, 60000))]
    symbols = [o.symbol(0, s, info=3) for s in sections]
    rng = random.Random(3)
    profile = o.section(".llvm.call-graph-profile", struct.pack("<Q", 7) * n, 0x6FFF4C09, 0x80000000, "symtab", 0, 1, 8)
    o.symbol_table()
    records = b"".join(rela(i // 2 * 8, rng.choice(symbols), 0) for i in range(2 * n))
    o.section(".rela.llvm.call-graph-profile", records, "rela", 0, "symtab", profile, 8, 24)
    o.write("in.o")
    return ["-shared", "in.o"]


def sframe(n):
    o = Object()
    body = struct.pack("<HBBBbbBIIIII", 0xDEE2, 2, 0, 3, 0, -8, 0, n, n, 3 * n, 0, 20 * n)
    body += struct.pack("<iIIIBBH", 0, 1, 0, 1, 0, 0, 0) * n + b"\0\3\x08" * n
    o.section(".sframe", body, align=8)
    o.write("in.o")
    return ["-shared", "in.o"]


def init_priorities(n):
    o = Object()
    for i in range(n):
        o.section(f".init_array.{n - i}", bytes(8), 14, ALLOC | WRITE, align=8)
    o.write("in.o")
    return ["-shared", "in.o"]


def warnings(n):
    o = Object()
    for i in range(n):
        o.section(f".gnu.warning.w{i}", b"mind", flags=0)
        o.symbol(f"w{i}")
    o.write("in.o")
    return ["-pie", "in.o", "--unresolved-symbols=ignore-all"]


EXPERIMENTS = [
    many_sections,
    many_output_sections,
    many_symbols,
    one_long_name,
    many_undefined,
    duplicates,
    many_relocations,
    chain,
    chain_collected,
    chain_folded,
    why_alive,
    groups_of_one_name,
    a_large_group,
    link_order,
    frames_of_one_cie,
    frames_of_many_cies,
    empty_strings,
    strings_with_one_tail,
    one_byte_pieces,
    properties,
    distinct_properties,
    units_of_one_large_table,
    names_of_one_long_string,
    units_of_overlapping_tables,
    deep_debug_entries,
    zlib_bomb,
    zstd_bomb,
    many_bombs,
    crel_bomb,
    large_nobits,
    call_graph,
    sframe,
    init_priorities,
    warnings,
]
