/* Symbols of a file hold addresses as the linker gave them; /proc/PID/maps tells offsets in the
 * file. The file's segments lead from one to the other; those of a separate file with debugging
 * information are no use for that, as it has no code, so its symbols go through the segments of the
 * file that it belongs to.
 *
 * Of several names of one place the shortest is taken ("recv", not "__libc_recv"). A symbol without
 * a size, as hand-written assembler and the kernel have them, ends where the next begins. */
#include "machine/symbols.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SEGMENTS_MAX 64

/*** A list of symbols ***/

static void add(struct symbols *symbols, uint64_t begin, uint64_t size, const char *name)
{
    symbols->all = grow_by_one(symbols->all, symbols->count, sizeof *symbols->all);
    symbols->all[symbols->count++] = (struct symbol){begin, begin + size, text_of("%s", name)};
}

static int compare_symbols(const void *one, const void *other)
{
    const struct symbol *a = one;
    const struct symbol *b = other;
    if (a->begin != b->begin)
        return a->begin < b->begin ? -1 : 1;
    size_t length = strlen(a->name);
    size_t other_length = strlen(b->name);
    if (length != other_length)
        return length < other_length ? -1 : 1;
    return strcmp(a->name, b->name);
}

static void order(struct symbols *symbols)
{
    size_t kept = 0;
    if (symbols->count > 0)
        qsort(symbols->all, symbols->count, sizeof *symbols->all, compare_symbols);
    for (size_t i = 0; i < symbols->count; i++) {
        struct symbol *last = kept > 0 ? &symbols->all[kept - 1] : NULL;
        if (last == NULL || last->begin != symbols->all[i].begin) {
            symbols->all[kept++] = symbols->all[i];
            continue;
        }
        if (symbols->all[i].end > last->end)
            last->end = symbols->all[i].end;
        free(symbols->all[i].name);
    }
    symbols->count = kept;
    for (size_t i = 0; i < kept; i++)
        if (symbols->all[i].end == symbols->all[i].begin)
            symbols->all[i].end = i + 1 < kept ? symbols->all[i + 1].begin : UINT64_MAX;
}

void symbols_release(struct symbols *symbols)
{
    for (size_t i = 0; i < symbols->count; i++)
        free(symbols->all[i].name);
    free(symbols->all);
    *symbols = (struct symbols){0};
}

const char *symbols_name(const struct symbols *symbols, uint64_t place)
{
    size_t low = 0;
    size_t high = symbols->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (symbols->all[middle].begin <= place)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && place < symbols->all[low - 1].end ? symbols->all[low - 1].name : NULL;
}

/*** Of the kernel ***/

/* "ffffffff81000000 T _text", or "... t name	[module]". */
void symbols_read_kernel(struct symbols *symbols, const char *text)
{
    *symbols = (struct symbols){0};
    for (const char *line = text; *line != '\0'; line += strspn(line, "\n")) {
        uint64_t address = 0;
        char kind = '\0';
        char name[256];
        if (sscanf(line, "%" SCNx64 " %c %255[^ \t\n]", &address, &kind, name) == 3 &&
            strchr("tTwW", kind) != NULL)
            add(symbols, address, 0, name);
        line += strcspn(line, "\n");
    }
    order(symbols);
}

/*** Of a file ***/

struct segments {
    GElf_Phdr all[SEGMENTS_MAX];
    size_t count;
};

static void read_segments(struct segments *segments, Elf *elf)
{
    size_t count = 0;
    if (elf_getphdrnum(elf, &count) != 0)
        return;
    for (size_t i = 0; i < count && segments->count < SEGMENTS_MAX; i++) {
        GElf_Phdr *segment = &segments->all[segments->count];
        if (gelf_getphdr(elf, (int)i, segment) != NULL && segment->p_type == PT_LOAD)
            segments->count++;
    }
}

static void add_function(struct symbols *symbols, const struct segments *segments,
                         const GElf_Sym *symbol, const char *name)
{
    unsigned type = GELF_ST_TYPE(symbol->st_info);
    bool is_function = type == STT_FUNC || type == STT_GNU_IFUNC;
    if (!is_function || symbol->st_shndx == SHN_UNDEF || name == NULL || name[0] == '\0')
        return;
    for (size_t i = 0; i < segments->count; i++) {
        const GElf_Phdr *segment = &segments->all[i];
        if (symbol->st_value < segment->p_vaddr ||
            symbol->st_value - segment->p_vaddr >= segment->p_filesz)
            continue;
        add(symbols, symbol->st_value - segment->p_vaddr + segment->p_offset, symbol->st_size,
            name);
        return;
    }
}

static void add_sections(struct symbols *symbols, const struct segments *segments, Elf *elf)
{
    for (Elf_Scn *section = elf_nextscn(elf, NULL); section != NULL;
         section = elf_nextscn(elf, section)) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) == NULL ||
            (header.sh_type != SHT_SYMTAB && header.sh_type != SHT_DYNSYM))
            continue;
        Elf_Data *data = elf_getdata(section, NULL);
        GElf_Sym symbol;
        for (int i = 0; data != NULL && gelf_getsym(data, i, &symbol) != NULL; i++)
            add_function(symbols, segments, &symbol,
                         elf_strptr(elf, header.sh_link, symbol.st_name));
    }
}

/* Where its debugging information would be, or NULL; the caller frees. */
static char *debug_path(Elf *elf)
{
    for (Elf_Scn *section = elf_nextscn(elf, NULL); section != NULL;
         section = elf_nextscn(elf, section)) {
        GElf_Shdr header;
        GElf_Nhdr note;
        size_t name = 0;
        size_t content = 0;
        Elf_Data *data = elf_getdata(section, NULL);
        if (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_NOTE || data == NULL ||
            gelf_getnote(data, 0, &note, &name, &content) == 0 || note.n_type != NT_GNU_BUILD_ID ||
            note.n_descsz < 2 || note.n_descsz > 32)
            continue;
        const unsigned char *id = (const unsigned char *)data->d_buf + content;
        char digits[2 * 32 + 1] = "";
        for (size_t i = 1; i < note.n_descsz; i++)
            snprintf(digits + 2 * (i - 1), 3, "%02x", id[i]);
        return text_of("/usr/lib/debug/.build-id/%02x/%s.debug", id[0], digits);
    }
    return NULL;
}

static Elf *open_elf(const char *path, int *fd)
{
    elf_version(EV_CURRENT);
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    return *fd < 0 ? NULL : elf_begin(*fd, ELF_C_READ, NULL);
}

static void close_elf(Elf *elf, int fd)
{
    elf_end(elf);
    if (fd >= 0)
        close(fd);
}

int symbols_read_file(struct symbols *symbols, const char *path)
{
    *symbols = (struct symbols){0};
    struct segments segments = {.count = 0};
    int fd = -1;
    Elf *elf = open_elf(path, &fd);
    int error = fd < 0 ? -errno : elf == NULL || elf_kind(elf) != ELF_K_ELF ? -ENOEXEC : 0;
    if (error == 0) {
        read_segments(&segments, elf);
        add_sections(symbols, &segments, elf);
        char *path_of_debug = debug_path(elf);
        int debug_fd = -1;
        Elf *debug = path_of_debug != NULL ? open_elf(path_of_debug, &debug_fd) : NULL;
        if (debug != NULL)
            add_sections(symbols, &segments, debug);
        close_elf(debug, debug_fd);
        free(path_of_debug);
    }
    close_elf(elf, fd);
    order(symbols);
    return error;
}
