#include "bench/counted/text.h"

#include "base/memory.h"
#include "bench/counted/explanation.h"
#include "text/sanitise.h"
#include "text/table.h"

#include <math.h>
#include <stdlib.h>

#define CALLS_MAX 10 /* that are named */

/* Of events fractions, of instructions none. */
static void add_amount(struct table *table, enum quantity quantity, double amount)
{
    table_add(table, "%.*f", quantity_kinds[quantity].is_exact ? 3 : 0, amount);
}

static void add_share(struct table *table, const struct judged *judged, double difference)
{
    if (judged->base > 0)
        table_add(table, "%+.3f%%", 100 * difference / judged->base);
    else
        table_add(table, "%+.3f", difference);
}

static void add_quantity(struct table *table, enum quantity quantity, const struct judged *judged)
{
    table_add(table, "%s", quantity_kinds[quantity].title);
    add_amount(table, quantity, judged->base);
    add_amount(table, quantity, judged->new);
    add_share(table, judged, judged->difference);
    if (judged->base > 0)
        table_add(table, "%+.3f%% … %+.3f%%", 100 * judged->low / judged->base,
                  100 * judged->high / judged->base);
    else
        table_add(table, "%+.3f … %+.3f", judged->low, judged->high);
    add_share(table, judged, judged->floor);
    table_add(table, "%s", decision_word(judged->verdict));
}

static void print_table(FILE *stream, const struct gate *gate)
{
    static const char *const headings[] = {"per request", "base",  "new",    "worse by",
                                           "layouts",     "floor", "verdict"};
    struct table table;
    table_init(&table, sizeof headings / sizeof headings[0], headings);
    for (enum quantity i = 0; i < QUANTITIES; i++)
        if (gate->judged[i].verdict != DECISION_OPEN)
            add_quantity(&table, i, &gate->judged[i]);
    table_print(&table, stream);
    table_release(&table);
}

char *judged_reason(const struct judged *judged, enum quantity quantity)
{
    const char *title = quantity_kinds[quantity].title;
    double unit = judged->base > 0 ? judged->base / 100 : 1;
    const char *sign = judged->base > 0 ? " %" : "";
    if (decision_is_change(judged->verdict))
        return text_of("%s: %s by %.3f%s, in every layout by %.3f%s at least; two runs of base "
                       "differ by %.3f%s",
                       title, decision_word(judged->verdict), fabs(judged->difference) / unit, sign,
                       fmin(fabs(judged->low), fabs(judged->high)) / unit, sign,
                       judged->floor / unit, sign);
    return text_of("%s: %s; more than %.3f%s for the worse is excluded", title,
                   decision_word(judged->verdict), judged->high / unit, sign);
}

static void print_reasons(FILE *stream, const struct gate *gate)
{
    for (enum quantity i = 0; i < QUANTITIES; i++) {
        enum decision verdict = gate->judged[i].verdict;
        if (verdict == DECISION_OPEN || verdict == DECISION_SAME)
            continue;
        char *reason = judged_reason(&gate->judged[i], i);
        fprintf(stream, "%s\n", reason);
        free(reason);
    }
}

static void print_calls(FILE *stream, const struct gate *gate)
{
    static const char *const headings[] = {"system call", "base", "new", "difference"};
    size_t count = 0;
    struct call_difference *calls = gate_calls(gate, &count);
    struct table table;
    table_init(&table, sizeof headings / sizeof headings[0], headings);
    for (size_t i = 0; i < count && i < CALLS_MAX; i++) {
        table_add(&table, "%s", calls[i].name);
        table_add(&table, "%.3f", calls[i].base);
        table_add(&table, "%.3f", calls[i].new);
        table_add(&table, "%+.3f", calls[i].new - calls[i].base);
    }
    table_print(&table, stream);
    table_release(&table);
    free(calls);
}

static void print_functions(FILE *stream, const struct gate *gate)
{
    static const char *const headings[] = {"function", "in", "base", "new", "instructions"};
    struct table table;
    table_init(&table, sizeof headings / sizeof headings[0], headings);
    for (size_t i = 0; i < gate->profile.count && i < PROFILE_NAMED; i++) {
        const struct function_difference *one = &gate->profile.all[i];
        table_add(&table, "%s", one->name);
        table_add(&table, "%s", one->file);
        table_add(&table, "%.1f", one->base);
        table_add(&table, "%.1f", one->new);
        table_add(&table, "%+.1f", one->new - one->base);
    }
    table_print(&table, stream);
    table_release(&table);
    if (gate->profile_trouble != NULL)
        sanitise_say(stream, SANITISE_LINE, "Functions of the kernel have no names: %s\n",
                     gate->profile_trouble);
}

/* The largest differences in one line each, before all tables. */
static void print_where(FILE *stream, const struct gate *gate)
{
    size_t count = 0;
    struct call_difference *calls = gate_calls(gate, &count);
    for (size_t i = 0; i < count && i < 2 && call_differs(&calls[i]); i++)
        fprintf(stream, "%s: %+.3f a request\n", calls[i].name, calls[i].new - calls[i].base);
    free(calls);
    for (size_t i = 0; i < gate->profile.count && i < 2; i++)
        fprintf(stream, "%s (%s): %+.1f instructions a request\n", gate->profile.all[i].name,
                gate->profile.all[i].file, gate->profile.all[i].new - gate->profile.all[i].base);
    const struct judged *user = &gate->judged[QUANTITY_USER];
    const struct judged *kernel = &gate->judged[QUANTITY_KERNEL];
    if (user->verdict != DECISION_OPEN)
        fprintf(stream, "instructions: %+.0f in user mode, %+.0f in the kernel\n", user->difference,
                kernel->difference);
}

static const char *verdict_sentence(enum decision verdict)
{
    switch (verdict) {
    case DECISION_WORSE:
        return "NEW is worse than BASE.";
    case DECISION_BETTER:
        return "NEW is better than BASE.";
    case DECISION_SAME:
        return "NEW is the same as BASE.";
    default:
        return "Nothing can be decided.";
    }
}

void gate_print(FILE *stream, const struct gate *gate, bool explains)
{
    fprintf(stream, "%s\n", verdict_sentence(gate->verdict));
    if (gate->trouble != NULL)
        sanitise_say(stream, SANITISE_LINE, "%s%s%s\n",
                     gate->trouble_of != SIDE_NONE ? side_name(gate->trouble_of) : "",
                     gate->trouble_of != SIDE_NONE ? ": " : "", gate->trouble);
    if (gate->layouts == 0)
        return;
    if (explains)
        print_where(stream, gate);
    print_table(stream, gate);
    print_reasons(stream, gate);
    if (explains)
        print_calls(stream, gate);
    if (gate->plan->profiles)
        print_functions(stream, gate);
    fprintf(
        stream,
        "Counted, in %zu layout%s, %.0f s: instructions are not time; caches, branches, waiting "
        "and locks are not seen.\n",
        gate->layouts, gate->layouts == 1 ? "" : "s", gate->elapsed_s);
}
