[ "$(id -u)" = 0 ] || { echo 'needs root to mount a small file system'; exit 77; }
mkdir small
mount -t tmpfs -o size=64k tmpfs small 2>log || { echo 'cannot mount a tmpfs here'; exit 77; }
trap 'umount small' EXIT
printf '#include <stdio.h>\nstatic char big[200000] = {1};\nint main(void) { puts(big); return 0; }\n' >a.c
$CC -c a.c
echo old >small/prog
status=0
"$WCC" a.o -o small/prog 2>err || status=$?
[ "$status" = 1 ]
grep -q 'small/prog' err
[ "$(cat small/prog)" = old ]
[ "$(ls -A small)" = prog ]
