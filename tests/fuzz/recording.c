/* A recording is read, or refused with a sentence; one that was read is written again, and what was
 * written reads the same; and a page is made of it. */
#include "tests/fuzz/fuzz.h"

#include "results/recording/recording.h"
#include "results/recording/recording_read.h"
#include "results/report/recording_page.h"

#include <stdlib.h>

static void write_again(const struct recorded *recorded, char **text, size_t *count)
{
    struct recording recording;
    FILE *stream = open_memstream(text, count);
    recording_begin(&recording, stream, &recorded->target, 1);
    for (size_t i = 0; i < recorded->count; i++)
        recording_change(&recording, &recorded->changes[i]);
    fclose(stream);
    fuzz_expect(recording.error == 0, "what was read can be written");
}

static void expect_same(const struct recorded *one)
{
    char *text = NULL;
    size_t count = 0;
    char *trouble = NULL;
    struct recorded other;
    write_again(one, &text, &count);
    fuzz_expect(recorded_parse(&other, text, count, "again.jsonl", &trouble) == 0,
                "what was written can be read");
    fuzz_expect(one->count == other.count, "all of it");
    for (size_t i = 0; i < one->count; i++)
        fuzz_expect(one->changes[i].kind == other.changes[i].kind &&
                        one->changes[i].t_ns == other.changes[i].t_ns,
                    "and in its order");
    recorded_release(&other);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct recorded recorded;
    char *trouble = NULL;
    if (recorded_parse(&recorded, (const char *)data, size, "input.jsonl", &trouble) < 0) {
        fuzz_expect_raw_sentence(trouble);
        return 0;
    }
    struct bytes page = {0};
    expect_same(&recorded);
    recording_page(&page, &recorded, 1);
    fuzz_expect_clean(&page);
    recorded_release(&recorded);
    return 0;
}
