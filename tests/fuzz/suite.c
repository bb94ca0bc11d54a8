/* A suite is read, or refused with a sentence that names its line. */
#include "tests/fuzz/fuzz.h"

#include "bench/suite/suite.h"
#include "bench/suite/suite_file.h"
#include "loadgen/plan/plan.h"

static void take(struct suite_source *source)
{
    const struct load_plan usual = {.clients = 1, .threads = 1, .size_bytes = 64, .depth = 1};
    struct suite suite;
    char *trouble = NULL;
    if (suite_take(&suite, source, "input.yaml", &usual, &trouble) < 0)
        fuzz_expect_sentence(trouble);
    else
        fuzz_expect(suite.count > 0 && suite.rounds > 0, "there is something to measure");
    suite_release(&suite);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct suite_source source;
    char *trouble = NULL;
    if (suite_source_parse(&source, (const char *)data, size, "input.yaml", &trouble) < 0) {
        fuzz_expect_sentence(trouble);
        return 0;
    }
    take(&source);
    suite_source_release(&source);
    return 0;
}
