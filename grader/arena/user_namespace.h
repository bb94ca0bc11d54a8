/* A user namespace in which we are who we are outside: what an ordinary user needs in order to make
 * namespaces of other kinds. See user_namespaces(7). */
#ifndef GRADER_ARENA_USER_NAMESPACE_H
#define GRADER_ARENA_USER_NAMESPACE_H

#include <sys/types.h>

/* Maps our own user and group, and no other, into the new user namespace of `pid`. 0 or -errno. */
int user_namespace_map(pid_t pid, uid_t user, gid_t group);

#endif
