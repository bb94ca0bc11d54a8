/* The assignments that ship. */
#ifndef GRADER_ASSIGNMENT_FIND_H
#define GRADER_ASSIGNMENT_FIND_H

/* Calls `visit` for each of them, in the order of their names, until it returns other than 0. That
 * value, or 0. */
int assignment_each(int visit(const char *name, const char *path, void *context), void *context);

/* The path of an assignment that ships ("tp1-threads"), or of a file; to be freed. NULL if there is
 * none; `*nearest` is then the most similar name, to be freed, or NULL. */
char *assignment_find(const char *name, char **nearest);

#endif
