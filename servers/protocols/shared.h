/* Memory that a server shares with its child processes, and a lock in it. */
#ifndef SERVERS_PROTOCOLS_SHARED_H
#define SERVERS_PROTOCOLS_SHARED_H

#include <pthread.h>
#include <stddef.h>

/* Zeroed memory that later children share; a page that is never used costs nothing. NULL: there is
 * none. Given back with munmap(2). */
void *shared_map(size_t size_bytes);

/* A lock in such memory, for threads and processes. One that dies with it does not keep it: so what
 * the lock guards must be whole at each moment. Unlocked with pthread_mutex_unlock(3). */
void shared_lock_init(pthread_mutex_t *lock);
void shared_lock(pthread_mutex_t *lock);

#endif
