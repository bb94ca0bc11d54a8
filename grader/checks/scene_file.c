/* Theory of operation: the file lies in the submission's folder, which is the working directory,
 * and is opened without leaving it, as links may lead anywhere. What it is compared with is the
 * text of the step, or our own copy of a file, which the submission cannot change.
 */
#include "grader/checks/scene_file.h"

#include "base/file.h"
#include "base/language.h"
#include "base/memory.h"
#include "grader/assignment/assignment.h"
#include "grader/checks/scene_finding.h"
#include "grader/play/act.h"
#include "grader/play/evidence.h"
#include "grader/play/player.h"
#include "text/printable.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FILE_MAX_BYTES ((size_t)256 << 20)

/*** Reading ***/

static int open_below(const char *path)
{
    struct open_how how = {.flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
    int fd = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
    return fd < 0 ? -errno : fd;
}

/* At most so many bytes of it, to be released, and how many it has; -1: there is no such file. */
static struct bytes read_file(const char *path, size_t most_bytes, int64_t *file_bytes)
{
    struct bytes contents = {0};
    struct stat status;
    char data[4096];
    ssize_t count = 0;
    int fd = open_below(path);
    *file_bytes = -1;
    if (fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
        *file_bytes = status.st_size;
        while (contents.length < most_bytes && (count = read(fd, data, sizeof data)) > 0)
            bytes_append(&contents, data, (size_t)count);
    }
    if (fd >= 0)
        close(fd);
    return contents;
}

/*** Comparing ***/

static bool is_as_expected(struct encounter *encounter)
{
    struct scene *scene = scene_of(encounter);
    int64_t file_bytes = 0;
    struct bytes contents =
        read_file(scene->path, scene_has_pattern(scene) ? PLAYER_SEARCHED_BYTES : 0, &file_bytes);
    bool is_right = file_bytes >= 0;
    if (scene_has_pattern(scene)) {
        is_right = is_right && scene_find_patterns(scene, bytes_front(&contents), contents.length);
    } else if (is_right && file_bytes == (int64_t)scene->text.length) { /* else spare the reading */
        bytes_release(&contents);
        contents = read_file(scene->path, scene->text.length, &file_bytes);
        is_right =
            contents.length == scene->text.length &&
            (contents.length == 0 ||
             memcmp(bytes_front(&contents), bytes_front(&scene->text), contents.length) == 0);
    } else {
        is_right = false;
    }
    bytes_release(&contents);
    return is_right;
}

/*** Saying so ***/

static size_t first_difference(const struct bytes *one, const struct bytes *other)
{
    size_t at = 0;
    while (at < one->length && at < other->length && bytes_front(one)[at] == bytes_front(other)[at])
        at++;
    return at;
}

static void note_part(json_t *evidence, bool is_expected, const struct bytes *bytes, size_t at)
{
    size_t left = bytes->length - (at < bytes->length ? at : bytes->length);
    char *shown = bytes_shown(bytes_front(bytes) + (bytes->length - left),
                              left < SHOWN_BYTES ? left : SHOWN_BYTES, SHOWN_BYTES);
    evidence_note(evidence,
                  is_expected ? _("expected from byte %zu on: \"%s\"")
                              : _("it has from byte %zu on: \"%s\""),
                  at, shown);
    free(shown);
}

static void find_wrong(struct scene *scene)
{
    json_t *evidence = scene->act->result->evidence;
    int64_t file_bytes = 0;
    struct bytes contents = read_file(scene->path, FILE_MAX_BYTES, &file_bytes);
    if (file_bytes < 0) {
        evidence_note(evidence, _("there is no file %s"), scene->path);
    } else {
        size_t at = !scene_has_pattern(scene) ? first_difference(&contents, &scene->text) : 0;
        evidence_note(evidence, _("the file %s has %zu bytes"), scene->path, contents.length);
        note_part(evidence, false, &contents, at);
        note_part(evidence, true, &scene->text, at);
    }
    bytes_release(&contents);
    scene_find(scene, file_bytes < 0 ? _("the file is missing") : _("the file is wrong"));
}

/*** Expecting ***/

/* Our own copy, in place of the text. 0 or -errno. */
static int take_own(struct scene *scene, const char *name)
{
    const char *folder = scene->act->stage->plan->material;
    char *path = text_of("%s/%s", folder != NULL ? folder : ".", name);
    char *contents = NULL;
    size_t count = 0;
    int error = file_read(path, FILE_MAX_BYTES, &contents, &count);
    bytes_release(&scene->text);
    scene->text = (struct bytes){0};
    if (error == 0)
        bytes_append(&scene->text, contents, count);
    free(contents);
    free(path);
    return error;
}

void scene_expect_file(struct scene *scene, const struct file_expectation *expected)
{
    struct act *act = scene->act;
    scene->path = expected->path;
    if (expected->same_as != NULL && !act_is_over(act)) {
        int error = take_own(scene, expected->same_as);
        if (error < 0) {
            act->error = error;
            return;
        }
    }
    if (!act_await_reaction(act, is_as_expected, NULL)) {
        if (!act_is_over(act))
            find_wrong(scene);
        return;
    }
    struct bytes text = {0};
    bytes_print(&text, "%s", expected->path);
    act_note_deed(act, ACT_SUBMISSION, _("has written"), &text);
    bytes_release(&text);
}
