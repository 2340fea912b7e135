//@ args: -Wl,--build-id=md5
//@ expect: note GNU 3 size 16
int main(void) { return 0; }
