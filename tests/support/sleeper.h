/* Child processes of a test that do one thing each, mostly sleep in one system call. */
#ifndef TESTS_SUPPORT_SLEEPER_H
#define TESTS_SUPPORT_SLEEPER_H

#include "observe/task.h"
#include "observe/wait.h"

#include <stdint.h>
#include <sys/types.h>

/* Bounds a wait for what must come; no test passes or fails by how long it took. */
#define LONG_NS 120000000000LL

/* What a child does for ever: first whatever it takes to get ready, then child_is_ready(), then
 * calls that it sleeps in and no others. */
typedef void child_function(void);

/* Starts a child that shares the descriptors; returns when it has said that it is ready. It is
 * killed when the test ends. */
pid_t child_start(child_function *act);

/* For the child to call, once. */
void child_is_ready(void);

void child_kill(pid_t pid);

/* A task below the calling process, as soon as it sleeps in a system call; the test fails if it
 * never does. */
struct task task_asleep(pid_t tid);

/* The same, as soon as it is in this state of /proc/PID/stat. */
struct task task_in_state(pid_t tid, char state);

/* Starts the child, reads what it waits for once it sleeps, and kills it. */
struct wait wait_of_child(child_function *act);

#endif
