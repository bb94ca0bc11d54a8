/* One submission as it was handed in - a folder, a file or an archive - made ready to be graded: a
 * copy of our own, which may be built in and thrown away, and the file in it that is to be run.
 *
 * Nothing of it is run here, and nothing of what was handed in is changed.
 */
#ifndef GRADER_INTAKE_SUBMISSION_H
#define GRADER_INTAKE_SUBMISSION_H

#include "text/digest.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct submission {
    char *id;
    char *folder;                   /* where it lies, absolute */
    bool is_temporary;              /* folder is ours to remove */
    char *entry;                    /* relative to folder; NULL if none was asked for */
    char digest[DIGEST_TEXT_BYTES]; /* of what was taken in, or of what was refused */
    json_t *done;                   /* array: what was done to take it in, a sentence each */
};

/* Takes in `path` to a fresh folder below `scratch`, which exists, up to archive_limits_default,
 * takes off what it is wrapped in (wrapping.h), and finds the entry (entry_point.h;
 * `entry_patterns` may be NULL). A link is refused, and a way through one (straight_path.h), as
 * whoever hands it in could lead us to the files of others. 0; 1 if it is the submission's fault
 * that it cannot be graded, with a sentence in `*trouble` that the caller frees; or -errno if it is
 * ours. The folder is there only after 0; the digest and what was done after 0 and after 1. To be
 * released in any case. */
int submission_open(struct submission *submission, const char *path, char *const *entry_patterns,
                    const char *scratch, char **trouble);

/* Finds the file of another program in it. 0, and `*entry` is the caller's to free; 1 with a
 * sentence in `*trouble`; or -errno. */
int submission_find_entry(const struct submission *submission, char *const *entry_patterns,
                          char **entry, char **trouble);

/* Removes what is temporary, however deep and whatever its permissions, and frees the rest. No
 * process of the submission may be left. 0, or -errno if something could not be removed. */
int submission_release(struct submission *submission);

#endif
