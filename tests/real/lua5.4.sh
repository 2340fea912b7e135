# Lua: a plain Makefile; an interpreter that exports its symbols to loaded modules. Its test suite is not in the source
# package, so a module is loaded by dlopen and a few programs are run.
packages libreadline-dev
debian_source lua5.4
# Debian's patches build with libtool; upstream's rule needs nothing.
cd src
[ -e lua5.4-deb-multiarch.h ] || echo '#define DEB_HOST_MULTIARCH "x86_64-linux-gnu"' >lua5.4-deb-multiarch.h
objects="lapi lcode lctype ldebug ldo ldump lfunc lgc llex lmem lobject lopcodes lparser lstate lstring ltable ltm \
lundump lvm lzio lauxlib lbaselib lcorolib ldblib liolib lmathlib loadlib loslib lstrlib ltablib lutf8lib linit"
sources=$(printf '%s.c ' $objects)
$CC -O2 -std=gnu99 -DLUA_COMPAT_5_3 -DLUA_USE_LINUX -fPIC -c $sources lua.c luac.c
ar rcs liblua.a $(printf '%s.o ' $objects)
$CC -shared $(printf '%s.o ' $objects) -Wl,-soname,liblua5.4.so.0 -lm -ldl -o liblua5.4.so.0
$CC lua.o liblua.a -Wl,-E -lm -ldl -o lua
$CC luac.o liblua.a -lm -o luac
$CC lua.o ./liblua5.4.so.0 -Wl,-rpath,"$PWD" -lm -o lua-shared
cat >mod.c <<'X'
#include "lua.h"
#include "lauxlib.h"
static int twice(lua_State *L) { lua_pushinteger(L, 2 * luaL_checkinteger(L, 1)); return 1; }
int luaopen_mod(lua_State *L) { lua_pushcfunction(L, twice); return 1; }
X
$CC -O2 -fPIC -shared mod.c -I. -o mod.so
cat >t.lua <<'X'
local twice = require "mod"
assert(twice(21) == 42)
assert(not pcall(error, "x"))
local t = {}
for i = 1, 100000 do t[#t + 1] = tostring(i) end
table.sort(t)
assert(#table.concat(t) == 488895)
local co = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)
assert(co() + co() + co() == 6)
print("lua ok", math.type(3 // 1), ("x"):rep(3))
X
for l in ./lua ./lua-shared; do
    [ "$(LUA_CPATH='./?.so' $l t.lua)" = "$(printf 'lua ok\tinteger\txxx')" ]
done
./luac -o t.luac t.lua
LUA_CPATH='./?.so' ./lua t.luac
record "tests: a module, two programs, both ways of linking"
linked_by_wcc .
