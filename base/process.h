/* Child processes with their output in a pipe, waited for by pidfd. */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Ours from process_start() to process_end(). */
struct process {
    pid_t pid;
    int pidfd;     /* becomes readable when the process has ended */
    int output_fd; /* its standard output */
};

/* Starts `argv` in a process group of its own, with all signals at their defaults; it is killed
 * when the calling thread ends. Its standard input is /dev/null, as ours belongs to whoever calls
 * us; its stderr stays ours. 0 or -errno, also when the program cannot be executed. */
int process_start(struct process *process, char *const argv[]);

/* The same with `input_fd`, which stays the caller's, as its standard input. */
int process_start_with_input(struct process *process, char *const argv[], int input_fd);

/* Reads the next line of output, without its newline, into `line`. 0; -ETIMEDOUT at the deadline;
 * -EPIPE if the output ended first; -EMSGSIZE if the line does not fit. */
int process_read_line(struct process *process, char *line, size_t line_bytes, int64_t deadline_ns);

/* Waits for the end; false at the deadline. The process is left for process_end() to release. */
bool process_wait_until(const struct process *process, int64_t deadline_ns);

/* Ends the process and its group: SIGTERM, and SIGKILL `patience_ns` later if need be. Returns the
 * wait status and releases everything. */
int process_end(struct process *process, int64_t patience_ns);

/* Sends a signal to each child of the calling thread, but to none in this process group. */
void process_signal_children(int number, pid_t spared_group);

/* Kills every process below the caller, and waits for it: also those that it does not know of, for
 * which it must be the one that inherits them (PR_SET_CHILD_SUBREAPER). */
void process_end_descendants(void);

/* Sets every signal to its default and unblocks all, as a new program expects. Call it between
 * fork and exec. */
void process_reset_signals(void);

#endif
