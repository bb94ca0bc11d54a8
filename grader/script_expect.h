/* What the steps of a scene expect, and what is said when it does not come. */
#ifndef GRADER_SCRIPT_EXPECT_H
#define GRADER_SCRIPT_EXPECT_H

#include "grader/script_text.h"

#include <stddef.h>
#include <stdint.h>

struct act;
struct step;

/* A scene under way. */
struct script {
    struct act *act;
    struct script_tokens tokens;
    unsigned step_number;       /* from 1 */
    int64_t output_begin_bytes; /* how much had been printed before: it is not looked at */
};

/* Waits for whatever the step expects of the player; `text` is its text or pattern, filled in. */
void script_expect(struct script *script, const struct step *step, size_t player, const char *text);

#endif
