//@ args: -Wl,-R/one -Wl,-R,/two -Wl,-rpath,/three
//@ ref: none
//@ expect: runpath /one:/two:/three
int main(void) { return 0; }
