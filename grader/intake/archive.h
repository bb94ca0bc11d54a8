/* Unpacks what was handed in as one file, and trusts nothing in it.
 *
 * An archive is taken whole or not at all. It may hold plain files and folders; anything else in
 * it, a name that leads elsewhere, and more than the limits allow are reasons to refuse it.
 * Formats: zip (PKWARE's APPNOTE.TXT), and tar (POSIX.1-2017 pax, ustar; GNU tar's manual, "Basic
 * Tar Format"), bare or in gzip, xz, zstd or bzip2; libarchive reads them.
 */
#ifndef GRADER_INTAKE_ARCHIVE_H
#define GRADER_INTAKE_ARCHIVE_H

#include "grader/intake/left_out.h"
#include "grader/intake/new_tree.h"

/* Unpacks the archive `path` into `folder`, which exists and is empty. What is left out of folders
 * (left_out.h) is left out here, too, symbolic links among it, and is noted in `left_out`; a name
 * that would lead through such a link is refused. Owners, times, set-uid bits
 * and extended attributes are dropped; files get the mode 0644, or 0755 if their owner may execute
 * them. 0; 1 if the archive is refused, with a sentence in `*trouble` that the caller frees; or
 * -errno if we could not do it. Unless it returns 0 the folder is empty again. */
int archive_extract(const char *path, const char *folder, const struct archive_limits *limits,
                    struct left_out *left_out, char **trouble);

#endif
