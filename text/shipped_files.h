/* YAML files that ship with proctor - assignments, suites - and where they are: where they were
 * installed, or beside the sources they were built from. */
#ifndef TEXT_SHIPPED_FILES_H
#define TEXT_SHIPPED_FILES_H

struct shipped_files {
    const char *folders[2]; /* the first one that holds files is taken */
};

/* Calls visit(name without ending, path, context) for each in the order of their names, until one
 * call does not return 0; returns that. */
int shipped_files_each(const struct shipped_files *files,
                       int visit(const char *name, const char *path, void *context), void *context);

/* The path of the file with this name, which the caller frees: a name with a slash or the ending
 * ".yaml" is a path itself. NULL: there is none, and `*nearest` is the name most like it, which the
 * caller frees, or NULL. */
char *shipped_files_find(const struct shipped_files *files, const char *name, char **nearest);

/* What such a file is called: "assignments/tp1-threads.yaml" is tp1-threads. The caller frees. */
char *shipped_file_name(const char *path);

#endif
