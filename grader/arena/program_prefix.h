/* Where programs lie that are not in /usr: the folders that a submission must see of them.
 *
 * A program at PREFIX/bin/NAME, with a PREFIX/lib beside, may need all that is in PREFIX: so it is
 * with interpreters in /opt, of pyenv, and in virtual environments. Of others it is its own folder.
 */
#ifndef GRADER_ARENA_PROGRAM_PREFIX_H
#define GRADER_ARENA_PROGRAM_PREFIX_H

#include <stdbool.h>

/* Does it lie in a folder of the system? What may be seen of those is shown to every submission. */
bool path_is_of_system(const char *path);

typedef void program_prefix_visit(const char *folder, void *context);

/* Visits the folders of programs outside of /usr that the machine offers to all, by links in
 * /usr/bin, /usr/local/bin, /usr/local/sbin or /etc/alternatives; those in somebody's home
 * apart. */
void program_prefix_each_installed(program_prefix_visit *visit, void *context);

/* Visits those of the command's own program, and of all that the line names by an absolute path
 * where the command is a shell with a line ("sh", "-c", LINE). */
void program_prefix_each_named(char *const command[], program_prefix_visit *visit, void *context);

#endif
