/* A run document is read, or refused with a sentence; one that was read is compared with itself,
 * exported and reported. */
#include "tests/fuzz/fuzz.h"

#include "results/document/difference_document.h"
#include "results/document/run_document.h"
#include "results/export/export.h"
#include "results/report/report.h"

#include <stdlib.h>

static void compare(const struct run_document *document)
{
    struct difference difference;
    difference_make(&difference, document, document);
    fuzz_expect(difference.unlike.count == 0, "a run is like itself");
    fuzz_expect(!difference_is_worse(&difference), "a run is not worse than itself");
    json_decref(difference_describe(&difference));
    difference_release(&difference);
}

static void render(const struct run_document *document)
{
    struct bytes out = {0};
    for (size_t i = 0; exporters[i] != NULL; i++)
        for (size_t j = 0; j < EXPORT_FILES_MAX && exporters[i]->files[j].render != NULL; j++) {
            exporters[i]->files[j].render(document, &out);
            fuzz_expect_clean(&out);
        }
    report(&out, document, 1);
    fuzz_expect_clean(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run_document document;
    char *trouble = NULL;
    if (run_document_parse(&document, (const char *)data, size, "input.json", &trouble) < 0) {
        fuzz_expect_raw_sentence(trouble);
        return 0;
    }
    compare(&document);
    render(&document);
    run_document_release(&document);
    return 0;
}
