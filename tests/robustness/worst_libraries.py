"""Archives, shared objects and versions made to cost as much as can be: members, names, indexes and version records without end."""

import struct

from worst_files import (
    Object, rela, text, header_of_member, start_object, library_of_symbols, shared_object, ALLOC, EXEC, WRITE,
)


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


EXPERIMENTS = [
    index_of_one_member,
    bsd_index_of_one_name,
    many_members,
    members_of_one_long_name,
    thin_archive_of_itself,
    thin_archives_of_each_other,
    archive_of_archives,
    many_archives_in_a_group,
    version_globs,
    version_hard_globs,
    version_cxx,
    hard_cxx_names,
    versions_in_a_chain,
    version_parents,
    dynamic_list_globs,
    shared_symbols,
    shared_versions_of_one_long_name,
    shared_needed_of_one_long_name,
    shared_symbols_of_one_long_name,
    shared_many_dynamic_sections,
]
