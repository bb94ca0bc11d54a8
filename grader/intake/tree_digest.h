/* What a folder holds, in one number: two that hold the same have the same. */
#ifndef GRADER_INTAKE_TREE_DIGEST_H
#define GRADER_INTAKE_TREE_DIGEST_H

#include "text/digest.h"

/* The digest of all plain files and folders below `folder`: their names, what is in them, and which
 * may be run; not when they were made, nor in which order. 0 or -errno. */
int tree_digest(const char *folder, char text[DIGEST_TEXT_BYTES]);

/* The same of one file, or of none of that sort, with a sentence about it. */
int file_digest(const char *path, const char *sentence, char text[DIGEST_TEXT_BYTES]);

#endif
