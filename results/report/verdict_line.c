#include "results/report/verdict_line.h"

#include "text/number.h"

#include <math.h>

void verdict_append_line(struct bytes *out, const struct run *run)
{
    const json_t *first = run->document->results[0].json;
    const char *validity = run_text(first, "validity", "verdict");
    if (run->document->kind == RUN_COMPARE) {
        bytes_print(out, "%s", decision_word(run->document->verdict));
    } else if (run->document->kind == RUN_LOAD) {
        number_append(out, UNIT_PER_SECOND, run_number(first, NULL, "throughput_per_s"), NAN);
        bytes_print(out, "%s%s", validity != NULL ? ", " : "", validity != NULL ? validity : "");
    } else {
        bytes_print(out, "%zu server%s, %zu load%s", run->targets.count,
                    run->targets.count == 1 ? "" : "s", run->cells.count,
                    run->cells.count == 1 ? "" : "s");
    }
}
