/* The options of a command as a typed table, on top of glibc's argp.
 *
 * A row says what an option is called, of which type it is, where its value goes, its limits, and
 * what --help says of it. Rows that several commands share are tables of their own, filled into a
 * part of each command's struct. argp parses the words, understands abbreviations and prints
 * --help; what is wrong ends the program with EXIT_USAGE and a sentence that names the option.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

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

struct command_line {
    struct option_table tables[OPTION_TABLES_MAX];
    const char *arguments; /* beside the options, as --help shows them; NULL: none */
    const char *help;      /* what the command does, "\v", and examples */
    unsigned flags;        /* of argp_parse() */
    size_t argument_count; /* at most, and at least where `missing` says what they are */
    const char *missing;
    const char *surplus; /* why it takes no more; NULL: it takes none */
    void (*take_argument)(struct argp_state *state, char *value, void *options);
    void (*check)(const struct argp_state *state, void *options); /* all of them together */
};

/* Fills in `options`, the command's struct, which holds the defaults. A command without arguments
 * needs no `take_argument`, and `check` may be NULL. */
void options_parse(const struct command_line *line, int argc, char **argv, void *options);

/* For a command's `check`: was this option given? */
bool options_is_given(const struct argp_state *state, const char *name);

/* For a command's `check`: the first option of the group that was given, or NULL. */
const char *options_given_of(const struct argp_state *state, enum option_group group);

/* For a command's `check`: refuses options that this protocol would silently ignore. */
void options_check_protocol(const struct argp_state *state, const char *protocol);

/* Ends the program with EXIT_USAGE and a sentence that begins with the command's name. */
_Noreturn void usage_error(const struct argp_state *state, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The text with \r, \n, \t, \\ and \xHH replaced, in place, as it only gets shorter; and the
 * option_function that stores it in a const char *. */
const char *option_unescaped(const struct argp_state *state, const struct command_option *option,
                             char *value);
void option_read_escaped(struct argp_state *state, const struct command_option *option, char *value,
                         void *field);

/* Stores the bytes of u8, u16 or u32 in a size_t; an option_function. */
void option_read_frame(struct argp_state *state, const struct command_option *option, char *value,
                       void *field);

/* Returns `value` if it is UTF-8, as everything in a document must be. */
const char *option_text(const struct argp_state *state, const char *value);

#endif
