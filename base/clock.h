/* Time as proctor counts it: nanoseconds of CLOCK_MONOTONIC, and deadlines that are absolute. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#define NS_PER_US 1000LL
#define NS_PER_MS 1000000LL
#define NS_PER_S  1000000000LL

/* A deadline that never comes. */
#define NEVER_NS INT64_MAX

int64_t clock_now_ns(void);

/* Since 1970, for what people read; it may jump. */
int64_t clock_wall_ns(void);

/* Processor time that the calling thread has used. */
int64_t clock_thread_cpu_ns(void);

/* Processor time that all threads of this process have used, including those that have ended. */
int64_t clock_process_cpu_ns(void);

/* The time left until `deadline_ns`, as poll(2) wants it: rounded up, 0 if past, -1 for never. */
int clock_timeout_ms(int64_t deadline_ns);

#endif
