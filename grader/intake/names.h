/* Names that strangers have chosen, made fit to be used. */
#ifndef GRADER_INTAKE_NAMES_H
#define GRADER_INTAKE_NAMES_H

/* A name for files from `name`: ASCII letters, digits and "._-" stay, any other character and any
 * byte that is none becomes '_'. Never empty, never with a dot in front, never longer than
 * NAME_ID_BYTES. The caller frees. */
char *name_as_id(const char *name);

#define NAME_ID_BYTES 100

#endif
