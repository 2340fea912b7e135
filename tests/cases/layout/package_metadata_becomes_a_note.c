//@ args: -Wl,--package-metadata={\"name\":\"x\"}
//@ expect: section .note.package
int main(void) { return 0; }
