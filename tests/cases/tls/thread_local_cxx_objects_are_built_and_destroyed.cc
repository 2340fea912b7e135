//@ cflags: -pthread
//@ args: -pthread
//@ shared: libt.so t.o
//@ link: thread_local_cxx_objects_are_built_and_destroyed.o libt.so -pthread
//@ out: made used gone
#include <cstdio>
#include <thread>
void use();
int main() {
    std::thread([] { use(); }).join();
    std::puts("");
}
//@ file: t.cc -fPIC
#include <cstdio>
struct Thing {
    Thing() { std::printf("made "); }
    ~Thing() { std::printf("gone"); }
    int value = 0;
};
thread_local Thing thing;
void use() {
    thing.value++;
    std::printf("used ");
}
