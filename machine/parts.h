/* What the counted machine is made of, found on this host or refused with a remedy. */
#ifndef MACHINE_PARTS_H
#define MACHINE_PARTS_H

#include "text/digest.h"

struct machine_parts {
    char *qemu;         /* its path */
    char *qemu_version; /* its first line */
    char *kernel;       /* the path of its vmlinuz */
    char *release;      /* "6.1.0-57-amd64" */
    char *modules;      /* the folder of its modules */
    char kernel_digest[DIGEST_TEXT_BYTES];
    char *cache; /* the folder for what is kept from run to run; it exists */
};

/* Finds them: QEMU along $PATH, the kernel below the cache, which is $PROCTOR_MACHINE, or
 * proctor/machine below $XDG_CACHE_HOME or ~/.cache. 0, or -errno with a sentence that ends with
 * the remedy in `*trouble`, which the caller frees. To be released in either case. */
int machine_parts_find(struct machine_parts *parts, char **trouble);
void machine_parts_release(struct machine_parts *parts);

#endif
