//@ expect-wcc: text .comment wcc
//@ expect: section .comment flags MS
int main(void) { return 0; }
