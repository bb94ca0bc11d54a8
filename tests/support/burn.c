/* A library to be loaded before libc (LD_PRELOAD) into a server that is to be a little worse: at
 * each recv() it burns BURN_NS of processor time and makes BURN_CALLS system calls more, and for
 * each connection it keeps BURN_BYTES of memory; it goes BURN_ROUNDS times round a loop that does
 * nothing, and allocates BURN_BLOCKS blocks that it frees at once. For servers of one thread. */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

typedef ssize_t receive_function(int fd, void *data, size_t count, int flags);

static receive_function *receive;
static long burn_ns;
static long burn_calls;
static long burn_bytes;
static long burn_rounds;
static long burn_blocks;

static long number_of(const char *name)
{
    const char *text = getenv(name);
    return text != NULL ? strtol(text, NULL, 10) : 0;
}

__attribute__((constructor)) static void find(void)
{
    receive = (receive_function *)dlsym(RTLD_NEXT, "recv");
    burn_ns = number_of("BURN_NS");
    burn_calls = number_of("BURN_CALLS");
    burn_bytes = number_of("BURN_BYTES");
    burn_rounds = number_of("BURN_ROUNDS");
    burn_blocks = number_of("BURN_BLOCKS");
}

static long now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000L + now.tv_nsec;
}

/* A descriptor that was never heard of is a new connection. Nothing is ever given back. */
static void keep_memory(int fd)
{
    static bool is_known[65536];
    if (burn_bytes == 0 || fd >= (int)(sizeof is_known) || is_known[fd])
        return;
    is_known[fd] = true;
    static void *volatile kept; /* or the compiler leaves out what nobody reads */
    kept = malloc((size_t)burn_bytes);
    if (kept != NULL)
        memset(kept, 1, (size_t)burn_bytes);
}

ssize_t recv(int fd, void *data, size_t count, int flags)
{
    ssize_t received = receive(fd, data, count, flags);
    keep_memory(fd);
    for (long i = 0; received > 0 && i < burn_calls; i++)
        syscall(SYS_getppid);
    for (volatile long i = 0; received > 0 && i < burn_rounds;)
        i = i + 1;
    for (long i = 0; received > 0 && i < burn_blocks; i++) {
        void *volatile block = malloc(100);
        free(block);
    }
    for (long end_ns = now_ns() + burn_ns; received > 0 && now_ns() < end_ns;)
        ;
    return received;
}
