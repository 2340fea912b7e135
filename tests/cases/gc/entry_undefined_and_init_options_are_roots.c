//@ args: -Wl,--gc-sections,-u,rooted
//@ cflags: -ffunction-sections
//@ expect: symbol rooted
//@ expect: no symbol dead
int rooted(void) { return 1; }
int dead(void) { return 2; }
int main(void) { return 0; }
