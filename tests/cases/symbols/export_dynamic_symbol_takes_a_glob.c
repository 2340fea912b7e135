//@ args: -Wl,--export-dynamic-symbol=api_*
//@ expect: dynsym api_one DEF
//@ expect: dynsym api_two DEF
//@ expect: no dynsym other
int api_one(void) { return 1; }
int api_two(void) { return 2; }
int other(void) { return 3; }
int main(void) { return 0; }
