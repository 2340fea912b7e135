//@ variant: missing -Wl,-R/not/installed/yet
//@ expect: runpath /not/installed/yet
int main(void) { return 0; }
