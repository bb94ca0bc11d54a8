/* The lesser of two sizes, and of two times. */
#ifndef BASE_LEAST_H
#define BASE_LEAST_H

#include <stddef.h>
#include <stdint.h>

static inline size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

static inline int64_t least_ns(int64_t one_ns, int64_t other_ns)
{
    return one_ns < other_ns ? one_ns : other_ns;
}

#endif
