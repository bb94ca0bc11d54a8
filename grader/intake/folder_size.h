/* How much lies in a folder that a stranger fills. */
#ifndef GRADER_INTAKE_FOLDER_SIZE_H
#define GRADER_INTAKE_FOLDER_SIZE_H

#include <stdbool.h>
#include <stdint.h>

/* Holds it more than so many bytes, as they take room on the disk, or so many files and folders?
 * Stops looking as soon as it does. What cannot be looked at counts as too much, but for what has
 * gone meanwhile. */
bool folder_size_exceeds(const char *folder, int64_t bytes, int64_t files);

#endif
