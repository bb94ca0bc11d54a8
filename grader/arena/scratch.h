/* Where copies of submissions lie while they are built and run; only we can enter it.
 *
 * Otherwise what a build leaves (a program of ours with the set-user-ID bit, for example) would be
 * there for every user of the machine. So a folder of mode 0700 is made before anything runs, with
 * one folder in it for each grading. Where we may mount, that one is a file system of its own:
 * nosuid, of limited size, visible only to the grading's processes, and gone when they are.
 */
#ifndef GRADER_ARENA_SCRATCH_H
#define GRADER_ARENA_SCRATCH_H

#include "grader/arena/limits.h"

#include <stdbool.h>

struct scratch {
    char *folder; /* absolute */
    int lock_fd;  /* held as long as any process lives that uses it */
};

/* Makes one below $TMPDIR, or /tmp, and removes those of earlier runs that were killed: they have
 * our lock file, and no process holds the lock. 0 or -errno. */
int scratch_open(struct scratch *scratch);

/* Removes it, with all that is in it. No process of a submission may be left. */
void scratch_close(struct scratch *scratch);

/* Makes `folder`, which must not exist, for one grading, in the process that will do it and all
 * that it starts; `may_mount`: within a file system of its own, if that is to be had. 0 or -errno;
 * `*is_bounded` says whether the kernel keeps it to the limits of a folder. */
int scratch_make_folder(const char *folder, const struct limits *limits, bool may_mount,
                        bool *is_bounded);

#endif
