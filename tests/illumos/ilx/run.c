/* Thread-local storage, initialisation, what ld.so.1 offers to libc, and the start. */
#include "ilx.h"

static unsigned char *thread_pointer;

/* tls.c: each block takes roundup(size, 16) bytes below the thread pointer, whatever p_align says; the program's
   module number is 0. */
void set_up_tls(void) {
    u64 total = 0, module = 1;
    for (int i = 0; i < object_count; i++) {
        struct object *o = &objects[i];
        if (!o->tls)
            continue;
        total += ROUND(o->tls->p_memsz, 16);
        o->tls_below = total;
        o->tls_module = o->is_main ? 0 : module++;
    }
    /* Above: the thread, whose first word points at itself. */
    unsigned char *block = memory(0, UP(total + 64) + PAGE);
    thread_pointer = block + ROUND(total, 64);
    *(u64 *)thread_pointer = (u64)thread_pointer;
    sys(158, 0x1002, (long)thread_pointer, 0, 0, 0, 0); /* arch_prctl(ARCH_SET_FS) */
}

/* After relocation, so that pointers in the image are right. */
static void fill_tls(void) {
    for (int i = 0; i < object_count; i++) {
        struct object *o = &objects[i];
        if (o->tls)
            copy(thread_pointer - o->tls_below, (void *)(o->base + o->tls->p_vaddr), o->tls->p_filesz);
    }
}

/* TLS_index has module and offset. */
static void *tls_get_addr(u64 *index) {
    for (int i = 0; i < object_count; i++)
        if (objects[i].tls && objects[i].tls_module == index[0])
            return thread_pointer - objects[i].tls_below + index[1];
    fatal("ld.so.1", "R18", "no such TLS module", "");
}

static void call_array(struct object *o, long array, long size, int backwards) {
    u64 n = tag(o, size) / 8, *f = (u64 *)(o->base + tag(o, array));
    for (u64 i = 0; has_tag(o, array) && i < n; i++) {
        u64 at = f[backwards ? n - 1 - i : i];
        if (at && at != ~0ul)
            ((void (*)(void))at)();
    }
}

/* Libraries after those they need: depth first. */
static struct object *order[MAX_OBJECTS];
static int order_count;
static char visited[MAX_OBJECTS];
static void sort(struct object *o) {
    if (visited[o - objects])
        return;
    visited[o - objects] = 1;
    for (Elf64_Dyn *d = o->dynamic; d->d_tag; d++)
        for (int i = 1; d->d_tag == DT_NEEDED && i < object_count; i++)
            if (same(objects[i].name, o->strings + d->d_un.d_val))
                sort(&objects[i]);
    order[order_count++] = o;
}

void initialise(void) {
    sort(&objects[0]);
    call_array(&objects[0], DT_PREINIT_ARRAY, DT_PREINIT_ARRAYSZ, 0);
    for (int i = 0; i < order_count; i++) {
        struct object *o = order[i];
        /* The program's own DT_INIT is crt1.o's to call. */
        if (!o->is_main && tag(o, DT_INIT))
            ((void (*)(void))(o->base + tag(o, DT_INIT)))();
        call_array(o, DT_INIT_ARRAY, DT_INIT_ARRAYSZ, 0);
    }
}

void finalise(void) {
    for (int i = order_count - 1; i >= 0; i--) {
        struct object *o = order[i];
        call_array(o, DT_FINI_ARRAY, DT_FINI_ARRAYSZ, 1);
        if (!o->is_main && tag(o, DT_FINI))
            ((void (*)(void))(o->base + tag(o, DT_FINI)))();
    }
}

struct phdr_info {
    u64 addr;
    const char *name;
    Elf64_Phdr *phdr;
    uint16_t phnum;
    u64 adds, subs;
};
static int iterate_phdr(int (*f)(struct phdr_info *, size_t, void *), void *arg) {
    int r = 0;
    for (int i = 0; i < object_count && !r; i++) {
        struct object *o = &objects[i];
        struct phdr_info info = {o->base, o->name, o->phdr, (uint16_t)o->phnum, (u64)object_count, 0};
        r = f(&info, sizeof info, arg);
    }
    return r;
}

static void *find_symbol(void *handle, const char *name) {
    struct object *owner;
    (void)handle;
    Elf64_Sym *s = lookup(name, FOR_ADDRESS, &owner);
    return s ? (void *)address(owner, s) : 0;
}

/* Memory as the kernel gives it to brk(2): with the protection of the program's last segment. */
static void *heap(size_t n) {
    void *p = memory(0, UP(n));
    protect((u64)p, n, heap_protection);
    return p;
}

u64 own_symbol(const char *name) {
    if (same(name, "dl_iterate_phdr"))
        return (u64)iterate_phdr;
    if (same(name, "dlsym"))
        return (u64)find_symbol;
    if (same(name, "__tls_get_addr"))
        return (u64)tls_get_addr;
    if (same(name, "_ilx_heap"))
        return (u64)heap;
    return 0;
}

static struct object *setup(struct object *o) {
    /* setup.c: the ELF header is where the first program header, PT_PHDR, says. */
    Elf64_Phdr *p = o->phdr;
    if (p->p_type != PT_PHDR || p->p_offset != o->header->e_phoff)
        fatal(o->name, "R01", "the first program header is not PT_PHDR", "");
    unsigned char *header = (unsigned char *)(o->base + p->p_vaddr - p->p_offset);
    if (header[0] != 0x7f || header[1] != 'E')
        fatal(o->name, "R01", "the ELF header is not in memory", "");
    return o;
}

void ilx_main(u64 *stack) {
    char **argv = (char **)(stack + 1);
    int argc = (int)stack[0], i = 1;
    const char *dirs[32];
    int count = 0;
    for (; i < argc && argv[i][0] == '-'; i++) {
        if (same(argv[i], "-t"))
            tracing = 1;
        else if (same(argv[i], "-L") && i + 1 < argc && count < 32)
            dirs[count++] = argv[++i];
    }
    if (i >= argc)
        killed("usage", "ilx [-L DIR]... [-t] PROGRAM ARG...");
    struct object *o = &objects[0];
    const char *interp = kernel_exec(o, argv[i]);
    /* The program's stack is ours, less our own arguments. */
    u64 *top = (u64 *)argv + i - 1;
    *top = (u64)(argc - i);
    u64 entry = o->base + o->header->e_entry;
    if (!interp)
        enter(entry, top, 0);
    object_count = 1;
    open_dynamic(setup(o));
    load_libraries(dirs, count);
    set_up_tls();
    relocate_all();
    fill_tls();
    initialise();
    enter(entry, top, finalise);
}
