# LuaJIT: generated assembler with its own unwind tables, a program that writes machine code at run time and calls C through
# its symbols.
debian_source luajit
make -s -j"$JOBS" CC="$CC" HOST_CC="$CC"
cat >t.lua <<'X'
local ffi = require("ffi")
ffi.cdef("int abs(int); double pow(double, double);")
local s = 0
for i = 1, 1e6 do s = s + ffi.C.abs(-i) % 7 end
assert(s == 2999998)
assert(ffi.load("m").pow(2, 10) == 1024)
assert(not pcall(function() error("thrown through C") end))
print(jit.status())
X
src/luajit t.lua | grep '^true'
record "tests: a script with calls to C"
linked_by_wcc src
