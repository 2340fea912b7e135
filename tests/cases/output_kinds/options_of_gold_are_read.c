//@ args: -Wl,--no-detect-odr-violations,--icf-iterations=3,--no-posix-fallocate,--hash-bucket-empty-fraction=0.5
//@ ref: none
int main(void) { return 0; }
