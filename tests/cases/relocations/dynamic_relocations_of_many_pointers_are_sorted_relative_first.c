//@ args: -shared
//@ cflags: -fPIC
//@ no-run:
//@ expect: dynamic RELACOUNT
extern int outside1, outside2;
static int inside[4];
int *table[] = {&outside1, &inside[0], &outside2, &inside[1], &inside[2]};
