//@ variant: sha1 -Wl,--build-id=sha1
//@ variant: default -Wl,--build-id
//@ expect: note GNU 3 size 20
int main(void) { return 0; }
