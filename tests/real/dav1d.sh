# dav1d by Meson: assembler sources, a versioned shared library, its own test programs; Meson must know the linker.
packages meson ninja-build nasm pkg-config
debian_source dav1d
CC=$REF_CC CXX=$REF_CXX timed "meson setup with $REF_CC" meson setup as-ref --buildtype=debug >ref.log
timed "meson setup with wcc" meson setup build --buildtype=debug >setup.log
grep -q 'linker for the host machine: .*bfd' setup.log
ninja -C build -j"$JOBS" >ninja.log
meson test -C build --no-rebuild
linked_by_wcc build
