#include "cli/compare_counted.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/message.h"
#include "bench/compare/compared.h"
#include "bench/compare/document.h"
#include "bench/counted/agreement.h"
#include "bench/counted/document.h"
#include "bench/counted/side.h"
#include "bench/counted/text.h"
#include "cli/command.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

/*** In the machine ***/

static enum side asked_side(void)
{
    const char *number = getenv(COUNTED_SIDE_VARIABLE);
    unsigned side = number != NULL ? (unsigned)strtoul(number, NULL, 10) : SIDE_NONE;
    return side < SIDES ? (enum side)side : SIDE_NONE;
}

bool compare_is_in_machine(void)
{
    return asked_side() != SIDE_NONE;
}

int compare_run_in_machine(const struct contender *contenders, const struct load_plan *load,
                           int64_t slice_ns)
{
    json_t *said = counted_side_run(&contenders[asked_side()], load,
                                    slice_ns > 0 ? slice_ns : COUNTED_SLICE_NS);
    json_dumpf(said, stdout, JSON_COMPACT);
    json_decref(said);
    return EXIT_YES;
}

/*** Outside ***/

static void show_progress(size_t done, size_t all, void *context)
{
    (void)context;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\rrun %zu of %zu ", done + 1, all);
}

static int exit_code_of(const struct gate *gate, bool is_strict)
{
    if (gate->trouble != NULL && gate->trouble_of != SIDE_NEW)
        return EXIT_PROCTOR_FAILED;
    if (gate->verdict == DECISION_WORSE)
        return EXIT_SUBJECT_FAILED;
    bool is_open = gate->verdict == DECISION_INCONCLUSIVE;
    return is_open && (is_strict || gate->is_cut) ? EXIT_INCONCLUSIVE : EXIT_YES;
}

/* This program with the words it was called with; the first of them is "proctor compare". */
static char **own_words(char **argv)
{
    char self[PATH_MAX] = "";
    if (readlink("/proc/self/exe", self, sizeof self - 1) < 0)
        die(EXIT_PROCTOR_FAILED, "cannot find this program by /proc/self/exe; is /proc mounted?");
    size_t count = 0;
    while (argv[count] != NULL)
        count++;
    char **words = allocate(count + 2, sizeof *words);
    words[0] = text_of("%s", self);
    words[1] = text_of("compare");
    for (size_t i = 1; i < count; i++)
        words[i + 1] = text_of("%s", argv[i]);
    return words;
}

/* Under "timed": what the timed comparison found, without its slices. */
static json_t *describe_timed(const struct gate *gate, const struct comparison *timed)
{
    static const char *const members[] = {"verdict", "reasons", "comparisons", "controls"};
    json_t *whole = comparison_describe(timed);
    json_t *described = json_object();
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        json_object_set(described, members[i], json_object_get(whole, members[i]));
    json_object_set_new(described, "agreement",
                        json_string(agreement_sentence(gate->verdict, timed->verdict)));
    json_decref(whole);
    return described;
}

/* The verdict of both is worse if one is. */
static void add_timed(json_t *document, const struct gate *gate, const struct comparison *timed)
{
    enum decision verdict = judge_together(gate->verdict, timed->verdict);
    json_object_set_new(document, "verdict", json_string(decision_word(verdict)));
    json_object_set_new(document, "counted_verdict", json_string(decision_word(gate->verdict)));
    json_object_set_new(document, "timed", describe_timed(gate, timed));
}

static void show(const struct gate *gate, const struct counted_output *output)
{
    FILE *stream = command_text_stream(output->json_path);
    json_t *document = gate_describe(gate);
    gate_print(stream, gate, output->explains);
    if (output->timed != NULL) {
        fprintf(stream, "\nCounted: %s. Timed: %s. %s\n", decision_word(gate->verdict),
                decision_word(output->timed->verdict),
                agreement_sentence(gate->verdict, output->timed->verdict));
        add_timed(document, gate, output->timed);
    }
    command_write_document(document, output->json_path);
}

int compare_counted(struct gate_plan *plan, char **argv, const struct counted_output *output)
{
    char **words = own_words(argv);
    plan->words = words;
    struct gate gate;
    gate_run(&gate, plan, show_progress, NULL);
    command_clear_progress();
    show(&gate, output);
    int code = exit_code_of(&gate, output->is_strict);
    gate_release(&gate);
    free_texts(words);
    return code;
}
