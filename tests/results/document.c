/* Tables for people and documents for programs, as they come out. */
#include "results/document/document.h"
#include "results/document/machine.h"
#include "results/measures/histogram.h"
#include "results/measures/statistics.h"
#include "text/table.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

/*** Table ***/

static void expect_printed(const struct table *table, const char *expected)
{
    char *text = NULL;
    size_t text_bytes = 0;
    FILE *stream = open_memstream(&text, &text_bytes);
    table_print(table, stream);
    fclose(stream);
    cr_expect_str_eq(text, expected, "\n%s", text);
    free(text);
}

Test(table, aligns_the_first_column_left_and_the_others_right)
{
    static const char *const headings[] = {"model", "req/s", "p99"};
    struct table table;
    table_init(&table, 3, headings);
    table_add(&table, "sequential");
    table_add(&table, "%d", 123456);
    table_add(&table, "%s", "7us");
    table_add(&table, "epoll");
    table_add(&table, "%d", 9);
    table_add(&table, "%s", "");
    expect_printed(&table, "model        req/s  p99\n"
                           "sequential  123456  7us\n"
                           "epoll            9     \n");
    table_release(&table);
}

Test(table, measures_in_characters_and_not_in_bytes)
{
    static const char *const headings[] = {"größe", "µ"};
    struct table table;
    table_init(&table, 2, headings);
    table_add(&table, "€");
    table_add(&table, "5µs");
    table_add(&table, "plain");
    table_add(&table, "12us");
    expect_printed(&table, "größe     µ\n"
                           "€       5µs\n"
                           "plain  12us\n");
    table_release(&table);
}

Test(table, of_headings_alone_is_one_line)
{
    static const char *const headings[] = {"a", "bc"};
    struct table table;
    table_init(&table, 2, headings);
    expect_printed(&table, "a  bc\n");
    table_release(&table);
}

Test(table, holds_as_many_rows_as_are_added)
{
    static const char *const headings[] = {"row"};
    struct table table;
    char expected[1000 * 5 + 1] = "";
    table_init(&table, 1, headings);
    strcat(expected, "row \n");
    for (int i = 1; i < 1000; i++) {
        table_add(&table, "%d", 1000 + i);
        sprintf(expected + strlen(expected), "%d\n", 1000 + i);
    }
    expect_printed(&table, expected);
    table_release(&table);
}

/*** A folder for each test ***/

static char folder[] = "/tmp/proctor-test-XXXXXX";

static void make_folder(void)
{
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static void remove_folder(void)
{
    nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static int entries;

static int count_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)path;
    (void)status;
    (void)kind;
    entries += place->level > 0;
    return 0;
}

/* Everything in the folder counts, so also a temporary file left behind. */
static int count_entries(void)
{
    entries = 0;
    nftw(folder, count_entry, 16, FTW_PHYS);
    return entries;
}

static void expect_written(const json_t *document, const char *path)
{
    json_error_t error;
    json_t *got = json_load_file(path, 0, &error);
    cr_assert_not_null(got, "%s: %s", path, error.text);
    cr_expect(json_equal(got, document));
    json_decref(got);
}

/*** Documents in files ***/

TestSuite(document, .init = make_folder, .fini = remove_folder);

Test(document, appears_whole_and_alone)
{
    json_t *document = json_pack("{s:s, s:[i, i]}", "name", "größe", "numbers", 1, 2);
    cr_expect_eq(document_write(document, "result.json"), 0);
    expect_written(document, "result.json");
    cr_expect_eq(count_entries(), 1);
    json_decref(document);
}

/* Whoever has the old one open reads on in the old one. */
Test(document, takes_the_place_of_an_older_one_at_once)
{
    json_t *old = json_pack("{s:s}", "age", "old");
    json_t *new = json_pack("{s:s}", "age", "new");
    cr_assert_eq(document_write(old, "result.json"), 0);
    FILE *reader = fopen("result.json", "r");
    cr_assert_eq(document_write(new, "result.json"), 0);
    json_t *read = json_loadf(reader, 0, NULL);
    cr_expect(json_equal(read, old));
    expect_written(new, "result.json");
    cr_expect_eq(count_entries(), 1);
    fclose(reader);
    json_decref(read);
    json_decref(old);
    json_decref(new);
}

Test(document, that_cannot_be_written_leaves_nothing)
{
    json_t *document = json_object();
    cr_expect_eq(document_write(document, "missing/result.json"), -ENOENT);
    cr_assert_eq(close(creat("file", 0600)), 0);
    cr_expect_eq(document_write(document, "file/result.json"), -ENOTDIR);
    cr_assert_eq(mkdir("folder", 0700), 0);
    cr_expect_eq(document_write(document, "folder"), -EISDIR);
    cr_expect_eq(count_entries(), 2);

    uid_t user = geteuid();
    cr_assert_eq(chmod("folder", 0555), 0);
    cr_assert_eq(chmod(folder, 0755), 0);
    if (user == 0)
        cr_assert_eq(seteuid(65534), 0);
    cr_expect_eq(document_write(document, "folder/result.json"), -EACCES);
    cr_assert_eq(seteuid(user), 0);
    cr_expect_eq(count_entries(), 2);
    json_decref(document);
}

Test(document, that_cannot_be_written_leaves_the_older_one)
{
    json_t *old = json_pack("{s:s}", "age", "old");
    cr_assert_eq(document_write(old, "result.json"), 0);
    struct rlimit limit = {.rlim_cur = 2, .rlim_max = RLIM_INFINITY};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit); /* a disk that is full after two bytes */
    json_t *new = json_pack("{s:s}", "age", "new");
    int error = document_write(new, "result.json");
    limit.rlim_cur = RLIM_INFINITY;
    setrlimit(RLIMIT_FSIZE, &limit);
    cr_expect_eq(error, -EFBIG, "%s", strerror(-error));
    expect_written(old, "result.json");
    cr_expect_eq(count_entries(), 1);
    json_decref(old);
    json_decref(new);
}

Test(document, is_written_into_a_fifo_that_stays_one)
{
    cr_assert_eq(mkfifo("fifo", 0600), 0);
    int reader = open("fifo", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    cr_assert_geq(reader, 0);
    json_t *document = json_pack("{s:i}", "number", 7);
    cr_expect_eq(document_write(document, "fifo"), 0);
    json_t *got = json_loadfd(reader, 0, NULL);
    cr_expect(json_equal(got, document));
    struct stat status;
    cr_assert_eq(lstat("fifo", &status), 0);
    cr_expect(S_ISFIFO(status.st_mode));
    cr_expect_eq(count_entries(), 1);
    close(reader);
    json_decref(got);
    json_decref(document);
}

/* Through links, so that a failure destroys no device of this machine. */
Test(document, is_written_into_a_device_that_stays_one)
{
    cr_assert_eq(symlink("/dev/null", "null"), 0);
    cr_assert_eq(symlink("/dev/full", "full"), 0);
    json_t *document = json_object();
    cr_expect_eq(document_write(document, "null"), 0);
    cr_expect_eq(document_write(document, "full"), -ENOSPC);
    struct stat status;
    cr_assert_eq(stat("null", &status), 0);
    cr_expect(S_ISCHR(status.st_mode));
    cr_assert_eq(stat("full", &status), 0);
    cr_expect(S_ISCHR(status.st_mode));
    cr_expect_eq(count_entries(), 2);
    json_decref(document);
}

Test(document, goes_to_standard_output_for_a_dash)
{
    int saved = dup(STDOUT_FILENO);
    int file = open("output", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    fflush(stdout);
    dup2(file, STDOUT_FILENO);
    json_t *document = json_pack("{s:i}", "number", 7);
    int error = document_write(document, "-");
    dup2(saved, STDOUT_FILENO);
    cr_expect_eq(error, 0);
    expect_written(document, "output");
    cr_expect_eq(count_entries(), 1);
    close(file);
    close(saved);
    json_decref(document);
}

Test(document, folders_are_made_with_those_above_them)
{
    struct stat status;
    char *absolute = NULL;
    cr_expect_eq(document_make_folder("one/two/three"), 0);
    cr_expect(stat("one/two/three", &status) == 0 && S_ISDIR(status.st_mode));
    cr_expect_eq(document_make_folder("one/two/three"), 0, "it exists");
    cr_expect_eq(document_make_folder("one//four/"), 0);
    cr_expect(stat("one/four", &status) == 0 && S_ISDIR(status.st_mode));
    cr_assert_gt(asprintf(&absolute, "%s/five/six", folder), 0);
    cr_expect_eq(document_make_folder(absolute), 0);
    cr_expect(stat("five/six", &status) == 0 && S_ISDIR(status.st_mode));
    cr_expect_eq(document_make_folder("."), 0);
    free(absolute);
}

Test(document, folders_are_not_made_where_a_file_is)
{
    cr_assert_eq(close(creat("file", 0600)), 0);
    cr_expect_eq(document_make_folder("file/below"), -ENOTDIR);
    cr_expect_lt(document_make_folder("file"), 0, "a file passes for a folder");
}

/*** What stands in documents ***/

static const char *text_at(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    cr_assert_not_null(text, "%s", name);
    return text;
}

Test(document, begins_with_schema_tool_machine_and_time)
{
    json_t *document = document_new(SCHEMA_RUN);
    cr_expect_str_eq(text_at(document, "schema"), "proctor.run/1");
    const json_t *tool = json_object_get(document, "tool");
    cr_expect_str_eq(text_at(tool, "name"), "proctor");
    cr_expect_str_eq(text_at(tool, "version"), tool_version());
    cr_expect_str_eq(text_at(tool, "commit"), tool_commit());
    cr_expect_gt(strlen(tool_version()), 0);
    struct tm when;
    const char *end = strptime(text_at(document, "time"), "%Y-%m-%dT%H:%M:%SZ", &when);
    cr_expect(end != NULL && *end == '\0', "%s", text_at(document, "time"));
    cr_expect(json_is_object(json_object_get(document, "machine")));
    json_decref(document);
}

static json_int_t integer_at(const json_t *object, const char *name)
{
    const json_t *number = json_object_get(object, name);
    cr_assert(json_is_integer(number), "%s", name);
    return json_integer_value(number);
}

Test(document, describes_the_machine_it_was_made_on)
{
    struct utsname system;
    struct rlimit limit;
    cr_assert_eq(uname(&system), 0);
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    json_t *machine = machine_describe();
    cr_expect_str_eq(text_at(machine, "kernel"), system.release);
    cr_expect_str_eq(text_at(machine, "architecture"), system.machine);
    cr_expect_eq(integer_at(machine, "cores"), sysconf(_SC_NPROCESSORS_ONLN));
    cr_expect_gt(integer_at(machine, "memory_bytes"), 1 << 20);
    cr_expect_eq(integer_at(machine, "descriptor_limit"), (json_int_t)limit.rlim_cur);
    static const char *const names[] = {"cpu_model", "clocksource", "load_average_1m"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        cr_expect_not_null(json_object_get(machine, names[i]), "%s", names[i]);
    json_decref(machine);
}

Test(document, tells_a_histogram_by_its_quantiles)
{
    struct histogram histogram;
    histogram_init(&histogram);
    for (int64_t value_ns = 1; value_ns <= 1000; value_ns++)
        histogram_record(&histogram, value_ns);
    json_t *object = document_histogram(&histogram);
    cr_expect_eq(integer_at(object, "p50"), 500);
    cr_expect_eq(integer_at(object, "p90"), 900);
    cr_expect_eq(integer_at(object, "p95"), 950);
    cr_expect_eq(integer_at(object, "p99"), 990);
    cr_expect_eq(integer_at(object, "p99.9"), 999);
    cr_expect_eq(integer_at(object, "p99.99"), 1000);
    cr_expect_eq(integer_at(object, "max"), 1000);
    cr_expect_eq(integer_at(object, "count"), 1000);
    cr_expect_float_eq(json_real_value(json_object_get(object, "mean")), 500.5, 1e-9);
    json_decref(object);
    histogram_release(&histogram);
}

Test(document, tells_nothing_of_a_histogram_without_values)
{
    struct histogram histogram;
    histogram_init(&histogram);
    json_t *object = document_histogram(&histogram);
    cr_expect(json_is_null(json_object_get(object, "p50")), "0 would be a measured value");
    cr_expect(json_is_null(json_object_get(object, "max")));
    cr_expect(json_is_null(json_object_get(object, "mean")));
    cr_expect_eq(integer_at(object, "count"), 0);
    json_decref(object);
    histogram_release(&histogram);
}

Test(document, tells_a_spread_by_its_three_numbers)
{
    struct spread spread = {.median = 2.5, .low = 1.25, .high = 4};
    json_t *expected = json_pack("{s:f, s:f, s:f}", "median", 2.5, "low", 1.25, "high", 4.0);
    json_t *object = document_spread(&spread);
    cr_expect(json_equal(object, expected));
    json_decref(object);
    json_decref(expected);
}

Test(document, tells_a_command_word_by_word)
{
    char *command[] = {"python3", "a b.py", "", NULL};
    json_t *expected = json_pack("[s, s, s]", "python3", "a b.py", "");
    json_t *words = document_command(command);
    cr_expect(json_equal(words, expected));
    json_decref(words);
    json_decref(expected);
}
