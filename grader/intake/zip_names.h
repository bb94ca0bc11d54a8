/* Names in a zip that a reader in C sees only the beginning of. */
#ifndef GRADER_INTAKE_ZIP_NAMES_H
#define GRADER_INTAKE_ZIP_NAMES_H

/* The beginning of the first name in the zip open at `fd` that has a NUL in it, in `*name`, which
 * the caller frees; NULL if none has, or if the directory of the zip is not where it should be:
 * that is for its reader to complain of. 0 or -errno.
 * Format: PKWARE's APPNOTE.TXT, 4.3.7, 4.3.12 and 4.3.16. */
int zip_find_nul(int fd, char **name);

#endif
