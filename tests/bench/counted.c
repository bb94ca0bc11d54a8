/* The counted gate, as far as it needs no machine. */
#include "base/memory.h"
#include "bench/counted/agreement.h"
#include "bench/counted/judge.h"
#include "bench/counted/profile.h"
#include "bench/counted/quantity.h"
#include "bench/counted/tally.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/*** The decision ***/

/* Three layouts in which BASE is 10000, again by the floor more, and NEW by the change more. */
static struct judged judge_change(double floor, double change, double spread)
{
    struct judged_runs runs = {.count = 3};
    for (size_t i = 0; i < runs.count; i++) {
        runs.base[i] = 10000 - floor / 2;
        runs.again[i] = 10000 + floor / 2;
        runs.new[i] = 10000 + change + spread *((double)i - 1);
    }
    return judge(&runs, false, 0.005);
}

Test(judge, what_holds_in_every_layout_is_a_change)
{
    cr_expect_eq(judge_change(0, 0, 0).verdict, DECISION_SAME);
    cr_expect_eq(judge_change(0, 50, 0).verdict, DECISION_WORSE);
    cr_expect_eq(judge_change(0, 50, 20).verdict, DECISION_WORSE);
    cr_expect_eq(judge_change(0, 50, 30).verdict, DECISION_INCONCLUSIVE);
    cr_expect_eq(judge_change(0, -50, 0).verdict, DECISION_BETTER);
    cr_expect_eq(judge_change(0, -50, 30).verdict, DECISION_SAME);
    cr_expect_eq(judge_change(0, 24, 0).verdict, DECISION_SAME);
}

Test(judge, what_is_not_above_five_floors_is_none)
{
    cr_expect_eq(judge_change(9, 50, 0).verdict, DECISION_WORSE);
    cr_expect_eq(judge_change(11, 50, 0).verdict, DECISION_INCONCLUSIVE);
    cr_expect_eq(judge_change(49, 0, 0).verdict, DECISION_SAME);
    cr_expect_eq(judge_change(51, 0, 0).verdict, DECISION_INCONCLUSIVE);
    cr_expect_float_eq(judge_change(9, 50, 0).floor, 9, 1e-9);
    cr_expect_float_eq(judge_change(0, 50, 20).high, 70, 1e-9);
}

Test(judge, one_event_more_is_worse_whatever_its_share)
{
    struct judged_runs runs = {.count = 1, .base = {1000}, .again = {1000}, .new = {1001}};
    cr_expect_eq(judge(&runs, true, 0.05).verdict, DECISION_WORSE);
    cr_expect_eq(judge(&runs, false, 0.05).verdict, DECISION_SAME);
    runs.new[0] = 1000.01;
    cr_expect_eq(judge(&runs, true, 0.05).verdict, DECISION_SAME);
    runs = (struct judged_runs){.count = 1, .base = {0}, .again = {0}, .new = {1}};
    cr_expect_eq(judge(&runs, true, 0.05).verdict, DECISION_WORSE);
}

Test(judge, what_was_not_counted_is_not_decided)
{
    struct judged_runs runs = {.count = 1, .base = {1}, .again = {1}, .new = {NAN}};
    cr_expect_eq(judge(&runs, true, 0.05).verdict, DECISION_OPEN);
    runs.count = 0;
    cr_expect_eq(judge(&runs, true, 0.05).verdict, DECISION_OPEN);
}

Test(judge, the_worst_verdict_is_that_of_all)
{
    cr_expect_eq(judge_together(DECISION_SAME, DECISION_WORSE), DECISION_WORSE);
    cr_expect_eq(judge_together(DECISION_BETTER, DECISION_SAME), DECISION_BETTER);
    cr_expect_eq(judge_together(DECISION_BETTER, DECISION_INCONCLUSIVE), DECISION_INCONCLUSIVE);
    cr_expect_eq(judge_together(DECISION_OPEN, DECISION_SAME), DECISION_SAME);
}

/*** What a side says ***/

Test(counted_run, user_instructions_are_those_in_nobody_elses_code)
{
    static const struct counted_code counted[] = {
        {0x1000, 100}, {0x2000, 400}, {0x3000, 50}, {0xffffffff81000000, 7000}};
    struct counted_code *codes = allocate(4, sizeof *codes);
    memcpy(codes, counted, sizeof counted);
    struct counted_run run;
    const char *said = "{\"answered\": 10, \"instructions\": 5000, \"tallied\": 4, \"counts\": "
                       "[8, 2, 1, 0], \"calls\": {\"read\": 4, \"write\": 4}, "
                       "\"bytes_per_connection\": null, \"generator\": [[8192, 12288, 0, \"/g\"]], "
                       "\"server\": []}";
    cr_assert_eq(counted_run_read(&run, said, codes, 4, 3), 0);
    cr_expect_float_eq(run.of[QUANTITY_USER], 15, 1e-9);
    cr_expect_float_eq(run.of[QUANTITY_KERNEL], 485, 1e-9);
    cr_expect_float_eq(run.of[QUANTITY_CALLS], 2, 1e-9);
    cr_expect_float_eq(run.of[QUANTITY_SWITCHES], 0.5, 1e-9);
    cr_expect_float_eq(run.of[QUANTITY_WAKE_UPS], 0.25, 1e-9);
    cr_expect_float_eq(run.of[QUANTITY_OF_CONNECTION], 1500, 1e-9);
    cr_expect(isnan(run.of[QUANTITY_MEMORY]));
    cr_expect_float_eq(json_number_value(json_object_get(run.calls, "read")), 1, 1e-9);
    counted_run_release(&run);
}

Test(counted_run, without_what_qemu_counted_only_the_sum_is_known)
{
    struct counted_run run;
    cr_assert_eq(counted_run_read(&run, "{\"answered\": 10, \"instructions\": 5000}", NULL, 0, 0),
                 0);
    cr_expect_float_eq(run.of[QUANTITY_INSTRUCTIONS], 500, 1e-9);
    cr_expect(isnan(run.of[QUANTITY_USER]));
    cr_expect(isnan(run.of[QUANTITY_OF_CONNECTION]));
    counted_run_release(&run);
    cr_assert_eq(counted_run_read(&run, "{\"trouble\": \"it ended\"}", NULL, 0, 0), 0);
    cr_expect_str_eq(run.trouble, "it ended");
    counted_run_release(&run);
    cr_expect_lt(counted_run_read(&run, "Segmentation fault", NULL, 0, 0), 0);
    counted_run_release(&run);
}

Test(agreement, every_pair_of_verdicts_is_explained)
{
    static const enum decision all[] = {DECISION_SAME, DECISION_WORSE, DECISION_BETTER,
                                        DECISION_INCONCLUSIVE};
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < 4; j++)
            cr_expect_eq(strstr(agreement_sentence(all[i], all[j]), "agree") != NULL,
                         i == j && all[i] != DECISION_INCONCLUSIVE, "%zu, %zu", i, j);
    cr_expect_not_null(strstr(agreement_sentence(DECISION_SAME, DECISION_WORSE), "cache"));
    cr_expect_not_null(strstr(agreement_sentence(DECISION_WORSE, DECISION_INCONCLUSIVE), "noisy"));
}

/*** Which functions differ ***/

static struct counted_run run_with(uint64_t read_count, uint64_t other_count)
{
    const struct counted_code counted[] = {
        {0x1000, other_count}, {0xffffffff81000000, read_count}, {0xffffffff81000010, 70}};
    struct counted_code *codes = allocate(3, sizeof *codes);
    memcpy(codes, counted, sizeof counted);
    return (struct counted_run){.codes = codes, .code_count = 3, .answered = 10};
}

Test(profile, the_function_that_differs_most_comes_first)
{
    struct counted_run base[] = {run_with(100, 500), run_with(120, 500)};
    struct counted_run new[] = {run_with(200, 480), run_with(220, 480)};
    struct profile profile;
    profile_make(&profile, base, new, 2,
                 "ffffffff81000000 T vfs_read\nffffffff81000020 T vfs_write\n");
    cr_assert_eq(profile.count, 2);
    cr_expect_str_eq(profile.all[0].name, "vfs_read");
    cr_expect_str_eq(profile.all[0].file, "kernel");
    cr_expect_float_eq(profile.all[0].base, 18, 1e-9);
    cr_expect_float_eq(profile.all[0].new, 28, 1e-9);
    cr_expect_str_eq(profile.all[1].name, "(no symbol)");
    cr_expect_str_eq(profile.all[1].file, "ended processes");
    cr_expect_float_eq(profile.all[1].new - profile.all[1].base, -2, 1e-9);
    profile_release(&profile);
    for (size_t i = 0; i < 2; i++) {
        counted_run_release(&base[i]);
        counted_run_release(&new[i]);
    }
}

Test(tally, lines_of_the_kernels_histograms_are_read)
{
    pid_t tid = 0;
    char name[64];
    double count = 0;
    cr_assert(tally_read_line("{ common_pid:        312, id: sys_epoll_wait        [232] } "
                              "hitcount:       5",
                              &tid, name, &count));
    cr_expect_eq(tid, 312);
    cr_expect_str_eq(name, "epoll_wait");
    cr_expect_eq(count, 5);
    cr_assert(tally_read_line("{ prev_pid:          7 } hitcount:         20", &tid, name, &count));
    cr_expect_eq(tid, 7);
    cr_expect_str_eq(name, "");
    cr_expect_not(tally_read_line("# trigger info: hist:keys=pid", &tid, name, &count));
    cr_expect_not(tally_read_line("    Hits: 9", &tid, name, &count));
}
