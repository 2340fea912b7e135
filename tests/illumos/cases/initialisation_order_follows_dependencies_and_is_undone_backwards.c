//@ shared: liba.so a.o
//@ shared: libb.so b.o -L. -la
//@ link: main.o -L. -lb -la
//@ out: preinit
//@ out: a
//@ out: b
//@ out: main's array
//@ out: main
//@ out: handler
//@ out: main's array undone
//@ out: b undone
//@ out: a undone
//@ file: a.c -fPIC
#include <stdio.h>
int a = 1;
__attribute__((constructor)) static void in(void) { puts("a"); }
__attribute__((destructor)) static void out(void) { puts("a undone"); }
//@ file: b.c -fPIC
#include <stdio.h>
extern int a;
int b(void) { return a; }
__attribute__((constructor)) static void in(void) { puts("b"); }
__attribute__((destructor)) static void out(void) { puts("b undone"); }
//@ file: main.c
#include <stdio.h>
#include <stdlib.h>
int b(void);
static void pre(void) { puts("preinit"); }
__attribute__((section(".preinit_array"), used)) static void (*p)(void) = pre;
__attribute__((constructor)) static void in(void) { puts("main's array"); }
__attribute__((destructor)) static void out(void) { puts("main's array undone"); }
static void handler(void) { puts("handler"); }
int main(void) {
    puts("main");
    atexit(handler);
    return b() - 1;
}
