/* The output of a graded class: files in a folder, and text for the terminal. */
#ifndef GRADER_CLASS_CLASS_OUTPUT_H
#define GRADER_CLASS_CLASS_OUTPUT_H

#include "grader/gradebook/gradebook.h"

#include <stdbool.h>

struct class_output {
    const char *folder; /* in whose grades/ the documents of the submissions lie; NULL: none */
    const struct gradebook *const *formats;
    size_t format_count;
};

/* Would the document of a submission of this id be called as a gradebook of another is:
 * "alice.gradescope", whose "alice.gradescope.json" is what Gradescope reads of alice? */
bool class_output_is_misleading(const char *id);

/* Writes the document of the class, class.json, and every format: a file for the class, or one for
 * each submission beside its document; "html" has a page of the class as well. 0; or -errno with
 * the path that could not be written in `*path`, to be freed. */
int class_output_write(const struct class_output *output, const json_t *grades, const json_t *class,
                       char **path);

/* Appends the text: for several submissions the table of the class; for one its plain text, or its
 * first format if there is no folder to write that into. */
void class_output_say(const struct class_output *output, const json_t *grades, const json_t *class,
                      struct bytes *out);

#endif
