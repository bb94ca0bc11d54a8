/* What a process holds: its descriptors, the sockets behind them, its program.
 *
 * A process is named here by any of its tasks: when its first one has ended and others go on,
 * /proc shows nothing under the number of the process any more.
 */
#ifndef OBSERVE_DESCRIPTOR_H
#define OBSERVE_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The inode of the socket behind descriptor `fd` of the task's process; 0 if it is none. */
unsigned descriptor_socket_inode(int task, int fd);

/* A descriptor of the task's process that is the socket with this inode, or -1. */
int process_descriptor_of_socket(int task, unsigned inode);

/* The events (EPOLLIN, EPOLLET …) for which the epoll set watches `fd`; 0: it does not. */
uint32_t epoll_events_of(int task, int epoll_fd, int fd);

/* The same for any epoll set of the task's process. */
uint32_t process_epoll_events_of(int task, int fd);

/* How long until descriptor `fd`, a timer of timerfd_create(2), is due; -1: it is none, or is not
 * set. */
int64_t descriptor_timer_left_ns(int task, int fd);

/* One search through the processes of a tree looks at so many descriptors: a server with a process
 * for each of 900 clients holds fewer, even if none is ever closed. The kernel keeps a kilobyte for
 * each one that was looked at. */
#define DESCRIPTORS_SEARCHED_MAX ((size_t)500000)

/* Calls `visit` with each socket of the task's process until it returns true; counts down `*left`
 * with each descriptor, and stops at 0. True if `visit` has. */
typedef bool socket_visit_function(int task, unsigned inode, void *context);
bool process_each_socket(int task, size_t *left, socket_visit_function *visit, void *context);

/* How many descriptors the process has open, at most so many; 0 if that cannot be read. */
size_t process_descriptor_count(int task, size_t most);

#define PROGRAM_NAME_BYTES 64

/* The name of the process's program without its folder, "" if it cannot be read. Returns `name`. */
const char *process_program(int task, char name[PROGRAM_NAME_BYTES]);

#endif
