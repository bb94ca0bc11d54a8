/* What a task does, in words: one sentence for evidence, a few words for a timeline. */
#ifndef OBSERVE_WAITING_SAID_H
#define OBSERVE_WAITING_SAID_H

#include <stdbool.h>
#include <stddef.h>

struct task;

/* The name of the socket, such as "client 1"; NULL if it is unknown, or 0. */
typedef const char *socket_name_function(const void *context, unsigned inode);

/* "task 371 (python3) sleeps in recvfrom on client 1", to be freed: `name` is the task's, made
 * harmless; `call` the one that it sleeps in, or NULL; `on` what it waits on there, or NULL. */
char *task_said(const struct task *task, const char *name, const char *call, const char *on);

/* Writes "recvfrom on client 1" for a task that sleeps; a wait on several descriptors is named by
 * its call alone. False if the socket has no name yet: sockets are read before tasks, and it may
 * have been accepted in between. */
bool wait_said(char *text, size_t text_bytes, const struct task *task, socket_name_function *name,
               const void *context);

/* Like strsignal(), but not translated: signals have their names in English everywhere. */
const char *signal_said(int number);

#endif
