//@ args: -Wl,--disable-new-dtags,-rpath,$ORIGIN/lib
//@ expect: rpath $ORIGIN/lib
//@ expect: no dynamic RUNPATH
int main(void) { return 0; }
