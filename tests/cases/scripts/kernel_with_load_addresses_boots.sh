#@ needs: bfd qemu-system-x86_64
# A multiboot kernel that is linked high and loaded low: flat file (--oformat=binary) by load addresses.
cat > boot.S <<'X'
/* multiboot 1 (a.out kludge so that qemu takes a 64-bit ELF file), then long mode */
.set MAGIC, 0x1BADB002
.set FLAGS, 0x00010003
.section .multiboot, "a"
.align 4
mb: .long MAGIC, FLAGS, -(MAGIC+FLAGS)
 .long mb_load, load_start, load_end, bss_end, start32
.section .boot.text, "ax"
.code32
.globl start32
start32:
  cli
  mov $boot_stack_top, %esp
  mov $pml4, %edi
  mov %edi, %cr3
  movl $pdpt+3, (%edi)
  movl $pdpt+3, 4088(%edi)
  mov $pdpt, %edi
  movl $0x83, (%edi)
  movl $0x83, 4080(%edi)
  mov %cr4, %eax; or $0x20, %eax; mov %eax, %cr4
  mov $0xC0000080, %ecx; rdmsr; or $0x100, %eax; wrmsr
  mov %cr0, %eax; or $0x80000001, %eax; mov %eax, %cr0
  lgdt gdtr
  ljmp $8, $start64
.code64
start64:
  mov $stack_top, %rsp
  movabs $kmain, %rax
  call *%rax
1: hlt; jmp 1b
.section .boot.data, "aw"
.align 8
gdt: .quad 0, 0x00209A0000000000, 0x0000920000000000
gdtr: .word 23; .quad gdt
.section .boot.bss, "aw", @nobits
.align 4096
pml4: .skip 4096
pdpt: .skip 4096
.skip 4096
boot_stack_top:
.bss
.align 16
.skip 16384
.globl stack_top
stack_top:
X
cat > kmain.c <<'X'
typedef void (*init_t)(void);
extern init_t __init_start[], __init_end[];
extern char __bss_start[], __bss_stop[], _kernel_end[], __text_size[];
static inline void outb(unsigned short p, unsigned char v){ __asm__ volatile("outb %0,%1"::"a"(v),"Nd"(p)); }
static void puts_(const char*s){ while(*s) outb(0x3f8,*s++); }
static void hex(unsigned long v){ for(int i=60;i>=0;i-=4) outb(0x3f8,"0123456789abcdef"[(v>>i)&15]); outb(0x3f8,'\n'); }
static int counter = 41; static int zero[100];
const char *const msgs[] = {"hello from the kernel\n", "second\n"};
__attribute__((constructor)) static void init1(void){ counter++; }
static void probe(void){ puts_("probe called\n"); }
__attribute__((section(".initcall6"),used)) static init_t ic = probe;
void kmain(void){
  for(init_t*f=__init_start; f<__init_end; f++) (*f)();
  puts_(msgs[0]); hex(counter); hex((unsigned long)kmain); hex((unsigned long)_kernel_end);
  for(int i=0;i<100;i++) if(zero[i]) puts_("bss bad\n");
  hex((unsigned long)__text_size);
  outb(0xf4, 0x10); for(;;);
}
X
cat > kernel.ld <<'X'
ENTRY(start32)
KERNEL_VMA = 0xffffffff80000000;
SECTIONS
{
  . = 1M;
  load_start = .;
  .boot : { KEEP(*(.multiboot)) *(.boot.text) *(.boot.data) mb_load = ADDR(.boot); }
  .boot.bss : { *(.boot.bss) . = ALIGN(4096); }
  . += KERNEL_VMA;
  .text ALIGN(4K) : AT(ADDR(.text) - KERNEL_VMA) { _text = .; *(.text .text.*) _etext = .; }
  __text_size = SIZEOF(.text);
  .rodata ALIGN(4K) : AT(ADDR(.rodata) - KERNEL_VMA) { *(.rodata .rodata.*) }
  .data ALIGN(4K) : AT(ADDR(.data) - KERNEL_VMA) {
    *(.data .data.*)
    . = ALIGN(8);
    __init_start = .;
    KEEP(*(SORT_BY_INIT_PRIORITY(.init_array.*)))
    KEEP(*(.init_array))
    KEEP(*(SORT(.initcall?)))
    __init_end = .;
  }
  load_end = . - KERNEL_VMA;
  .bss : AT(ADDR(.bss) - KERNEL_VMA) { __bss_start = .; *(.bss .bss.*) *(COMMON) __bss_stop = .; }
  bss_end = . - KERNEL_VMA;
  _kernel_end = .;
  ASSERT(_kernel_end - KERNEL_VMA < 16M, "kernel too large")
  /DISCARD/ : { *(.comment) *(.note*) *(.eh_frame*) }
}
X
"$CC" -c boot.S -o boot.o
"$CC" -c -O2 -mcmodel=kernel -mno-red-zone -fno-pic -fno-stack-protector -fno-asynchronous-unwind-tables kmain.c -o kmain.o
"$LD" --gc-sections -T kernel.ld boot.o kmain.o -o kernel
ld.bfd --gc-sections -T kernel.ld boot.o kmain.o -o kernel.bfd 2> bfd.log
facts() { objdump -hw "$1" | awk '$1 ~ /^[0-9]+$/ { print $2, $3, $4, $5 }'; nm "$1" | awk '{ print $1, $NF }'; }
facts kernel.bfd > expected
facts kernel > got
diff expected got
"$LD" --gc-sections -T kernel.ld boot.o kmain.o --oformat=binary -o kernel.bin
status=0
timeout 60 qemu-system-x86_64 -kernel kernel.bin -display none -serial stdio -no-reboot -device isa-debug-exit,iobase=0xf4,iosize=4 > serial.txt || status=$?
[ $status = 33 ]
head -3 serial.txt | diff - <(printf 'probe called\nhello from the kernel\n000000000000002a\n')
