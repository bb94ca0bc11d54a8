/* Which file of a submission is to be run. */
#ifndef GRADER_INTAKE_ENTRY_POINT_H
#define GRADER_INTAKE_ENTRY_POINT_H

/* Tries the patterns, an array that NULL ends, one after the other on the paths of all plain files
 * below `folder`, and takes the first that any file matches: fnmatch(3) with FNM_PATHNAME and
 * FNM_PERIOD, and with "**" and a slash at its front at any depth, hidden folders apart. The path
 * relative to `folder` comes back in `*entry`. 0; 1 if several files match or none, with a sentence
 * in `*trouble` (the caller frees both); or -errno. */
int entry_point_find(const char *folder, char *const *patterns, char **entry, char **trouble);

/* Does a pattern that is not for any depth match a file? 1, 0 or -errno. */
int entry_point_is_there(const char *folder, char *const *patterns);

#endif
