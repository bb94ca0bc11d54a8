/* proctor grade --replay: one check of one submission of a class, once more. */
#ifndef CLI_GRADE_REPLAY_H
#define CLI_GRADE_REPLAY_H

#include "cli/grade_class.h"

struct grading_plan;

/* Plays it with the tokens of the class run, as far as options->folder has its document, prints all
 * that was seen and whether the verdict is the same, and returns the exit code. */
int grade_replay(const struct grade_class_options *options,
                 const struct submission_options *submission, const struct grading_plan *grading);

#endif
