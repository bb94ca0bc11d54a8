/* The options that `grade` and `identify` share: how somebody else's program is run. */
#ifndef CLI_SUBMISSION_OPTIONS_H
#define CLI_SUBMISSION_OPTIONS_H

#include "base/bytes.h"
#include "cli/options/options.h"
#include "grader/arena/arena.h"
#include "grader/grading/plan.h"

#include <jansson.h>

struct submission_options {
    struct arena_plan arena;
    struct limits limits; /* arena.limits points here */
    int64_t patience_ns;
    uint16_t port; /* to use if it listens on several; 0: its only one */
    bool is_strict;
    const char *json_path;
    const char *language; /* for language_set(); NULL: the environment's */
};

/* Fill in a struct submission_options. */
extern const struct command_option submission_options[];

/* Sets the defaults. */
void submission_options_init(struct submission_options *options);

/* How to grade with these options, in the language set. */
struct grading_plan submission_options_plan(const struct submission_options *options,
                                            const struct assignment *assignment);

/* A `take_argument` for a struct submission_options: takes `value` and all words after it as the
 * command, even those that look like options. */
void submission_options_take_command(struct argp_state *state, char *value, void *options);

/* Ends the program because the submission could not be run, in the name of the command `who`. */
_Noreturn void submission_options_die(const struct submission_options *options, const char *who,
                                      const struct arena_trouble *trouble, int error);

/* Warns if the submission ran in a weak isolation (isolation_name()) that --isolation did not ask
 * for, or where it could not see its own folder. */
void submission_options_warn(const struct submission_options *options, const char *who,
                             const char *isolation);

/* False if the document takes standard output. */
bool submission_options_prints_text(const struct submission_options *options);

/* Prints the text, unless the document takes standard output, and releases it; writes the
 * document, which stays the caller's. */
void submission_options_report(const struct submission_options *options, struct bytes *text,
                               json_t *document);

#endif
