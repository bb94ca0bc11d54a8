/* The folder that something lies in, reached through no link.
 *
 * A link in the middle of a path leads as far as one at its end: whoever could make a folder of
 * what was handed in a link could hand in the files of others. A link in the root folder is
 * followed (/home, /tmp): it is the machine's own.
 */
#ifndef GRADER_INTAKE_STRAIGHT_PATH_H
#define GRADER_INTAKE_STRAIGHT_PATH_H

/* Opens the folder above the last part of `path`, and gives a name for the same file that leads
 * through that descriptor, whatever becomes of the path meanwhile; the caller frees `*straight`
 * and closes the descriptor when it is done with it. The descriptor; -ELOOP if the path leads
 * through a link, or another -errno. */
int straight_path_open(const char *path, char **straight);

#endif
