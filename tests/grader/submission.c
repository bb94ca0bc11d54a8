/* What is taken in of a submission, and that all of it is gone afterwards. */
#include "grader/intake/submission.h"
#include "base/memory.h"
#include "grader/intake/archive.h"
#include "grader/intake/submission_list.h"
#include "tests/support/archive_maker.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static char *const any_python[] = {"server.py", "*.py", NULL};

static int open_in(struct submission *submission, const struct yard *yard, const char *name,
                   char *const *patterns, char **trouble)
{
    char *path = yard_path(yard, name);
    int result = submission_open(submission, path, patterns, yard->inside, trouble);
    free(path);
    return result;
}

static void expect_taken(struct submission *submission, const struct yard *yard, const char *name,
                         const char *entry)
{
    char *trouble = NULL;
    cr_assert_eq(open_in(submission, yard, name, any_python, &trouble), 0, "%s: %s", name, trouble);
    cr_expect_str_eq(submission->entry, entry);
    cr_expect(submission->is_temporary);
    cr_expect_eq(strncmp(submission->folder, yard->inside, strlen(yard->inside)), 0);
    cr_expect_eq(count_names(yard->inside), 1);
}

static void expect_released(struct submission *submission, const struct yard *yard)
{
    cr_expect_eq(submission_release(submission), 0);
    yard_check(yard, true);
}

/* Nothing of a submission that is refused may stay. */
static void expect_refused(const struct yard *yard, const char *name, char *const *patterns,
                           const char *why)
{
    struct submission submission;
    char *trouble = NULL;
    cr_expect_eq(open_in(&submission, yard, name, patterns, &trouble), 1);
    cr_expect(trouble != NULL && strstr(trouble, why) != NULL, "said: %s, not: %s", trouble, why);
    free(trouble);
    submission_release(&submission);
    yard_check(yard, true);
}

static bool has(const struct submission *submission, const char *name)
{
    char *path = text_of("%s/%s", submission->folder, name);
    struct stat status;
    bool is_there = lstat(path, &status) == 0;
    free(path);
    return is_there;
}

/*** Folders ***/

Test(submission, is_copied_from_a_folder_without_what_is_hostile)
{
    struct yard yard;
    struct submission submission;
    yard_open(&yard);
    yard_folder(&yard, "archive");
    yard_folder(&yard, "archive/.git");
    yard_folder(&yard, "archive/part");
    yard_folder(&yard, "archive/part/__pycache__");
    yard_write(&yard, "archive/.git/config", "", 0);
    yard_write(&yard, "archive/part/__pycache__/server.pyc", "", 0);
    yard_write(&yard, "archive/server.py", "print()", 7);
    yard_write(&yard, "archive/part/it's \"a\nname\".txt", "text", 4);
    char *path = yard_path(&yard, "archive/server.py");
    chmod(path, 04700);
    char *link = yard_path(&yard, "archive/link.py");
    char *folder_link = yard_path(&yard, "archive/part/above");
    char *fifo = yard_path(&yard, "archive/pipe.py");
    cr_assert(symlink("../witness", link) == 0 && symlink("../..", folder_link) == 0);
    cr_assert_eq(mkfifo(fifo, 0644), 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, yard.folder);
    strcat(address.sun_path, "/archive/talk");
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    cr_assert_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    close(fd);
    expect_taken(&submission, &yard, "archive", "server.py");
    cr_expect_eq(json_array_size(submission.done), 2); /* what tools make, and links and such */
    cr_expect_str_eq(submission.id, "archive");
    cr_expect(has(&submission, "part/it's \"a\nname\".txt"));
    cr_expect(!has(&submission, ".git") && !has(&submission, "part/__pycache__"));
    cr_expect(!has(&submission, "link.py") && !has(&submission, "pipe.py"));
    cr_expect(!has(&submission, "part/above") && !has(&submission, "talk"));
    char *copy = text_of("%s/server.py", submission.folder);
    struct stat status;
    cr_expect(stat(copy, &status) == 0 && status.st_mode == (S_IFREG | 0755));
    cr_expect_eq(truncate(copy, 1), 0);
    cr_expect(stat(path, &status) == 0 && status.st_size == 7, "the original has changed");
    expect_released(&submission, &yard);
    free(copy);
    free(fifo);
    free(folder_link);
    free(link);
    free(path);
    yard_close(&yard);
}

/* A slash at its end, as the shell appends to the name of a folder, must not lead through it. */
/* A folder of somebody's hand-in may be a link to another's. */
Test(submission, that_is_reached_through_a_link_is_refused)
{
    struct yard yard;
    struct submission submission;
    yard_open(&yard);
    yard_folder(&yard, "archive");
    yard_folder(&yard, "archive/alice");
    yard_write(&yard, "archive/alice/server.py", "", 0);
    char *link = yard_path(&yard, "archive/bob");
    cr_assert_eq(symlink("alice", link), 0);
    expect_refused(&yard, "archive/bob/server.py", any_python, "leads through a link");
    expect_refused(&yard, "archive/bob/.", any_python, "leads through a link");
    expect_taken(&submission, &yard, "archive/alice/server.py", "server.py");
    expect_released(&submission, &yard);
    expect_taken(&submission, &yard, "archive/alice/../alice/.", "server.py");
    expect_released(&submission, &yard);
    char *alice = yard_path(&yard, "archive/alice");
    cr_assert_eq(chdir(alice), 0);
    char *trouble = NULL;
    for (size_t i = 0; i < 2; i++) {
        const char *path = i == 0 ? "." : "server.py";
        cr_assert_eq(submission_open(&submission, path, any_python, yard.inside, &trouble), 0);
        expect_released(&submission, &yard);
    }
    free(alice);
    free(link);
    yard_close(&yard);
}

Test(submission, that_is_a_link_is_refused)
{
    struct yard yard;
    char *trouble = NULL;
    yard_open(&yard);
    yard_folder(&yard, "other");
    yard_write(&yard, "other/server.py", "print()", 7);
    char *path = yard_path(&yard, "archive");
    char *with_slash = text_of("%s/", path);
    char *const paths[] = {path, with_slash};
    cr_assert_eq(symlink("other", path), 0);
    struct submission_list list;
    cr_assert_eq(submission_list_read(&list, paths, 2, NULL, &trouble), 0);
    for (size_t i = 0; i < list.count; i++) {
        struct submission submission;
        cr_expect_eq(submission_open(&submission, list.submissions[i].path, any_python, yard.inside,
                                     &trouble),
                     1);
        cr_expect(trouble != NULL && strstr(trouble, "it is a link") != NULL);
        free(trouble);
        submission_release(&submission);
    }
    cr_assert(unlink(path) == 0 && symlink("absent", path) == 0);
    cr_expect_eq(submission_list_read(&list, paths, 1, NULL, &trouble), -ENOENT);
    free(trouble);
    free(with_slash);
    free(path);
    yard_close(&yard);
}

Test(submission, keeps_to_the_limits_as_a_folder)
{
    struct yard yard;
    yard_open(&yard);
    yard_folder(&yard, "archive");
    yard_write(&yard, "archive/large", "", 0);
    char *path = yard_path(&yard, "archive/large");
    cr_assert_eq(truncate(path, (off_t)archive_limits_default.bytes + 1), 0);
    expect_refused(&yard, "archive", NULL, "'large' is too large");
    cr_assert_eq(unlink(path), 0);
    char *deep = yard_path(&yard, "archive");
    for (unsigned i = 0; i <= archive_limits_default.depth; i++) {
        char *below = text_of("%s/d", deep);
        cr_assert_eq(mkdir(below, 0755), 0);
        free(deep);
        deep = below;
    }
    expect_refused(&yard, "archive", NULL, "is too deep");
    free(deep);
    free(path);
    yard_close(&yard);
}

/* Deeper than there are descriptors or than a path may be long, with folders that are closed. */
Test(submission, is_removed_however_deep)
{
    struct yard yard;
    struct submission submission;
    yard_open(&yard);
    yard_write(&yard, "archive.py", "", 0);
    expect_taken(&submission, &yard, "archive.py", "archive.py");
    cr_assert_eq(chdir(submission.folder), 0);
    cr_assert_eq(symlink(yard.folder, "link"), 0);
    for (int i = 0; i < 3000; i++) {
        cr_assert(mkdir("below", 0755) == 0 && mkdir("beside", 0755) == 0);
        cr_assert_eq(symlink("../../../witness", "beside/link"), 0);
        cr_assert_eq(chmod("beside", 0), 0);
        cr_assert_eq(chdir("below"), 0);
        if (i % 100 == 0)
            cr_assert_eq(chmod(".", i == 0 ? 0700 : 0500), 0);
        if (i % 100 == 0 && geteuid() != 0)
            cr_assert_eq(chmod(".", 0700), 0);
    }
    cr_assert_eq(chdir("/"), 0);
    expect_released(&submission, &yard);
    yard_close(&yard);
}

/* Root may do anything, so somebody else does it. */
Test(submission, is_removed_without_permissions)
{
    struct yard yard;
    struct submission submission;
    yard_open(&yard);
    yard_write(&yard, "archive.py", "", 0);
    cr_assert(chmod(yard.folder, 0755) == 0 && chmod(yard.inside, 0777) == 0);
    if (geteuid() == 0)
        cr_assert_eq(seteuid(65534), 0);
    expect_taken(&submission, &yard, "archive.py", "archive.py");
    cr_assert_eq(chdir(submission.folder), 0);
    cr_assert(mkdir("a", 0755) == 0 && mkdir("a/b", 0755) == 0 && mkdir("a/b/c", 0755) == 0);
    cr_assert(chmod("a/b/c", 0) == 0 && chmod("a/b", 0) == 0 && chmod("a", 0) == 0);
    cr_assert(chmod(".", 0) == 0 && chdir("/") == 0);
    expect_released(&submission, &yard);
    if (getuid() == 0)
        cr_assert_eq(seteuid(0), 0);
    yard_close(&yard);
}

Test(submission, that_we_may_not_read_is_trouble_of_ours)
{
    struct yard yard;
    struct submission submission;
    char *trouble = NULL;
    yard_open(&yard);
    yard_folder(&yard, "archive");
    yard_write(&yard, "archive/server.py", "", 0);
    char *path = yard_path(&yard, "archive/server.py");
    cr_assert(chmod(path, 0) == 0 && chmod(yard.folder, 0755) == 0);
    cr_assert_eq(chmod(yard.inside, 0777), 0);
    if (geteuid() == 0)
        cr_assert_eq(seteuid(65534), 0);
    cr_expect_eq(open_in(&submission, &yard, "archive", NULL, &trouble), -EACCES);
    cr_expect_null(trouble);
    submission_release(&submission);
    cr_expect_eq(open_in(&submission, &yard, "absent", NULL, &trouble), -ENOENT);
    submission_release(&submission);
    if (getuid() == 0)
        cr_assert_eq(seteuid(0), 0);
    yard_check(&yard, true);
    free(path);
    yard_close(&yard);
}

/*** Files and archives ***/

Test(submission, is_one_file)
{
    struct yard yard;
    struct submission submission;
    yard_open(&yard);
    yard_write(&yard, "archive it's \"a\nname\".py", "print()", 7);
    expect_taken(&submission, &yard, "archive it's \"a\nname\".py", "archive it's \"a\nname\".py");
    cr_expect_eq(count_names(submission.folder), 1);
    expect_released(&submission, &yard);
    yard_close(&yard);
}

Test(submission, is_neither_a_fifo_nor_waited_for)
{
    struct yard yard;
    yard_open(&yard);
    char *fifo = yard_path(&yard, "archive");
    cr_assert_eq(mkfifo(fifo, 0644), 0);
    expect_refused(&yard, "archive", NULL, "neither a file nor a folder");
    free(fifo);
    yard_close(&yard);
}

Test(submission, is_the_only_folder_of_an_archive)
{
    static const char *const entries[] = {"alice/server.py", "alice/more/help.py",
                                          "__MACOSX/alice/._server.py", ".DS_Store", NULL};
    struct yard yard;
    struct submission submission;
    yard_open(&yard);
    yard_write_archive(&yard, "archive.zip", "zip", entries);
    expect_taken(&submission, &yard, "archive.zip", "server.py");
    cr_expect_str_eq(submission.id, "archive");
    cr_expect(has(&submission, "more/help.py"));
    expect_released(&submission, &yard);
    yard_close(&yard);
}

Test(submission, is_all_of_an_archive_with_more_than_a_folder)
{
    static const char *const entries[] = {"server.py", "more/help.py", NULL};
    static const char *const one[] = {"server.py", NULL};
    struct yard yard;
    struct submission submission;
    yard_open(&yard);
    yard_write_archive(&yard, "archive", "tar.xz", entries); /* whatever it is called */
    expect_taken(&submission, &yard, "archive", "server.py");
    cr_expect(has(&submission, "more/help.py"));
    expect_released(&submission, &yard);
    yard_write_archive(&yard, "archive", "tar", one);
    expect_taken(&submission, &yard, "archive", "server.py");
    expect_released(&submission, &yard);
    yard_close(&yard);
}

Test(submission, is_a_file_that_only_happens_to_be_a_zip_inside)
{
    static const char *const entries[] = {"META-INF/MANIFEST.MF", "Server.class", NULL};
    static char *const patterns[] = {"*.jar", NULL};
    struct yard yard;
    struct submission submission;
    char *trouble = NULL;
    yard_open(&yard);
    yard_write_archive(&yard, "archive.jar", "zip", entries);
    cr_assert_eq(open_in(&submission, &yard, "archive.jar", patterns, &trouble), 0);
    cr_expect_str_eq(submission.entry, "archive.jar");
    expect_released(&submission, &yard);
    yard_close(&yard);
}

Test(submission, in_a_wrong_archive_is_refused)
{
    static const char *const entries[] = {"../escaped", NULL};
    struct yard yard;
    yard_open(&yard);
    yard_write(&yard, "archive.zip", "", 0);
    expect_refused(&yard, "archive.zip", NULL, "not a zip or tar archive");
    yard_write_archive(&yard, "archive.tgz", "tar.gz", entries);
    expect_refused(&yard, "archive.tgz", NULL, "'../escaped' leads out");
    yard_close(&yard);
}

Test(entry_point, of_a_submission_is_its_own_trouble)
{
    struct yard yard;
    yard_open(&yard);
    yard_write(&yard, "archive.c", "", 0);
    expect_refused(&yard, "archive.c", any_python,
                   "no file matches 'server.py' or '*.py'; found archive.c");
    yard_close(&yard);
}
