/* A queue of bytes: appended at the end, consumed from the front. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>

/* All zero is an empty queue. */
struct bytes {
    char *block;
    size_t first;          /* where the queue begins in the block */
    size_t length;         /* bytes in the queue */
    size_t capacity_bytes; /* size of the block */
};

/* Copies `count` bytes to the end of the queue. */
void bytes_append(struct bytes *bytes, const void *data, size_t count);

/* Appends formatted text, without its terminating NUL. */
void bytes_print(struct bytes *bytes, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Appends blanks until what stands there from the byte `from` on has so many letters of UTF-8. */
void bytes_pad(struct bytes *bytes, size_t from, size_t letters);

/* The first byte of the queue, perhaps NULL if it is empty; valid until the queue changes. */
char *bytes_front(const struct bytes *bytes);

/* Takes `count` bytes, at most all, off the front. An emptied queue gives back a large block. */
void bytes_consume(struct bytes *bytes, size_t count);

bool bytes_contain(const struct bytes *bytes, const void *needle, size_t needle_bytes);

/* What is in the queue as a string, to be freed; the queue is released. */
char *bytes_take_text(struct bytes *bytes);

/* Frees the block and leaves an empty queue. */
void bytes_release(struct bytes *bytes);

#endif
