/* The rest of crt1.o. Compile with -fPIC: `_DYNAMIC` may be absent, and its address is what is asked. */
extern int main(int, char **, char **);
extern void _init(void), _fini(void);
extern int atexit(void (*)(void));
extern void exit(int) __attribute__((noreturn));
extern char _DYNAMIC[] __attribute__((weak));

char **_environ;
extern char **environ __attribute__((weak, alias("_environ")));
int ___Argv;

void _start_crt(int argc, char **argv, void (*at_exit)(void)) {
    _environ = argv + argc + 1;
    /* A static program has no run-time linker, so what is in %rdx means nothing. */
    if (_DYNAMIC != 0 && at_exit != 0)
        atexit(at_exit);
    atexit(_fini);
    _init();
    exit(main(argc, argv, _environ));
}
