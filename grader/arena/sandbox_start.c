/* A sandbox that has been prepared: what is done at each start, and its end. */
#include "grader/arena/sandbox.h"

#include "base/descriptor_passing.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The files and folders of the submission that are shown, whose names stay the sandbox's. How
 * many. */
static size_t list_own(const struct sandbox *sandbox, struct lent lent[SANDBOX_WORDS_MAX])
{
    size_t count = 0;
    for (size_t i = sandbox->own_begin; i < sandbox->own_end; i++)
        if (sandbox_is_bind(sandbox->words[i]))
            lent[count++] =
                (struct lent){sandbox->words[i + 1], strcmp(sandbox->words[i], "--bind") == 0};
    return count;
}

/* What is not a copy of ours may be for its owner's eyes only. Root lends it all the same. */
static bool can_read_own(const struct sandbox *sandbox, const struct sandbox_plan *plan)
{
    if (sandbox->user.id == 0 || geteuid() == 0 || plan->may_write)
        return true;
    struct lent *lent = allocate(SANDBOX_WORDS_MAX, sizeof *lent);
    size_t count = list_own(sandbox, lent);
    size_t i = 0;
    while (i < count && job_user_can_read(&sandbox->user, lent[i].path))
        i++;
    free(lent);
    return i == count;
}

int sandbox_open(struct sandbox *sandbox, const struct sandbox_plan *plan, const char **what)
{
    int error = sandbox_prepare(sandbox, plan, true, what);
    if (error < 0 || can_read_own(sandbox, plan))
        return error;
    sandbox_release(sandbox);
    return sandbox_prepare(sandbox, plan, false, what);
}

int sandbox_lend_files(const struct sandbox *sandbox)
{
    if (sandbox->user.id == 0)
        return 0;
    struct lent *lent = allocate(SANDBOX_WORDS_MAX, sizeof *lent);
    int error = job_user_lend(&sandbox->user, lent, list_own(sandbox, lent));
    free(lent);
    return error;
}

int sandbox_begin(struct sandbox *sandbox)
{
    int ends[2];
    descriptor_close(&sandbox->status_fd); /* of a start that has failed */
    descriptor_close(&sandbox->descriptors[0]);
    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    sandbox->status_fd = ends[0];
    sandbox->descriptors[0] = ends[1];
    for (size_t i = 1; i < sandbox->descriptor_count; i++)
        if (lseek(sandbox->descriptors[i], 0, SEEK_SET) < 0) /* it has been read to its end */
            return -errno;
    return 0;
}

int sandbox_enter(const struct sandbox *sandbox, char *const command[], char *const environment[])
{
    char *words[SANDBOX_WORDS_MAX];
    size_t count = sandbox->command_begin;
    memcpy(words, sandbox->words, count * sizeof *words);
    for (char *const *word = command; *word != NULL && count + 1 < SANDBOX_WORDS_MAX; word++)
        words[count++] = *word;
    words[count] = NULL;
    int error = job_user_enter(&sandbox->user);
    if (error < 0)
        return error;
    /* Copy them out of the way first, so that none is overwritten too early. */
    int copies[SANDBOX_DESCRIPTORS_MAX];
    int above = SANDBOX_FIRST_DESCRIPTOR + SANDBOX_DESCRIPTORS_MAX;
    for (size_t i = 0; i < sandbox->descriptor_count; i++)
        copies[i] = fcntl(sandbox->descriptors[i], F_DUPFD, above);
    for (size_t i = 0; i < sandbox->descriptor_count; i++)
        if (copies[i] < 0 || dup2(copies[i], SANDBOX_FIRST_DESCRIPTOR + (int)i) < 0)
            return -errno;
    close_range((unsigned)(SANDBOX_FIRST_DESCRIPTOR + sandbox->descriptor_count), ~0U, 0);
    execve(words[0], words, environment);
    return -errno;
}

/* The first JSON object of it, which comes in several writes. */
static void read_status(int fd, char *status, size_t status_bytes)
{
    size_t length = 0;
    ssize_t count = 0;
    while (length + 1 < status_bytes && memchr(status, '}', length) == NULL &&
           (count = read(fd, status + length, status_bytes - 1 - length)) > 0)
        length += (size_t)count;
    status[length] = '\0';
}

pid_t sandbox_await(struct sandbox *sandbox, pid_t bubblewrap)
{
    descriptor_close(&sandbox->descriptors[0]); /* which would keep the pipe from ending */
    char status[512];
    read_status(sandbox->status_fd, status, sizeof status);
    descriptor_close(&sandbox->status_fd);
    const char *child = strstr(status, "\"child-pid\":");
    int end = 0;
    while (waitpid(bubblewrap, &end, 0) < 0 && errno == EINTR)
        continue;
    if (child == NULL || !WIFSIGNALED(end) || WTERMSIG(end) != SIGKILL)
        return -EPERM;
    return (pid_t)strtol(strchr(child, ':') + 1, NULL, 10);
}

void sandbox_release(struct sandbox *sandbox)
{
    for (size_t i = 0; i < sandbox->descriptor_count; i++)
        descriptor_close(&sandbox->descriptors[i]);
    for (size_t i = 0; i < sandbox->word_count; i++)
        free(sandbox->words[i]);
    descriptor_close(&sandbox->status_fd);
    job_user_release(&sandbox->user);
    *sandbox = (struct sandbox){.status_fd = -1, .user = {.namespace_fd = -1, .file_map_fd = -1}};
}
