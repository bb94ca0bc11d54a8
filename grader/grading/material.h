/* What an assignment puts into the folder of a submission.
 *
 * It is made once, in a folder of proctor's own, and copied from there: before the build, after it,
 * and into the folders that may be written to before each start. What is compared later is compared
 * with our own copy.
 */
#ifndef GRADER_GRADING_MATERIAL_H
#define GRADER_GRADING_MATERIAL_H

#include "grader/assignment/assignment.h"

/* Where it comes from. */
struct material_origin {
    const char *beside;          /* the folder in which `bring` is */
    const char *seed;            /* from which random bytes follow */
    const char *scratch;         /* below which it is made */
    const struct values *values; /* that stand in its texts */
};

/* Makes it: what lies in the folder that it brings, and the files. Its path comes back in
 * `*folder`, to be freed, and to be removed with the scratch; NULL if there is no material. 0 or
 * -errno. */
int material_make(const struct material *material, const struct material_origin *origin,
                  char **folder);

/* Copies all of it into `folder`, over whatever is there; links are removed, not followed. 0 or
 * -errno. */
int material_place(const char *material, const char *folder);

/* The same, with the folders that may be written to, paths below `folder`, emptied before;
 * `material` may be NULL. */
int material_renew(const char *material, const char *folder, char *const *writable, unsigned count);

#endif
