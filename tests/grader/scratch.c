/* What is removed, and what is not: folders and files of killed runs, and those of others. */
#include "grader/arena/scratch.h"
#include "grader/intake/folder_size.h"
#include "grader/intake/tree_empty.h"
#include "text/output_file.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static char top[] = "/tmp/test_scratch-XXXXXX";

static void enter(void)
{
    cr_assert(mkdtemp(top) != NULL && chdir(top) == 0 && setenv("TMPDIR", top, 1) == 0);
}

static void leave(void)
{
    tree_remove(top);
}

TestSuite(scratch, .init = enter, .fini = leave);

static int touch(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    cr_assert(fd >= 0, "%s", path);
    return fd;
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

Test(scratch, is_walked_into_by_nobody_else)
{
    struct scratch scratch;
    struct stat status;
    cr_assert(scratch_open(&scratch) == 0 && stat(scratch.folder, &status) == 0);
    cr_expect(status.st_mode == (S_IFDIR | 0700));
    scratch_close(&scratch);
    cr_expect(stat(top, &status) == 0 && status.st_nlink == 2, "something is left");
}

Test(scratch, of_a_run_that_goes_on_stays)
{
    struct scratch first;
    struct scratch second;
    cr_assert(scratch_open(&first) == 0 && scratch_open(&second) == 0);
    cr_expect(exists(first.folder));
    scratch_close(&second);
    cr_expect(exists(first.folder));
    scratch_close(&first);
}

Test(scratch, of_a_killed_run_goes_and_what_only_looks_like_it_stays)
{
    static const char *const folders[] = {"proctor-killed", "proctor-theirs", "proctor-public"};
    for (size_t i = 0; i < 3; i++)
        cr_assert(mkdir(folders[i], i == 2 ? 0755 : 0700) == 0);
    close(touch("proctor-killed/.proctor-lock"));
    close(touch("proctor-theirs/file"));
    close(touch("proctor-public/.proctor-lock"));
    struct scratch scratch;
    cr_assert(scratch_open(&scratch) == 0);
    cr_expect(!exists("proctor-killed"));
    cr_expect(exists("proctor-theirs/file") && exists("proctor-public/.proctor-lock"));
    scratch_close(&scratch);
}

/* It is killed between making the folder and locking it. */
Test(scratch, of_a_run_that_was_killed_before_it_had_a_lock_goes_after_a_while)
{
    static const char *const folders[] = {"proctor-empty1", "proctor-marked", "proctor-inuse1",
                                          "proctor-filled"};
    const struct timespec long_ago[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    for (size_t i = 0; i < 4; i++)
        cr_assert(mkdir(folders[i], 0700) == 0);
    close(touch("proctor-marked/.proctor-lock.new"));
    close(touch("proctor-filled/.proctor-lock.new"));
    close(touch("proctor-filled/file"));
    for (size_t i = 0; i < 4; i++)
        cr_assert(i == 2 || utimensat(AT_FDCWD, folders[i], long_ago, 0) == 0);
    struct scratch scratch;
    cr_assert(scratch_open(&scratch) == 0);
    cr_expect(!exists("proctor-empty1") && !exists("proctor-marked"));
    cr_expect(exists("proctor-inuse1") && exists("proctor-filled/file"));
    scratch_close(&scratch);
}

Test(scratch, has_a_limit_of_size_and_number)
{
    char block[4096] = {1};
    for (int i = 0; i < 10; i++) {
        char name[16];
        snprintf(name, sizeof name, "%d", i);
        int fd = touch(name);
        cr_assert(write(fd, block, sizeof block) == sizeof block);
        close(fd);
    }
    cr_expect(!folder_size_exceeds(top, 11 * 4096, 11));
    cr_expect(folder_size_exceeds(top, 9 * 4096, 11), "more bytes");
    cr_expect(folder_size_exceeds(top, 11 * 4096, 10), "more files");
    cr_expect(folder_size_exceeds("absent/folder", 1, 1) == false, "gone is not too much");
}

static bool is_alice(const char *name, const void *context)
{
    (void)context;
    return strcmp(name, "alice.json") == 0;
}

Test(scratch, half_written_files_go_if_they_are_ours_and_nobody_writes_them)
{
    static const char *const names[] = {"alice.json.12.tmp", "alice.json.13.tmp",
                                        "alice.json.x.tmp",  "alice.json.tmp",
                                        "bob.json.12.tmp",   ".12.tmp"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        close(touch(names[i]));
    int writing = touch("alice.json.13.tmp");
    cr_assert(flock(writing, LOCK_EX) == 0);
    output_file_sweep(top, is_alice, NULL);
    cr_expect(!exists(names[0]));
    for (size_t i = 1; i < sizeof names / sizeof names[0]; i++)
        cr_expect(exists(names[i]), "%s", names[i]);
    close(writing);
}
