/* Names that strangers have chosen, made fit to be shown and to be used. */
#ifndef GRADER_NAMES_H
#define GRADER_NAMES_H

/* `name` in plain ASCII for a message, all else as '?', and cut if it is long. The caller frees. */
char *name_shown(const char *name);

/* A name for files from `name`: ASCII letters, digits and "._-" stay, any other character and any
 * byte that is none becomes '_'. Never empty, never with a dot in front, never longer than
 * NAME_ID_BYTES. The caller frees. */
char *name_as_id(const char *name);

#define NAME_ID_BYTES 100

#endif
