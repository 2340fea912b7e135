//@ cflags: -ffunction-sections -fdata-sections
//@ expect: no section .text.f
//@ expect: no section .data.d
//@ expect: no section .rodata.r
//@ expect: no section .bss.z
int d = 1, z;
const int r = 3;
int f(void) { return d + z + r; }
int main(void) { return f() - 4; }
