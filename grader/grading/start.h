/* How the program is started for each check: as the assignment, the row and the check say. */
#ifndef GRADER_GRADING_START_H
#define GRADER_GRADING_START_H

#include "grader/assignment/assignment.h"
#include "grader/grading/shell_line.h"
#include "grader/play/beside.h"
#include "grader/play/stage.h"

struct start {
    const struct assigned_row *row;     /* or NULL */
    const struct assigned_check *check; /* the one with keys of its own, or NULL: all others */
    struct conduct conduct;
    struct stage_plan stage;        /* without its command at first */
    char **command;                 /* ours, or NULL */
    struct stage_program *programs; /* those that may be started beside it; their commands ours */
    char *const **others;           /* these commands as a list */
};

/* A program that was found in a submission. */
struct found_program {
    const char *name; /* NULL: the submission is one program */
    char *entry;      /* or NULL */
    char *out;        /* what a build by its name makes */
};

/* One for each row and, besides, one for each check that is started in its own way. */
struct starts {
    struct start *list;
    size_t count;
    struct named_port *ports;
    size_t port_count;
    const struct values *values; /* stage_plan.values */
};

/* `common` is what all have in common. starts_release() in the end. */
void starts_init(struct starts *starts, const struct assignment *assignment,
                 const struct stage_plan *common);
void starts_release(struct starts *starts);

/* The one for this check, in its row. */
const struct stage_plan *starts_find(const struct starts *starts,
                                     const struct assigned_check *check);

/* The usual one of a row, or of the assignment for NULL. */
const struct stage_plan *starts_find_usual(const struct starts *starts,
                                           const struct assigned_row *row);

/* How a program of this row (or NULL) must behave. */
struct conduct start_conduct(const struct assignment *assignment, const struct assigned_row *row);

/* What lies in its folder, for all of them. */
struct start_folder {
    const char *material;              /* our own copy of what the assignment gives it, or NULL */
    char *const *writable;             /* arena_plan.writable */
    bool is_watched;                   /* arena_plan.watches_folder */
    int (*renew)(const void *context); /* stage_plan.renew */
    const void *renew_context;
};

/* The assignment's own programs, which are started before each. */
void starts_set_besides(struct starts *starts, const struct beside *besides, size_t count);

/* The assignment's own solution, or NULL; and a folder that submissions must not see, or NULL. */
void starts_set_reference(struct starts *starts, const struct stage_plan *reference,
                          const char *hidden);

void starts_set_folder(struct starts *starts, const struct start_folder *folder);

/* Starts whatever the assignment says with this command; or makes the commands of each, for the
 * programs that were found in `folder`. */
void starts_set_command(struct starts *starts, char *const *command);
void starts_make_commands(struct starts *starts, const struct assignment *assignment,
                          const struct found_program *programs, size_t count, const char *folder);

/* What stands for the words in braces where this program is built. */
struct shell_values starts_values(const struct starts *starts, const struct assignment *assignment,
                                  const struct found_program *program, const char *folder);

/* Does the check begin with a program that was just started, whatever was before? */
bool start_is_fresh(const struct assignment *assignment, const struct assigned_check *check);

#endif
