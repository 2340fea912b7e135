/* Every kind of symbol and thread-local model a C file can have. */
int common_a, common_b[40];
__attribute__((weak)) int weak_data = 4;
__attribute__((visibility("hidden"))) int hidden_data = 5;
__attribute__((visibility("protected"))) int protected_data = 6;
static int local_data = 7;
int shared_data = 8;
extern int elsewhere __attribute__((weak));

__thread int tls_global = 1;
static __thread int tls_local;
__thread int tls_initial __attribute__((tls_model("initial-exec"))) = 2;

static const char *texts[] = {"first", "second text", "text", "a string\n"};
int (*pointers[])(void);

int c_one(void) { return tls_global + tls_local++ + tls_initial; }
int c_two(void) { return common_a + common_b[3] + weak_data + hidden_data + protected_data + local_data++; }
const char *c_text(int i) { return texts[i & 3]; }
int c_maybe(void) { return &elsewhere ? elsewhere : shared_data; }
static int fast(void) { return 1; }
static int (*choose(void))(void) { return fast; }
int c_indirect(void) __attribute__((ifunc("choose")));
int (*pointers[])(void) = {c_one, c_two, c_maybe, c_indirect};
__attribute__((constructor)) static void begin(void) { local_data = c_one(); }
__attribute__((destructor(200))) static void end(void) { local_data = 0; }
