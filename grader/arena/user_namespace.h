/* User namespaces: one in which we are who we are outside, which an ordinary user needs in order to
 * make namespaces of other kinds, and ones with a map of our choice. See user_namespaces(7). */
#ifndef GRADER_ARENA_USER_NAMESPACE_H
#define GRADER_ARENA_USER_NAMESPACE_H

#include <sys/types.h>

/* Maps our own user and group, and no other, into the new user namespace of `pid`. 0 or -errno. */
int user_namespace_map(pid_t pid, uid_t user, gid_t group);

/* As root: maps by the lines of `map`, which are the same for users and groups. 0 or -errno. */
int user_namespace_map_lines(pid_t pid, const char *map);

/* The next user namespace that this process makes will be `owner`'s, on whose account the kernel
 * books what is counted per user in there; 0: root's, as before. Root keeps all capabilities
 * meanwhile, since some machines let nobody else make one. 0 or -errno. */
int user_namespace_become_owner(uid_t owner);

/* As root: a new user namespace in which users and groups are mapped by the lines of `map`. It is
 * `owner`'s. Descriptor or -errno. */
int user_namespace_open(uid_t owner, const char *map);

#endif
