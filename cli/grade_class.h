/* `proctor grade` with an assignment in a file. */
#ifndef CLI_GRADE_CLASS_H
#define CLI_GRADE_CLASS_H

#include "cli/submission_options.h"

#include <stddef.h>

#define GRADE_FORMATS_MAX 16

struct gradebook;

struct grade_class_options {
    const struct submission_options *submission;
    char *assignment;   /* a name or a path */
    char **submissions; /* paths, with room for one more; none where there is a command */
    size_t submission_count;
    unsigned jobs;            /* 0: as many as there are processors */
    const char *folder;       /* for documents and gradebooks; NULL: for none that stays */
    const char *participants; /* the file that says who they are in Moodle, or NULL */
    const struct gradebook *formats[GRADE_FORMATS_MAX];
    size_t format_count;
    bool records;
    bool resumes;
    const char *seed;        /* of all that is random, or NULL: a new one for each submission */
    const char *replayed_id; /* the submission of which one check is played again, or NULL */
    const char *replayed_check;
    bool checks_assignment; /* the submissions are solutions, and must get full marks */
};

/* The exit code of a verdict, as documents name it. */
int grade_exit_code(const char *verdict, bool is_strict);

/* Grades, writes files, prints, and returns the exit code. */
int grade_class(struct grade_class_options *options);

#endif
