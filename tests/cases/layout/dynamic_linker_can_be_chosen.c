//@ args: -Wl,--dynamic-linker=/opt/own/ld.so
//@ no-run:
//@ expect: interp /opt/own/ld.so
int main(void) { return 0; }
