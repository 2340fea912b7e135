# In the manner of run-time crates for microcontrollers: memory.x included, handlers with defaults, checks, INSERT.
mkdir -p device
cat > device/memory.x <<'X'
MEMORY { FLASH : ORIGIN = 0x08000000, LENGTH = 256K RAM : ORIGIN = 0x20000000, LENGTH = 20K }
X
cat > link.x <<'X'
INCLUDE memory.x
ENTRY(Reset);
EXTERN(__RESET_VECTOR);
EXTERN(DefaultHandler);
PROVIDE(NonMaskableInt = DefaultHandler);
PROVIDE(HardFault = HardFault_);
PROVIDE(DefaultHandler = DefaultHandler_);
PROVIDE(_stack_start = ORIGIN(RAM) + LENGTH(RAM));
PROVIDE(_stext = ADDR(.vector_table) + SIZEOF(.vector_table));
SECTIONS
{
  .vector_table ORIGIN(FLASH) :
  {
    __vector_table = .;
    LONG(_stack_start & 0xFFFFFFFF);
    KEEP(*(.vector_table.reset_vector));
  } > FLASH
  .text _stext :
  {
    __stext = .;
    *(.Reset);
    *(.text .text.*);
    . = ALIGN(4);
    __etext = .;
  } > FLASH
  .rodata : ALIGN(4) { . = ALIGN(4); *(.rodata .rodata.*); . = ALIGN(4); __erodata = .; } > FLASH
  .data : ALIGN(4)
  {
    . = ALIGN(4);
    __sdata = .;
    *(.data .data.*);
    . = ALIGN(4);
  } > RAM AT>FLASH
  . = ALIGN(4);
  __edata = .;
  __sidata = LOADADDR(.data);
  .bss (NOLOAD) : ALIGN(4) { . = ALIGN(4); __sbss = .; *(.bss .bss.*); *(COMMON); . = ALIGN(4); } > RAM
  . = ALIGN(4);
  __ebss = .;
  .uninit (NOLOAD) : ALIGN(4) { . = ALIGN(4); *(.uninit .uninit.*); . = ALIGN(4); __euninit = .; } > RAM
  PROVIDE(__sheap = __euninit);
  .got (NOLOAD) : { KEEP(*(.got .got.*)); }
  /DISCARD/ : { *(.eh_frame*) *(.note*) }
}
ASSERT(ORIGIN(FLASH) % 4 == 0, "the start of FLASH must be 4-byte aligned");
ASSERT(ADDR(.vector_table) + SIZEOF(.vector_table) <= _stext, "text before vectors");
ASSERT(SIZEOF(.got) == 0, "a .got section was made");
X
cat > defmt.x <<'X'
SECTIONS { .defmt (INFO) : { KEEP(*(.defmt .defmt.*)); } }
INSERT AFTER .uninit;
X
cat > main.c <<'X'
extern unsigned __sidata[], __sdata[], __edata[], __sheap[];
extern void NonMaskableInt(void), HardFault(void);
volatile int table[4] = {1, 2, 3, 4};
static volatile int zero[8];
__attribute__((section(".defmt"), used)) static const char message[] = "log text";
__attribute__((section(".text.unused"))) void nobody(void) {}
__attribute__((section(".Reset"))) void Reset(void) {
    for (unsigned *from = __sidata, *to = __sdata; to < __edata; from++, to++) *to = *from;
    zero[0] = table[0] + (__sheap != 0);
    NonMaskableInt();
    HardFault();
}
__attribute__((section(".vector_table.reset_vector"), used)) void (*const __RESET_VECTOR)(void) = Reset;
void DefaultHandler_(void) { for (;;); }
void HardFault_(void) { for (;;); }
X
"$CC" -c -O1 -fno-pic -mcmodel=large -ffunction-sections -fno-asynchronous-unwind-tables main.c -o main.o
"$LD" --gc-sections -L device -T link.x -T defmt.x main.o -o prog
objdump -hw prog | awk '$1 ~ /^[0-9]+$/ { print $2, $4, $5 }' > sections
grep -q '^.vector_table 0000000008000000 0000000008000000' sections
grep -q '^.data 0000000020000000 0000000008000' sections
grep -q '^.bss 00000000200000' sections
nm prog > symbols
value() { awk -v n="$1" '$NF == n { print $1 }' symbols; }
[ "$(value NonMaskableInt)" = "$(value DefaultHandler_)" ]
[ "$(value HardFault)" = "$(value HardFault_)" ]
[ "$(value _stack_start)" = 0000000020005000 ]
must_fail grep nobody symbols
# The first word is the stack, the second the reset handler.
objcopy -O binary -j .vector_table prog vectors
od -An -tx4 -N4 vectors | grep -q 20005000
readelf -SW prog | grep -q '\.defmt *PROGBITS'
sed -i 's/LENGTH = 256K/LENGTH = 64/' device/memory.x
must_fail "$LD" --gc-sections -L device -T link.x -T defmt.x main.o -o prog2 2> errors
grep -Eq "section \`.[a-z]+' will not fit in region \`FLASH'" errors
grep -Eq "region \`FLASH' overflowed by [0-9]+ bytes" errors
must_fail test -e prog2
