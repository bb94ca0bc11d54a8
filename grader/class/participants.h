/* The participants of a course as Moodle exports them, and who of them has handed in what. */
#ifndef GRADER_CLASS_PARTICIPANTS_H
#define GRADER_CLASS_PARTICIPANTS_H

#include <jansson.h>
#include <stddef.h>

struct participants;

/* Reads a file of comma- or semicolon-separated values, in UTF-8, with a first row that names its
 * columns as Moodle does in English, French or German; one of them must be something that Moodle
 * finds a student by: the email address, the ID number or the user name. 0; or -EINVAL or another
 * -errno with a sentence in `*trouble`, to be freed. */
int participants_load(const char *path, struct participants **participants, char **trouble);

/* The same of a text; `path` is what the sentence calls it. */
int participants_parse(const char *text, size_t count, const char *path,
                       struct participants **participants, char **trouble);
void participants_free(struct participants *participants);

/* Gives the "submission" of each grade document of the array a "participant", {"column": "Email
 * address", "value": "ann@example.org"}; or else "not_imported", a sentence that says why it has
 * none. A submission belongs to the participant whose email address, part of it before the @, ID
 * number, user name or full name is its name, or is in the name of a folder that Moodle made. */
void participants_assign(const struct participants *participants, json_t *grades);

#endif
