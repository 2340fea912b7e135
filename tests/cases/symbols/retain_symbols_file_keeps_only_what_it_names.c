//@ args: -Wl,--retain-symbols-file=list
//@ allow: symtab* data* frames* init-order
//@ expect: symbol keep_me
//@ expect: no symbol drop_me
int keep_me(void) { return 0; }
int drop_me(void) { return 0; }
int main(void) { return 0; }
//@ file: list
keep_me
main
