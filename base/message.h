/* What proctor says to people, and the codes it ends with.
 *
 * Everything here goes to stderr; results go to stdout, but not through this module.
 */
#ifndef BASE_MESSAGE_H
#define BASE_MESSAGE_H

/* The exit codes of every subcommand. They are interface: scripts and CI jobs rely on them. */
enum exit_code {
    EXIT_YES = 0,            /* the subject did what was asked */
    EXIT_SUBJECT_FAILED = 1, /* it did not */
    EXIT_USAGE = 2,          /* the command line or an input file is wrong */
    EXIT_PROCTOR_FAILED = 3, /* proctor could not do its own work */
    EXIT_INCONCLUSIVE = 4,   /* nothing could be decided; only with --strict */
};

/* A text to be freed in which nothing acts on whoever reads messages; on one line. */
typedef char *message_cleaner(const char *text);

/* Lets all messages go through this from now on. Texts are cleaned in a room above this one. */
void message_set_cleaner(message_cleaner *cleaner);

/* Prints "proctor: MESSAGE" and a newline. */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints as warn() does and ends the program with `code`. Only for cli/ and for set-up. */
_Noreturn void die(enum exit_code code, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
