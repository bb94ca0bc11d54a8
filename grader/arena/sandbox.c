#include "grader/arena/sandbox.h"

#include "base/descriptor_passing.h"
#include "base/language.h"
#include "base/memory.h"
#include "grader/arena/program_prefix.h"
#include "grader/arena/system_call_filter.h"
#include "text/word_list.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <linux/openat2.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SET_USER "/usr/bin/setpriv"

/*** Words and descriptors ***/

static void add_word(struct sandbox *sandbox, const char *word)
{
    sandbox->is_full |= sandbox->word_count + 1 == SANDBOX_WORDS_MAX;
    if (!sandbox->is_full)
        sandbox->words[sandbox->word_count++] = text_of("%s", word);
}

/* Adds words up to a NULL. */
static void add_words(struct sandbox *sandbox, ...) __attribute__((sentinel));

static void add_words(struct sandbox *sandbox, ...)
{
    va_list words;
    va_start(words, sandbox);
    for (const char *word = va_arg(words, const char *); word != NULL;
         word = va_arg(words, const char *))
        add_word(sandbox, word);
    va_end(words);
}

/* Takes over a descriptor and adds the number that it will have inside as a word. */
static void add_descriptor(struct sandbox *sandbox, int fd)
{
    assert(sandbox->descriptor_count < SANDBOX_DESCRIPTORS_MAX);
    char number[16];
    snprintf(number, sizeof number, "%zu", SANDBOX_FIRST_DESCRIPTOR + sandbox->descriptor_count);
    sandbox->descriptors[sandbox->descriptor_count++] = fd;
    add_word(sandbox, number);
}

/*** What is seen of the system ***/

static const struct {
    const char *path;
    const char *text;
} own_files[] = {
    {"/etc/hosts", "127.0.0.1 localhost submission\n::1 localhost ip6-localhost\n"},
    {"/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n"},
    {"/etc/resolv.conf", "options timeout:1 attempts:1\n"},
    {"/etc/passwd", "submission:x:" SUBMISSION_USER ":" SUBMISSION_USER "::/tmp:/bin/sh\n"},
    {"/etc/group", "submission:x:" SUBMISSION_USER ":\n"},
};

/* Shown read-only where they exist. */
static const char *const shown[] = {
    "/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf.d",
    "/etc/localtime",    "/etc/protocols",   "/etc/services",
    "/etc/ssl/certs",    "/etc/mime.types",  "/etc/ssl/openssl.cnf"};

/* Folders that are links into /usr on some systems. */
static const char *const of_the_root[] = {"/bin", "/sbin", "/lib", "/lib32", "/lib64"};

bool sandbox_is_bind(const char *word)
{
    static const char *const binds[] = {"--ro-bind", "--ro-bind-try", "--bind", NULL};
    return binds[word_place(binds, word)] != NULL;
}

static bool is_shown(const struct sandbox *sandbox, const char *path)
{
    for (size_t i = 1; i < sandbox->word_count; i++)
        if (strcmp(sandbox->words[i], path) == 0 && sandbox_is_bind(sandbox->words[i - 1]))
            return true;
    return false;
}

static void show(struct sandbox *sandbox, const char *path)
{
    if (!is_shown(sandbox, path))
        add_words(sandbox, "--ro-bind", path, path, NULL);
}

static void show_system(struct sandbox *sandbox)
{
    show(sandbox, "/usr");
    for (size_t i = 0; i < sizeof of_the_root / sizeof of_the_root[0]; i++) {
        const char *path = of_the_root[i];
        char target[PATH_MAX] = "";
        if (readlink(path, target, sizeof target - 1) > 0)
            add_words(sandbox, "--symlink", target, path, NULL);
        else
            add_words(sandbox, "--ro-bind-try", path, path, NULL);
    }
    add_words(sandbox, "--dir", "/etc", "--dir", "/etc/ssl", NULL); /* open to all */
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
        add_words(sandbox, "--ro-bind-try", shown[i], shown[i], NULL);
}

/* Java's settings, whatever its version. */
static void show_java(struct sandbox *sandbox)
{
    char home[PATH_MAX];
    char settings[PATH_MAX];
    if (realpath("/usr/bin/java", home) == NULL)
        return;
    snprintf(settings, sizeof settings, "/etc/java-%d-openjdk",
             (int)strtol(home + strcspn(home, "0123456789"), NULL, 10));
    add_words(sandbox, "--ro-bind-try", settings, settings, NULL);
}

static int add_own_files(struct sandbox *sandbox)
{
    for (size_t i = 0; i < sizeof own_files / sizeof own_files[0]; i++) {
        size_t length = strlen(own_files[i].text);
        int fd = memfd_create("file", MFD_CLOEXEC);
        if (fd < 0)
            return -errno;
        bool is_written = write(fd, own_files[i].text, length) == (ssize_t)length;
        add_words(sandbox, "--perms", "0644", "--ro-bind-data", NULL);
        add_descriptor(sandbox, fd);
        add_word(sandbox, own_files[i].path);
        if (!is_written)
            return -EIO;
    }
    return 0;
}

/* A device folder with no room to write but /dev/shm, and a /tmp. */
static void add_room(struct sandbox *sandbox, const struct sandbox_plan *plan)
{
    const struct limits *limits = plan->limits;
    char room[32];
    /* Compilers keep there what they make meanwhile: go, for one, all of its library. */
    snprintf(room, sizeof room, "%" PRId64,
             plan->may_write ? limits->folder_bytes : limits->file_bytes);
    add_words(sandbox, "--ro-bind", "/proc", "/proc", "--dev", "/dev", NULL);
    /* To map /dev/zero makes shared memory of any size. It reads the same, and cannot be mapped. */
    if (plan->is_memory_watched)
        add_words(sandbox, "--dev-bind", "/dev/full", "/dev/zero", NULL);
    add_words(sandbox, "--size", room, "--tmpfs", "/dev/shm", "--remount-ro", "/dev", NULL);
    add_words(sandbox, "--perms", "1777", "--size", room, "--tmpfs", "/tmp", NULL);
}

/*** What is seen of the submission ***/

/* With sudo, whose home it is and whose HOME is in the environment are two. */
bool sandbox_holds_a_home(const char *folder)
{
    struct stat status;
    const struct passwd *owner = stat(folder, &status) == 0 ? getpwuid(status.st_uid) : NULL;
    const char *const homes[] = {getenv("HOME"), owner != NULL ? owner->pw_dir : NULL};
    bool holds_one = false;
    for (size_t i = 0; i < 2; i++) {
        char *home = homes[i] != NULL ? realpath(homes[i], NULL) : NULL;
        size_t length = strlen(folder);
        holds_one |=
            home != NULL && strncmp(home, folder, length) == 0 && strchr("/", home[length]) != NULL;
        free(home);
    }
    return holds_one;
}

/* Folders that hold what is none of the submission's business: of these only named files are
 * shown. */
static bool is_not_shown_whole(const char *folder)
{
    static const char *const shared[] = {"/", "/tmp", "/root", "/home", "/var/tmp", NULL};
    return shared[word_place(shared, folder)] != NULL || sandbox_holds_a_home(folder);
}

/* Does a relative name lead through no link? A submission may have made one. */
static bool leads_straight(const char *word)
{
    struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS};
    int fd = word[0] == '/' ? -1 : (int)syscall(SYS_openat2, AT_FDCWD, word, &how, sizeof how);
    if (fd >= 0)
        close(fd);
    return word[0] == '/' || fd >= 0;
}

/* The folder above it must be open, too: bubblewrap would make it for root alone. */
static void show_own(struct sandbox *sandbox, const char *how, const char *path)
{
    char above[PATH_MAX];
    snprintf(above, sizeof above, "%s", path);
    if (!is_shown(sandbox, path))
        add_words(sandbox, "--dir", dirname(above), how, path, path, NULL);
}

/* Does it lie in a folder of the submission that is shown already? Shown once more, it could not be
 * written to. */
static bool is_shown_with_another(const struct sandbox *sandbox, const char *path)
{
    for (size_t i = sandbox->own_begin + 1; i < sandbox->word_count; i++) {
        size_t length = strlen(sandbox->words[i]);
        if (sandbox_is_bind(sandbox->words[i - 1]) &&
            strncmp(path, sandbox->words[i], length) == 0 && path[length] == '/')
            return true;
    }
    return false;
}

/* Where a name leads into a folder and out of it again, the kernel wants that folder: it is there,
 * and empty. */
static void show_way(struct sandbox *sandbox, const char *word)
{
    char folder[PATH_MAX];
    for (const char *out = strstr(word, "/../"); out != NULL; out = strstr(out + 1, "/../")) {
        char *way = text_of("%.*s", (int)(out - word), word);
        if (realpath(way, folder) != NULL && !path_is_of_system(folder))
            add_words(sandbox, "--dir", folder, NULL);
        free(way);
    }
}

/* A file that the command names is shown with its whole folder: programs read modules and pages
 * that lie beside them. */
static void show_named(struct sandbox *sandbox, const char *word)
{
    char place[PATH_MAX];
    char folder[PATH_MAX];
    struct stat status;
    snprintf(place, sizeof place, "%s", word);
    if (!leads_straight(word) || lstat(word, &status) < 0 || S_ISLNK(status.st_mode) ||
        realpath(S_ISDIR(status.st_mode) ? word : dirname(place), folder) == NULL)
        return;
    if (is_shown_with_another(sandbox, folder))
        return;
    if (!is_not_shown_whole(folder) && !path_is_of_system(folder)) {
        show_own(sandbox, "--ro-bind", folder);
    } else if (is_not_shown_whole(folder) && S_ISREG(status.st_mode)) {
        char *file = text_of("%s/%s", folder, strrchr(word, '/') ? strrchr(word, '/') + 1 : word);
        show_own(sandbox, "--ro-bind", file);
        free(file);
    }
    show_way(sandbox, word);
}

static void show_prefix(const char *folder, void *sandbox)
{
    if (!is_not_shown_whole(folder))
        show_own(sandbox, "--ro-bind-try", folder);
}

static void hide(struct sandbox *sandbox, const char *folder, const char *own)
{
    if (folder != NULL && strcmp(folder, own) != 0 &&
        (path_is_of_system(folder) || is_shown_with_another(sandbox, folder)))
        add_words(sandbox, "--perms", "0755", "--tmpfs", folder, "--remount-ro", folder, NULL);
}

/* Interpreters and the like that lie outside of /usr. */
static void show_programs(struct sandbox *sandbox, char *const command[])
{
    program_prefix_each_installed(show_prefix, sandbox);
    program_prefix_each_named(command, show_prefix, sandbox);
}

static int show_submission(struct sandbox *sandbox, const struct sandbox_plan *plan)
{
    char *folder = plan->folder != NULL ? text_of("%s", plan->folder) : getcwd(NULL, 0);
    if (folder == NULL)
        return -errno;
    sandbox->own_begin = sandbox->word_count;
    if (plan->may_write)
        show_own(sandbox, "--bind", folder);
    else if (!is_not_shown_whole(folder) && !path_is_of_system(folder))
        show_own(sandbox, "--ro-bind", folder);
    for (char *const *path = plan->writable; path != NULL && *path != NULL; path++)
        show_own(sandbox, "--bind", *path);
    for (char *const *const *command = plan->commands; *command != NULL; command++)
        for (char *const *word = *command; *word != NULL; word++)
            show_named(sandbox, *word);
    sandbox->own_end = sandbox->word_count;
    hide(sandbox, plan->hidden, folder);
    add_words(sandbox, "--dir", folder, "--chdir", folder, NULL);
    free(folder);
    return 0;
}

/*** Together ***/

/* Or NULL. Not looked for in PATH, which may lead into a submission's folder. */
static const char *find_bubblewrap(void)
{
    static const char *const places[] = {"/usr/bin/bwrap", "/usr/local/bin/bwrap", NULL};
    const char *const *place = places;
    while (*place != NULL && access(*place, X_OK) < 0)
        place++;
    return *place;
}

static int add_filter(struct sandbox *sandbox, const struct sandbox_plan *plan)
{
    const struct system_call_filter_plan calls = {
        .denies_io_uring = plan->limits->is_without_io_uring,
        .bounds_shared_memory = plan->is_memory_watched,
    };
    int filter = system_call_filter_open(&calls);
    if (filter < 0)
        return filter;
    add_word(sandbox, "--seccomp");
    add_descriptor(sandbox, filter);
    return 0;
}

/* Without a user of the job's the submission is ours outside: inside it is another all the same. */
static void add_user(struct sandbox *sandbox)
{
    static const char *const until_it_is[] = {"CAP_SETUID", "CAP_SETGID", "CAP_DAC_READ_SEARCH"};
    add_words(sandbox, "--unshare-uts", "--hostname", "submission", "--cap-drop", "ALL", NULL);
    if (sandbox->user.id == 0)
        add_words(sandbox, "--unshare-user", "--uid", SUBMISSION_USER, "--gid", SUBMISSION_USER,
                  NULL);
    for (size_t i = 0; i < sizeof until_it_is / sizeof until_it_is[0] && sandbox->user.id != 0; i++)
        add_words(sandbox, "--cap-add", until_it_is[i], NULL);
}

/* The shell that ends bubblewrap, and that which becomes another user, who has no capabilities. */
static void add_way_to_command(struct sandbox *sandbox)
{
    add_words(sandbox, "--", "/bin/sh", "-c", "kill -KILL $PPID; exec \"$@\"", "sh", NULL);
    if (sandbox->user.id != 0)
        add_words(sandbox, SET_USER, "--reuid=" SUBMISSION_USER, "--regid=" SUBMISSION_USER,
                  "--clear-groups", "--inh-caps=-all", "--", NULL);
    sandbox->command_begin = sandbox->word_count;
}

static bool has_room(const struct sandbox *sandbox, char *const command[])
{
    size_t count = sandbox->command_begin;
    for (char *const *word = command; *word != NULL; word++)
        count++;
    return count < SANDBOX_WORDS_MAX;
}

/* What it takes beside bubblewrap to be somebody else. */
static int open_user(struct sandbox *sandbox, bool has_keeper_namespace, const char **what)
{
    *what = N_("making a user for the submission");
    int error = job_user_open(&sandbox->user, has_keeper_namespace);
    if (error < 0 || sandbox->user.id == 0)
        return error;
    *what = N_("finding setpriv (Debian's package util-linux)");
    return access(SET_USER, X_OK) < 0 ? -errno : 0;
}

int sandbox_prepare(struct sandbox *sandbox, const struct sandbox_plan *plan, bool has_user,
                    const char **what)
{
    *sandbox = (struct sandbox){.status_fd = -1, .user = {.namespace_fd = -1, .file_map_fd = -1}};
    *what = N_("finding bubblewrap (Debian's package bubblewrap)");
    const char *bubblewrap = find_bubblewrap();
    if (bubblewrap == NULL)
        return -ENOENT;
    int error = has_user ? open_user(sandbox, plan->has_keeper_namespace, what) : 0;
    if (error < 0)
        return error;
    *what = N_("preparing a sandbox");
    add_word(sandbox, bubblewrap);
    add_user(sandbox);
    show_system(sandbox);
    show_java(sandbox);
    add_word(sandbox, "--json-status-fd");
    add_descriptor(sandbox, -1); /* a new one for each start */
    error = add_own_files(sandbox);
    add_room(sandbox, plan);
    for (char *const *const *command = plan->commands; *command != NULL; command++)
        show_programs(sandbox, *command);
    if (error == 0)
        error = show_submission(sandbox, plan);
    add_words(sandbox, "--remount-ro", "/", NULL);
    if (error == 0)
        error = add_filter(sandbox, plan);
    add_way_to_command(sandbox);
    for (char *const *const *command = plan->commands; *command != NULL; command++)
        sandbox->is_full |= !has_room(sandbox, *command);
    return error == 0 && sandbox->is_full ? -E2BIG : error;
}
