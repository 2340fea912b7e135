//@ args: -Wl,-z,nosuchkeyword
//@ warn: nosuchkeyword
int main(void) { return 0; }
