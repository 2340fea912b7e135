# BusyBox: every directory is joined by ld -r, the program is linked with --sort-section and --gc-sections in several trials; its tests.
packages gcc make bzip2 zip unzip
debian_source busybox
make defconfig >/dev/null
# The networking headers of newer kernels lack what tc asks for; Debian leaves it out as well.
sed -i 's/^CONFIG_TC=y/# CONFIG_TC is not set/' .config
yes '' | make oldconfig >/dev/null || true
make -j"$JOBS" CC="$CC" LD="$LD" HOSTCC=gcc SKIP_STRIP=y >build.log 2>&1 || { tail -n 30 build.log; return 1; }
grep -q -- --sort-section busybox_unstripped.out scripts/trylink
# Joined by ld -r: no directory's object is left to another linker.
"$LINKDIFF" --check busybox_unstripped
./busybox_unstripped sh -c 'echo $((40 + 2))' | grep -qx 42
cp busybox_unstripped busybox
# The same failures as with the system's linker: what depends on the machine fails for both.
run_tests() { (cd testsuite && ./runtest >"../$1.results" 2>&1) || true; sed -n 's/^\(FAIL: .*\)/\1/p' "$1.results" | sort >"$1.failures"; }
run_tests wcc
mv busybox busybox.wcc
make -s -j"$JOBS" CC=gcc HOSTCC=gcc SKIP_STRIP=y busybox_unstripped >/dev/null 2>&1 || true
rm -f busybox_unstripped && make -s -j"$JOBS" CC=gcc LD=ld.bfd HOSTCC=gcc SKIP_STRIP=y >/dev/null 2>&1
run_tests bfd
[ "$(grep -c '^PASS' wcc.results)" -gt 300 ]
diff bfd.failures wcc.failures
linked_by_wcc busybox.wcc
echo "$(grep -c '^PASS' wcc.results) tests passed, $(wc -l <wcc.failures) failed as with GNU ld"
