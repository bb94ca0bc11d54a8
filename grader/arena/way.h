/* The way to a folder that a submission is shown. Whoever looks may stand in a folder that he could
 * not enter, as someone whom root has become does, and root's submission is a user who may enter
 * only what all may, or what root owns: bubblewrap then fails without saying where. */
#ifndef GRADER_ARENA_WAY_H
#define GRADER_ARENA_WAY_H

#include <stddef.h>

/* Of `folder`, an absolute path, and all that lie above it: the uppermost that we cannot enter goes
 * to `shut`. 0 if there is none, or -errno: -EACCES for the most part. */
int way_to_folder(const char *folder, char *shut, size_t shut_bytes);

/* The same for a submission of root's: folders of other users, unless all may enter them. */
int way_for_submission(const char *folder, char *shut, size_t shut_bytes);

#endif
