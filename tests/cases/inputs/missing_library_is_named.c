//@ args: -lnot_there_either
//@ fail: not_there_either
int main(void) { return 0; }
