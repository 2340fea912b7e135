# GNU ld unlinks the symlink, mold and lld write through or replace it; ours keeps the link and replaces its target,
# or replaces the link: either way the name runs the new program and nothing else is touched.
echo 'int main(void) { return 4; }' >a.c
$CC -c a.c
echo '#!/bin/sh' >target
ln -s target prog
"$WCC" a.o -o prog
status=0
./prog || status=$?
[ "$status" = 4 ]
