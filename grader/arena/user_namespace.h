/* User namespaces: one in which we are who we are outside, which an ordinary user needs in order to
 * make namespaces of other kinds, and ones with a map of our choice. See user_namespaces(7). */
#ifndef GRADER_ARENA_USER_NAMESPACE_H
#define GRADER_ARENA_USER_NAMESPACE_H

#include <sys/types.h>

/* Lines as of user_namespaces(7). */
struct user_namespace_map {
    char users[96];
    char groups[96];
};

/* Maps our own user and group, and no other, into the new user namespace of `pid`. 0 or -errno. */
int user_namespace_map(pid_t pid, uid_t user, gid_t group);

/* Our own user and group and ranges of others, each as itself. */
void user_namespace_map_range(struct user_namespace_map *map, uid_t first_user, unsigned users,
                              gid_t first_group, unsigned groups);

/* Maps by these lines: as root, or with newuidmap(1) and newgidmap(1) as far as they allow it. 0 or
 * -errno. */
int user_namespace_map_lines(pid_t pid, const struct user_namespace_map *map);

/* The next user namespace that this process makes will be `owner`'s, on whose account the kernel
 * books what is counted per user in there; 0: root's, as before. Root keeps all capabilities
 * meanwhile, since some machines let nobody else make one. 0 or -errno. */
int user_namespace_become_owner(uid_t owner);

/* A new user namespace in which users and groups are mapped by these lines. As root it is
 * `owner`'s. Descriptor or -errno. */
int user_namespace_open(uid_t owner, const struct user_namespace_map *map);

#endif
