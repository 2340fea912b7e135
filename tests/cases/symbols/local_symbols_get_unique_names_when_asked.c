//@ args: -Wl,-z,unique-symbol
//@ cflags: -O0
//@ allow: symtab-locals
//@ expect: symbol local_one.0
//@ expect: symbol local_one.1
//@ expect: no symbol local_one
//@ expect: symbol main
static int local_one(void) { return 0; }
int other(void);
int main(void) { return local_one() + other(); }
//@ file: b.c
static int local_one(void) { return 0; }
int other(void) { return local_one(); }
