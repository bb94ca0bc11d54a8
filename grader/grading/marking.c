#include "grader/grading/marking.h"

#include "base/clock.h"
#include "base/language.h"
#include "grader/checks/checks.h"
#include "grader/checks/scene.h"
#include "grader/checks/talk.h"
#include "grader/play/evidence.h"
#include "results/document/document.h"

#include <errno.h>
#include <string.h>

#define BYTES_PER_MB ((int64_t)1 << 20)

/*** From the assignment ***/

static void set_limits(struct limits *limits, const struct assignment *assignment)
{
    const struct assigned_limits *assigned = &assignment->limits;
    *limits = limits_default;
    if (assigned->memory_mb > 0)
        limits->memory_bytes = assigned->memory_mb * BYTES_PER_MB;
    if (assigned->processes > 0)
        limits->processes = assigned->processes;
    if (assigned->cpu_s > 0)
        limits->cpu_ns = assigned->cpu_s * NS_PER_S;
    if (assigned->wall_s > 0)
        limits->wall_ns = assigned->wall_s * NS_PER_S;
    if (assigned->output_mb > 0)
        limits->output_bytes = assigned->output_mb * BYTES_PER_MB;
    limits->is_without_io_uring = assignment->without_io_uring;
}

/* Whatever is played needs a server that listens; a client is met in its scene. */
static const char *needs_of(const struct marking *marking, const struct assigned_check *assigned)
{
    if (assigned->needs != NULL || marking->plan->assignment->conduct.role == ROLE_CLIENT)
        return assigned->needs;
    return check_starts_and_listens.id;
}

static const struct check *check_of(struct marking *marking, unsigned number)
{
    const struct assigned_check *assigned = &marking->plan->assignment->checks[number];
    struct check *check = &marking->scenes[number];
    if (assigned->steps == NULL) {
        *check = *check_find(assigned->id);
        if (assigned->needs != NULL)
            check->needs = assigned->needs;
    } else {
        *check = (struct check){
            .id = assigned->id,
            .needs = needs_of(marking, assigned),
            .players = scene_count_clients(assigned->steps, assigned->steps_count),
            .play = scene_play,
        };
    }
    if (assigned->title.in[0] != NULL)
        check->title = text_in(&assigned->title, marking->plan->language);
    return check;
}

int marking_init(struct marking *marking, const struct grading_plan *plan, const char *id)
{
    const struct assignment *assignment = plan->assignment;
    *marking = (struct marking){.plan = plan, .id = id};
    token_choose_seed(marking->new_seed);
    set_limits(&marking->limits, assignment);
    struct series_plan *series = &marking->series;
    series->only = plan->only_check;
    series->stage = (struct stage_plan){
        .arena = {.isolation = plan->isolation, .limits = &marking->limits},
        .conduct = &assignment->conduct,
        .patience_ns = plan->patience_ns,
        .seed = plan->seed != NULL ? plan->seed : marking->new_seed,
    };
    if (assignment->checks_count > ASSIGNMENT_CHECKS_MAX)
        return -E2BIG;
    for (unsigned i = 0; i < assignment->checks_count; i++)
        series->items[series->count++] = (struct series_item){
            .check = check_of(marking, i),
            .assigned = assignment->checks[i].steps != NULL ? &assignment->checks[i] : NULL,
        };
    return 0;
}

/*** To the document ***/

static const struct assigned_check *assigned_of(const struct marking *marking, const char *id)
{
    for (unsigned i = 0; i < marking->plan->assignment->checks_count; i++)
        if (strcmp(marking->plan->assignment->checks[i].id, id) == 0)
            return &marking->plan->assignment->checks[i];
    return NULL;
}

static double earned_points(const struct check_result *result, const struct assigned_check *check)
{
    switch (result->verdict) {
    case VERDICT_PASS:
        return check->points;
    case VERDICT_PARTIAL:
        return result->earned;
    case VERDICT_INCONCLUSIVE:
        return check->inconclusive == INCONCLUSIVE_ALL_POINTS ? check->points : 0;
    default:
        return 0;
    }
}

static const char *visibility_name(const struct assigned_check *check)
{
    static const char *const names[] = {
        [VISIBILITY_SHOWN] = "shown", [VISIBILITY_HIDDEN] = "hidden", [VISIBILITY_AFTER] = "after"};
    return check != NULL ? names[check->visibility] : names[VISIBILITY_SHOWN];
}

static json_t *describe_check(const struct marking *marking, const struct check_result *result)
{
    const struct assigned_check *assigned = assigned_of(marking, result->id);
    bool has_failed = result->verdict == VERDICT_FAIL || result->verdict == VERDICT_PARTIAL;
    const char *hint = has_failed && assigned != NULL && assigned->hint.in[0] != NULL
                           ? text_in(&assigned->hint, marking->plan->language)
                           : result->hint;
    json_t *described = json_pack(
        "{s:s, s:s, s:s, s:s, s:f, s:f, s:s, s:O, s:s?, s:s, s:f}", "id", result->id, "title",
        result->title, "verdict", verdict_name(result->verdict), "finding", result->finding,
        "points", assigned != NULL ? earned_points(result, assigned) : 0.0, "max_points",
        assigned != NULL ? assigned->points : 0.0, "visibility", visibility_name(assigned),
        "evidence", result->evidence, "hint", hint, "decided_by",
        decided_by_name(result->decided_by), "duration_ms", (double)result->duration_ns / 1e6);
    if (result->timeline != NULL)
        json_object_set(described, "timeline", result->timeline);
    if (result->left_out != NULL)
        json_object_set(described, "timeline_left_out", result->left_out);
    return described;
}

static json_t *begin_document(const struct marking *marking, const char *verdict)
{
    const struct assignment *assignment = marking->plan->assignment;
    json_t *document = document_new(SCHEMA_GRADE);
    json_object_set_new(document, "assignment", json_string(assignment->id));
    json_object_set_new(document, "assignment_sha256", json_string(assignment->digest));
    json_object_set_new(document, "title",
                        json_string(text_in(&assignment->title, marking->plan->language)));
    json_object_set_new(document, "language", json_string(marking->plan->language));
    json_object_set_new(document, "submission", json_pack("{s:s}", "id", marking->id));
    json_object_set_new(document, "seed", json_string(marking->series.stage.seed));
    json_object_set_new(document, "verdict", json_string(verdict));
    json_object_set_new(document, "max_points", json_real(assignment->points));
    json_object_set_new(document, "checks", json_array());
    return document;
}

static const char *verdict_of(double points, double most, bool is_unknown)
{
    if (points >= most - 1e-9)
        return "pass";
    return is_unknown ? "inconclusive" : points > 0 ? "partial" : "fail";
}

json_t *marking_document(const struct marking *marking, const struct check_result *results,
                         size_t count, const struct series_run *run)
{
    json_t *document = begin_document(marking, "fail");
    json_t *checks_described = json_object_get(document, "checks");
    double points = 0;
    bool has_failed = false;
    bool is_unknown = false;
    for (size_t i = 0; i < count; i++) {
        const struct assigned_check *assigned = assigned_of(marking, results[i].id);
        json_array_append_new(checks_described, describe_check(marking, &results[i]));
        points += assigned != NULL ? earned_points(&results[i], assigned) : 0;
        has_failed |= results[i].verdict == VERDICT_FAIL;
        is_unknown |= results[i].verdict == VERDICT_INCONCLUSIVE;
    }
    const char *verdict =
        verdict_of(points, marking->plan->assignment->points, is_unknown && !has_failed);
    json_object_set_new(document, "verdict", json_string(verdict));
    json_object_set_new(document, "points", json_real(points));
    json_object_set_new(document, "isolation", json_string(isolation_name(run->isolation)));
    json_object_set_new(document, "left_running", json_integer((json_int_t)run->left_running));
    return document;
}

json_t *marking_document_of_failure(const struct marking *marking, const char *check,
                                    const char *finding, const char *text)
{
    json_t *document = begin_document(marking, "fail");
    json_object_set_new(document, "points", json_real(0));
    json_t *evidence = json_array();
    evidence_note(evidence, "%s", text);
    json_t *described =
        json_pack("{s:s, s:s, s:s, s:s, s:f, s:f, s:s, s:o, s:n, s:s, s:f}", "id", check, "title",
                  finding, "verdict", "fail", "finding", finding, "points", 0.0, "max_points",
                  marking->plan->assignment->points, "visibility", "shown", "evidence", evidence,
                  "hint", "decided_by", "evidence", "duration_ms", 0.0);
    json_array_append_new(json_object_get(document, "checks"), described);
    return document;
}

json_t *marking_document_of_error(const struct marking *marking, const char *step, const char *text)
{
    json_t *document = begin_document(marking, "error");
    json_object_set_new(document, "points", json_null());
    json_object_set_new(document, "error", json_pack("{s:s, s:s}", "step", _(step), "text", text));
    return document;
}
