/* What submissions are called, and which of their files is to be run. */
#include "base/memory.h"
#include "grader/class/class_output.h"
#include "grader/intake/archive.h"
#include "grader/intake/entry_point.h"
#include "grader/intake/submission.h"
#include "grader/intake/submission_list.h"
#include "tests/support/archive_maker.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/*** Ids ***/

Test(submission, is_called_by_its_path)
{
    static const struct {
        const char *path;
        const char *id;
    } cases[] = {
        {"submissions/alice", "alice"},
        {"submissions/alice/", "alice"},
        {"alice.py", "alice"},
        {"a/b/alice.tar.gz", "alice"},
        {"alice.TAR.BZ2", "alice"},
        {"alice.tgz", "alice"},
        {"alice.zip", "alice"},
        {"alice.v2.zip", "alice.v2"},
        {"Server.java", "Server"},
        {"notes.txt", "notes.txt"},
        {"alice.b", "alice.b"},
        {".py", "_py"},
        {".hidden.py", "_hidden"},
        {"..hidden", "_.hidden"},
        {"Zo\xC3\xA9 M\xFCller.py", "Zo__M_ller"},
        {"it's \"here\"\n.py", "it_s__here__"},
        {"\xFF\xFE", "__"},
        {"-rf", "-rf"},
        {"/", "submission"},
        {"", "submission"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        char *id = submission_id(cases[i].path);
        cr_expect_str_eq(id, cases[i].id, "%s is called %s", cases[i].path, id);
        free(id);
    }
}

Test(submission, is_called_by_the_folder_that_a_dot_stands_for)
{
    struct yard yard;
    yard_open(&yard);
    cr_assert_eq(chdir(yard.inside), 0);
    char *id = submission_id(".");
    cr_expect_str_eq(id, "inside");
    free(id);
    cr_assert_eq(chdir("/"), 0);
    yard_close(&yard);
}

Test(submission, has_an_id_that_is_not_too_long)
{
    char path[300] = {0};
    memset(path, 'a', sizeof path - 1);
    char *id = submission_id(path);
    cr_expect_eq(strlen(id), 100);
    free(id);
}

Test(submission, of_a_list_has_an_id_of_its_own)
{
    struct yard yard;
    struct submission_list list;
    static const char *const names[] = {"archive", "archive.py", "archive.zip", "archive-2",
                                        "archive-2.c"};
    static const char *const ids[] = {"archive", "archive-3", "archive-4", "archive-2",
                                      "archive-2-2"};
    char *paths[LENGTH(names)];
    char *trouble = NULL;
    yard_open(&yard);
    for (size_t i = 0; i < LENGTH(names); i++) {
        yard_write(&yard, names[i], "", 0);
        paths[i] = yard_path(&yard, names[i]);
    }
    cr_assert_eq(submission_list_read(&list, paths, LENGTH(paths), NULL, &trouble), 0, "%s",
                 trouble);
    cr_expect_eq(list.count, LENGTH(ids));
    for (size_t i = 0; i < LENGTH(ids); i++) {
        cr_expect_str_eq(list.submissions[i].id, ids[i]);
        cr_expect_str_eq(list.submissions[i].path, paths[i]);
        free(paths[i]);
    }
    submission_list_release(&list);
    yard_close(&yard);
}

/* A hundred times as many have a hundred times as many names to try, not ten thousand times. */
Test(submission, of_one_name_are_numbered)
{
    static char *paths[20000];
    struct submission_list list;
    char *trouble = NULL;
    for (size_t i = 0; i < LENGTH(paths); i++)
        paths[i] = "/tmp";
    cr_assert_eq(submission_list_read(&list, paths, LENGTH(paths), NULL, &trouble), 0);
    cr_expect_str_eq(list.submissions[0].id, "tmp");
    cr_expect_str_eq(list.submissions[1].id, "tmp-2");
    cr_expect_str_eq(list.submissions[LENGTH(paths) - 1].id, "tmp-20000");
    submission_list_release(&list);
}

/* What would be written of bob.gradescope is what Gradescope reads of bob. */
Test(submission, has_an_id_that_is_no_name_of_the_graders)
{
    struct yard yard;
    struct submission_list list;
    static const char *const names[] = {"bob",      "bob.gradescope",     "bob_gradescope",
                                        "bob.html", "ann.classroom50.py", "ann.x"};
    static const char *const ids[] = {"bob",      "bob_gradescope",  "bob_gradescope-2",
                                      "bob.html", "ann_classroom50", "ann.x"};
    char *paths[LENGTH(names)];
    char *trouble = NULL;
    yard_open(&yard);
    for (size_t i = 0; i < LENGTH(names); i++) {
        yard_write(&yard, names[i], "", 0);
        paths[i] = yard_path(&yard, names[i]);
    }
    cr_assert_eq(
        submission_list_read(&list, paths, LENGTH(paths), class_output_is_misleading, &trouble), 0);
    for (size_t i = 0; i < LENGTH(ids); i++) {
        cr_expect_str_eq(list.submissions[i].id, ids[i]);
        free(paths[i]);
    }
    submission_list_release(&list);
    yard_close(&yard);
}

Test(submission, of_a_list_must_be_there)
{
    struct submission_list list;
    char *paths[] = {"/tmp", "/absent/alice\n.py"};
    char *trouble = NULL;
    cr_expect_eq(submission_list_read(&list, paths, 2, NULL, &trouble), -ENOENT);
    cr_expect_str_eq(trouble, "submission '/absent/alice?.py': No such file or directory");
    free(trouble);
}

/*** Entry points ***/

/* Finds an entry among files of these names, and compares it or the trouble. */
static void expect_entry(const char *const *names, char *const *patterns, const char *entry,
                         const char *why)
{
    struct yard yard;
    char *found = NULL;
    char *trouble = NULL;
    yard_open(&yard);
    yard_write_archive(&yard, "archive.tar", "tar", names);
    char *path = yard_path(&yard, "archive.tar");
    cr_assert_eq(maker_extract(path, yard.inside, &archive_limits_default, &trouble), 0, "%s",
                 trouble);
    cr_expect_eq(entry_point_find(yard.inside, patterns, &found, &trouble), why != NULL);
    if (entry != NULL)
        cr_expect_str_eq(found, entry);
    if (why != NULL)
        cr_expect_str_eq(trouble, why);
    free(trouble);
    free(found);
    free(path);
    yard_close(&yard);
}

Test(entry_point, is_what_the_first_pattern_with_a_match_matches)
{
    static const char *const names[] = {"server.py",  "help.py",         "src/main.c", ".hidden.py",
                                        ".x/deep.rb", "src/a/b/deep.js", NULL};
    expect_entry(names, (char *[]){"server.py", "*.py", NULL}, "server.py", NULL);
    expect_entry(names, (char *[]){"*.rs", "s*.py", "*", NULL}, "server.py", NULL);
    expect_entry(names, (char *[]){"*/main.c", NULL}, "src/main.c", NULL);
    expect_entry(names, (char *[]){"**/main.c", NULL}, "src/main.c", NULL);
    expect_entry(names, (char *[]){"**/server.py", NULL}, "server.py", NULL);
    expect_entry(names, (char *[]){"**/deep.js", NULL}, "src/a/b/deep.js", NULL);
    expect_entry(names, (char *[]){"**/b/*.js", NULL}, "src/a/b/deep.js", NULL);
    expect_entry(names, (char *[]){".*.py", NULL}, ".hidden.py", NULL);
    expect_entry(names, (char *[]){".x/*", NULL}, ".x/deep.rb", NULL);
}

Test(entry_point, is_not_chosen_among_several)
{
    static const char *const names[] = {"b.py", "a.py", "notes", NULL};
    expect_entry(
        names, (char *[]){"server.py", "*.py", "notes", NULL}, NULL,
        "several files match '*.py': a.py, b.py; name the program in the assignment's 'entry', or "
        "hand in one folder for each submission");
}

Test(entry_point, is_missed_with_what_is_there)
{
    static const char *const names[] = {"7", "a\nb", "2", "3", "x/1", "6", "5", NULL};
    static const char *const none[] = {NULL};
    static const char *const hidden[] = {".x/deep.rb", NULL};
    expect_entry(names, (char *[]){"server.py", "*.py", NULL}, NULL,
                 "no file matches 'server.py' or '*.py'; found 2, 3, 5, 6, 7 and 2 more");
    expect_entry(none, (char *[]){"*.py", NULL}, NULL,
                 "no file matches '*.py'; the submission has no files");
    expect_entry(hidden, (char *[]){"**/*.rb", NULL}, NULL,
                 "no file matches '**/*.rb'; found .x/deep.rb");
}
