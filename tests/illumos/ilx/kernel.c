/* exec(2): uts/common/exec/elf/elf.c of illumos. */
#include "ilx.h"

int heap_protection = PF_R | PF_W;

/* Maps every PT_LOAD: whole pages of the file where offset and address agree, as the kernel does; a later segment lies
   over an earlier one. Protections are the last segment's, execute permission stays. */
void map_segments(struct object *o, u64 base) {
    o->base = base;
    u64 mapped_to = 0;
    int last_flags = 0;
    for (int i = 0; i < o->phnum; i++) {
        Elf64_Phdr *p = &o->phdr[i];
        if (p->p_type != PT_LOAD || p->p_memsz == 0)
            continue;
        u64 start = base + p->p_vaddr, end = start + p->p_memsz;
        u64 from = DOWN(start);
        int flags = (int)p->p_flags;
        if (from < mapped_to && from + PAGE > mapped_to - PAGE)
            flags |= last_flags & PF_X;
        if (from < mapped_to) {
            /* A page both need: if it is not the same page of the file, the earlier one is lost. */
            protect(from, PAGE, PF_R | PF_W);
            if (UP(end) > mapped_to)
                memory(mapped_to, UP(end) - mapped_to);
        } else {
            memory(from, UP(end) - from);
        }
        u64 lead = start - from;
        if (p->p_filesz > 0) {
            if (p->p_offset % PAGE != p->p_vaddr % PAGE)
                lead = 0;
            u64 offset = p->p_offset - lead, n = p->p_filesz + lead;
            u64 place = start - lead;
            /* The rest of the last page is the file's too, unless .bss clears it. */
            if (p->p_filesz == p->p_memsz)
                n = UP(place + n) - place;
            if (offset + n > o->size)
                n = o->size - offset;
            copy((void *)place, o->file + offset, n);
        }
        protect(from, UP(end) - from, flags);
        mapped_to = UP(end);
        last_flags = flags;
    }
}

const char *kernel_exec(struct object *o, const char *path) {
    o->name = path;
    o->is_main = 1;
    o->file = read_file(path, &o->size);
    if (!o->file)
        killed("ENOENT", path);
    Elf64_Ehdr *e = o->header = (Elf64_Ehdr *)o->file;
    if (o->size < sizeof *e || e->e_ident[0] != 0x7f || e->e_ident[1] != 'E' || e->e_ident[2] != 'L' || e->e_ident[3] != 'F')
        killed("K01", "no ELF file");
    if ((e->e_type != ET_EXEC && e->e_type != ET_DYN) || e->e_ident[EI_CLASS] != ELFCLASS64 ||
        e->e_ident[EI_DATA] != ELFDATA2LSB || e->e_machine != EM_X86_64)
        killed("K02", "wrong type, class, byte order or machine");
    if (e->e_phentsize < sizeof(Elf64_Phdr) || e->e_phentsize % 4)
        killed("K04", "wrong e_phentsize");
    if (e->e_phoff > o->size || (u64)e->e_phnum * e->e_phentsize > o->size - e->e_phoff)
        killed("K04", "the program headers are not in the file");
    if (e->e_entry == 0)
        killed("K05", "bad entry point");
    o->phdr = (Elf64_Phdr *)(o->file + e->e_phoff);
    o->phnum = e->e_phnum;

    Elf64_Phdr *phdr = 0, *interp = 0, *last = 0;
    u64 low = ~0ul, high = 0;
    for (int i = 0; i < o->phnum; i++) {
        Elf64_Phdr *p = &o->phdr[i];
        if (p->p_type == PT_PHDR) {
            if (last || p->p_flags == 0)
                killed("K10", "PT_PHDR behind a PT_LOAD, or without flags");
            phdr = p;
        } else if (p->p_type == PT_INTERP) {
            if (last)
                killed("K11", "PT_INTERP behind a PT_LOAD");
            interp = p;
        } else if (p->p_type == PT_DYNAMIC) {
            if (p->p_offset + p->p_filesz > o->size)
                killed("K06", "PT_DYNAMIC is not in the file");
        } else if (p->p_type == PT_LOAD) {
            if (p->p_filesz > p->p_memsz || p->p_offset + p->p_filesz > o->size)
                killed("K09", "more bytes than memory, or than the file has");
            if (p->p_vaddr + p->p_memsz < p->p_vaddr || p->p_vaddr + p->p_memsz > 0x800000000000)
                killed("K17", "no such addresses");
            if (p->p_memsz) {
                low = p->p_vaddr < low ? p->p_vaddr : low;
                high = p->p_vaddr + p->p_memsz > high ? p->p_vaddr + p->p_memsz : high;
            }
            last = p;
        }
    }
    if (phdr && !interp)
        killed("K12", "PT_PHDR without PT_INTERP");
    if (interp && !phdr)
        killed("K13", "PT_INTERP without PT_PHDR");
    if (high == 0)
        killed("K20", "nothing to load");
    u64 base = 0;
    if (e->e_type == ET_DYN)
        base = (u64)memory(0, UP(high) + PAGE) - DOWN(low);
    else
        heap_protection = (int)last->p_flags;
    map_segments(o, base);
    if (!interp)
        return 0;
    if (interp->p_filesz == 0 || interp->p_filesz > 1024 || interp->p_offset + interp->p_filesz > o->size)
        killed("K15", "PT_INTERP is empty, too long or not in the file");
    const char *name = (const char *)o->file + interp->p_offset;
    if (name[interp->p_filesz - 1])
        killed("K15", "the interpreter's name has no end");
    if (!same(name, "/lib/amd64/ld.so.1") && !same(name, "/usr/lib/amd64/ld.so.1") && !same(name, "/lib/64/ld.so.1") &&
        !same(name, "/usr/lib/64/ld.so.1"))
        killed("K15", "cannot find the interpreter");
    return name;
}
