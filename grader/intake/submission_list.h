/* The submissions that are graded together, and how each is called. */
#ifndef GRADER_INTAKE_SUBMISSION_LIST_H
#define GRADER_INTAKE_SUBMISSION_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* How it is called: the last part of the path without the suffix of an archive or a source, made
 * fit for the name of a file (names.h). The caller frees. */
char *submission_id(const char *path);

struct submission_list {
    struct submission_named {
        char *path;
        char *id; /* no other of the list has it */
    } * submissions;
    size_t count;
};

/* Is this the name of what is written about another submission, without its last ending? */
typedef bool submission_id_misleads(const char *id);

/* The submissions of a command line, in its order. Of several that are called the same the first
 * keeps its name, the others get "-2", "-3" and so on, whichever is free, so that the same line
 * always gives the same ids. Where an id `misleads`, which may be NULL, its last dot becomes '_'.
 * 0; or -errno, with a sentence in `*trouble` that the caller frees, if one of them is not there or
 * cannot be looked at. Only after 0 is it to be released. */
int submission_list_read(struct submission_list *list, char *const *paths, size_t count,
                         submission_id_misleads *misleads, char **trouble);
void submission_list_release(struct submission_list *list);

#endif
