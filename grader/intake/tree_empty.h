/* Trees that a stranger has made, removed. */
#ifndef GRADER_INTAKE_TREE_EMPTY_H
#define GRADER_INTAKE_TREE_EMPTY_H

/* Removes all that is below the folder, however deep and whatever its permissions. 0 or -errno. */
int tree_empty(int folder_fd);

/* Removes the folder and all below it. 0, also if there is none, or -errno. */
int tree_remove(const char *folder);

#endif
