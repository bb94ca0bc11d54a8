#include "grader/intake/submission.h"

#include "base/language.h"
#include "base/memory.h"
#include "grader/intake/archive.h"
#include "grader/intake/archive_kind.h"
#include "grader/intake/entry_point.h"
#include "grader/intake/folder_copy.h"
#include "grader/intake/straight_path.h"
#include "grader/intake/submission_list.h"
#include "grader/intake/tree_digest.h"
#include "grader/intake/tree_empty.h"
#include "grader/intake/wrapping.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Copies it into the submission's folder, or unpacks it there. */
static int copy(const struct submission *submission, const char *path, struct left_out *left_out,
                char **trouble)
{
    struct stat status;
    if (lstat(path, &status) < 0)
        return -errno;
    if (S_ISLNK(status.st_mode)) {
        *trouble = text_of(_("it is a link, which may lead to somebody else's files; hand in what "
                             "it leads to"));
        return 1;
    }
    if (!S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode)) {
        *trouble = text_of(_("it is neither a file nor a folder"));
        return 1;
    }
    int is_archive = S_ISREG(status.st_mode) ? archive_is_one(path) : 0;
    if (is_archive < 0)
        return is_archive;
    return is_archive
               ? archive_extract(path, submission->folder, &archive_limits_default, left_out,
                                 trouble)
               : folder_copy(path, submission->folder, &archive_limits_default, left_out, trouble);
}

static int take_in(struct submission *submission, const char *path, char *const *patterns,
                   const char *scratch, char **trouble)
{
    struct left_out left_out = {0};
    struct wrapping wrapping = {.scratch = scratch,
                                .id = submission->id,
                                .folder = submission->folder,
                                .done = submission->done,
                                .left_out = &left_out};
    int error = copy(submission, path, &left_out, trouble);
    if (error == 0)
        error = wrapping_take_off(&wrapping, patterns, trouble);
    submission->folder = wrapping.folder;
    left_out_say(&left_out, submission->done);
    left_out_release(&left_out);
    return error;
}

static int refuse_way(char **trouble)
{
    *trouble = text_of(_("its path leads through a link, which may lead to somebody else's files; "
                         "give the path that the link leads to"));
    return 1;
}

/* A refused submission has a digest too, so that --resume recognises it: of what was said, and of
 * its content if it has a way (or NULL). */
static int take_digest(struct submission *submission, const char *path, const char *trouble)
{
    return trouble == NULL ? tree_digest(submission->folder, submission->digest)
                           : file_digest(path != NULL ? path : "", trouble, submission->digest);
}

/* It is what will be run, also where it was packed without that bit and has no first line. */
static int make_executable(const struct submission *submission, const char *entry)
{
    char *path = text_of("%s/%s", submission->folder, entry);
    int error = chmod(path, 0755) < 0 ? -errno : 0; /* no links are taken in */
    free(path);
    return error;
}

int submission_find_entry(const struct submission *submission, char *const *entry_patterns,
                          char **entry, char **trouble)
{
    int error = entry_point_find(submission->folder, entry_patterns, entry, trouble);
    return error == 0 ? make_executable(submission, *entry) : error;
}

static int remove_folder(struct submission *submission)
{
    int error = submission->is_temporary && submission->folder != NULL
                    ? tree_remove(submission->folder)
                    : 0;
    free(submission->folder);
    submission->folder = NULL;
    return error;
}

int submission_open(struct submission *submission, const char *path, char *const *entry_patterns,
                    const char *scratch, char **trouble)
{
    char *straight = NULL;
    *trouble = NULL;
    *submission =
        (struct submission){.id = submission_id(path), .is_temporary = true, .done = json_array()};
    submission->folder = wrapping_new_folder(scratch, submission->id);
    int error = submission->folder == NULL ? -errno : 0;
    int above = error == 0 ? straight_path_open(path, &straight) : error;
    if (above >= 0)
        error = take_in(submission, straight, entry_patterns, scratch, trouble);
    else if (error == 0)
        error = above == -ELOOP ? refuse_way(trouble) : above;
    int digest_error = error >= 0 ? take_digest(submission, straight, *trouble) : 0;
    if (digest_error < 0)
        error = digest_error;
    if (above >= 0)
        close(above);
    free(straight);
    if (error == 0 && entry_patterns != NULL && entry_patterns[0] != NULL)
        error = submission_find_entry(submission, entry_patterns, &submission->entry, trouble);
    if (error != 0)
        remove_folder(submission);
    return error;
}

int submission_release(struct submission *submission)
{
    int error = remove_folder(submission);
    free(submission->id);
    free(submission->entry);
    json_decref(submission->done);
    *submission = (struct submission){0};
    return error;
}
