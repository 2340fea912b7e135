# Symbols defined in and between sections move with the image; numbers do not.
cat > main.c <<'X'
#include <stdio.h>
extern char start_[], mid_[], end_[], size_[], base_[];
static void *table[] = {start_, end_};
static void *volatile number = size_;
int main(void) {
    unsigned long size = (unsigned long)number;
    if (end_ - start_ != (long)size || mid_ != start_ + 4) return 1;
    if (table[0] != start_ || table[1] != end_) return 2;
    if (base_[1] != 'E' || base_[2] != 'L') return 3;
    puts("moved");
}
__attribute__((section("mine"), used)) static int pair[2] = {1, 2};
X
cat > t.ld <<'X'
size_ = SIZEOF(.mine);
SECTIONS
{
  base_ = .;
  . = SIZEOF_HEADERS;
  .interp : { *(.interp) }
  .dyn : { *(.gnu.hash) *(.dynsym) *(.dynstr) *(.gnu.version*) }
  .rela.dyn : { *(.rela.*) }
  .note : { *(.note*) }
  .rodata : { *(.rodata*) }
  .eh_frame_hdr : { *(.eh_frame_hdr) }
  .eh_frame : { *(.eh_frame) }
  . = ALIGN(0x1000);
  .init : { KEEP(*(.init)) }
  .plt : { *(.plt*) *(.iplt) }
  .text : { *(.text*) }
  .fini : { KEEP(*(.fini)) }
  . = ALIGN(0x1000);
  .mine : { start_ = .; *(mine) mid_ = start_ + 4; }
  end_ = .;
  .init_array : { KEEP(*(.init_array)) }
  .fini_array : { KEEP(*(.fini_array)) }
  .data : { *(.data*) }
  .dynamic : { *(.dynamic) }
  .got : { *(.got) *(.got.plt) }
  .bss : { *(.bss*) *(COMMON) }
}
X
"$WCC" -O1 -pie -fPIE main.c -Wl,-T,t.ld -o prog
[ "$(./prog)" = moved ]
"$WCC" -O1 -pie -fPIE main.c -Wl,-T,t.ld -Wl,-z,pack-relative-relocs -o prog
[ "$(./prog)" = moved ]
