/* What a process holds: its descriptors, the sockets behind them, its program. */
#ifndef OBSERVE_DESCRIPTOR_H
#define OBSERVE_DESCRIPTOR_H

#include <stddef.h>
#include <stdint.h>

/* The inode of the socket behind descriptor `fd` of the task's process; 0 if it is none. */
unsigned descriptor_socket_inode(int pid, int fd);

/* A descriptor of process `pid` that is the socket with this inode, or -1. */
int process_descriptor_of_socket(int pid, unsigned inode);

/* The events (EPOLLIN, EPOLLET …) for which the epoll set watches `fd`; 0: it does not. */
uint32_t epoll_events_of(int pid, int epoll_fd, int fd);

/* How many descriptors the process has open; 0 if that cannot be read. */
size_t process_descriptor_count(int pid);

#define PROGRAM_NAME_BYTES 64

/* The name of the process's program without its folder, "" if it cannot be read. Returns `name`. */
const char *process_program(int pid, char name[PROGRAM_NAME_BYTES]);

#endif
