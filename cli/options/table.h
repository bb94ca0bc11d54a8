/* What a command takes, as tables: its options, its arguments, what is said of them.
 *
 * A row says what an option is called, of which type it is, where its value goes, its limits, and
 * what is said of it. Rows that several commands share are tables of their own, filled into a part
 * of each command's struct. From the same tables the command line is read (options.h), and its
 * help, the manual and the completion are made (help.h, manual.h, completion.h).
 */
#ifndef CLI_OPTIONS_TABLE_H
#define CLI_OPTIONS_TABLE_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct command_option;

enum option_type {
    OPTION_FLAG,     /* a bool, which becomes true */
    OPTION_COUNT,    /* an integer of any width: 64, 10k, 4Ki; from `least` to `most` */
    OPTION_DURATION, /* an int64_t of nanoseconds: 250ms, 10s; from `least` to `most` */
    OPTION_TEXT,     /* a const char *, as typed */
    OPTION_WORD,     /* an enum: the index in `words`, from `least` to `most` */
    OPTION_CHOICE,   /* a const char *: one of `words`, from `least` to `most` */
    OPTION_CUSTOM,   /* whatever `read` makes of it */
    OPTION_OLD_NAME, /* refused and not in --help; `argument` is today's name */
};

/* In the order of --help. */
enum option_group {
    GROUP_NONE,
    GROUP_SERVERS,
    GROUP_LISTENING,
    GROUP_SERVING,
    GROUP_CLIENTS,
    GROUP_SCHEDULE,
    GROUP_PROTOCOL,
    GROUP_DELAYS,
    GROUP_SUBMISSION,
    GROUP_CLASS,
    GROUP_SECOND_CLIENT,
    GROUP_CHECKS,
    GROUP_MEASURING,
    GROUP_OUTPUT,
    GROUPS,
};

/* Reads `value`, which it may change, into `field`. An option of several words takes the
 * others from state->argv[state->next] on. */
typedef void option_function(struct argp_state *state, const struct command_option *option,
                             char *value, void *field);

struct command_option {
    const char *name;
    enum option_type type;
    enum option_group group;
    const char *argument; /* its name in --help */
    const char *help;
    size_t offset;     /* of the field in the command's struct; OPTION_FIELD() sets it */
    size_t size_bytes; /* of the field: an integer is stored in this many */
    int64_t least;
    int64_t most;
    const char *const *words;
    option_function *read;
    const char *protocol; /* those that know this option, a comma between them; NULL: any */
    const char *listed;   /* what 'proctor list' calls its values; NULL: it has no list of them */
    char letter;          /* of its short form, or 0 */
};

#define OPTION_FIELD(type, member)                                                                 \
    .offset = offsetof(type, member), .size_bytes = sizeof((type *)NULL)->member

/* Rows, ended by one without a name, and the offset in the command's struct of the part that they
 * fill in. */
struct option_table {
    const struct command_option *options;
    size_t offset;
};

#define OPTION_TABLES_MAX 4
#define MOST_USED_MAX     10

struct command_line {
    struct option_table tables[OPTION_TABLES_MAX];
    const char *arguments; /* beside the options, as --help shows them; NULL: none */
    const char *listed;    /* what 'proctor list' calls the values of the first; or NULL */
    const char *help;      /* what the command does, "\v", and examples */
    const char *most_used[MOST_USED_MAX]; /* the options that --help shows; none: all of them */
    unsigned flags;                       /* of argp_parse() */
    size_t argument_count; /* at most, and at least where `missing` says what they are */
    const char *missing;
    const char *surplus; /* why it takes no more; NULL: it takes none */
    void (*take_argument)(struct argp_state *state, char *value, void *options);
    void (*check)(const struct argp_state *state, void *options); /* all of them together */
};

/* The subcommand as a whole. */
typedef int command_function(int argc, char **argv); /* argv[0] is "proctor NAME", for messages */

struct command {
    const char *name;
    const char *summary;
    command_function *run; /* returns an enum exit_code */
    const struct command_line *line;
    bool is_most_used;
};

/* The i-th of all its rows, table after table; NULL behind the last. */
const struct command_option *option_at(const struct command_line *line, size_t i);

/* What stands above the options of a group, with a colon. NULL: nothing. */
const char *option_group_heading(enum option_group group);

/* Is it one that may be named: not an old name? */
bool option_is_shown(const struct command_option *option);

#endif
