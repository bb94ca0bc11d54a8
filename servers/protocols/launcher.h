/* Runs commands for a server of whatever model.
 *
 * Forking in a server with many threads and thousands of clients is slow, and for a moment the
 * child holds a copy of every client, so that none of them can be closed. The launcher is therefore
 * a process that is forked before there is any client, and is sent what one command needs: its
 * words, the pipe that its output goes to, and the client.
 *
 * The client is sent along so that its leaving ends the command. For each command the launcher
 * forks a guard, which starts the command, waits for the end of either, and then ends whatever the
 * command has left behind. A client that has half-closed may well be waiting for the rest of the
 * output, so after the end of its stream the guard looks from time to time whether anybody still
 * holds its end.
 */
#ifndef SERVERS_PROTOCOLS_LAUNCHER_H
#define SERVERS_PROTOCOLS_LAUNCHER_H

#include <sys/types.h>

struct bytes;

/* No command line is longer, in bytes or in words. */
#define LAUNCHER_BYTES_MAX 65536
#define LAUNCHER_WORDS_MAX 256

struct launcher {
    int requests; /* -1: there is none */
    pid_t process;
};

/* Starts the launcher. 0 or -errno; launcher_close() ends it. */
int launcher_open(struct launcher *launcher);

/* Waits until the launcher, all commands and whatever they have left behind have ended, which
 * is as soon as every process forked from this one has closed its copy of `requests` too.
 * Nothing where there is none. */
void launcher_close(struct launcher *launcher);

/* Runs the command of these words, each with a NUL after it, with its stdout and stderr in
 * `output`. The pipe ends when the command and whatever it has left behind have ended. Callable
 * from any thread and from forked processes; never waits. 0 or -errno; what goes wrong later is
 * written to `output`. */
int launcher_start(const struct launcher *launcher, int client, int output,
                   const struct bytes *words);

#endif
