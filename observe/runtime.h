/* Threads that a runtime has for itself: they serve no client, and wake up by themselves.
 *
 * They are known by identity: the runtime by a library that the process has mapped, or by a mark in
 * its program, and the thread by the name that the runtime gives it, or by its place. Never by what
 * they do: a student's thread that has not touched a socket yet may close one in a moment.
 */
#ifndef OBSERVE_RUNTIME_H
#define OBSERVE_RUNTIME_H

#include <stdbool.h>

struct task;

enum runtime_thread {
    RUNTIME_NONE,      /* not one of a runtime's own */
    RUNTIME_IDLES,     /* one that may hold up the others while it is not idle: a collector */
    RUNTIME_ALONGSIDE, /* one that hardly ever does: a compiler */
};

/* Reads /proc only for tasks whose name or place leaves it open. */
enum runtime_thread runtime_thread_of(const struct task *task);

/* Has its process loaded Python's asyncio? */
bool runtime_has_asyncio(const struct task *task);

#endif
