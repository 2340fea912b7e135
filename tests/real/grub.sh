# GRUB for a BIOS and for EFI: modules and kernels are made with -r, sectors with -Ttext and objcopy; both boot in qemu.
packages bison flex autoconf automake autopoint gettext python3 pkg-config libdevmapper-dev liblzma-dev qemu-system-x86 ovmf
debian_source grub2
PYTHON=python3 ./autogen.sh >/dev/null 2>&1
cat >boot.cfg <<'X'
serial
terminal_output serial
echo "GRUB runs"
halt
X
for platform in i386-pc x86_64-efi; do
    mkdir $platform
    (
        cd $platform
        ../configure --target=${platform%-*} --with-platform=${platform#*-} --disable-werror --disable-grub-mkfont \
            CC="$CC" TARGET_CC="$CC" >/dev/null
        make -s -j"$JOBS" >/dev/null
        image=(./grub-mkimage -d grub-core -O $platform -p /boot -c ../boot.cfg serial echo halt terminal minicmd)
        if [ $platform = i386-pc ]; then
            "${image[@]}" -o core.img biosdisk
            cat grub-core/boot.img core.img >floppy
            truncate -s 1440K floppy
            disk=(-drive format=raw,if=floppy,file=floppy -boot a)
        else
            mkdir -p esp/EFI/BOOT
            "${image[@]}" -o esp/EFI/BOOT/BOOTX64.EFI
            disk=(-bios /usr/share/ovmf/OVMF.fd -drive format=raw,file=fat:rw:esp)
        fi
        timeout 150 qemu-system-x86_64 -display none -serial file:serial -m 128 -no-reboot -net none "${disk[@]}"
        grep -a 'GRUB runs' serial
    )
done
record "tests: boots from a floppy and by EFI, $(ls */grub-core/*.mod | wc -l) modules"
# The programs of the running system; what boots holds no such section.
linked_by_wcc x86_64-efi/grub-mkimage x86_64-efi/grub-fstest x86_64-efi/grub-probe
