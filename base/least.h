/* The lesser of two sizes. */
#ifndef BASE_LEAST_H
#define BASE_LEAST_H

#include <stddef.h>

static inline size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

#endif
