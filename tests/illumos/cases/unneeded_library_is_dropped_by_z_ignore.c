//@ args: -Wl,-z,ignore -lsocket -lnsl -lpthread -Wl,-z,record
//@ ref: none
//@ expect: needed libpthread.so.1 libc.so.1
//@ out: ok
#include <stdio.h>
int pthread_mutex_lock(void *);
int main(void) {
    puts("ok");
    return pthread_mutex_lock(0);
}
