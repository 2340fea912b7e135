//@ args: -Wl,--start-stop
//@ ref: none
//@ out: 2 12
#include <stdio.h>
extern const char __start_text[], __stop_text[], __start_my_data[], __stop_my_data[];
__attribute__((section(".my.data"))) int mine[3] = {1, 2, 3};
int main(void) {
    const char *f = (const char *)main;
    printf("%d %d\n", (__start_text <= f) + (f < __stop_text), (int)(__stop_my_data - __start_my_data));
    return 0;
}
