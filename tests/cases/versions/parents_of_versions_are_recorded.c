//@ shared: libv.so v.o -Wl,--version-script=map -Wl,-soname,libv.so.9
//@ link: parents_of_versions_are_recorded.o libv.so
//@ no-run:
//@ expect libv.so: verdef libv.so.9
//@ expect libv.so: verdef V3
int main(void) { return 0; }
//@ file: v.c -fPIC
int a(void) { return 0; }
int b(void) { return 0; }
int c(void) { return 0; }
//@ file: map
V1 { a; };
V2 { b; } V1;
V3 { global: c; local: *; } V2;
