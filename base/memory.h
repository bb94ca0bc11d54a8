/* Allocation that ends the program when memory is gone: no caller could do anything sensible. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* `count` zeroed elements of `size_bytes`; the caller frees. Never NULL. */
void *allocate(size_t count, size_t size_bytes)
    __attribute__((returns_nonnull, malloc, alloc_size(1, 2)));

/* `old` (or NULL) moved to a block of `count` elements; the caller frees. Never NULL. */
void *reallocate(void *old, size_t count, size_t size_bytes)
    __attribute__((returns_nonnull, alloc_size(2, 3)));

/* An array of `count` elements with room for one more: it grows to twice the size at each power of
 * two, so that to append a million copies no more than two. The caller frees. */
void *grow_by_one(void *old, size_t count, size_t size_bytes) __attribute__((returns_nonnull));

/* A formatted string on the heap; the caller frees. */
char *text_of(const char *format, ...) __attribute__((format(printf, 1, 2), returns_nonnull));

/* Frees a NULL-terminated array of texts, and each of them; NULL is none. */
void free_texts(char **texts);

#endif
