/* An assignment is read, or refused with a sentence that names its line. */
#include "tests/fuzz/fuzz.h"

#include "grader/assignment/read.h"
#include "grader/grading/assignment_check.h"

#include <math.h>
#include <string.h>

static void expect_whole(const struct assignment *assignment)
{
    double points = 0;
    for (unsigned i = 0; i < assignment->checks_count; i++)
        points += assignment->checks[i].points;
    fuzz_expect(assignment->id != NULL && strlen(assignment->digest) == 64, "it has a digest");
    fuzz_expect(assignment->checks_count > 0, "it has checks");
    fuzz_expect(isfinite(points), "its points are a number");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct assignment *assignment = NULL;
    char *trouble = NULL;
    if (assignment_parse((const char *)data, size, "input.yaml", assignment_check, &assignment,
                         &trouble) < 0) {
        fuzz_expect(strncmp(trouble, "input.yaml:", 11) == 0, "the place comes first");
        fuzz_expect_sentence(trouble);
        return 0;
    }
    expect_whole(assignment);
    assignment_free(assignment);
    return 0;
}
