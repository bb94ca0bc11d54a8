#include "grader/arena/program_prefix.h"

#include "base/memory.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Is this one of these folders, or in it? */
static bool is_in(const char *path, const char *const folders[])
{
    for (; *folders != NULL; folders++) {
        size_t length = strlen(*folders);
        if (strncmp(path, *folders, length) == 0 && strchr("/", path[length]) != NULL)
            return true;
    }
    return false;
}

bool path_is_of_system(const char *path)
{
    static const char *const folders[] = {"/usr", "/bin",  "/sbin", "/lib", "/lib32", "/lib64",
                                          "/etc", "/proc", "/dev",  "/sys", NULL};
    return is_in(path, folders);
}

/* ~/.local has keys and letters beside its programs. */
static bool ends_in_local(const char *folder)
{
    static const char local[] = "/.local/bin";
    size_t length = strlen(folder);
    return length >= strlen(local) && strcmp(folder + length - strlen(local), local) == 0;
}

/* Of "PREFIX/bin/NAME", PREFIX; otherwise the folder that it lies in. To be freed. */
static char *prefix_of(const char *program)
{
    const char *slash = strrchr(program, '/');
    char *folder = text_of("%.*s", (int)(slash - program), program);
    char *end = strrchr(folder, '/');
    bool is_of_prefix =
        end != NULL && end > folder && (strcmp(end, "/bin") == 0 || strcmp(end, "/sbin") == 0);
    char *libraries = text_of("%.*s/lib", (int)(end != NULL ? end - folder : 0), folder);
    struct stat status;
    if (is_of_prefix && stat(libraries, &status) == 0 && S_ISDIR(status.st_mode) &&
        !ends_in_local(folder))
        *end = '\0';
    free(libraries);
    return folder;
}

static void visit_prefix(const char *program, program_prefix_visit *visit, void *context)
{
    if (program[0] != '/' || path_is_of_system(program))
        return;
    char *prefix = prefix_of(program);
    visit(prefix, context);
    free(prefix);
}

/*** By links ***/

/* Found once: a machine has thousands of links. */
static struct {
    char **programs;
    size_t count;
    bool is_complete;
} installed;

static void note_link(const char *folder, const char *name)
{
    static const char *const homes[] = {"/root", "/home", NULL};
    char *path = text_of("%s/%s", folder, name);
    char target[PATH_MAX] = "";
    char *real = NULL;
    if (readlink(path, target, sizeof target - 1) > 0 && target[0] == '/' &&
        (!path_is_of_system(target) || strncmp(target, "/etc/", strlen("/etc/")) == 0))
        real = realpath(path, NULL);
    free(path);
    if (real == NULL || path_is_of_system(real) || is_in(real, homes)) {
        free(real);
        return;
    }
    installed.programs =
        grow_by_one(installed.programs, installed.count, sizeof *installed.programs);
    installed.programs[installed.count++] = real;
}

static void find_installed(void)
{
    static const char *const folders[] = {"/usr/bin", "/usr/local/bin", "/usr/local/sbin",
                                          "/etc/alternatives"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        DIR *names = opendir(folders[i]);
        struct dirent *entry = NULL;
        while (names != NULL && (entry = readdir(names)) != NULL)
            if (entry->d_type == DT_LNK)
                note_link(folders[i], entry->d_name);
        if (names != NULL)
            closedir(names);
    }
    installed.is_complete = true;
}

void program_prefix_each_installed(program_prefix_visit *visit, void *context)
{
    if (!installed.is_complete)
        find_installed();
    for (size_t i = 0; i < installed.count; i++)
        visit_prefix(installed.programs[i], visit, context);
}

/*** By name ***/

/* Where it is, and where it leads to, as a virtual environment's does. */
static void visit_program(const char *program, program_prefix_visit *visit, void *context)
{
    struct stat status;
    if (program[0] != '/' || stat(program, &status) < 0 || !S_ISREG(status.st_mode) ||
        access(program, X_OK) < 0)
        return;
    visit_prefix(program, visit, context);
    char *real = realpath(program, NULL);
    if (real != NULL)
        visit_prefix(real, visit, context);
    free(real);
}

void program_prefix_each_named(char *const command[], program_prefix_visit *visit, void *context)
{
    visit_program(command[0], visit, context);
    if (strcmp(command[0], "sh") != 0 || command[1] == NULL || strcmp(command[1], "-c") != 0 ||
        command[2] == NULL)
        return;
    char *line = text_of("%s", command[2]);
    char *rest = NULL;
    for (char *word = strtok_r(line, " \t\n;&|()'\"", &rest); word != NULL;
         word = strtok_r(NULL, " \t\n;&|()'\"", &rest))
        visit_program(word, visit, context);
    free(line);
}
