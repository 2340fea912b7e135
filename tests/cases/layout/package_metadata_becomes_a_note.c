//@ args: -Wl,--package-metadata={\"name\":\"x\"}
//@ allow: notes
//@ expect: section .note.package
int main(void) { return 0; }
