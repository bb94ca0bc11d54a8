/* Addresses become names: the kernel's by what it says of itself, the server's by the map of its
 * processes and the symbols of the files in it. What QEMU counted are blocks, which are inside of
 * one function.
 *
 * Each run is added up by function, and functions of all runs are sorted and joined by name. In the
 * kernel all tasks are counted, the generator's as well: as that does the same on both sides, its
 * part disappears from the difference. */
#include "bench/counted/profile.h"

#include "base/bytes.h"
#include "base/memory.h"
#include "machine/symbols.h"
#include "text/json_field.h"
#include "text/sanitise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NO_SYMBOL "(no symbol)"

struct file {
    char *path;
    struct symbols symbols;
};

struct naming {
    struct symbols kernel;
    struct file *files; /* each read once */
    size_t file_count;
};

/*** Names ***/

static const struct symbols *symbols_of(struct naming *naming, const char *path)
{
    for (size_t i = 0; i < naming->file_count; i++)
        if (strcmp(naming->files[i].path, path) == 0)
            return &naming->files[i].symbols;
    naming->files = grow_by_one(naming->files, naming->file_count, sizeof *naming->files);
    struct file *file = &naming->files[naming->file_count++];
    file->path = text_of("%s", path);
    symbols_read_file(&file->symbols, path);
    return &file->symbols;
}

static void naming_release(struct naming *naming)
{
    symbols_release(&naming->kernel);
    for (size_t i = 0; i < naming->file_count; i++) {
        free(naming->files[i].path);
        symbols_release(&naming->files[i].symbols);
    }
    free(naming->files);
}

static const char *last_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* The map in which the address lies: [first, end, offset, path]; NULL: it was of a process that had
 * ended when the maps were read. */
static const json_t *map_of(const json_t *maps, uint64_t address)
{
    list_each (map, maps)
        if (address >= (uint64_t)json_integer_value(json_array_get(map, 0)) &&
            address < (uint64_t)json_integer_value(json_array_get(map, 1)))
            return map;
    return NULL;
}

/* Symbols and names of files are somebody else's. */
static char *clean(const char *text)
{
    struct bytes bytes = {0};
    sanitise(&bytes, text, strlen(text), SANITISE_LINE);
    return bytes_take_text(&bytes);
}

static void name_kernel(struct naming *naming, uint64_t address, struct function_difference *one)
{
    const char *name = symbols_name(&naming->kernel, address);
    one->name = text_of("%s", name != NULL ? name : NO_SYMBOL);
    one->file = text_of("kernel");
    one->is_kernel = true;
}

static void name_user(struct naming *naming, const json_t *maps, uint64_t address,
                      struct function_difference *one)
{
    const json_t *map = map_of(maps, address);
    const char *path = map != NULL ? json_string_value(json_array_get(map, 3)) : "ended processes";
    const char *name = NULL;
    if (map != NULL && path[0] == '/')
        name = symbols_name(symbols_of(naming, path),
                            address - (uint64_t)json_integer_value(json_array_get(map, 0)) +
                                (uint64_t)json_integer_value(json_array_get(map, 2)));
    one->name = clean(name != NULL ? name : NO_SYMBOL);
    one->file = clean(path[0] != '\0' ? last_name(path) : "generated code");
}

/*** Adding up ***/

static void add(struct profile *profile, const struct function_difference *one)
{
    profile->all = grow_by_one(profile->all, profile->count, sizeof *profile->all);
    profile->all[profile->count++] = *one;
}

static void add_run(struct profile *profile, struct naming *naming, const struct counted_run *run,
                    bool is_new, size_t layouts)
{
    for (size_t i = 0; i < run->code_count; i++) {
        struct function_difference one = {0};
        double each = (double)run->codes[i].count / run->answered / (double)layouts;
        *(is_new ? &one.new : &one.base) = each;
        if (run->codes[i].address >= MACHINE_KERNEL_ADDRESS)
            name_kernel(naming, run->codes[i].address, &one);
        else
            name_user(naming, run->maps, run->codes[i].address, &one);
        add(profile, &one);
    }
}

static double weight_of(const struct function_difference *one)
{
    return one->base + one->new;
}

/* One name, and where it is; of code without a symbol also the file. */
static int compare_names(const struct function_difference *a, const struct function_difference *b)
{
    if (a->is_kernel != b->is_kernel)
        return a->is_kernel ? 1 : -1;
    int order = strcmp(a->name, b->name);
    return order != 0 || strcmp(a->name, NO_SYMBOL) != 0 ? order : strcmp(a->file, b->file);
}

/* The heaviest first, whose file is shown. */
static int compare_blocks(const void *one, const void *other)
{
    const struct function_difference *a = one;
    const struct function_difference *b = other;
    int order = compare_names(a, b);
    if (order != 0)
        return order;
    return weight_of(a) > weight_of(b) ? -1 : weight_of(a) < weight_of(b);
}

static int compare_differences(const void *one, const void *other)
{
    const struct function_difference *a = one;
    const struct function_difference *b = other;
    double more = fabs(b->new - b->base) - fabs(a->new - a->base);
    return more > 0 ? 1 : more < 0 ? -1 : compare_names(a, b);
}

static void release_one(struct function_difference *one)
{
    free(one->name);
    free(one->file);
}

static void join(struct profile *profile)
{
    size_t kept = 0;
    if (profile->count == 0)
        return;
    qsort(profile->all, profile->count, sizeof *profile->all, compare_blocks);
    for (size_t i = 1; i < profile->count; i++) {
        struct function_difference *last = &profile->all[kept];
        if (compare_names(last, &profile->all[i]) != 0) {
            profile->all[++kept] = profile->all[i];
            continue;
        }
        last->base += profile->all[i].base;
        last->new += profile->all[i].new;
        release_one(&profile->all[i]);
    }
    profile->count = kept + 1;
    qsort(profile->all, profile->count, sizeof *profile->all, compare_differences);
}

void profile_make(struct profile *profile, const struct counted_run *base,
                  const struct counted_run *new, size_t layouts, const char *kernel_symbols)
{
    struct naming naming = {0};
    *profile = (struct profile){0};
    if (kernel_symbols != NULL)
        symbols_read_kernel(&naming.kernel, kernel_symbols);
    for (size_t i = 0; i < layouts; i++) {
        add_run(profile, &naming, &base[i], false, layouts);
        add_run(profile, &naming, &new[i], true, layouts);
    }
    naming_release(&naming);
    join(profile);
}

void profile_release(struct profile *profile)
{
    for (size_t i = 0; i < profile->count; i++)
        release_one(&profile->all[i]);
    free(profile->all);
    *profile = (struct profile){0};
}
