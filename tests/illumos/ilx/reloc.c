/* ld.so.1, second half: relocation as cmd/sgs/rtld/amd64/amd64_elf.c and krtld/doreloc.c do it. Everything is added to
 * the word that stands there, except RELATIVE and JUMP_SLOT, which overwrite, and COPY. */
#include "ilx.h"


/* The address a symbol has; a filter symbol has the one ld.so.1 gives it. */
u64 address(struct object *o, Elf64_Sym *s) {
    const char *name = o->strings + s->st_name;
    if (!o->is_main && s->st_shndx == SHN_ABS && s->st_value == 0 && ELF64_ST_TYPE(s->st_info) == STT_FUNC) {
        u64 own = own_symbol(name);
        if (!own)
            fatal(o->name, "filter", "ld.so.1 has no such function", name);
        return own;
    }
    return s->st_shndx == SHN_ABS ? s->st_value : o->base + s->st_value;
}

/* Makes the word writable; outside every segment it is an error. */
static u64 *word_at(struct object *o, u64 at) {
    for (int i = 0; i < o->phnum; i++) {
        Elf64_Phdr *p = &o->phdr[i];
        if (p->p_type != PT_LOAD || at < p->p_vaddr || at >= p->p_vaddr + p->p_memsz)
            continue;
        if (!(p->p_flags & PF_W)) {
            trace("text relocation in ", o->name, "");
            protect(o->base + at, 8, PF_R | PF_W | PF_X);
        }
        return (u64 *)(o->base + at);
    }
    fatal(o->name, "R11", "relocation outside every segment", "");
}

static void add(u64 *word, u64 value, int bytes) {
    u64 sum = value;
    copy(&sum, word, (size_t)bytes); /* little-endian: the low bytes */
    if (bytes < 8)
        sum &= (1ul << (8 * bytes)) - 1;
    sum += value;
    copy(word, &sum, (size_t)bytes);
}

static void one(struct object *o, Elf64_Rela *r) {
    int type = (int)ELF64_R_TYPE(r->r_info);
    if (type == R_X86_64_NONE || type == R_X86_64_COPY)
        return;
    u64 *word = word_at(o, r->r_offset);
    u64 place = o->base + r->r_offset, addend = (u64)r->r_addend;
    if (type == R_X86_64_RELATIVE) {
        *word = o->base + addend;
        return;
    }
    Elf64_Sym *ref = &o->symbols[ELF64_R_SYM(r->r_info)];
    const char *name = o->strings + ref->st_name;
    struct object *owner = o;
    Elf64_Sym *def = ref;
    u64 value = 0;
    if (ELF64_R_SYM(r->r_info) == 0 || ELF64_ST_BIND(ref->st_info) == STB_LOCAL) {
        value = ELF64_R_SYM(r->r_info) ? o->base + ref->st_value : 0;
    } else if (ref->st_shndx != SHN_UNDEF && (ELF64_ST_VISIBILITY(ref->st_other) || has_tag(o, DT_SYMBOLIC))) {
        value = address(o, ref);
    } else {
        def = lookup(name, type == R_X86_64_JUMP_SLOT ? FOR_CALL : FOR_ADDRESS, &owner);
        if (def)
            value = address(owner, def);
        else if (ELF64_ST_BIND(ref->st_info) != STB_WEAK)
            fatal(o->name, "relocation error", "symbol not found", name);
    }
    switch (type) {
    case R_X86_64_64:
        return add(word, value + addend, 8);
    case R_X86_64_GLOB_DAT:
        return add(word, value + addend, 8);
    case R_X86_64_JUMP_SLOT:
        *word = value + addend;
        return;
    case R_X86_64_PC32:
    case R_X86_64_PLT32:
        return add(word, value + addend - place, 4);
    case R_X86_64_32:
    case R_X86_64_32S:
        return add(word, value + addend, 4);
    case R_X86_64_PC64:
        return add(word, value + addend - place, 8);
    case R_X86_64_DTPMOD64:
        return add(word, owner->tls_module, 8);
    case R_X86_64_DTPOFF64:
        return add(word, (def ? def->st_value : 0) + addend, 8);
    case R_X86_64_TPOFF64:
        /* Without symbol it is not known as one of a thread-local variable: the load address is stored. */
        if (ELF64_R_SYM(r->r_info) == 0)
            return add(word, o->base + addend, 8);
        return add(word, (def ? def->st_value : 0) + addend - owner->tls_below, 8);
    case R_X86_64_SIZE64:
        return add(word, (def ? def->st_size : 0) + addend, 8);
    case R_X86_64_SIZE32:
        return add(word, (def ? def->st_size : 0) + addend, 4);
    }
    fatal(o->name, "R10", "unsupported relocation type", name);
}

static void relocate(struct object *o) {
    u64 rela = tag(o, DT_RELA), size = tag(o, DT_RELASZ);
    u64 plt = tag(o, DT_JMPREL), plt_size = tag(o, DT_PLTRELSZ);
    if (size && tag(o, DT_RELAENT) != sizeof(Elf64_Rela))
        fatal(o->name, "R08", "wrong size of a relocation", "");
    if (o->pltgot) {
        /* Stored whether or not there is a PLT. */
        ((u64 *)o->pltgot)[1] = (u64)o;
        ((u64 *)o->pltgot)[2] = (u64)elf_rtbndr;
    }
    /* One range from the first table to the end of the last. */
    u64 from = size && plt_size ? (rela < plt ? rela : plt) : size ? rela : plt;
    u64 to = rela + size > plt + plt_size ? rela + size : plt + plt_size;
    if (!size && !plt_size)
        return;
    u64 relative = tag(o, DT_RELACOUNT);
    for (u64 at = from; at + sizeof(Elf64_Rela) <= to; at += sizeof(Elf64_Rela)) {
        Elf64_Rela *r = (Elf64_Rela *)(o->base + at);
        if (relative) {
            /* Its type is not looked at. */
            relative--;
            *word_at(o, r->r_offset) = o->base + (u64)r->r_addend;
            continue;
        }
        if (plt_size && at == plt && !o->now) {
            /* Lazy: slots of a fixed program are right; others get the base, as many as there are relocations, one
               behind the other. */
            if (o->header->e_type != ET_EXEC) {
                u64 *slot = word_at(o, r->r_offset);
                for (u64 n = 0; n < plt_size / sizeof *r; n++)
                    slot[n] += o->base;
            }
            at += plt_size - sizeof *r;
            continue;
        }
        one(o, r);
    }
}

/* COPY comes last, when all data of libraries is right. */
static void copies(struct object *o) {
    for (int table = 0; table < 2; table++) {
        u64 at = table ? tag(o, DT_JMPREL) : tag(o, DT_RELA), n = table ? tag(o, DT_PLTRELSZ) : tag(o, DT_RELASZ);
        for (Elf64_Rela *r = (Elf64_Rela *)(o->base + at), *end = r + n / sizeof *r; r < end; r++) {
            if (ELF64_R_TYPE(r->r_info) != R_X86_64_COPY)
                continue;
            if (!o->is_main)
                fatal(o->name, "R16", "COPY in a library", "");
            Elf64_Sym *s = &o->symbols[ELF64_R_SYM(r->r_info)];
            struct object *owner;
            Elf64_Sym *def = lookup(o->strings + s->st_name, FOR_COPY, &owner);
            if (!def)
                fatal(o->name, "relocation error", "symbol not found", o->strings + s->st_name);
            copy(word_at(o, r->r_offset), (void *)address(owner, def), s->st_size);
        }
    }
}

void relocate_all(void) {
    for (int i = object_count - 1; i >= 0; i--)
        relocate(&objects[i]);
    copies(&objects[0]);
    for (int i = 1; i < object_count; i++)
        copies(&objects[i]);
}

/* The first call through a PLT entry. */
u64 bind_slot(struct object *o, u64 index) {
    Elf64_Rela *r = (Elf64_Rela *)(o->base + tag(o, DT_JMPREL)) + index;
    if (index >= tag(o, DT_PLTRELSZ) / sizeof *r)
        fatal(o->name, "R14", "a PLT entry pushed a wrong index", "");
    one(o, r);
    trace("binds ", o->strings + o->symbols[ELF64_R_SYM(r->r_info)].st_name, "");
    return *(u64 *)(o->base + r->r_offset);
}
