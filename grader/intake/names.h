/* Names that strangers have chosen, made fit to be used. */
#ifndef GRADER_INTAKE_NAMES_H
#define GRADER_INTAKE_NAMES_H

#include <stddef.h>

/* A name for files from `name`: ASCII letters, digits and "._-" stay, any other character and any
 * byte that is none becomes '_'. Never empty, never with a dot in front, never longer than
 * NAME_ID_BYTES. The caller frees. */
char *name_as_id(const char *name);

#define NAME_ID_BYTES 100

/* The name in composed UTF-8 (Unicode's form NFC), as it reads if it was written in the encoding
 * of this number: UTF-8, of which macOS decomposes the letters; or what Windows and its zips write,
 * code pages 1252 and 850. The caller frees; NULL if it cannot have been written in that one. */
char *name_composed(const char *name, size_t encoding);

#define NAME_ENCODINGS 3

#endif
