//@ ar: libx.a one.o two.o other.o
//@ args: libx.a -Wl,--undefined-glob=plug_*
//@ ref: lld
//@ needs: lld
//@ allow: segments notes
//@ expect: symbol plug_one
//@ expect: symbol plug_two
//@ expect: no symbol other
int main(void) { return 0; }
//@ file: one.c
int plug_one = 1;
//@ file: two.c
int plug_two = 2;
//@ file: other.c
int other = 3;
