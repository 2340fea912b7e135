printf '.globl _start\n_start: ret\n.section .debug_info,"",@progbits\n.byte 1,2,3,4\n.section .other,"",@progbits\n.zero 5000\n' >a.s
as a.s -o a.o
"$LD" a.o -o out --compress-debug-sections=zlib
must_fail sh -c "readelf -SW out | grep -E ' C +0'"
# Only what is asked for, and only what is not loaded.
"$LD" a.o -o out --compress-sections='.other=zstd' --compress-sections='.text=zlib'
readelf -SW out | grep -E ' \.other .* C +0 ' >/dev/null
must_fail sh -c "readelf -SW out | grep -E ' \.text .* C +0'"
objcopy --decompress-debug-sections out plain 2>/dev/null || true
"$LD" a.o -o out --compress-sections='.o*=zstd' --compress-sections='.other=none'
must_fail sh -c "readelf -SW out | grep -E ' C +0'"
must_fail "$LD" a.o -o out --compress-sections=zlib 2>err
grep -q 'GLOB=METHOD' err
must_fail "$LD" a.o -o out --compress-debug-sections=lzma 2>err
grep -q 'is not one of none, zlib' err
