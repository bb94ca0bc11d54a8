/* Whether this build and this kernel have the io_uring that proctor needs. */
#ifndef BASE_IO_URING_SUPPORT_H
#define BASE_IO_URING_SUPPORT_H

/* 0, or -errno with the reason as a sentence in `*reason` (a constant, not to be freed). */
int io_uring_check(const char **reason);

/* Why opening a ring has ended with this -errno: a sentence, a constant. */
const char *io_uring_reason(int error);

#endif
