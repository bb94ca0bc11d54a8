/* What a hand-in is wrapped in by those who pack it: a folder in a folder, an archive in the folder
 * that Moodle makes for each student, a virtual environment beside the program.
 */
#ifndef GRADER_INTAKE_WRAPPING_H
#define GRADER_INTAKE_WRAPPING_H

#include <jansson.h>

struct left_out;

/* A hand-in that is unwrapped. */
struct wrapping {
    const char *scratch;       /* where new folders are made */
    const char *id;            /* of the submission, for their names */
    char *folder;              /* where it lies; another one afterwards, to be freed */
    json_t *done;              /* array: a sentence is appended for all that is done */
    struct left_out *left_out; /* what is left out is noted there */
};

/* A new folder below `scratch`, readable for every user, as the submission may run as another one.
 * The caller frees; NULL with errno. */
char *wrapping_new_folder(const char *scratch, const char *id);

/* As long as no entry pattern (entry_point.h; `patterns` may be NULL) matches in the folder itself
 * and there is but one thing in it: unpacks it if it is an archive, enters it if it is a folder.
 * Then takes out virtual environments. 0; 1 if an archive is refused, with a sentence in `*trouble`
 * that the caller frees; or -errno. */
int wrapping_take_off(struct wrapping *wrapping, char *const *patterns, char **trouble);

#endif
