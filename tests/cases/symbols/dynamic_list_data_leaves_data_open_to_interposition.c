//@ shared: liba.so a.o -Wl,--dynamic-list-data
//@ link: dynamic_list_data_leaves_data_open_to_interposition.o liba.so
//@ out: 10 2
//@ allow: *
#include <stdio.h>
int value = 10;
int function(void) { return 20; }
int get_value(void), call_function(void);
int main(void) {
    printf("%d %d\n", get_value(), call_function());
    return 0;
}
//@ file: a.c -fPIC
int value = 1;
int function(void) { return 2; }
int get_value(void) { return value; }
int call_function(void) { return function(); }
