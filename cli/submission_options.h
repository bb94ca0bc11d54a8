/* The options that `grade` and `identify` share: how somebody else's program is run. */
#ifndef CLI_SUBMISSION_OPTIONS_H
#define CLI_SUBMISSION_OPTIONS_H

#include "cli/options.h"
#include "grader/arena/arena.h"

struct submission_options {
    struct arena_plan arena;
    struct limits limits; /* arena.limits points here */
    int64_t patience_ns;
    uint16_t port; /* to use if it listens on several; 0: its only one */
    bool is_strict;
    const char *json_path;
    const char *language; /* NULL: the one of the environment */
};

/* They fill in a struct submission_options. */
extern const struct command_option submission_options[];

/* Sets the defaults. */
void submission_options_init(struct submission_options *options);

/* Takes all words from `value` on, the last one parsed, as the command, whatever they look like.
 * `options` is a struct submission_options, as a command's `take_argument` has it. */
void submission_options_take_command(struct argp_state *state, char *value, void *options);

/* From here on proctor speaks the language asked for. Messages about options, before, are in
 * English. */
void submission_options_set_language(const struct submission_options *options);

/* Ends the program: it could not be run, or proctor could not do its work; in the name of `who`. */
_Noreturn void submission_options_die(const struct submission_options *options, const char *who,
                                      const struct arena_trouble *trouble, int error);

/* Says on stderr that it ran at a low level, by its name (isolation_name()), unless that was asked
 * for. */
void submission_options_warn(const struct submission_options *options, const char *who,
                             const char *isolation);

/* Is the text to be printed, too, or does the document go to standard output? */
bool submission_options_prints_text(const struct submission_options *options);

#endif
