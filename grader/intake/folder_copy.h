/* Copies what was handed in unpacked, so that building it changes nothing of the original. */
#ifndef GRADER_INTAKE_FOLDER_COPY_H
#define GRADER_INTAKE_FOLDER_COPY_H

#include "grader/intake/left_out.h"
#include "grader/intake/new_tree.h"

/* Copies the plain files and folders of `source`, or the one file that it is, into `folder`, which
 * exists and is empty. What is no part of a submission (left_out.h) is left out and noted. Modes as
 * archive_extract() sets them. 0; 1 if it breaks a limit, with a sentence in `*trouble` that the
 * caller frees; or -errno if we could not do it. */
int folder_copy(const char *source, const char *folder, const struct archive_limits *limits,
                struct left_out *left_out, char **trouble);

#endif
