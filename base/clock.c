#include "base/clock.h"

#include <limits.h>
#include <time.h>

static int64_t read_clock_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t clock_now_ns(void)
{
    return read_clock_ns(CLOCK_MONOTONIC);
}

int64_t clock_wall_ns(void)
{
    return read_clock_ns(CLOCK_REALTIME);
}

int64_t clock_thread_cpu_ns(void)
{
    return read_clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

int64_t clock_process_cpu_ns(void)
{
    return read_clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

int clock_timeout_ms(int64_t deadline_ns)
{
    if (deadline_ns == NEVER_NS)
        return -1;
    int64_t left_ns = deadline_ns - clock_now_ns();
    if (left_ns <= 0)
        return 0;
    int64_t left_ms = (left_ns + NS_PER_MS - 1) / NS_PER_MS;
    return left_ms > INT_MAX ? INT_MAX : (int)left_ms;
}
