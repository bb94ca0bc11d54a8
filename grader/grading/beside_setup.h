/* The assignment's own programs are made ready, each in a folder of its own. */
#ifndef GRADER_GRADING_BESIDE_SETUP_H
#define GRADER_GRADING_BESIDE_SETUP_H

#include "grader/grading/material.h"
#include "grader/grading/start.h"

struct beside_setup {
    struct beside list[ASSIGNMENT_BESIDES_MAX];
    size_t count;
};

/* Makes their folders, which are removed with the scratch, and their commands. 0 or -errno;
 * beside_setup_release() in either case. */
int beside_setup_init(struct beside_setup *setup, const struct assignment *assignment,
                      const struct starts *starts, const struct material_origin *origin);
void beside_setup_release(struct beside_setup *setup);

#endif
