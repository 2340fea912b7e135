//@ link: @response
//@ out: response
#include <stdio.h>
int main(void) {
    puts("response");
    return 0;
}
//@ file: response
"response_files_hold_any_option.o"
-Wl,-z,now
