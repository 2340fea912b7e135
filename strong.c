const char *g = "b"; int f(void) { return 2; } int h(void) { return g[0]; }
