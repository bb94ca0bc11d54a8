/* The options that `grade` and `identify` share: how somebody else's program is run. A child of
 * both parsers. */
#ifndef CLI_SUBMISSION_OPTIONS_H
#define CLI_SUBMISSION_OPTIONS_H

#include "grader/arena/arena.h"

#include <argp.h>

struct submission_options {
    struct arena_plan arena;
    struct limits limits; /* arena.limits points here */
    int64_t patience_ns;
    uint16_t port; /* the one that is meant; 0: the one that it listens on */
    bool is_strict;
    const char *json_path;
    const char *language; /* NULL: the one of the environment */
};

/* Its input is a struct submission_options, filled in by submission_options_init(). */
extern const struct argp submission_options_parser;

void submission_options_init(struct submission_options *options);

/* Takes the words from the one just parsed on as the command, whatever they look like. */
void submission_options_take_command(struct submission_options *options, struct argp_state *state);

/* From here on proctor speaks the language that is asked for. What was said before, of options, is
 * in English. */
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
