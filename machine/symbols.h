/* Names of functions, by where their code is: in a file (ELF), or in a kernel. */
#ifndef MACHINE_SYMBOLS_H
#define MACHINE_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

struct symbol {
    uint64_t begin, end; /* offsets in the file, or addresses of the kernel */
    char *name;          /* owned */
};

struct symbols {
    struct symbol *all; /* by where they begin, one at each place */
    size_t count;
};

/* Reads the functions of an ELF file from its own tables, and where they were stripped into a
 * separate file (/usr/lib/debug/.build-id, as Debian's -dbg packages have it) from there too. 0, or
 * -errno: it cannot be read, or is none. To be released in either case. */
int symbols_read_file(struct symbols *symbols, const char *path);

/* Reads lines of /proc/kallsyms; other lines, and what is no code, are passed over. To be
 * released. */
void symbols_read_kernel(struct symbols *symbols, const char *text);

void symbols_release(struct symbols *symbols);

/* The name of the function whose code is there, or NULL. It lives as long as the symbols. */
const char *symbols_name(const struct symbols *symbols, uint64_t place);

#endif
