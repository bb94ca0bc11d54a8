/* /proc and its like: whole small files, links, and numbered folders. */
#ifndef OBSERVE_PROC_H
#define OBSERVE_PROC_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Reads the file that the format names into `text` and ends it with a NUL; what does not fit is
 * left out. Its length, or -errno. */
ssize_t proc_read(char *text, size_t text_bytes, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for the target of a symbolic link. */
ssize_t proc_read_link(char *text, size_t text_bytes, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Writes the text, in one piece, to the file that the format names: a setting of the kernel's,
 * which is there already. 0 or -errno. */
int proc_write(const char *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The number after `name` at the beginning of a line of `text`; 0 if no line has it. */
uint64_t proc_number_after(const char *text, const char *name);

/* Calls `visit` for each entry of the folder whose name is a number, until it returns other than
 * 0. That value, 0, or -errno. */
typedef int proc_visit_function(long number, void *context);
int proc_each_number(const char *folder, proc_visit_function *visit, void *context);

/* The same for a folder that is open, from its beginning. */
int proc_each_number_of(int folder_fd, proc_visit_function *visit, void *context);

#endif
