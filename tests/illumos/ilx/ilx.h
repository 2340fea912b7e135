/* ilx: a model of how illumos loads a program, which then runs on Linux.
 *
 *   ilx [-L DIR]… [-t] PROGRAM ARG…
 *
 * kernel.c is exec(2): what it refuses ends with status 137 (the kernel's SIGKILL), and maps the rest. rtld.c finds and
 * maps libraries and checks versions; reloc.c relocates as ld.so.1 does, which adds to the word; run.c has thread-local
 * storage, initialisation and what ld.so.1 offers to libc. What ld.so.1 refuses ends with status 126. Rule ids are those
 * of `ld.wcc --verify-load`; this is a second opinion and shares no code with it.
 *
 * Freestanding, without thread-local variables of its own, and far from where programs are linked. */
#ifndef ILX_H
#define ILX_H
#include <elf.h>
#include <stddef.h>
#include <stdint.h>

/* Plain references, without a GOT. */
#pragma GCC visibility push(hidden)
typedef uint64_t u64;
#define PAGE 4096ul
#define DOWN(x) ((x) & ~(PAGE - 1))
#define UP(x) DOWN((x) + PAGE - 1)
#define ROUND(x, n) (((x) + (n) - 1) / (n) * (n))

/* sys.c */
long sys(long n, long a, long b, long c, long d, long e, long f);
_Noreturn void killed(const char *rule, const char *what);
_Noreturn void fatal(const char *object, const char *rule, const char *what, const char *name);
int same(const char *a, const char *b);
size_t length(const char *s);
void copy(void *to, const void *from, size_t n);
void trace(const char *a, const char *b, const char *c);
extern int tracing;
/* A whole file in memory; 0 when it cannot be opened. */
unsigned char *read_file(const char *path, size_t *size);
/* Fresh zeroed memory; at 0 anywhere. */
void *memory(u64 at, u64 size);
void protect(u64 at, u64 size, int elf_flags);

/* One program or library. */
struct object {
    const char *name;
    u64 base;
    Elf64_Ehdr *header; /* in the file's copy */
    unsigned char *file;
    size_t size;
    Elf64_Phdr *phdr;
    int phnum;
    int is_main;
    Elf64_Dyn *dynamic;
    const char *strings;
    Elf64_Sym *symbols;
    uint32_t *hash; /* DT_HASH; 0: no name is found here */
    uint16_t *versym;
    u64 pltgot;
    const char *filtee;
    int now;
    u64 relocated_words;
    /* Thread-local storage. */
    u64 tls_module, tls_size, tls_below; /* the block starts this far below the thread pointer */
    Elf64_Phdr *tls;
};
#define MAX_OBJECTS 64
extern struct object objects[MAX_OBJECTS];
extern int object_count;

/* kernel.c */
void map_segments(struct object *o, u64 base);
/* Maps the program; returns its interpreter or 0. */
const char *kernel_exec(struct object *o, const char *path);
extern int heap_protection;

/* rtld.c */
void load_libraries(const char **dirs, int count);
u64 tag(struct object *o, long name);
int has_tag(struct object *o, long name);
void open_dynamic(struct object *o);
/* What a definition is wanted for: its address, a PLT slot (ld.so.1's LKUP_SPEC is not set), or a copy relocation. */
enum how { FOR_ADDRESS, FOR_CALL, FOR_COPY };
/* The definition of a name: the program's first, then the libraries' in load order. */
Elf64_Sym *lookup(const char *name, enum how how, struct object **owner);

/* reloc.c */
void relocate_all(void);
u64 bind_slot(struct object *o, u64 index);
u64 address(struct object *o, Elf64_Sym *s);

/* run.c */
void set_up_tls(void);
void initialise(void);
void finalise(void);
u64 own_symbol(const char *name);

/* start.S */
void elf_rtbndr(void);
_Noreturn void enter(u64 entry, void *stack, void (*at_exit)(void));
#endif
