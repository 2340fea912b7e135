"""The files that worst inputs are made of."""

import struct


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


def leb(n):
    out = bytearray()
    while True:
        out.append(n & 0x7F | (0x80 if n > 0x7F else 0))
        n >>= 7
        if not n:
            return bytes(out)


def header_of_member(name, size):
    return f"{name:<16}{0:<12}{0:<6}{0:<6}{644:<8}{size:<10}`\n".encode()


def start_object():
    o = Object()
    s = o.section(".text", b"\xc3", flags=ALLOC | EXEC)
    o.symbol("_start", s)
    o.write("start.o")


def library_of_symbols(n):
    o = Object()
    s = o.section(".data", bytes(8), flags=ALLOC | WRITE)
    for i in range(n):
        o.symbol(f"s{i}a", s)
    o.write("in.o")


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
