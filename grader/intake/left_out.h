/* What of a hand-in is no part of it, and is left out alike of folders and of archives; and what
 * was left out of one, for the page to say so.
 */
#ifndef GRADER_INTAKE_LEFT_OUT_H
#define GRADER_INTAKE_LEFT_OUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum left_out_kind {
    LEFT_OUT_TOOLS,   /* folders of version controls and package managers */
    LEFT_OUT_SYSTEM,  /* what macOS and Windows add to each folder */
    LEFT_OUT_SPECIAL, /* links, devices, FIFOs and sockets */
    LEFT_OUT_KINDS,
};

/* All zero is empty; left_out_release(). */
struct left_out {
    json_t *names[LEFT_OUT_KINDS]; /* objects whose keys are the names as they are shown */
};

/* How long the path is as far as its first part that is left out by its name, with the kind; 0:
 * none. Its last part is a folder or not, all others are folders. */
size_t left_out_find(const char *path, bool is_folder, enum left_out_kind *kind);

/* Notes the first `length` bytes of the path, once; and forgets what was noted below it. */
void left_out_note(struct left_out *left_out, enum left_out_kind kind, const char *path,
                   size_t length);

/* How many different names were noted. */
size_t left_out_count(const struct left_out *left_out);

/* Appends a sentence for each kind of which something was left out. */
void left_out_say(const struct left_out *left_out, json_t *sentences);

void left_out_release(struct left_out *left_out);

#endif
