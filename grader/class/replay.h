/* One check of one submission of a class, once more. */
#ifndef GRADER_CLASS_REPLAY_H
#define GRADER_CLASS_REPLAY_H

#include "base/bytes.h"
#include "grader/class/class_run.h"
#include "grader/intake/submission_list.h"

struct replay {
    struct class_plan plan; /* to be graded: it has this one submission and leaves no documents */
    struct submission_list alone;
    const char *check;
    char *path;     /* where the class run's document of it would lie, or NULL */
    json_t *stored; /* that document, or NULL */
};

/* Plans to play the check `check` of the submission that is called `id` in the list, with the
 * tokens of the class run that has left its documents in `folder`, or NULL. All must stay. 0; or
 * -EINVAL, with a sentence in `*trouble` to be freed, if there is no such submission or check. Only
 * after 0 is it to be closed. */
int replay_open(struct replay *replay, const struct grading_plan *grading,
                const struct submission_list *list, const char *folder, const char *id,
                const char *check, char **trouble);
void replay_close(struct replay *replay);

/* The check's verdict by the document of the replay; "error" if proctor has failed. */
const char *replay_verdict(const struct replay *replay, const json_t *document);

/* Appends all that was seen, and whether the class run came to the same verdict. */
void replay_say(const struct replay *replay, const json_t *document, struct bytes *out);

#endif
