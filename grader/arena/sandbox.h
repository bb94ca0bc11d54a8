/* The file system and the user that a submission sees, made by bubblewrap.
 *
 * It sees the system's programs and libraries, the folders of its command, all read-only, a /tmp of
 * its own, and a few files of our making, so that no look-up of a name ever leaves it. It is nobody
 * in particular, may not become anybody else, and is denied what leads out; see
 * system_call_filter.h. The namespaces of processes and of the network are the keeper's.
 *
 * bubblewrap would stay between the keeper and the submission, as a process that waits for it.
 * What is started by it is therefore a shell that ends it and then becomes the submission, which
 * so becomes a child of the keeper. See bwrap(1).
 */
#ifndef GRADER_ARENA_SANDBOX_H
#define GRADER_ARENA_SANDBOX_H

#include "grader/arena/job_user.h"
#include "grader/arena/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define SANDBOX_WORDS_MAX        4096
#define SANDBOX_DESCRIPTORS_MAX  8
#define SANDBOX_FIRST_DESCRIPTOR 3 /* inside */

struct sandbox {
    char *words[SANDBOX_WORDS_MAX]; /* of bubblewrap's command, on the heap; NULL-terminated */
    size_t word_count;
    size_t command_begin;                     /* where the words of a command follow */
    bool is_full;                             /* there was no room for all words */
    int descriptors[SANDBOX_DESCRIPTORS_MAX]; /* bubblewrap's 3, 4, 5 …; the first: its status */
    size_t descriptor_count;
    int status_fd; /* the other end of the first, once begun */
    struct job_user user;
    size_t own_begin; /* the words that show the submission's folders and files */
    size_t own_end;
};

struct sandbox_plan {
    char *const *const *commands; /* NULL-terminated: those that will be run in it */
    const char *folder;           /* where it is run; NULL: the working directory */
    const struct limits *limits;
    bool is_memory_watched;    /* for want of a control group that counts it */
    bool may_write;            /* into its folder */
    char *const *writable;     /* folders below it into which it may write in any case: absolute,
                                * NULL-terminated; or NULL */
    const char *hidden;        /* a folder that is not shown, absolute; or NULL */
    bool has_keeper_namespace; /* the keeper is in a user namespace */
};

/* Makes what will be needed: for a user of the submission's own where there is one (job_user.h) and
 * it can read what is shown, and otherwise for our own. 0, or -errno with the step that failed in
 * `*what`, a constant; -E2BIG: the command is too long. sandbox_release() in every case. */
int sandbox_open(struct sandbox *sandbox, const struct sandbox_plan *plan, const char **what);

/* The same for one of the two. */
int sandbox_prepare(struct sandbox *sandbox, const struct sandbox_plan *plan, bool has_user,
                    const char **what);

/* Does this word of bubblewrap's show what the next one names? */
bool sandbox_is_bind(const char *word);

/* Once, in the mount namespace in which all sandboxes will be made. 0 or -errno. */
int sandbox_lend_files(const struct sandbox *sandbox);

/* Is this folder the home of its owner or of whoever runs us, or above one? Like folders that all
 * users share, it is not shown: only the files in it that the command names are. */
bool sandbox_holds_a_home(const char *folder);

/* Before each start, in the process that will fork it. 0 or -errno. */
int sandbox_begin(struct sandbox *sandbox);

/* Becomes bubblewrap with one of the commands, between fork and exec: standard input, output and
 * error stay, and all other descriptors are closed. Returns only if it cannot: -errno. */
int sandbox_enter(const struct sandbox *sandbox, char *const *command, char *const environment[]);

/* In the parent, once the process that entered runs: waits until `bubblewrap` has ended, as it is
 * meant to when all is ready, and returns the submission's first process; or -EPERM if the sandbox
 * could not be made, which bubblewrap has then said on its stderr. */
pid_t sandbox_await(struct sandbox *sandbox, pid_t bubblewrap);

void sandbox_release(struct sandbox *sandbox);

#endif
