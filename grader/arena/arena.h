/* Where a submission runs: in namespaces, a sandbox and a terminal of its own.
 *
 * The network namespace holds only a loopback interface (network.h), so hard-coded ports never
 * collide and nothing leaves the machine. The process namespace makes sure that every process ends:
 * arena_close() kills its first process, and the kernel then kills all others, even those that
 * ignore SIGTERM, forked away or called setsid(2). The terminal makes programs print line by line;
 * only the grader types on it. Not every machine allows all of this: hence the levels below.
 */
#ifndef GRADER_ARENA_ARENA_H
#define GRADER_ARENA_ARENA_H

#include "base/bytes.h"
#include "grader/arena/limit_group.h"
#include "grader/arena/usage_watch.h"
#include "observe/snapshot.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* From the best to the least. */
enum isolation {
    ISOLATION_BEST,    /* of a plan: the best that this machine allows */
    ISOLATION_ROOT,    /* namespaces made as root, and a sandbox */
    ISOLATION_USER,    /* the same inside a user namespace of an ordinary user */
    ISOLATION_NETWORK, /* namespaces of processes and of the network, but no sandbox */
    ISOLATION_NONE,    /* a process like any other: ports collide, and it can reach everything */
};

struct arena_plan {
    char *const *command;        /* NULL-terminated */
    char *const *const *others;  /* commands that may be started later, NULL-terminated; or NULL */
    const struct limits *limits; /* NULL: limits_default */
    enum isolation isolation;
    const char *folder;         /* where it runs, and which it sees; NULL: the working directory */
    int64_t end_ns;             /* when the whole grading is over; 0: not bounded */
    const struct arena *beside; /* another one, whose network it is to share; or NULL */
    bool starts_later;          /* with arena_start_again() */
    bool may_write;             /* into its folder, to build in it */
    char *const *writable;      /* folders below it into which it may write in any case: absolute,
                            * NULL-terminated; or NULL */
    const char *hidden;         /* a folder that it must not see, absolute; or NULL */
    bool watches_folder;        /* because nothing else limits what it writes there */
};

/* The step that failed when an arena could not be opened. */
struct arena_trouble {
    const char *what; /* a constant */
    bool is_command;  /* the command itself cannot be run: -ENOENT, -EACCES */
    bool is_final;    /* a lower level would be worse still */
    char shut[256];   /* the folder that we cannot enter, if that is what failed; or "" */
};

/* A program that was started beside the submission, with a terminal of its own. */
struct arena_run {
    const char *name;     /* the caller's */
    int terminal_fd;      /* -1: it and all that it started have closed it */
    dev_t terminal;       /* the device */
    struct bytes output;  /* the last OUTPUT_KEPT_BYTES of what it printed */
    int64_t output_bytes; /* how much that was in all */
    bool has_ended;       /* its first process, with wait_status */
    int wait_status;
};

struct arena {
    enum isolation isolation;
    pid_t keeper;
    int control_fd;
    int terminal_fd;
    struct subject subject; /* the submission, for snapshot_take() */
    bool has_started;       /* the submission did, and the keeper serves */
    bool has_ended;         /* the submission's first process, with wait_status */
    int wait_status;
    bool is_empty;    /* its last process has ended too */
    bool is_lost;     /* the keeper has died, and all with it: a problem of proctor's own */
    enum limit limit; /* the one it reached, for which it was ended */
    const struct limits *limits;
    int64_t begin_ns;     /* when it was opened */
    int64_t end_ns;       /* when the whole grading is over, or NEVER_NS */
    char *watched_folder; /* NULL: none */
    int64_t watched_ns;   /* when it was last looked at */
    struct limit_group group;
    struct usage_watch watch;
    struct bytes output_head; /* the first OUTPUT_HEAD_BYTES of what the submission printed */
    struct bytes output;      /* the last OUTPUT_KEPT_BYTES of it */
    int64_t output_bytes;     /* how much that was in all */
    dev_t terminal;           /* the device of its terminal */
    struct arena_run *runs;   /* on the heap */
    size_t run_count;
};

#define OUTPUT_HEAD_BYTES 4096
#define OUTPUT_KEPT_BYTES 65536

/* A socket in the arena's network; the caller closes it. Descriptor or -errno. */
int arena_socket(struct arena *arena, int family, int type, int protocol);

/* The list of System V's shared memory in the arena, to be read again and again; the caller closes
 * it. Descriptor or -errno. */
int arena_segments(struct arena *arena);

/* Ends every process of the submission; and starts its command once more, in the same network. 0 or
 * -errno. */
int arena_end_submission(struct arena *arena);
int arena_start_again(struct arena *arena);

/* Asks its first process to end, with SIGTERM. 0 or -errno. */
int arena_stop_submission(struct arena *arena);

/* Starts one of the plan's others (0: the first of them). Its number among the runs, or -errno;
 * -EAGAIN: there are as many as there may be. */
int arena_start_run(struct arena *arena, unsigned other, const char *name);

/* The submission itself, as a run. */
#define ARENA_SUBMISSION SIZE_MAX

/* What is known of a run, or of the submission: its terminal, output and end. `output` is not to be
 * released. */
struct arena_run arena_look_at(const struct arena *arena, size_t run);

/* Types on the terminal of a run or of the submission, as a person would. */
void arena_type(const struct arena *arena, size_t run, const struct bytes *text);

/* All that was printed, together. */
int64_t arena_printed_bytes(const struct arena *arena);

/* Takes what the submission has printed and what the keeper has reported, without waiting. True
 * if anything was new. */
bool arena_drain(struct arena *arena);

/* Ends the submission if it has reached a limit, of which `tasks` are all tasks. */
void arena_hold_to_limits(struct arena *arena, const struct task_list *tasks);

/* Ends the submission for a limit that is watched elsewhere, unless it has reached one before. */
void arena_end_for(struct arena *arena, enum limit limit);

/* Ends every process in the arena, waits until the last is gone, and releases everything. */
void arena_close(struct arena *arena);

/* "root namespaces", "user namespaces", "network only", "none": for results. */
const char *isolation_name(enum isolation isolation);

#endif
