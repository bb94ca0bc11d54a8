/* What a file is, by its content and its name. */
#ifndef GRADER_INTAKE_ARCHIVE_KIND_H
#define GRADER_INTAKE_ARCHIVE_KIND_H

#include <stddef.h>

enum archive_kind { ARCHIVE_NONE, ARCHIVE_ZIP, ARCHIVE_TAR };

/* An archive_kind (a packed tar is a tar, a packed anything else is none), or -errno. */
int archive_kind(const char *path);

/* Is this file an archive, by its content? A zip counts only if it is named so, as many a document
 * and program is a zip inside; what is named as an archive counts even if it is a broken one.
 * 1 or 0; -errno if it cannot be read. */
int archive_is_one(const char *path);

/* How many bytes of `name` come before the suffix of an archive; all of them if it has none. */
size_t archive_stem_bytes(const char *name);

#endif
