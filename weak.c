__attribute__((visibility("protected"), weak)) const char *g = "a"; __attribute__((visibility("hidden"))) extern int f(void); int callf(void) { return f(); }
