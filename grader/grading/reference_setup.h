/* The assignment's own solution is made ready, in a folder that no submission sees. */
#ifndef GRADER_GRADING_REFERENCE_SETUP_H
#define GRADER_GRADING_REFERENCE_SETUP_H

#include "grader/assignment/assignment.h"
#include "grader/play/stage.h"

struct starts;

struct reference_setup {
    char *folder;   /* where it runs */
    char *hidden;   /* where the assignment has it, absolute; or NULL */
    char **command; /* NULL: there is none */
    struct conduct conduct;
    struct stage_plan stage;
    struct reference_elsewhere { /* the same on a port of its own, if its command takes one */
        char **command;
        struct conduct conduct;
        struct stage_plan stage;
    } elsewhere;
};

/* `starts` and `usual` are how submissions are played. Its folder is copied below `scratch`, with
 * which it is removed; without one it runs where it is. 0 or -errno; reference_setup_release() in
 * either case. */
int reference_setup_init(struct reference_setup *setup, const struct assignment *assignment,
                         const struct starts *starts, const struct stage_plan *usual,
                         const char *scratch);
void reference_setup_release(struct reference_setup *setup);

#endif
