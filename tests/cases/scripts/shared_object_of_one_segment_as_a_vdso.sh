#@ needs: bfd
# A shared object in one read-only segment, as the kernel maps into programs.
cat > v.c <<'X'
static const int tab[4] = {1,2,3,4};
int __vdso_f(int x) { return tab[x & 3]; }
int f(int x) __attribute__((weak, alias("__vdso_f")));
static int hidden_helper(void) { return 5; }
int g(void) { return hidden_helper(); }
X
cat > vdso.lds <<'X'
OUTPUT_FORMAT("elf64-x86-64", "elf64-x86-64", "elf64-x86-64")
OUTPUT_ARCH(i386:x86-64)
SECTIONS
{
 vvar_start = . - 4 * 4096;
 . = SIZEOF_HEADERS;
 .hash : { *(.hash) } :text
 .gnu.hash : { *(.gnu.hash) }
 .dynsym : { *(.dynsym) }
 .dynstr : { *(.dynstr) }
 .gnu.version : { *(.gnu.version) }
 .gnu.version_d : { *(.gnu.version_d) }
 .gnu.version_r : { *(.gnu.version_r) }
 .dynamic : { *(.dynamic) } :text :dynamic
 .rodata : { *(.rodata*) *(.data*) *(.sdata*) *(.got.plt) *(.got) *(.gnu.linkonce.d.*) *(.bss*) *(.dynbss*) *(.gnu.linkonce.b.*) } :text
 .note : { *(.note.*) } :text :note
 .eh_frame_hdr : { *(.eh_frame_hdr) } :text :eh_frame_hdr
 .eh_frame : { KEEP (*(.eh_frame)) *(.eh_frame.*) } :text
 .text : { *(.text*) } :text =0x90909090,
 .altinstructions : { *(.altinstructions) } :text
 /DISCARD/ : { *(.discard) *(.discard.*) *(__bug_table) }
}
PHDRS
{
 text PT_LOAD FLAGS(5) FILEHDR PHDRS;
 dynamic PT_DYNAMIC FLAGS(4);
 note PT_NOTE FLAGS(4);
 eh_frame_hdr 0x6474e550;
}
VERSION { LINUX_2.6 { global: f; __vdso_f; g; local: *; }; }
X
cat > use.c <<'X'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
int main(int c, char**v){ void*h=dlopen(v[1],RTLD_NOW); if(!h){puts(dlerror());return 1;} int(*f)(int)=dlvsym(h,"f","LINUX_2.6"); printf("%d\n", f?f(2):-1); return 0;}
X
"$CC" -c -O2 -fPIC v.c -o v.o
"$LD" -shared --hash-style=both --build-id=sha1 --eh-frame-hdr -Bsymbolic -soname linux-vdso.so.1 -z max-page-size=4096 -T vdso.lds v.o -o v.so
"$WCC" use.c -o use -ldl
[ "$(./use ./v.so)" = 3 ]
readelf -lW v.so > segments
[ "$(grep -c LOAD segments)" = 1 ]
grep -Eq 'LOAD +0x000000 0x0000000000000000 .* R E 0x1000' segments
grep -Eq 'GNU_EH_FRAME .* R E? +0x4' segments
grep -q DYNAMIC segments
readelf --dyn-syms -W v.so | grep -q 'f@@LINUX_2.6'
must_fail grep -E 'GNU_STACK|GNU_RELRO' segments
