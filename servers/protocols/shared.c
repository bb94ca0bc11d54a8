#include "servers/protocols/shared.h"

#include <errno.h>
#include <sys/mman.h>

void *shared_map(size_t size_bytes)
{
    void *block = mmap(NULL, size_bytes, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return block == MAP_FAILED ? NULL : block;
}

void shared_lock_init(pthread_mutex_t *lock)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(lock, &attributes);
    pthread_mutexattr_destroy(&attributes);
}

void shared_lock(pthread_mutex_t *lock)
{
    int error = pthread_mutex_lock(lock);
    if (error == EOWNERDEAD)
        pthread_mutex_consistent(lock);
}
