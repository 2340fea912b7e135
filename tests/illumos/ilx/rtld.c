/* ld.so.1, first half: usr/src/cmd/sgs/rtld: libraries, names, versions. */
#include "ilx.h"

struct object objects[MAX_OBJECTS];
int object_count;

u64 tag(struct object *o, long name) {
    for (Elf64_Dyn *d = o->dynamic; d && d->d_tag; d++)
        if (d->d_tag == name)
            return d->d_un.d_val;
    return 0;
}
int has_tag(struct object *o, long name) {
    for (Elf64_Dyn *d = o->dynamic; d && d->d_tag; d++)
        if (d->d_tag == name)
            return 1;
    return 0;
}

/* Reads the dynamic section of a mapped object. */
void open_dynamic(struct object *o) {
    for (int i = 0; i < o->phnum; i++) {
        Elf64_Phdr *p = &o->phdr[i];
        if (p->p_type == PT_DYNAMIC)
            o->dynamic = (Elf64_Dyn *)(o->base + p->p_vaddr);
        if (p->p_type == PT_TLS && p->p_memsz)
            o->tls = p;
    }
    if (!o->dynamic)
        fatal(o->name, "R04", "no dynamic section", "");
    if (o->header->e_flags)
        fatal(o->name, "R02", "wrong ELF flags", "");
    if (!tag(o, DT_STRTAB) || !tag(o, DT_SYMTAB) || tag(o, DT_SYMENT) != sizeof(Elf64_Sym))
        fatal(o->name, "R06", "no symbol table", "");
    o->strings = (const char *)(o->base + tag(o, DT_STRTAB));
    o->symbols = (Elf64_Sym *)(o->base + tag(o, DT_SYMTAB));
    /* DT_GNU_HASH, DT_RELR and the like are unknown and passed over. */
    if (has_tag(o, DT_HASH))
        o->hash = (uint32_t *)(o->base + tag(o, DT_HASH));
    if (has_tag(o, DT_VERSYM))
        o->versym = (uint16_t *)(o->base + tag(o, DT_VERSYM));
    if (has_tag(o, DT_REL))
        fatal(o->name, "R08", "REL relocations", "");
    o->pltgot = has_tag(o, DT_PLTGOT) ? o->base + tag(o, DT_PLTGOT) : 0;
    if (has_tag(o, DT_FILTER))
        o->filtee = o->strings + tag(o, DT_FILTER);
    o->now = (tag(o, DT_FLAGS) & DF_BIND_NOW) || (tag(o, DT_FLAGS_1) & DF_1_NOW) || has_tag(o, DT_BIND_NOW);
    if (o->is_main && has_tag(o, DT_DEBUG))
        for (Elf64_Dyn *d = o->dynamic; d->d_tag; d++)
            if (d->d_tag == DT_DEBUG)
                d->d_un.d_val = (u64)objects; /* a read-only section faults here: R08 */
}

/* mmapobj(2): uts/common/os/mmapobj.c. */
static void map_library(struct object *o) {
    Elf64_Ehdr *e = o->header = (Elf64_Ehdr *)o->file;
    if (o->size < sizeof *e || e->e_type != ET_DYN || e->e_machine != EM_X86_64 || e->e_phentsize < sizeof(Elf64_Phdr) ||
        e->e_phentsize % 8 || e->e_phnum == 0xffff)
        fatal(o->name, "K30", "mmapobj: not supported", "");
    o->phdr = (Elf64_Phdr *)(o->file + e->e_phoff);
    o->phnum = e->e_phnum;
    u64 end = 0;
    int first = 1;
    for (int i = 0; i < o->phnum; i++) {
        Elf64_Phdr *p = &o->phdr[i];
        if (p->p_type != PT_LOAD || p->p_memsz == 0)
            continue;
        if (first && (p->p_offset != 0 || p->p_vaddr != 0))
            fatal(o->name, "K32", "mmapobj: the first segment does not hold the headers", "");
        if (!first && p->p_vaddr < UP(end))
            fatal(o->name, "K31", "mmapobj: segments share a page", "");
        first = 0;
        end = p->p_vaddr + p->p_memsz;
    }
    if (first)
        fatal(o->name, "K30", "mmapobj: nothing to load", "");
    map_segments(o, (u64)memory(0, UP(end) + PAGE));
}

static const char *base_name(const char *path) {
    const char *b = path;
    for (; *path; path++)
        if (*path == '/')
            b = path + 1;
    return b;
}

static void load(struct object *by, const char *name, const char **dirs, int count) {
    for (int i = 1; i < object_count; i++)
        if (same(objects[i].name, base_name(name)))
            return;
    if (object_count == MAX_OBJECTS)
        fatal(name, "model", "too many libraries", "");
    char path[1024];
    for (int i = 0; i < count; i++) {
        size_t n = length(dirs[i]);
        if (n + length(base_name(name)) + 2 > sizeof path)
            continue;
        copy(path, dirs[i], n);
        path[n] = '/';
        copy(path + n + 1, base_name(name), length(base_name(name)) + 1);
        struct object *o = &objects[object_count];
        o->file = read_file(path, &o->size);
        if (!o->file)
            continue;
        o->name = base_name(name);
        trace("maps ", path, "");
        object_count++;
        map_library(o);
        open_dynamic(o);
        return;
    }
    fatal(by->name, "open", "cannot find library", name);
}

/* elf_verify_vers: every version wanted must be one the library defines. */
static void check_versions(struct object *o) {
    if (!has_tag(o, DT_VERNEED))
        return;
    Elf64_Verneed *n = (Elf64_Verneed *)(o->base + tag(o, DT_VERNEED));
    for (u64 i = tag(o, DT_VERNEEDNUM); i > 0; i--) {
        struct object *lib = 0;
        for (int k = 1; k < object_count; k++)
            if (same(objects[k].name, base_name(o->strings + n->vn_file)))
                lib = &objects[k];
        if (!lib)
            fatal(o->name, "R17", "versions of a library that is not needed", o->strings + n->vn_file);
        Elf64_Vernaux *a = (Elf64_Vernaux *)((char *)n + n->vn_aux);
        for (int k = n->vn_cnt; k > 0; k--) {
            int found = !has_tag(lib, DT_VERDEF) || (a->vna_flags & VER_FLG_WEAK);
            Elf64_Verdef *d = has_tag(lib, DT_VERDEF) ? (Elf64_Verdef *)(lib->base + tag(lib, DT_VERDEF)) : 0;
            while (d && !found) {
                Elf64_Verdaux *x = (Elf64_Verdaux *)((char *)d + d->vd_aux);
                found = d->vd_hash == a->vna_hash && same(lib->strings + x->vda_name, o->strings + a->vna_name);
                d = d->vd_next ? (Elf64_Verdef *)((char *)d + d->vd_next) : 0;
            }
            if (!found)
                fatal(o->name, "R17", "version not found", o->strings + a->vna_name);
            a = (Elf64_Vernaux *)((char *)a + a->vna_next);
        }
        n = (Elf64_Verneed *)((char *)n + n->vn_next);
    }
}

void load_libraries(const char **dirs, int count) {
    /* Breadth first, as link maps are. */
    for (int i = 0; i < object_count; i++) {
        struct object *o = &objects[i];
        for (Elf64_Dyn *d = o->dynamic; d->d_tag; d++)
            if (d->d_tag == DT_NEEDED)
                load(o, o->strings + d->d_un.d_val, dirs, count);
        if (o->filtee)
            load(o, o->filtee, dirs, count);
    }
    for (int i = 0; i < object_count; i++)
        check_versions(&objects[i]);
}

static uint32_t hash_of(const char *name) {
    uint32_t h = 0;
    for (; *name; name++) {
        h = (h << 4) + (unsigned char)*name;
        uint32_t g = h & 0xf0000000;
        h = (h ^ (g >> 24)) & ~g;
    }
    return h;
}

/* One object's definition. Hidden versions and hidden symbols are invisible. */
static Elf64_Sym *find_in(struct object *o, const char *name, enum how how) {
    if (!o->hash)
        return 0;
    uint32_t buckets = o->hash[0];
    for (uint32_t i = o->hash[2 + hash_of(name) % buckets]; i; i = o->hash[2 + buckets + i]) {
        Elf64_Sym *s = &o->symbols[i];
        if (!same(o->strings + s->st_name, name))
            continue;
        if (s->st_shndx == SHN_UNDEF) {
            /* A program's PLT entry that stands for the function, unless it is that entry which is to be bound. */
            if (how == FOR_CALL || !(o->is_main && s->st_value && ELF64_ST_TYPE(s->st_info) == STT_FUNC))
                continue;
        }
        if (ELF64_ST_BIND(s->st_info) == STB_LOCAL || ELF64_ST_VISIBILITY(s->st_other) == STV_HIDDEN)
            continue;
        if (o->versym && (o->versym[i] & 0x8000))
            continue;
        if (ELF64_ST_TYPE(s->st_info) == STT_GNU_IFUNC || ELF64_ST_BIND(s->st_info) == 10)
            trace("takes for an ordinary function: ", name, "");
        return s;
    }
    return 0;
}

Elf64_Sym *lookup(const char *name, enum how how, struct object **owner) {
    for (int i = how == FOR_COPY ? 1 : 0; i < object_count; i++) {
        struct object *o = &objects[i];
        Elf64_Sym *s = find_in(o, name, how);
        if (!s)
            continue;
        if (o->filtee) {
            /* A filter lends its name; the code is the filtee's. */
            for (int k = 1; k < object_count; k++)
                if (same(objects[k].name, o->filtee)) {
                    Elf64_Sym *t = find_in(&objects[k], name, how);
                    if (t) {
                        *owner = &objects[k];
                        return t;
                    }
                }
            continue;
        }
        *owner = o;
        return s;
    }
    return 0;
}
