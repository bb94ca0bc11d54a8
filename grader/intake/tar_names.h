/* Names in a tar that a reader in C sees only the beginning of. */
#ifndef GRADER_INTAKE_TAR_NAMES_H
#define GRADER_INTAKE_TAR_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* Do the headers of an entry, of which these are the first `count` bytes, give it a name with a NUL
 * in it? Formats: POSIX.1-2017 pax, "pax Extended Header"; GNU tar's manual, "Basic Tar Format". */
bool tar_has_nul(const char *headers, size_t count);

#endif
