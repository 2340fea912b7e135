//@ link: objects_between_start_lib_and_end_lib_are_lazy.o -Wl,--start-lib f.o g.o -Wl,--end-lib
//@ ref: lld
//@ allow: segments notes stack sections ehdr-osabi dynamic-tags dynsym
//@ expect: symbol f
//@ expect: no symbol g
int f(void);
int main(void) { return f(); }
//@ file: f.c
int f(void) { return 0; }
//@ file: g.c
int nothing(void);
int g(void) { return nothing(); }
