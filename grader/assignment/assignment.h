/* An assignment: what a submission must do, how it is run, and what each check is worth. A file in
 * YAML, see docs/assignments.md; the names of its keys are those of the members below.
 */
#ifndef GRADER_ASSIGNMENT_ASSIGNMENT_H
#define GRADER_ASSIGNMENT_ASSIGNMENT_H

#include "grader/play/conduct.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ASSIGNMENT_LANGUAGES    3
#define ASSIGNMENT_CHECKS_MAX   32 /* as written */
#define ASSIGNMENT_ROWS_MAX     8
#define ASSIGNMENT_PLAYED_MAX   ((size_t)ASSIGNMENT_CHECKS_MAX * ASSIGNMENT_ROWS_MAX)
#define SCENE_CLIENTS_MAX       128
#define SCENE_STEPS_MAX         500
#define ASSIGNMENT_PROGRAMS_MAX 8
#define ASSIGNMENT_BESIDES_MAX  8
#define AT_ONCE_MAX             16 /* of random conversations: clients; and how many of them */
#define RUNS_MAX                1000

/* In each language, or NULL; English is always there. */
struct text {
    char *in[ASSIGNMENT_LANGUAGES];
};

/* The text in this language ("fr", "de_CH.UTF-8" …), else in English. */
const char *text_in(const struct text *text, const char *language);

enum visibility { VISIBILITY_SHOWN, VISIBILITY_HIDDEN, VISIBILITY_AFTER };

/* What becomes of the points of a check that could not be decided. */
enum inconclusive { INCONCLUSIVE_NO_POINTS, INCONCLUSIVE_ALL_POINTS };

enum step_deed {
    DEED_NONE,
    DEED_CONNECT,
    DEED_JOIN,
    DEED_ACCEPT,
    DEED_HALF_CLOSE,
    DEED_CLOSE,
    DEED_RESET,
    DEED_SETTLE,
    DEED_ENTER,
    DEED_WAIT,
    DEED_STOP_READING,
    DEED_RESUME_READING,
    DEED_STOP, /* with SIGTERM */
    DEED_KILL,
    DEED_RESTART,
    DEED_LISTEN,
    DEED_START,
};

enum step_transport { STEP_AS_ASSIGNED, STEP_TCP, STEP_UDP };

enum step_event {
    EVENT_NONE,
    EVENT_NOTHING,
    EVENT_END,
    EVENT_RESET,
    EVENT_ACCEPTED,
    EVENT_WAITING
};

/* In bytes per second. */
struct step_rate {
    int64_t least;
    int64_t most; /* 0: any */
};

/* Who says what must come. */
enum step_like { LIKE_NOBODY, LIKE_REFERENCE };

/* What is sent: a text, or a text so many times. */
struct step_said {
    char *text;
    char *repeat; /* or this */
    int64_t times;
};

/* Of what has come to a client that sees its connection end. */
enum unread { UNREAD_REFUSED, UNREAD_ALLOWED };

/* What must become of a file in the submission's folder. One of text, pattern and same_as. */
struct file_expectation {
    char *path;
    char *text; /* all of it */
    char *pattern;
    char *same_as; /* a file of the assignment's (material) */
};

/* Exactly one thing is done or expected. */
struct step {
    char *client;
    char *program;  /* that is started */
    char *as;       /* the program that is meant: its name when it was started; NULL: the first */
    char **clients; /* of several who do or expect the same; or: */
    unsigned clients_count;
    enum step_deed deed;
    enum step_transport transport; /* of what connects or listens */
    struct step_said *send;
    char *send_slowly; /* byte for byte */
    char **type;       /* at the keyboard, each when it is waited for */
    unsigned type_count;
    char *expect;
    char **expect_patterns;
    unsigned expect_patterns_count;
    char **expect_line_patterns;
    unsigned expect_line_patterns_count;
    char *http;                  /* a request */
    char *expect_http;           /* a status */
    struct http_message message; /* of either */
    enum step_event expect_event;
    enum unread unread;
    char **ignoring; /* in what is like another: "space", "case", and patterns (likeness.h) */
    unsigned ignoring_count;
    enum step_like expect_like;
    char *ahead_of; /* a client that must not have its next expectation met yet; or NULL */
    char *expect_output;
    char **expect_output_patterns;
    unsigned expect_output_patterns_count;
    char *expect_no_output; /* a text */
    char **expect_states;   /* of the client's end, and of the submission's */
    unsigned expect_states_count;
    struct file_expectation *expect_file;
    int *expect_exit; /* the exit code with which the program must have ended */
    uint16_t port;    /* of DEED_LISTEN and DEED_ACCEPT: where its client listens; 0: none */
    char *wait_time;  /* of DEED_WAIT, and below: "300ms" (step_time_ns()) */
    char *within;     /* since the last deed of its client, or at all; NULL: as long as usual */
    char *not_before; /* likewise; or NULL */
    struct step_rate *rate; /* of what comes since then, from its first byte on; or NULL */
    double points;          /* earned when the scene has got this far */
    unsigned line;          /* of the file */
};

/* In the environment of a program. */
struct variable {
    char *name;
    char *value; /* with the same words in braces as `run` */
};

/* One that an assignment puts into the folder of a submission. One of text, repeat and random. */
struct assigned_file {
    char *name;   /* a path in there */
    char *text;   /* with {hex:…} in it */
    char *repeat; /* likewise; as often as it takes for `bytes` */
    int64_t *bytes;
    int64_t *random; /* so many random bytes */
};

/* What a program finds in its folder. */
struct material {
    char *bring; /* a folder beside the assignment, whose contents are copied; or NULL */
    struct assigned_file *files;
    unsigned files_count;
    char **writable; /* folders into which it may write */
    unsigned writable_count;
};

/* Is it a path that stays in a folder: "a/b", and not "/a", "../a", "a//b" or "."? */
bool material_is_path(const char *path);

/* Is it one of its files, or may it be one of the folder that it brings? */
bool material_may_have(const struct material *material, const char *path);

/* A program of the assignment's own, beside the submission. */
struct assigned_beside {
    char *name;
    char *run;
    uint16_t port; /* 0: none */
    struct material material;
};

/* The instructor's own solution, a server: what it answers is right. */
struct assigned_reference {
    char *bring; /* a folder beside the assignment, in which it runs; or NULL */
    char *run;
};

/* How a program is run, where the assignment, a row of its matrix or a check says so. What is NULL
 * here is as it is said further out: first by the row, then by the assignment. */
struct manner {
    char *run;       /* lines for a shell; NULL: by the name of the entry */
    char *arguments; /* that follow it */
    struct variable *environment;
    unsigned environment_count;
    bool *is_fresh; /* started anew */
};

/* One of several programs of a submission. In a row and in a check: what it overrides. */
struct assigned_program {
    char *name;
    char **entry;
    unsigned entry_count;
    char *build;
    struct manner manner;
    uint16_t *port; /* the one that has it is started first */
};

struct assigned_programs {
    struct assigned_program *list;
    unsigned list_count;
};

/* The program of that name, or NULL. */
const struct assigned_program *assigned_program_find(const struct assigned_programs *programs,
                                                     const char *name);

/* A row of the matrix: all checks are played on it. */
struct assigned_row {
    char *name;
    struct manner manner;
    struct assigned_programs programs;
    uint16_t *port;
    char *model;
    char *ends_when;
};

struct assigned_check {
    const char *id;   /* of a built-in check; of a scene, any other. In a row: "ROW/ID" */
    const char *name; /* the id as written, in a row; else NULL */
    const struct assigned_row *row; /* or NULL */
    struct manner manner;
    struct assigned_programs programs;
    char **in; /* the rows in which it is played; NULL: in all */
    unsigned in_count;
    struct text title;
    struct text hint;
    char *needs; /* as written: within the row */
    double points;
    enum visibility visibility;
    enum inconclusive inconclusive;
    struct step *steps; /* of a scene */
    unsigned steps_count;
    char **says; /* of random conversations: what clients say; and below: how many of both */
    unsigned says_count;
    unsigned at_once; /* 0, and below: the usual number */
    unsigned runs;
    char **ignoring;
    unsigned ignoring_count;
};

/* 0: the default (limits.h). */
struct assigned_limits {
    int64_t memory_mb;
    int64_t processes;
    int64_t cpu_s;
    int64_t wall_s;
    int64_t grading_s;
    int64_t output_mb;
};

struct assignment {
    char *id;     /* the file's name without its suffix */
    char *folder; /* where it lies, absolute; NULL: without a file */
    char *digest; /* of the file, and of the folders that it brings (digest.h) */
    struct text title;
    char **entry; /* patterns; the first that matches is taken */
    unsigned entry_count;
    char *build; /* a shell command; NULL: by the suffix of the entry */
    struct material material;
    struct manner manner;
    struct assigned_programs programs; /* or none: the submission is one program */
    struct assigned_beside *besides;
    struct assigned_row *rows;
    unsigned besides_count;
    unsigned rows_count;
    struct assigned_reference *reference; /* or NULL */
    struct conduct conduct;
    int isolation;        /* enum isolation: at least this */
    struct values values; /* what its files and command lines draw: all that they can be */
    bool without_io_uring;
    struct assigned_limits limits;
    bool is_unmarked;              /* its checks have verdicts, and no points */
    double points;                 /* of all checks together */
    struct assigned_check *checks; /* in a matrix: of each row, once they have been multiplied */
    unsigned checks_count;
    struct assigned_check *written; /* then: as they stand in the file; else NULL */
    unsigned written_count;
};

/* The id as it stands in the file. */
const char *assigned_check_name(const struct assigned_check *check);

/* Is the check played in this row? */
bool assigned_check_is_in(const struct assigned_check *check, const struct assigned_row *row);

/* The program that is started first: the one with a port, or NULL. */
const struct assigned_program *assignment_main_program(const struct assignment *assignment);

/* Makes of each check one for each row in which it is played, row by row. */
void assignment_multiply(struct assignment *assignment);

/* Whose step it is; none for what has no client. */
char *const *step_clients(const struct step *step, size_t *count);
bool step_is_of(const struct step *step, const char *client);

/* How this client of a scene speaks: as the step says that brings it, or else as the assignment. */
enum transport assigned_transport(const struct assigned_check *scene, const char *client,
                                  enum transport usual);

/* A time of a step, which has been checked; 0 for NULL. */
int64_t step_time_ns(const char *time);

/* A text of a step, by its key; NULL where it is not there. */
struct step_text {
    const char *key;
    const char *text;
    bool is_pattern;
};

/* All texts of a step, in which placeholders may stand; false behind the last. */
bool step_text(const struct step *step, size_t number, struct step_text *text);

/* The check of this name, or NULL. */
const struct assigned_check *assignment_find_check(const struct assignment *assignment,
                                                   const char *id);

/* The words with a NULL at the end; the caller frees the list, not the words. */
char **assignment_list(char *const *words, unsigned count);

#endif
