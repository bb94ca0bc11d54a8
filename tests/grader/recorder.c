/* What a recording may hold is bounded, whatever there is to record. Packets, and recordings of
 * gradings, are looked at in commands/test_recordings.py. */
#include "grader/play/recorder.h"

#include "base/memory.h"
#include "grader/play/encounter.h"
#include "results/recording/recording_read.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOM_BYTES ((off_t)64 << 20)

static struct recorder *begin(const char *path)
{
    char *const command[] = {"./server", NULL};
    const struct arena_plan plan = {.command = command};
    struct encounter encounter = {.arena.isolation = ISOLATION_NONE};
    struct recorder *recorder = recorder_new(path, "alice");
    recorder_begin(recorder, &encounter, &plan);
    return recorder;
}

Test(recorder, leaves_out_and_counts_what_there_is_no_room_for)
{
    const struct encounter encounter = {.player_count = 0};
    char *path = text_of("/tmp/recorder.%d.jsonl", (int)getpid());
    char *text = allocate((1U << 20) + 1, 1);
    struct recorder *recorder = begin(path);
    struct stat status;
    memset(text, 'x', 1U << 20);
    cr_expect_lt(stat(path, &status), 0, "it is there only when it is whole");
    for (int i = 0; i < 70; i++)
        recorder_note(recorder, NULL, "%s", text);
    for (int i = 0; i < 3; i++)
        recorder_look(recorder, &encounter);
    cr_expect_eq(recorder_close(recorder), 0);
    cr_assert_eq(stat(path, &status), 0);
    cr_expect_gt(status.st_size, ROOM_BYTES);
    cr_expect_lt(status.st_size, ROOM_BYTES + (2 << 20));
    struct recorded recorded;
    char *trouble = NULL;
    cr_assert_eq(recorded_read(&recorded, path, &trouble), 0, "%s", trouble);
    const struct recorded_change *last = &recorded.changes[recorded.count - 2];
    cr_expect_eq(last->kind, RECORDED_LOST);
    cr_expect_eq(last->lost.pictures, 3);
    cr_expect_eq(last->lost.packets, 0);
    cr_expect_not(recorded.is_cut);
    recorded_release(&recorded);
    unlink(path);
    free(text);
    free(path);
}

Test(recorder, that_cannot_be_written_says_so)
{
    struct recorder *recorder = begin("/tmp/no/such/folder/alice.jsonl");
    recorder_note(recorder, NULL, "check %s begins", "one");
    recorder_end(recorder);
    cr_expect_eq(recorder_close(recorder), -ENOENT);
}

/* Without a recording each of these is called all the same. */
Test(recorder, is_none)
{
    struct encounter encounter = {.player_count = 0};
    recorder_begin(NULL, &encounter, &(struct arena_plan){0});
    recorder_look(NULL, &encounter);
    recorder_drain(NULL);
    recorder_note(NULL, &encounter, "nothing");
    recorder_end(NULL);
    cr_expect_eq(recorder_close(NULL), 0);
}
