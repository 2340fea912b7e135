# The Linux kernel with CC=wcc and LD=ld.wcc: vmlinux.lds, -r for every directory's objects, orphan sections, three passes for
# kallsyms, --emit-relocs for a random base, code for real mode and the compressed image. It boots in qemu and runs a program.
packages bc bison flex libelf-dev cpio qemu-system-x86 linux-source-6.1
rm -rf linux-src
mkdir linux-src
tar xf /usr/src/linux-source-6.1.tar.xz -C linux-src
cd linux-src/*/
record "version: $(make -s kernelversion)"
tools=(CC="$CC" LD="$LD" HOSTCC="$CC")
make -s "${tools[@]}" tinyconfig
cat >options <<X
CONFIG_64BIT=y
CONFIG_PRINTK=y
CONFIG_TTY=y
CONFIG_SERIAL_8250=y
CONFIG_SERIAL_8250_CONSOLE=y
CONFIG_BLK_DEV_INITRD=y
CONFIG_BINFMT_ELF=y
CONFIG_RELOCATABLE=y
CONFIG_RANDOMIZE_BASE=y
CONFIG_KALLSYMS=y
CONFIG_KALLSYMS_ALL=y
CONFIG_MODULES=y
CONFIG_SMP=y
CONFIG_UNWINDER_ORC=y
X
scripts/kconfig/merge_config.sh -m .config options >/dev/null
make -s "${tools[@]}" olddefconfig
grep -x 'CONFIG_UNWINDER_ORC=y' .config
make -s -j"$JOBS" "${tools[@]}" bzImage
# What a random base has to move: the relocations of --emit-relocs.
[ "$(wc -c <arch/x86/boot/compressed/vmlinux.relocs)" -gt 10000 ]
printf '%s\n' '#include <unistd.h>' '#include <sys/reboot.h>' \
    'int main(void) { write(1, "init runs\n", 10); sync(); reboot(RB_AUTOBOOT); for (;;) pause(); }' >init.c
mkdir root root/dev
mknod root/dev/console c 5 1
"$CC" -static -O1 init.c -o root/init
(cd root && find . | cpio -o -H newc) >initrd
timeout 120 qemu-system-x86_64 -nographic -no-reboot -m 128 -kernel arch/x86/boot/bzImage -initrd initrd \
    -append 'console=ttyS0 panic=-1' >boot.log 2>&1 || true
grep 'Linux version .*GNU ld (wcc' boot.log
grep 'init runs' boot.log
record "tests: boots in qemu and runs a program"
"$LINKDIFF" --expect vmlinux 'text .comment wcc'
linked_by_wcc root
