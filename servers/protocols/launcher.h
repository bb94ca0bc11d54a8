/* Runs commands for a server of any model.
 *
 * Forking in a server with many threads and thousands of clients is slow, and for a moment the
 * child holds a copy of every client, so that none of them can be closed. The launcher is therefore
 * a process forked before the first client. For each command it is sent the words, the pipe for the
 * output, and the client.
 *
 * It gets the client so that the command ends when the client leaves. For each command the launcher
 * forks a guard, which starts the command, waits until the command ends or the client leaves, and
 * then kills whatever the command has left behind. A client that has half-closed may still want the
 * rest of the output, so after the end of its stream the guard checks now and then whether a
 * process still holds the other end.
 */
#ifndef SERVERS_PROTOCOLS_LAUNCHER_H
#define SERVERS_PROTOCOLS_LAUNCHER_H

#include <sys/types.h>

struct bytes;

/* No command line is longer, in bytes or in words. */
#define LAUNCHER_BYTES_MAX 65536
#define LAUNCHER_WORDS_MAX 256

struct launcher {
    int requests; /* -1: not started */
    pid_t process;
};

/* Starts the launcher. 0 or -errno; launcher_close() ends it. */
int launcher_open(struct launcher *launcher);

/* Ends the launcher, all commands and whatever they have left behind, and waits for that. It takes
 * until every process forked from this one has closed its copy of `requests`. Does nothing if the
 * launcher was not started. */
void launcher_close(struct launcher *launcher);

/* Runs the command of these words, each with a NUL after it, with its stdout and stderr in
 * `output`. The pipe ends when the command and whatever it has left behind have ended. May be
 * called in any thread and in forked processes; never waits. 0 or -errno; later errors are written
 * to `output`. */
int launcher_start(const struct launcher *launcher, int client, int output,
                   const struct bytes *words);

#endif
