# --chroot for absolute names, -C for relative ones: on the command line, in scripts, for outputs, and as mold's --repro
# asks for them.
mkdir -p root/abs/lib root/work/sub there
printf '.globl f\nf: ret\n' | as -o root/abs/f.o -
ar rc root/abs/lib/libg.a root/abs/f.o
printf '.globl g\ng: ret\n' | as -o root/work/g.o -
printf '.globl _start\n_start: call f; call g; ret\n' | as -o root/work/start.o -
echo 'INPUT(/abs/f.o g.o)' >root/work/both.ld
must_fail "$LD" /abs/f.o -o none 2>log
grep -q 'cannot open /abs/f.o' log


cd root/work
"$LD" --chroot .. start.o /abs/f.o g.o -o sub/one -Map=/work/sub/one.map
grep -q abs/f.o sub/one.map
cd ../..
# A root that is relative counts from the directory.
"$LD" -C root/work --chroot .. start.o both.ld -o sub/two --dependency-file=sub/two.d
"$LD" --chroot=.. -C root/work start.o g.o -L/abs/lib -lg -o /work/sub/three
nm root/work/sub/two | grep -q ' T f$'
nm root/work/sub/three | grep -q ' T f$'
cmp root/work/sub/one root/work/sub/two
test -s root/work/sub/two.d
# Names that say nothing else stay as they are.
(cd root/work && "$LD" start.o g.o ../abs/f.o -o sub/four)
test -s root/work/sub/four
