"""Scripts, mapfiles and command lines made to cost as much as can be: cycles, deep nesting, long lists."""

from worst_files import Object, text, start_object, library_of_symbols, ALLOC, EXEC


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


EXPERIMENTS = [
    script_of_itself,
    script_includes_itself,
    script_includes_doubled,
    script_input_doubled,
    script_of_missing_inputs,
    script_deep_parentheses,
    script_long_sum,
    script_long_minus,
    script_long_ternary,
    script_backward_chain,
    script_backward_chain_in_sections,
    script_many_outputs,
    script_many_patterns,
    script_many_names,
    script_dots,
    script_regions,
    script_headers,
    script_asserts,
    script_startup,
    script_provides,
    overlay,
    response_of_itself,
    response_files_doubled,
    many_words,
    many_defsyms,
    many_options,
    many_libraries,
    ordering_file,
    retain_globs,
    mapfile_symbols,
    mapfile_segments,
    mapfile_conditions,
    mapfile_condition_deep,
    mapfile_1,
    many_reports,
]
