/* Theory of operation: a load of its own, with one client and a schedule that has one request, so
 * that what is asked and expected is exactly what will be asked and expected later. */
#include "loadgen/readiness.h"

#include "base/clock.h"
#include "base/memory.h"
#include "loadgen/load.h"
#include "loadgen/protocols/protocol.h"

#include <stdlib.h>
#include <string.h>

bool readiness_is_awaited(const struct load_plan *plan)
{
    if (plan->ready != READY_WHERE_EXPECTED)
        return plan->ready == READY_YES;
    return plan->expect != NULL || plan->protocol == &load_protocol_http;
}

static char *describe_failures(const struct load_totals *totals)
{
    const struct failures *failures = &totals->failures;
    char *reply = totals->unexpected.kinds > 0 ? reply_kind_text(&totals->unexpected.by[0]) : NULL;
    char *text = reply != NULL         ? text_of("the reply is %s", reply)
                 : failures->kinds > 0 ? text_of("%s", failure_cause_text(failures->by[0].cause))
                                       : text_of("no reply comes");
    free(reply);
    return text;
}

static enum answer answer_of(const struct load_totals *totals)
{
    if (totals->unexpected.kinds == 0)
        return ANSWER_NONE;
    char *reply = reply_kind_text(&totals->unexpected.by[0]);
    bool is_status = totals->by_status_class[4] + totals->by_status_class[5] > 0;
    bool is_early = strstr(reply, "503") != NULL;
    free(reply);
    return is_status && !is_early ? ANSWER_REFUSED : ANSWER_OTHER;
}

enum answer readiness_try(const struct load_plan *plan, int64_t patience_ns, char **came)
{
    struct load_plan one = *plan;
    one.clients = one.threads = one.depth = 1;
    one.silent = one.slow_readers = one.requests_per_connection = 0;
    one.ramp_ns = 0;
    one.rate_per_s = (double)NS_PER_S / NS_PER_MS; /* in the window below that is one request */
    one.arrivals = ARRIVALS_CONSTANT;
    one.connect_timeout_ns = one.grace_ns = patience_ns;
    struct load_result result;
    load_result_init(&result);
    struct load *load = load_new(&one);
    load_connect(load);
    load_measure(load, 0, 3 * NS_PER_MS / 2, &result);
    load_free(load);
    bool is_ready = result.totals.answered > 0 && failures_total(&result.totals.failures) == 0;
    enum answer answer = is_ready ? ANSWER_RIGHT : answer_of(&result.totals);
    *came = is_ready ? NULL : describe_failures(&result.totals);
    load_result_release(&result);
    return answer;
}
