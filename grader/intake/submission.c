#include "grader/intake/submission.h"

#include "base/language.h"
#include "base/memory.h"
#include "grader/intake/archive.h"
#include "grader/intake/archive_kind.h"
#include "grader/intake/entry_point.h"
#include "grader/intake/folder_copy.h"
#include "grader/intake/submission_list.h"
#include "grader/intake/tree_digest.h"
#include "grader/intake/tree_empty.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A new folder below `scratch`, readable for every user, as the submission may run as another one.
 * The caller frees; NULL with errno. */
static char *make_folder(const char *scratch, const char *id)
{
    char *real = realpath(scratch, NULL);
    if (real == NULL)
        return NULL;
    char *folder = text_of("%s/%s-XXXXXX", real, id);
    free(real);
    if (mkdtemp(folder) != NULL && chmod(folder, 0755) == 0)
        return folder;
    int error = errno;
    free(folder);
    errno = error;
    return NULL;
}

/*** Archives ***/

static int remove_entry(const char *folder, const char *name)
{
    char *path = text_of("%s/%s", folder, name);
    int error = unlink(path) == 0 || errno == ENOENT ? 0 : tree_remove(path);
    free(path);
    return error;
}

static int is_entry(const struct dirent *found)
{
    return strcmp(found->d_name, ".") != 0 && strcmp(found->d_name, "..") != 0;
}

/* The only name in the folder, or NULL: there are none or several; the caller frees. 0 or -errno.
 */
static int find_only_name(const char *folder, char **name)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_entry, alphasort);
    if (count < 0)
        return -errno;
    *name = count == 1 ? text_of("%s", entries[0]->d_name) : NULL;
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    return 0;
}

/* Puts the folder `name` of submission->folder into its place. */
static int take_out(struct submission *submission, const char *scratch, const char *name)
{
    char *inner = text_of("%s/%s", submission->folder, name);
    struct stat status;
    int error = lstat(inner, &status) < 0 ? -errno : 0;
    if (error == 0 && S_ISDIR(status.st_mode)) {
        char *fresh = make_folder(scratch, submission->id);
        if (fresh == NULL || rename(inner, fresh) < 0 || rmdir(submission->folder) < 0)
            error = -errno;
        if (error == 0) {
            free(submission->folder);
            submission->folder = fresh;
        } else if (fresh != NULL) {
            tree_remove(fresh);
            free(fresh);
        }
    }
    free(inner);
    return error;
}

static int unpack(struct submission *submission, const char *path, const char *scratch,
                  char **trouble)
{
    int error = archive_extract(path, submission->folder, &archive_limits_default, trouble);
    /* What macOS adds to every archive. */
    if (error == 0)
        error = remove_entry(submission->folder, "__MACOSX");
    if (error == 0)
        error = remove_entry(submission->folder, ".DS_Store");
    char *only = NULL;
    if (error == 0)
        error = find_only_name(submission->folder, &only);
    if (error == 0 && only != NULL)
        error = take_out(submission, scratch, only);
    free(only);
    return error;
}

/*** Taking in ***/

static int take_in(struct submission *submission, const char *path, const char *scratch,
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
    return is_archive ? unpack(submission, path, scratch, trouble)
                      : folder_copy(path, submission->folder, &archive_limits_default,
                                    &submission->left_out, trouble);
}

/* A refused submission has a digest too, so that --resume recognises it. */
static int take_digest(struct submission *submission, const char *path, const char *trouble)
{
    return trouble == NULL ? tree_digest(submission->folder, submission->digest)
                           : file_digest(path, trouble, submission->digest);
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

int submission_open(struct submission *submission, const char *path, char *const *entry_patterns,
                    const char *scratch, char **trouble)
{
    *trouble = NULL;
    *submission = (struct submission){.id = submission_id(path), .is_temporary = true};
    submission->folder = make_folder(scratch, submission->id);
    int error = submission->folder == NULL ? -errno : 0;
    if (error == 0)
        error = take_in(submission, path, scratch, trouble);
    int digest_error = error >= 0 ? take_digest(submission, path, *trouble) : 0;
    if (digest_error < 0)
        error = digest_error;
    if (error == 0 && entry_patterns != NULL && entry_patterns[0] != NULL)
        error = submission_find_entry(submission, entry_patterns, &submission->entry, trouble);
    if (error != 0) {
        const struct submission refused = *submission;
        submission_release(submission);
        memcpy(submission->digest, refused.digest, sizeof refused.digest);
    }
    return error;
}

int submission_release(struct submission *submission)
{
    int error = submission->is_temporary && submission->folder != NULL
                    ? tree_remove(submission->folder)
                    : 0;
    free(submission->id);
    free(submission->folder);
    free(submission->entry);
    *submission = (struct submission){0};
    return error;
}
