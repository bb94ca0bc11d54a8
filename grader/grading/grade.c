#include "grader/grading/grade.h"

#include "base/bytes.h"
#include "base/language.h"
#include "base/memory.h"
#include "grader/play/encounter.h"
#include "results/document/document.h"

#include <stdlib.h>
#include <string.h>

static int run_second_client(struct grade *grade, const struct grade_plan *plan,
                             struct arena_trouble *trouble)
{
    struct encounter encounter = {.patience_ns = plan->patience_ns, .port = plan->conduct.port};
    int error = arena_open(&encounter.arena, &plan->arena, trouble);
    if (error < 0)
        return error;
    encounter_cast(&encounter, SECOND_CLIENT_PLAYERS);
    grade->isolation = encounter.arena.isolation;
    trouble->what = N_("observing the submission");
    error = second_client_play(&encounter, &plan->second_client, grade->results);
    grade->check_count = SECOND_CLIENT_CHECKS;
    grade->left_running = encounter_left_running(&encounter);
    encounter_release(&encounter);
    return error;
}

static int run_series(struct grade *grade, const struct grade_plan *plan,
                      struct arena_trouble *trouble)
{
    struct series_plan series = plan->series;
    series.stage.arena = plan->arena;
    series.stage.conduct = &plan->conduct;
    series.stage.patience_ns = plan->patience_ns;
    struct series_run run;
    int count = series_run(&series, grade->results, &run);
    grade->isolation = run.isolation;
    grade->left_running = run.left_running;
    *trouble = run.trouble;
    grade->check_count = count > 0 ? (size_t)count : 0;
    return count < 0 ? count : 0;
}

int grade_run(struct grade *grade, const struct grade_plan *plan, struct arena_trouble *trouble)
{
    *grade = (struct grade){0};
    return strcmp(plan->assignment, "checks") == 0 ? run_series(grade, plan, trouble)
                                                   : run_second_client(grade, plan, trouble);
}

enum verdict grade_verdict(const struct grade *grade)
{
    enum verdict worst = VERDICT_PASS;
    for (size_t i = 0; i < grade->check_count; i++) {
        enum verdict verdict = grade->results[i].verdict;
        if (verdict == VERDICT_FAIL || (verdict == VERDICT_INCONCLUSIVE && worst == VERDICT_PASS))
            worst = verdict;
    }
    return worst;
}

void grade_release(struct grade *grade)
{
    for (size_t i = 0; i < grade->check_count; i++)
        check_result_release(&grade->results[i]);
}

/*** JSON ***/

static json_t *describe_result(const struct check_result *check)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:O, s:s?, s:s, s:f}",                        //
                     "id", check->id, "title", check->title,                             //
                     "verdict", verdict_name(check->verdict), "finding", check->finding, //
                     "evidence", check->evidence, "hint", check->hint,                   //
                     "decided_by", decided_by_name(check->decided_by),                   //
                     "duration_ms", (double)check->duration_ns / 1e6);
}

json_t *grade_describe(const struct grade *grade, const struct grade_plan *plan)
{
    json_t *described = json_array();
    for (size_t i = 0; i < grade->check_count; i++)
        json_array_append_new(described, describe_result(&grade->results[i]));
    json_t *document = document_new(SCHEMA_GRADE);
    json_object_set_new(document, "assignment", json_string(plan->assignment));
    json_object_set_new(document, "language", json_string(language_name()));
    json_object_set_new(document, "submission",
                        json_pack("{s:o}", "command", document_command(plan->arena.command)));
    json_object_set_new(document, "isolation", json_string(isolation_name(grade->isolation)));
    json_object_set_new(document, "left_running", json_integer((json_int_t)grade->left_running));
    json_object_set_new(document, "verdict", json_string(verdict_name(grade_verdict(grade))));
    json_object_set_new(document, "checks", described);
    return document;
}

/*** Text ***/

#define VERDICT_COLUMNS 12
#define INDENT          "             " /* behind the verdict */

/* No line of what a submission has printed begins at the margin, where others look for marks. */
static void print_indented(FILE *stream, const char *text)
{
    const char *indent = INDENT "- ";
    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        fprintf(stream, "%s%.*s\n", indent, (int)length, line);
        line += length + (line[length] == '\n');
        indent = INDENT "  ";
    }
}

static void print_result(FILE *stream, const struct check_result *check)
{
    struct bytes verdict = {0};
    bytes_print(&verdict, "%s", verdict_text(check->verdict));
    bytes_pad(&verdict, 0, VERDICT_COLUMNS);
    fprintf(stream, "%.*s %s: %s\n", (int)verdict.length, bytes_front(&verdict), check->title,
            check->finding);
    bytes_release(&verdict);
    if (check->verdict == VERDICT_SKIPPED)
        return;
    fputs(INDENT, stream);
    fprintf(stream,
            check->decided_by == DECIDED_BY_EVIDENCE ? _("decided by evidence in %.0f ms")
                                                     : _("decided by timeout in %.0f ms"),
            (double)check->duration_ns / 1e6);
    fputc('\n', stream);
    size_t index = 0;
    json_t *row = NULL;
    json_array_foreach (check->evidence, index, row)
        print_indented(stream, json_string_value(json_object_get(row, "text")));
    if (check->hint == NULL)
        return;
    fputs(INDENT, stream);
    fprintf(stream, "%s%s\n", _("hint: "), check->hint);
}

void grade_print(FILE *stream, const struct grade *grade, const struct grade_plan *plan)
{
    fprintf(stream, "%s:", plan->assignment);
    document_print_command(stream, plan->arena.command);
    fprintf(stream, "  (%s)\n", _(isolation_name(grade->isolation)));
    for (size_t i = 0; i < grade->check_count; i++)
        print_result(stream, &grade->results[i]);
    if (grade->left_running == 0)
        return;
    fprintf(stream,
            language_count_text("left running when it had ended: %zu process, ended now",
                                "left running when it had ended: %zu processes, ended now",
                                grade->left_running),
            grade->left_running);
    fputc('\n', stream);
}
