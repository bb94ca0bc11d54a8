/* The folder in $TMPDIR for the files that go with a running machine. */
#ifndef MACHINE_WORK_H
#define MACHINE_WORK_H

struct work_folder {
    char *path; /* owned; NULL: none */
    int lock;   /* of whoever uses it */
};

/* Makes one, and removes those of processes that were killed. NULL, or why not, as a sentence that
 * the caller frees. */
char *work_folder_make(struct work_folder *folder);

/* The path of a file in it, to be freed; only these names are removed with it: channel, counts,
 * image, monitor, plugin.so. */
char *work_folder_path(const struct work_folder *folder, const char *name);

/* Removes it; nothing if there is none. */
void work_folder_remove(struct work_folder *folder);

#endif
