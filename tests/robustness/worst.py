"""Inputs made to cost as much as can be: many tiny things, deep nesting, cycles, bombs, overlaps.

Each function writes its files into the working directory and returns the arguments of a link of them. What they look for is
work or memory that grows faster than the input.
"""

import random
import struct
import zlib

SHT = {"progbits": 1, "symtab": 2, "strtab": 3, "rela": 4, "dynamic": 6, "note": 7, "nobits": 8, "dynsym": 11, "group": 17}
ALLOC, EXEC, WRITE, MERGE, STRINGS, LINK_ORDER, GROUP, COMPRESSED = 2, 4, 1, 0x10, 0x20, 0x80, 0x200, 0x800


class Object:
    """A relocatable or shared object of sections (name, type, flags, contents, link, info, align, entsize)."""

    def __init__(self):
        self.sections = [("", 0, 0, b"", 0, 0, 0, 0)]
        self.symbols = [struct.pack("<IBBHQQ", 0, 0, 0, 0, 0, 0)]
        self.names = bytearray(b"\0")
        self.locals = 1
        self.symtab = 0

    def section(self, name, contents=b"", kind="progbits", flags=ALLOC, link=0, info=0, align=1, entsize=0):
        number = SHT.get(kind, kind)
        self.sections.append((name, number, flags, contents, link, info, align, entsize))
        return len(self.sections) - 1

    def name(self, text):
        at = len(self.names)
        self.names += text.encode() + b"\0"
        return at

    def symbol(self, name, section=0, value=0, size=0, info=0x10, other=0):
        """Global unless `info` says otherwise; locals first."""
        at = name if isinstance(name, int) else self.name(name) if name else 0
        self.symbols.append(struct.pack("<IBBHQQ", at, info, other, section, value, size))
        if info < 0x10:
            self.locals = len(self.symbols)
        return len(self.symbols) - 1

    def symbol_table(self, kind="symtab"):
        strings = self.section(".strtab", bytes(self.names), "strtab", 0)
        flags = ALLOC if kind == "dynsym" else 0
        self.symtab = self.section("." + kind, b"".join(self.symbols), kind, flags, strings, self.locals, 8, 24)
        return self.symtab

    def write(self, path, kind=1):
        if not self.symtab:
            # Indices of what was made before stay; relocations name the table by a number it gets now.
            self.symbol_table()
        names, offsets = bytearray(b"\0"), {"": 0}
        for name in [s[0] for s in self.sections] + [".shstrtab"]:
            if name not in offsets:
                offsets[name] = len(names)
                names += name.encode() + b"\0"
        self.section(".shstrtab", bytes(names), "strtab", 0)
        body, headers, at = [], [], 64
        for name, number, flags, contents, link, info, align, entsize in self.sections:
            link = self.symtab if link == "symtab" else link
            size = len(contents) if number != 8 else contents
            headers.append(struct.pack("<IIQQQQIIQQ", offsets[name], number, flags, 0, at, size, link, info, align, entsize))
            if number != 8:
                body.append(contents)
                at += len(contents)
        count, last = len(headers), len(headers) - 1
        if count >= 0xFF00:
            headers[0] = struct.pack("<IIQQQQIIQQ", 0, 0, 0, 0, 0, count, last, 0, 0, 0)
        ident = b"\x7fELF\2\1\1" + bytes(9)
        ehdr = ident + struct.pack(
            "<HHIQQQIHHHHHH", kind, 62, 1, 0, 0, at, 0, 64, 0, 0, 64, count if count < 0xFF00 else 0,
            last if count < 0xFF00 else 0xFFFF,
        )
        with open(path, "wb") as f:
            f.write(ehdr)
            f.writelines(body)
            f.writelines(headers)


def rela(offset, symbol, kind=1, addend=0):
    return struct.pack("<QQq", offset, symbol << 32 | kind, addend)


def text(path, *parts):
    with open(path, "w") as f:
        f.writelines(parts)


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


def leb(n):
    out = bytearray()
    while True:
        out.append(n & 0x7F | (0x80 if n > 0x7F else 0))
        n >>= 7
        if not n:
            return bytes(out)


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


def header_of_member(name, size):
    return f"{name:<16}{0:<12}{0:<6}{0:<6}{644:<8}{size:<10}`\n".encode()


def start_object():
    o = Object()
    s = o.section(".text", b"\xc3", flags=ALLOC | EXEC)
    o.symbol("_start", s)
    o.write("start.o")


def index_of_one_member(n):
    start_object()
    with open("start.o", "rb") as f:
        data = f.read()
    data += b"\n" * (len(data) & 1)
    names = b"".join(f"n{i}\0".encode() for i in range(n))
    names += bytes(len(names) & 1)
    size = 4 + 4 * n + len(names)
    at = 8 + 60 + size + (size & 1)
    with open("in.a", "wb") as f:
        f.write(b"!<arch>\n" + header_of_member("/", size) + struct.pack(">I", n) + struct.pack(">I", at) * n + names)
        f.write(bytes(size & 1) + header_of_member("a.o/", len(data)) + data)
    text("args", *(f"-u n{i}\n" for i in range(n)))
    return ["start.o", "in.a", "@args"]


def bsd_index_of_one_name(n):
    """A BSD index whose entries share one name without an end until the last byte."""
    start_object()
    names = b"x" * (16 * n) + b"\0\0"
    ranlib = struct.pack("<II", 0, 8) * n
    body = struct.pack("<I", len(ranlib)) + ranlib + struct.pack("<I", len(names)) + names
    body += bytes(len(body) & 1)
    with open("start.o", "rb") as f:
        data = f.read()
    with open("in.a", "wb") as f:
        f.write(b"!<arch>\n" + header_of_member("__.SYMDEF", len(body)) + body)
        f.write(header_of_member("a.o", len(data)) + data + b"\n" * (len(data) & 1))
    return ["-shared", "start.o", "in.a"]


def many_members(n):
    start_object()
    with open("in.a", "wb") as f:
        f.write(b"!<arch>\n" + header_of_member("a.o/", 0) * n)
    return ["-shared", "start.o", "--whole-archive", "in.a"]


def members_of_one_long_name(n):
    start_object()
    names = b"x" * (16 * n) + b"/\n"
    names += b"\n" * (len(names) & 1)
    with open("in.a", "wb") as f:
        f.write(b"!<arch>\n" + header_of_member("//", len(names)) + names + header_of_member("/0", 0) * n)
    return ["-shared", "start.o", "--whole-archive", "in.a"]


def thin_archive_of_itself(n):
    start_object()
    with open("in.a", "wb") as f:
        f.write(b"!<thin>\n" + header_of_member("in.a/", 8 + 60) * n)
    return ["-shared", "start.o", "--whole-archive", "in.a"]


def thin_archives_of_each_other(n):
    start_object()
    for a, b in (("in.a", "b.a"), ("b.a", "in.a")):
        with open(a, "wb") as f:
            f.write(b"!<thin>\n" + header_of_member("//", len(b) + 2) + f"{b}/\n".encode() + b"\n" * (len(b) & 1))
            f.write(header_of_member("/0:8", 100) * n)
    return ["-shared", "start.o", "--whole-archive", "in.a"]


def archive_of_archives(n):
    start_object()
    data = b"!<arch>\n"
    for _ in range(min(n, 2000)):
        data = b"!<arch>\n" + header_of_member("a.a/", len(data)) + data
    with open("in.a", "wb") as f:
        f.write(data)
    return ["-shared", "start.o", "--whole-archive", "in.a"]


def many_archives_in_a_group(n):
    start_object()
    count = int(n**0.5)
    for i in range(count):
        o = Object()
        s = o.section(".text", b"\xc3", flags=ALLOC | EXEC)
        o.symbol(f"f{i}", s)
        # Needs the archive before it, so that each round of the group brings one member.
        o.symbol(f"f{i - 1}" if i else "_start")
        o.write("m.o")
        with open("m.o", "rb") as f:
            data = f.read()
        data += b"\n" * (len(data) & 1)
        name = f"f{i}\0".encode()
        name += bytes(len(name) & 1)
        with open(f"{i}.a", "wb") as f:
            f.write(b"!<arch>\n" + header_of_member("/", 8 + len(name)) + struct.pack(">II", 1, 8 + 60 + 8 + len(name)) + name)
            f.write(header_of_member("m.o/", len(data)) + data)
    text("args", *(f"{i}.a\n" for i in range(count)))
    return ["start.o", "-u", f"f{count - 1}", "--start-group", "@args", "--end-group"]


def script_of_itself(n):
    start_object()
    text("in.ld", "INPUT(in.ld)\n" * min(n, 100000))
    return ["start.o", "in.ld"]


def script_includes_itself(n):
    start_object()
    text("in.ld", "INCLUDE in.ld\n" * min(n, 100000))
    return ["-T", "in.ld", "start.o"]


def script_includes_doubled(n):
    start_object()
    for i in range(20):
        text(f"i{i}.ld", f"INCLUDE i{i + 1}.ld\n" * 2 if i < 19 else "a = 1;\n" * n)
    return ["-T", "i0.ld", "start.o"]


def script_input_doubled(n):
    start_object()
    for i in range(16):
        text(f"i{i}.ld", f"INPUT(./i{i + 1}.ld i{i + 1}.ld)\n" if i < 15 else "EXTERN(a)\n" * n)
    return ["start.o", "i0.ld"]


def script_of_missing_inputs(n):
    start_object()
    text("in.ld", "INPUT(", *(f"x{i}.o " for i in range(n)), ")\n")
    return ["start.o", "in.ld"]


def script_deep_parentheses(n):
    start_object()
    text("in.ld", "a = ", "(" * n, "1", ")" * n, ";\n")
    return ["-T", "in.ld", "start.o"]


def script_long_sum(n):
    start_object()
    text("in.ld", "a = 1", " + 1" * n, ";\n")
    return ["-T", "in.ld", "start.o"]


def script_long_minus(n):
    start_object()
    text("in.ld", "a = ", "- " * n, "1;\n")
    return ["-T", "in.ld", "start.o"]


def script_long_ternary(n):
    start_object()
    text("in.ld", "a = ", "1 ? 2 : " * n, "3;\n")
    return ["-T", "in.ld", "start.o"]


def script_backward_chain(n):
    """Symbols each defined by the one behind it: nothing is known before the last."""
    start_object()
    text("in.ld", *(f"s{i} = s{i + 1} + 1;\n" for i in range(n)), f"s{n} = 1;\n")
    return ["-T", "in.ld", "start.o"]


def script_backward_chain_in_sections(n):
    start_object()
    text("in.ld", "SECTIONS {\n", *(f"s{i} = s{i + 1} + 1;\n" for i in range(n)), f"s{n} = .;\n.text : {{ *(.text) }} }}\n")
    return ["-T", "in.ld", "start.o"]


def script_many_outputs(n):
    start_object()
    text("in.ld", "SECTIONS {\n", *(f".s{i} : {{ *(.s{i}) BYTE(1) }}\n" for i in range(n)), "}\n")
    return ["-T", "in.ld", "start.o"]


def script_many_patterns(n):
    o = Object()
    for i in range(n // 10):
        o.section(f".t{i}", b"\x90")
    o.write("in.o")
    start_object()
    text("in.ld", "SECTIONS { .text : {\n", *(f"*f{i}*.o(.a*{i})\n" for i in range(n // 10)), "} }\n")
    return ["-T", "in.ld", "start.o", "in.o"]


def script_many_names(n):
    start_object()
    text("in.ld", "SECTIONS { .text : {\n", *(f"f{i}.o(.a{i})\n" for i in range(n)), "} }\n")
    return ["-T", "in.ld", "start.o"]


def script_dots(n):
    start_object()
    text("in.ld", "SECTIONS { .text : { *(.text)\n", ". = . + 1;\n" * n, "} }\n")
    return ["-T", "in.ld", "start.o"]


def script_regions(n):
    start_object()
    text("in.ld", "MEMORY {\n", *(f"r{i} : ORIGIN = {i * 16}, LENGTH = 16\n" for i in range(n)), "}\nSECTIONS {\n")
    with open("in.ld", "a") as f:
        f.writelines(f".s{i} : {{ BYTE(1) }} > r{i}\n" for i in range(n // 4))
        f.write(".text : { *(.text) } > r0 }\n")
    return ["-T", "in.ld", "start.o"]


def script_headers(n):
    start_object()
    text("in.ld", "PHDRS {\n", *(f"p{i} PT_LOAD;\n" for i in range(n)), "}\nSECTIONS { .text : { *(.text) } :p0 }\n")
    return ["-T", "in.ld", "start.o"]


def script_asserts(n):
    start_object()
    text("in.ld", "ASSERT(0, \"no\")\n" * n)
    return ["-T", "in.ld", "start.o"]


def script_startup(n):
    start_object()
    text("in.ld", "STARTUP(start.o)\n" * n)
    return ["in.ld", "-z", "muldefs"]


def script_provides(n):
    o = Object()
    s = o.section(".text", b"\xc3", flags=ALLOC | EXEC)
    o.symbol("_start", s)
    o.symbol("p0")
    o.write("start.o")
    text("in.ld", *(f"PROVIDE(p{i} = p{i + 1} + 1);\n" for i in reversed(range(n))), f"p{n} = 1;\n")
    return ["-T", "in.ld", "start.o"]


def overlay(n):
    start_object()
    text("in.ld", "SECTIONS { OVERLAY : {\n", *(f".o{i} {{ BYTE(1) }}\n" for i in range(n)), "} .text : { *(.text) } }\n")
    return ["-T", "in.ld", "start.o"]


def library_of_symbols(n):
    o = Object()
    s = o.section(".data", bytes(8), flags=ALLOC | WRITE)
    for i in range(n):
        o.symbol(f"s{i}a", s)
    o.write("in.o")


def version_globs(n):
    library_of_symbols(n)
    text("in.ver", "V { global:\n", *(f"*x{i}*;\n" for i in range(n)), "local: *; };\n")
    return ["-shared", "in.o", "--version-script=in.ver"]


def version_hard_globs(n):
    o = Object()
    s = o.section(".data", bytes(8), flags=ALLOC | WRITE)
    for i in range(100):
        o.symbol("a" * (n // 100) + f"c{i}", s)
    o.write("in.o")
    text("in.ver", "V { global: ", "*a" * 1000, "*b; };\n")
    return ["-shared", "in.o", "--version-script=in.ver"]


def version_cxx(n):
    o = Object()
    s = o.section(".data", bytes(8), flags=ALLOC | WRITE)
    for i in range(n // 10):
        name = f"name{i}"
        o.symbol(f"_ZN{len(name)}{name}1fEv", s)
    o.write("in.o")
    text("in.ver", 'V { global: extern "C++" {\n', *(f"name*x{i}*;\n" for i in range(n // 10)), "}; local: *; };\n")
    return ["-shared", "in.o", "--version-script=in.ver"]


def hard_cxx_names(n):
    """Mangled names whose readable form is exponentially long, and deep ones, in error messages."""
    o = Object()
    s = o.section(".data", bytes(8), flags=ALLOC | WRITE)
    doubled = "_Z1fSt4pairI" + "".join(f"S{x}_S{x}_ES{y}I" for x, y in [("", "0")]) + "iiE"
    nested = "_Z1f" + "P" * n + "i"
    templates = "_Z1f1AI" + "".join("1AI" for _ in range(min(n, 20000)))
    twice = "_Z1f" + "1AIiE" + "".join("S_IS%s_S%s_E" % (c, c) for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    records = [rela(0, o.symbol(x)) for x in (doubled, nested, templates, twice)]
    o.symbol_table()
    o.section(".rela.data", b"".join(records), "rela", 0, "symtab", s, 8, 24)
    o.write("in.o")
    return ["-pie", "in.o"]


def versions_in_a_chain(n):
    library_of_symbols(10)
    text("in.ver", "V0 { s0a; };\n", *(f"V{i} {{ x{i}; }} V{i - 1};\n" for i in range(1, n)))
    return ["-shared", "in.o", "--version-script=in.ver"]


def version_parents(n):
    library_of_symbols(10)
    size = int(n**0.5)
    nodes = (f"V{i} {{ x{i}; }} " + " ".join(f"V{j}" for j in range(i)) + ";\n" for i in range(1, size))
    text("in.ver", "V0 { s0a; };\n", *nodes)
    return ["-shared", "in.o", "--version-script=in.ver"]


def dynamic_list_globs(n):
    library_of_symbols(n)
    text("in.list", "{\n", *(f"*x{i}*;\n" for i in range(n)), "};\n")
    return ["-shared", "in.o", "--dynamic-list=in.list", "-Bsymbolic"]


def shared_object(versions=0, overlap=False, needed=0, symbols=10, long=0):
    o = Object()
    at = o.name("x" * long) if long else 0
    for i in range(symbols):
        o.symbol(at if long else f"s{i}", 1)
    o.symbols[1:] = [s[:6] + b"\x01\0" + s[8:] for s in o.symbols[1:]]
    strings = len(o.sections)
    o.symbol_table("dynsym")
    if needed:
        body = struct.pack("<QQ", 1, at or 1) * needed
        o.section(".dynamic", body, "dynamic", ALLOC, strings, 0, 8, 16)
    if versions:
        one = struct.pack("<HHHHIII", 1, 0, 2, 1, 0, 20, 0 if overlap else 28) + struct.pack("<II", at, 0)
        if overlap:
            one = struct.pack("<HHHHIII", 1, 0, 2, 1, 0, 20, 20) + struct.pack("<II", at, 0)
        o.section(".gnu.version_d", one * versions, 0x6FFFFFFD, ALLOC, strings, versions, 8, 0)
    o.write("in.so", 3)
    start_object()
    return ["start.o", "in.so"]


def shared_symbols(n):
    return shared_object(symbols=n)


def shared_versions_of_one_long_name(n):
    return shared_object(versions=n, long=20 * n)


def shared_needed_of_one_long_name(n):
    return shared_object(needed=n, long=20 * n)


def shared_symbols_of_one_long_name(n):
    return shared_object(symbols=n, long=20 * n)


def shared_many_dynamic_sections(n):
    o = Object()
    at = o.name("x" * (20 * n))
    strings = len(o.sections)
    o.symbol_table("dynsym")
    for _ in range(n):
        o.section(".dynamic", struct.pack("<QQ", 1, at), "dynamic", ALLOC, strings, 0, 8, 16)
    o.write("in.so", 3)
    start_object()
    return ["start.o", "in.so"]


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


def response_of_itself(n):
    text("args", "--nothing\n" * n, "@args\n")
    return ["@args"]


def response_files_doubled(n):
    for i in range(30):
        text(f"r{i}", f"@r{i + 1}\n" * 2 if i < 29 else "-z now\n" * n)
    return ["@r0"]


def many_words(n):
    start_object()
    text("args", "-z now\n" * n, "start.o")
    return ["@args"]


def many_defsyms(n):
    start_object()
    text("args", *(f"--defsym s{i}=s{i + 1}+1\n" for i in range(n)), f"--defsym s{n}=1\n")
    return ["start.o", "@args"]


def many_options(n):
    start_object()
    text("args", *(f"-u u{i} --wrap w{i} -y y{i} --section-start=.s{i}=0 --exclude-libs e{i} --retain-symbols-file r\n-R r{i}\n"
                   for i in range(n // 10)))
    return ["start.o", "@args"]


def many_libraries(n):
    start_object()
    text("args", *(f"-lx{i}\n" for i in range(n)))
    return ["start.o", "@args"]


def ordering_file(n):
    library_of_symbols(n // 10)
    text("order", *(f"s{i}a\n" for i in range(n)))
    return ["-shared", "in.o", "--symbol-ordering-file=order"]


def retain_globs(n):
    library_of_symbols(n // 10)
    text("keep", *(f"s{i}a\n" for i in range(n)))
    return ["-shared", "in.o", "--retain-symbols-file=keep"]


def mapfile_symbols(n):
    library_of_symbols(10)
    text("map", "$mapfile_version 2\nSYMBOL_SCOPE {\nglobal:\n", *(f"m{i} {{ TYPE=FUNCTION; VALUE=1; }};\n" for i in range(n)), "};\n")
    return ["-G", "-M", "map", "in.o"]


def mapfile_segments(n):
    library_of_symbols(10)
    text("map", "$mapfile_version 2\n", *(f"LOAD_SEGMENT s{i} {{ ASSIGN_SECTION {{ IS_NAME = .s{i}; }}; }};\n" for i in range(n)))
    return ["-G", "-M", "map", "in.o"]


def mapfile_conditions(n):
    library_of_symbols(10)
    text("map", "$mapfile_version 2\n", "$if _ELF64\n" * n, "$endif\n" * n)
    return ["-G", "-M", "map", "in.o"]


def mapfile_condition_deep(n):
    library_of_symbols(10)
    text("map", "$mapfile_version 2\n$if ", "(" * n, "_ELF64", ")" * n, "\n$endif\n")
    return ["-G", "-M", "map", "in.o"]


def mapfile_1(n):
    library_of_symbols(10)
    text("map", *(f"s{i} = LOAD ?R;\ns{i} : $PROGBITS ?A .s{i};\n" for i in range(n)))
    return ["-G", "-M", "map", "in.o"]


def many_reports(n):
    library_of_symbols(n // 10)
    return ["-shared", "in.o", "-Map=out.map", "--cref", "--print-gc-sections", "--trace-symbol=*"]


EXPERIMENTS = [f for f in list(globals().values()) if callable(f) and getattr(f, "__code__", None) and f.__code__.co_varnames[:1] == ("n",)
               and f.__code__.co_argcount == 1 and f.__name__ not in ("leb", "library_of_symbols")]
