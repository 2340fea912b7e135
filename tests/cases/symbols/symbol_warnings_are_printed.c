//@ warn: do not use old_thing
int old_thing(void);
int main(void) { return old_thing(); }
//@ file: b.c
int old_thing(void) { return 0; }
__asm__(".pushsection .gnu.warning.old_thing,\"\",@progbits\n .asciz \"do not use old_thing\"\n .popsection");
