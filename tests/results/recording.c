/* Recordings: what one writes the other reads, what is passed over, and what is said of broken
 * ones. */
#include "results/recording/recording.h"
#include "base/bytes.h"
#include "base/memory.h"
#include "results/recording/recording_read.h"
#include "results/report/recorded_parts.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DOCUMENTS TESTS_FOLDER "/documents/"
#define HEADER    "{\"schema\":\"proctor.watch/1\",\"started\":\"now\",\"target\":{}}\n"
#define NOTE(t)   "{\"t_ns\":" #t ",\"kind\":\"note\",\"text\":\"a note\"}\n"

static void read_document(struct recorded *recorded, const char *name)
{
    char *path = text_of(DOCUMENTS "%s.jsonl", name);
    char *trouble = NULL;
    cr_assert_eq(recorded_read(recorded, path, &trouble), 0, "%s", trouble);
    free(path);
}

static void parse(struct recorded *recorded, const char *text)
{
    char *trouble = NULL;
    cr_assert_eq(recorded_parse(recorded, text, strlen(text), "in", &trouble), 0, "%s", trouble);
}

static const struct recorded_change *find(const struct recorded *recorded, enum recorded_kind kind,
                                          size_t number)
{
    for (size_t i = 0; i < recorded->count; i++)
        if (recorded->changes[i].kind == kind && number-- == 0)
            return &recorded->changes[i];
    cr_assert_fail("there are fewer");
    abort();
}

/*** Whole ones ***/

Test(recording, reads_what_stands_there)
{
    struct recorded recorded;
    read_document(&recorded, "recording_sequential");
    cr_expect_str_eq(recorded.target.name, "python3 server.py");
    cr_expect_eq(recorded.target.port, 9500);
    cr_expect_str_eq(recorded.target.command[1], "server.py");
    cr_expect_null(recorded.target.command[2]);
    cr_expect_not(recorded.is_cut);
    const struct recorded_client *bob = &find(&recorded, RECORDED_CLIENT, 3)->client;
    cr_expect_str_eq(bob->name, "bob");
    cr_expect_eq(bob->stage, STAGE_QUEUED);
    cr_expect_eq(bob->owner.pid, 0);
    cr_expect_str_eq(bob->why, "waits in the accept queue: every thread sleeps on client 1");
    const struct recorded_task *task = &find(&recorded, RECORDED_TASK, 2)->task;
    cr_expect_eq(task->on, ON_CLIENT);
    cr_assert_eq(task->client_count, 1);
    cr_expect_eq(task->clients[0], 1);
    cr_expect_eq(find(&recorded, RECORDED_BYTES, 1)->bytes.from, SIDE_OF_SERVER);
    cr_expect_eq(find(&recorded, RECORDED_END, 0)->end.why, ENDED_EXITED);
    recorded_release(&recorded);
}

static char *write_again(const struct recorded *recorded, size_t *count)
{
    char *text = NULL;
    struct recording recording;
    FILE *stream = open_memstream(&text, count);
    cr_assert_eq(recording_begin(&recording, stream, &recorded->target, 1), 0);
    for (size_t i = 0; i < recorded->count; i++)
        cr_assert_eq(recording_change(&recording, &recorded->changes[i]), 0);
    fclose(stream);
    return text;
}

/* Lines of a document as it stands, its header left out. */
static char *lines_of(const char *name)
{
    char *path = text_of(DOCUMENTS "%s.jsonl", name);
    FILE *file = fopen(path, "re");
    char *text = NULL;
    size_t room = 0;
    cr_assert_geq(getline(&text, &room, file), 0);
    cr_assert_geq(getdelim(&text, &room, '\0', file), 0);
    fclose(file);
    free(path);
    return text;
}

Test(recording, writes_what_it_has_read)
{
    size_t count = 0;
    struct recorded recorded;
    read_document(&recorded, "recording_sequential");
    char *again = write_again(&recorded, &count);
    char *before = lines_of("recording_sequential");
    cr_expect_str_eq(strchr(again, '\n') + 1, before);
    free(before);
    free(again);
    recorded_release(&recorded);
}

Test(recording, carries_packets_and_cleans_texts)
{
    char *text = NULL;
    size_t count = 0;
    struct recording recording;
    FILE *stream = open_memstream(&text, &count);
    recording_begin(&recording, stream, &(struct recorded_target){.name = "a\xff\x1b[1m"}, 1500);
    recording_packet(&recording, 1, &(struct recorded_packet){LINK_RAW, "\0\1\2\xff", 4, 60});
    fclose(stream);
    cr_expect(strstr(text, "\"started\":\"1970-01-01T00:00:00.000001Z\"") != NULL);
    struct recorded recorded;
    parse(&recorded, text);
    cr_expect_str_eq(recorded.target.name, "a\xef\xbf\xbd");
    const struct recorded_packet *packet = &find(&recorded, RECORDED_PACKET, 0)->packet;
    cr_expect_eq(packet->link, LINK_RAW);
    cr_expect_eq(packet->data_bytes, 4);
    cr_expect_eq(memcmp(packet->data, "\0\1\2\xff", 4), 0);
    recorded_release(&recorded);
    free(text);
}

Test(recording, lets_time_not_run_backwards)
{
    char *text = NULL;
    size_t count = 0;
    struct recording recording;
    FILE *stream = open_memstream(&text, &count);
    recording_begin(&recording, stream, &(struct recorded_target){0}, 0);
    recording_note(&recording, 20, "one");
    recording_note(&recording, 10, "two");
    recording_lost(&recording, 30, 2, NULL);
    fclose(stream);
    struct recorded recorded;
    parse(&recorded, text);
    cr_expect_eq(recorded.changes[1].t_ns, 20);
    cr_expect_eq(recorded.changes[2].t_ns, 30);
    recorded_release(&recorded);
    free(text);
}

Test(recording, says_that_a_line_could_not_be_written)
{
    struct recording recording;
    FILE *stream = fopen("/dev/full", "we");
    cr_assert_not_null(stream);
    cr_expect_eq(recording_begin(&recording, stream, &(struct recorded_target){0}, 0), -ENOSPC);
    cr_expect_eq(recording_end(&recording, 1, ENDED_EXITED), -ENOSPC);
    fclose(stream);
}

/*** What breaks off, and what is not known ***/

Test(recording, is_read_up_to_where_it_breaks_off)
{
    struct recorded recorded;
    read_document(&recorded, "recording_threads");
    cr_expect(recorded.is_cut);
    cr_expect_eq(recorded.changes[recorded.count - 1].kind, RECORDED_CLIENT);
    recorded_release(&recorded);
    parse(&recorded, HEADER);
    cr_expect(recorded.is_cut);
    recorded_release(&recorded);
}

Test(recording, passes_over_what_is_not_known)
{
    struct recorded recorded;
    read_document(&recorded, "recording_awkward");
    cr_expect_eq(recorded.unknown, 1);
    cr_expect_eq(find(&recorded, RECORDED_TASK, 0)->task.client_count, 3);
    recorded_release(&recorded);
}

Test(recording, is_told_by_its_first_line)
{
    cr_expect(recorded_is_one(HEADER, strlen(HEADER)));
    cr_expect(recorded_is_one(HEADER "no JSON", strlen(HEADER "no JSON")));
    cr_expect_not(recorded_is_one("{\"schema\":\"proctor.run/1\"}", 26));
    cr_expect_not(recorded_is_one("", 0));
}

/*** Broken ones ***/

static const struct {
    const char *text;
    const char *sentence;
} broken[] = {
    {"", "in: is empty"},
    {"{\"schema\":\"proctor.run/1\"}\n",
     "in:1: not a recording: its first line has no schema 'proctor.watch/1'"},
    {"{\"schema\":\"proctor.watch/1\",\"started\":\"now\"}\n", "in:1: target is missing"},
    {"{\"schema\":\"proctor.watch/1\",\"target\":{}}\n", "in:1: started is missing"},
    {HEADER "[]\n", "in:2: not an object"},
    {HEADER "{\"t_ns\":1}\n", "in:2: kind is missing"},
    {HEADER NOTE(-1), "in:2: t_ns is not a whole number that is not below 0"},
    {HEADER NOTE(2) NOTE(1), "in:3: t_ns is below that of the line before"},
    {HEADER "{\"t_ns\":1,\"kind\":\"note\"}\n", "in:2: text is missing"},
    {HEADER "{\"t_ns\":1,\"kind\":\"client\",\"id\":0,\"stage\":\"gone\"}\n",
     "in:2: id is not a whole number from 1"},
    {HEADER "{\"t_ns\":1,\"kind\":\"client\",\"id\":1,\"stage\":\"here\"}\n",
     "in:2: stage is not a word that is known here"},
    {HEADER "{\"t_ns\":1,\"kind\":\"listener\",\"id\":1,\"owner\":7}\n",
     "in:2: owner is not an object"},
    {HEADER "{\"t_ns\":1,\"kind\":\"listener\",\"id\":1,\"owner\":{}}\n", "in:2: pid is missing"},
    {HEADER "{\"t_ns\":1,\"kind\":\"listener\",\"id\":1,\"queued\":-1}\n",
     "in:2: queued is not a whole number that is not below 0"},
    {HEADER "{\"t_ns\":1,\"kind\":\"listener\",\"id\":1,\"gone\":1}\n",
     "in:2: gone is not true or false"},
    {HEADER "{\"t_ns\":1,\"kind\":\"model\",\"because\":\"so\"}\n",
     "in:2: because is not a list of texts"},
    {HEADER "{\"t_ns\":1,\"kind\":\"task\",\"pid\":1,\"tid\":1,\"doing\":\"runs\","
            "\"clients\":[0]}\n",
     "in:2: clients is not a whole number from 1"},
    {HEADER "{\"t_ns\":1,\"kind\":\"packet\",\"link\":\"raw\",\"data\":\"?\",\"length\":1}\n",
     "in:2: data is not base64"},
};

Test(recording, names_what_is_not_understood_with_its_line)
{
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        struct recorded recorded;
        char *trouble = NULL;
        int error =
            recorded_parse(&recorded, broken[i].text, strlen(broken[i].text), "in", &trouble);
        cr_assert_eq(error, -EINVAL, "%s", broken[i].sentence);
        cr_expect_str_eq(trouble, broken[i].sentence);
        free(trouble);
    }
}

Test(recording, does_not_take_a_broken_line_within_it_for_its_end)
{
    struct recorded recorded;
    char *trouble = NULL;
    const char *text = HEADER "{\"t_ns\":1,\"ki\n" NOTE(2);
    cr_assert_eq(recorded_parse(&recorded, text, strlen(text), "in", &trouble), -EINVAL);
    cr_expect(strncmp(trouble, "in:2: not valid JSON: ", 22) == 0, "%s", trouble);
    free(trouble);
    cr_assert_eq(recorded_read(&recorded, "/absent", &trouble), -EINVAL);
    cr_expect_str_eq(trouble, "/absent: No such file or directory");
    free(trouble);
}

/*** Parts ***/

/* So many clients, one after the other; `overlap`: each goes only when the next has come. */
static char *lines_of_clients(size_t clients, bool overlap)
{
    struct bytes out = {0};
    bytes_print(&out,
                HEADER "{\"t_ns\":0,\"kind\":\"task\",\"pid\":1,\"tid\":1,\"doing\":\"runs\"}\n");
    for (size_t i = 1; i <= clients; i++) {
        bytes_print(&out, "{\"t_ns\":%zu,\"kind\":\"client\",\"id\":%zu,\"stage\":\"served\"}\n",
                    2 * i, i);
        if (!overlap || i > 1)
            bytes_print(&out, "{\"t_ns\":%zu,\"kind\":\"client\",\"id\":%zu,\"stage\":\"gone\"}\n",
                        2 * i + 1, overlap ? i - 1 : i);
    }
    return bytes_take_text(&out);
}

static size_t count_parts(size_t clients, bool overlap)
{
    struct recorded recorded;
    struct recorded_parts parts;
    char *text = lines_of_clients(clients, overlap);
    parse(&recorded, text);
    recorded_parts_init(&parts, &recorded);
    size_t count = parts.count;
    size_t changes = 0;
    for (size_t i = 0; i < count; i++) {
        cr_expect_eq(parts.parts[i].changes[0].kind, RECORDED_TASK, "who is there is in each");
        changes += parts.parts[i].count - (i > 0);
    }
    cr_expect_eq(changes, recorded.count, "all changes are in one part");
    recorded_parts_release(&parts);
    recorded_release(&recorded);
    free(text);
    return count;
}

Test(recording, is_parted_where_no_client_is_there)
{
    cr_expect_eq(count_parts(8, false), 1);
    cr_expect_eq(count_parts(9, false), 2);
    cr_expect_eq(count_parts(24, false), 3);
    cr_expect_eq(count_parts(1000, false), 16, "not without end");
    cr_expect_eq(count_parts(100, true), 1, "not where somebody is there");
}
