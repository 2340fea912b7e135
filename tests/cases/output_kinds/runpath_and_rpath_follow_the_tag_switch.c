//@ variant: new -Wl,--enable-new-dtags,-rpath,/a,-rpath,/b,-rpath,/a
//@ expect: runpath /a:/b
//@ expect: no dynamic RPATH
int main(void) { return 0; }
