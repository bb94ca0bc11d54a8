/* Hand-ins as they come: packed once more than needed, by the tools of others, with names of any
 * origin. What is done to take one in is said. */
#include "base/memory.h"
#include "grader/intake/names.h"
#include "grader/intake/submission.h"
#include "tests/support/archive_maker.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOODLES "archive Ann Lee_4711_assignsubmission_file"

static char *const server[] = {"server.py", NULL};

struct taken {
    struct yard yard;
    struct submission submission;
    char *trouble;
    int result;
};

static void take_in(struct taken *taken, const char *name, char *const *patterns)
{
    char *path = yard_path(&taken->yard, name);
    taken->result =
        submission_open(&taken->submission, path, patterns, taken->yard.inside, &taken->trouble);
    free(path);
}

static void expect_entry(struct taken *taken, const char *entry)
{
    cr_expect_eq(taken->result, 0, "refused: %s", taken->trouble);
    if (taken->result == 0 && entry != NULL)
        cr_expect_str_eq(taken->submission.entry, entry);
}

static bool has(const struct taken *taken, const char *name)
{
    char *path = text_of("%s/%s", taken->submission.folder, name);
    bool is_there = access(path, F_OK) == 0;
    free(path);
    return is_there;
}

/* The sentences on what was done, in their order, each with these words; and no others. */
static void expect_said(const struct taken *taken, const char *const words[])
{
    size_t count = 0;
    for (; words[count] != NULL; count++) {
        const char *said = json_string_value(json_array_get(taken->submission.done, count));
        cr_expect(said != NULL && strstr(said, words[count]) != NULL, "said '%s', not '%s'", said,
                  words[count]);
    }
    cr_expect_eq(json_array_size(taken->submission.done), count);
}

static void release(struct taken *taken)
{
    free(taken->trouble);
    submission_release(&taken->submission);
    yard_check(&taken->yard, true);
    yard_close(&taken->yard);
}

/*** Layers ***/

Test(wrapping, of_moodle_around_an_archive_is_taken_off)
{
    static const char *const entries[] = {"tp1/server.py", "tp1/help.py",
                                          "__MACOSX/tp1/._server.py", NULL};
    struct taken taken = {0};
    yard_open(&taken.yard);
    yard_folder(&taken.yard, MOODLES);
    yard_write_archive(&taken.yard, MOODLES "/tp1.zip", "zip", entries);
    take_in(&taken, MOODLES, server);
    expect_entry(&taken, "server.py");
    cr_expect(has(&taken, "help.py") && !has(&taken, "tp1.zip"));
    expect_said(&taken, (const char *[]){"the archive 'tp1.zip' was unpacked",
                                         "the folder 'tp1' was entered", "__MACOSX", NULL});
    release(&taken);
}

Test(wrapping, is_not_what_lies_beside_other_files)
{
    static const char *const entries[] = {"server.py", NULL};
    struct taken taken = {0};
    yard_open(&taken.yard);
    yard_folder(&taken.yard, "archive");
    yard_write_archive(&taken.yard, "archive/tp1.zip", "zip", entries);
    yard_write(&taken.yard, "archive/report.pdf", "", 0);
    take_in(&taken, "archive", server);
    cr_expect_eq(taken.result, 1);
    cr_expect(strstr(taken.trouble, "found report.pdf, tp1.zip") != NULL, "%s", taken.trouble);
    expect_said(&taken, (const char *[]){NULL});
    release(&taken);
}

Test(wrapping, is_a_folder_in_a_folder)
{
    struct taken taken = {0};
    yard_open(&taken.yard);
    yard_folder(&taken.yard, "archive");
    yard_folder(&taken.yard, "archive/.git");
    yard_folder(&taken.yard, "archive/tp1");
    yard_write(&taken.yard, "archive/tp1/server.py", "", 0);
    take_in(&taken, "archive", server);
    expect_entry(&taken, "server.py");
    expect_said(&taken, (const char *[]){"the folder 'tp1' was entered", ".git", NULL});
    release(&taken);
}

/* Somebody has said where it is. */
Test(wrapping, is_not_a_folder_that_the_assignment_names)
{
    struct taken taken = {0};
    yard_open(&taken.yard);
    yard_folder(&taken.yard, "archive");
    yard_folder(&taken.yard, "archive/src");
    yard_write(&taken.yard, "archive/src/server.py", "", 0);
    take_in(&taken, "archive", (char *[]){"*.c", "src/*.py", NULL});
    expect_entry(&taken, "src/server.py");
    expect_said(&taken, (const char *[]){NULL});
    release(&taken);
}

Test(wrapping, that_is_a_broken_archive_is_refused)
{
    struct taken taken = {0};
    yard_open(&taken.yard);
    yard_folder(&taken.yard, "archive");
    yard_write(&taken.yard, "archive/tp1.zip", "PK", 2);
    take_in(&taken, "archive", server);
    cr_expect_eq(taken.result, 1);
    cr_expect(strstr(taken.trouble, "not a zip or tar archive") != NULL, "%s", taken.trouble);
    release(&taken);
}

Test(wrapping, has_an_end)
{
    struct taken taken = {0};
    yard_open(&taken.yard);
    yard_folder(&taken.yard, "archive");
    yard_folder(&taken.yard, "archive/1");
    yard_folder(&taken.yard, "archive/1/2");
    yard_folder(&taken.yard, "archive/1/2/3");
    yard_folder(&taken.yard, "archive/1/2/3/4");
    yard_folder(&taken.yard, "archive/1/2/3/4/5");
    yard_write(&taken.yard, "archive/1/2/3/4/5/server.py", "", 0);
    take_in(&taken, "archive", (char *[]){"server.py", "**/server.py", NULL});
    expect_entry(&taken, "5/server.py");
    cr_expect_eq(json_array_size(taken.submission.done), 4);
    release(&taken);
}

/*** Environments ***/

static void add_environment(struct archive *archive)
{
    maker_add(archive, "server.py", S_IFREG | 0644, "print()");
    maker_add(archive, "my/pyvenv.cfg", S_IFREG | 0644, "home = /usr/bin");
    maker_add(archive, "my/bin/activate", S_IFREG | 0644, "");
    maker_add_link(archive, "my/bin/python", "/usr/bin/python3", false);
    maker_add(archive, "my/lib/site-packages/pip/main.py", S_IFREG | 0644, "");
    maker_add(archive, "venv/is_a_folder.py", S_IFREG | 0644, "");
    maker_close(archive);
}

/* Whether it comes as an archive or was unpacked before. */
Test(wrapping, is_a_virtual_environment_in_archives_and_folders)
{
    static const char *const said[] = {"left out, as tools make it: my", NULL};
    struct taken taken = {0};
    yard_open(&taken.yard);
    add_environment(yard_begin(&taken.yard, "tar.gz"));
    take_in(&taken, "archive", server);
    expect_entry(&taken, "server.py");
    cr_expect(has(&taken, "venv/is_a_folder.py") && !has(&taken, "my"));
    expect_said(&taken, said);
    release(&taken);

    taken = (struct taken){0};
    yard_open(&taken.yard);
    yard_folder(&taken.yard, "archive");
    yard_folder(&taken.yard, "archive/my");
    yard_folder(&taken.yard, "archive/venv");
    yard_write(&taken.yard, "archive/server.py", "print()", 7);
    yard_write(&taken.yard, "archive/my/pyvenv.cfg", "", 0);
    yard_write(&taken.yard, "archive/venv/is_a_folder.py", "", 0);
    char *link = yard_path(&taken.yard, "archive/my/python");
    cr_assert_eq(symlink("/usr/bin/python3", link), 0);
    free(link);
    take_in(&taken, "archive", server);
    expect_entry(&taken, "server.py");
    cr_expect(has(&taken, "venv/is_a_folder.py") && !has(&taken, "my"));
    expect_said(&taken, said);
    release(&taken);
}

/*** Names ***/

/* The file of this name is, or is not, what the pattern "été*.py" means. */
static void expect_name(const char *name, bool is_meant)
{
    char *const patterns[] = {"\xC3\xA9t\xC3\xA9*.py", NULL};
    struct taken taken = {0};
    yard_open(&taken.yard);
    yard_folder(&taken.yard, "archive");
    char *path = text_of("archive/%s", name);
    yard_write(&taken.yard, path, "", 0);
    free(path);
    take_in(&taken, "archive", patterns);
    cr_expect_eq(taken.result, !is_meant, "%s: %s", name, taken.trouble);
    if (taken.result == 0)
        cr_expect_str_eq(taken.submission.entry, name);
    release(&taken);
}

Test(wrapping, is_not_the_way_in_which_a_letter_was_written)
{
    expect_name("\xC3\xA9t\xC3\xA9.py", true);   /* Linux */
    expect_name("e\xCC\x81te\xCC\x81.py", true); /* macOS: letter and accent */
    expect_name("\xE9t\xE9.py", true);           /* Windows, code page 1252 */
    expect_name("\x82t\x82.py", true);           /* a zip of Windows, code page 850 */
    expect_name("\xC3\xA9t\xC3\xA9 'a' \"b\" $c.py", true);
    expect_name("ete.py", false);
    expect_name("\xC3\xA8t\xC3\xA8.py", false); /* another letter */
}

Test(wrapping, is_no_name_in_an_encoding_that_it_cannot_be_in)
{
    cr_expect_null(name_composed("\xE9t\xE9", 0));
    char *composed = name_composed("e\xCC\x81", 0);
    cr_expect_str_eq(composed, "\xC3\xA9");
    free(composed);
}
