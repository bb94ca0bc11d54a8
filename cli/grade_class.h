/* The half of `proctor grade` that has an assignment's file. */
#ifndef CLI_GRADE_CLASS_H
#define CLI_GRADE_CLASS_H

#include "cli/submission_options.h"

#include <stddef.h>

#define GRADE_FORMATS_MAX 16

struct gradebook;

struct grade_class_options {
    const char *assignment; /* a name or a path */
    char **submissions;     /* paths, with room for one more; none where there is a command */
    size_t submission_count;
    unsigned jobs;            /* 0: as many as there are processors */
    const char *folder;       /* for documents and gradebooks; NULL: for none that stays */
    const char *participants; /* the file that says who they are in Moodle, or NULL */
    const struct gradebook *formats[GRADE_FORMATS_MAX];
    size_t format_count;
    bool resumes;
    const char *replayed_id; /* the submission of which one check is played again, or NULL */
    const char *replayed_check;
    bool checks_assignment; /* the submissions are solutions, and must get full marks */
};

/* Of a verdict, as it stands in documents. */
int grade_exit_code(const char *verdict, bool is_strict);

/* Grades, writes what is asked for, prints, and returns the exit code. */
int grade_class(struct grade_class_options *options, const struct submission_options *submission);

#endif
