//@ args: -Wl,--gc-sections,--gc-keep-exported
//@ cflags: -ffunction-sections
//@ expect: symbol visible
//@ expect: no symbol hidden_one
int visible(void) { return 1; }
__attribute__((visibility("hidden"))) int hidden_one(void) { return 2; }
int main(void) { return 0; }
