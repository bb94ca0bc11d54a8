/* How much of the machine a submission may use. */
#ifndef GRADER_ARENA_LIMITS_H
#define GRADER_ARENA_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct task_list;

struct limits {
    int64_t memory_bytes;            /* of all its processes together */
    int64_t memory_bytes_per_client; /* so much more for each client that it is to serve */
    int64_t processes;               /* and threads */
    size_t running;           /* of those, that run, want to, or wait for the kernel itself */
    int64_t file_bytes;       /* of one file that it writes, and of all in its /tmp */
    int64_t folder_bytes;     /* of all that is in its folder, where it may write there */
    int64_t folder_files;     /* and folders */
    int64_t output_bytes;     /* printed */
    int64_t cpu_ns;           /* processor time of all its processes together */
    int64_t wall_ns;          /* from one start to its end */
    int64_t grading_ns;       /* of the whole grading: building, and all starts together */
    bool is_without_io_uring; /* the system calls of io_uring are as if the kernel had none */
};

/* Room for a server with a thread or a process for each of 1100 clients. */
extern const struct limits limits_default;

/* Which limit was reached. */
enum limit {
    LIMIT_NONE,
    LIMIT_MEMORY,
    LIMIT_PROCESSES,
    LIMIT_DESCRIPTORS, /* so many that the owner of a socket is not found among them */
    LIMIT_FOLDER,
    LIMIT_OUTPUT,
    LIMIT_SENDING, /* to its clients, who did not ask for it */
    LIMIT_CPU,
    LIMIT_WALL,
    LIMIT_GRADING,
};

/* "used up its memory" and so on, a constant; and what may be done about it. */
const char *limit_text(enum limit limit);
const char *limit_hint(enum limit limit);

/* What was reached, with the key of an assignment and the value that it had: "used up its processor
 * time (cpu-s: 300)". To be freed. */
char *limit_described(enum limit limit, const struct limits *limits);

/* The limit that these tasks, or what they have printed, have reached; memory and processor
 * time are looked at in usage_watch.h. */
enum limit limits_reached(const struct limits *limits, const struct task_list *tasks,
                          int64_t output_bytes);

/* The limits of a server of so many clients: what a task or a process for each of them needs comes
 * on top, and is no fault of the server's. The memory does not grow beyond half of what the machine
 * can spare now. */
struct limits limits_for(const struct limits *limits, size_t clients);

/* Watching, where no control group limits processes: more tasks that run at once than any server
 * has. So a fork bomb is caught while it is small: some thousand processes that fork without end
 * wait for each other, and with them whoever forks on the same machine, as in the kernel all who
 * have mapped the same library share a lock. To end them then takes a minute. */
enum limit limits_watch_processes(const struct limits *limits, const struct task_list *tasks);

/* Those that a process can be given for itself: to be called between fork and exec. The one of
 * processes holds for all of a user's: outside a user namespace of one's own it lies that much
 * above what the user has already. The one of processor time lies above what is watched: who is
 * killed for it by the kernel could not be told from who was killed for something else. */
void limits_apply(const struct limits *limits, bool has_own_user_namespace);

/* Does the kernel keep us to a number of processes? Not root, whatever the limit says; see
 * RLIMIT_NPROC in getrlimit(2). Tried, with a fork that is refused. */
bool limits_hold_processes(void);

#endif
