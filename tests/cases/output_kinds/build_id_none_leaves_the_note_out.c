//@ args: -Wl,--build-id=none
//@ expect: no section .note.gnu.build-id
int main(void) { return 0; }
