#include "grader/grading/marking.h"

#include "base/clock.h"
#include "base/language.h"
#include "base/memory.h"
#include "base/message.h"
#include "grader/assignment/drawn.h"
#include "grader/checks/checks.h"
#include "grader/checks/scene.h"
#include "grader/play/recorder.h"
#include "results/document/document.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_PER_MB ((int64_t)1 << 20)

/*** From the assignment ***/

static void set_limit(int64_t *limit, int64_t assigned, int64_t unit)
{
    if (assigned > 0)
        *limit = assigned * unit;
}

static void set_limits(struct limits *limits, const struct assignment *assignment)
{
    const struct assigned_limits *assigned = &assignment->limits;
    *limits = limits_default;
    set_limit(&limits->memory_bytes, assigned->memory_mb, BYTES_PER_MB);
    if (assigned->memory_mb > 0)
        limits->memory_bytes_per_client = 0; /* it is the limit, however many clients there are */
    set_limit(&limits->processes, assigned->processes, 1);
    set_limit(&limits->cpu_ns, assigned->cpu_s, NS_PER_S);
    set_limit(&limits->wall_ns, assigned->wall_s, NS_PER_S);
    set_limit(&limits->grading_ns, assigned->grading_s, NS_PER_S);
    set_limit(&limits->output_bytes, assigned->output_mb, BYTES_PER_MB);
    limits->is_without_io_uring = assignment->without_io_uring;
}

int64_t marking_time_ns(const struct assignment *assignment)
{
    struct limits limits;
    set_limits(&limits, assignment);
    return limits.grading_ns;
}

/* Within a row, checks have names of their own. To be freed; NULL for NULL. */
static char *name_in_row(const struct assigned_row *row, const char *name)
{
    return name == NULL  ? NULL
           : row != NULL ? text_of("%s/%s", row->name, name)
                         : text_of("%s", name);
}

/* Appends what `check` says, which needs `needs`, in that row; `item` lacks the check. */
static void add(struct marking *marking, const struct check *check, const struct assigned_row *row,
                const char *needs, struct series_item item)
{
    struct marked *marked = &marking->marked[marking->series.count];
    *marked = (struct marked){.check = *check, .row = row, .needs = needs};
    marked->check.id = name_in_row(row, check->id);
    marked->check.needs = name_in_row(row, needs);
    marked->check.title =
        row != NULL ? text_of("%s: %s", row->name, _(check->title)) : text_of("%s", check->title);
    item.check = &marked->check;
    marking->series.items[marking->series.count++] = item;
}

/* Every scene needs a server that listens; a client connects during its scene. */
static struct check check_of_scene(const struct marking *marking,
                                   const struct assigned_check *assigned)
{
    bool is_server = marking->plan->assignment->conduct.role == ROLE_SERVER;
    return (struct check){
        .needs = is_server ? CHECK_LISTENS : NULL,
        .players = scene_count_clients(assigned->steps, assigned->steps_count),
        .play = scene_play,
    };
}

static void add_assigned(struct marking *marking, const struct assigned_check *assigned)
{
    bool is_scene = assigned->steps != NULL;
    const char *name = assigned_check_name(assigned);
    struct check check = is_scene ? check_of_scene(marking, assigned) : *check_find(name);
    check.id = name;
    if (assigned->title.in[0] != NULL)
        check.title = text_in(&assigned->title, marking->plan->language);
    add(marking, &check, assigned->row, assigned->needs != NULL ? assigned->needs : check.needs,
        (struct series_item){
            .assigned = is_scene || assigned->says != NULL ? assigned : NULL,
            .stage = starts_find(&marking->starts, assigned),
            .is_fresh = start_is_fresh(marking->plan->assignment, assigned),
        });
}

static bool has_item(const struct marking *marking, const char *id)
{
    for (size_t i = 0; i < marking->series.count; i++)
        if (strcmp(marking->marked[i].check.id, id) == 0)
            return true;
    return false;
}

/* What the checks need that are there, and what those need. */
static void add_needed(struct marking *marking)
{
    for (size_t i = 0; i < marking->series.count; i++) {
        const struct marked *marked = &marking->marked[i];
        const struct check *needed = marked->needs != NULL ? check_find(marked->needs) : NULL;
        if (needed != NULL && !has_item(marking, marked->check.needs))
            add(marking, needed, marked->row, needed->needs,
                (struct series_item){.stage = starts_find_usual(&marking->starts, marked->row),
                                     .is_needed_only = true});
    }
}

/* An assignment without a file draws nothing, and its texts know no values. */
static const struct values *draw_values(struct marking *marking, const char *seed)
{
    const struct assignment *assignment = marking->plan->assignment;
    struct token_source source = {.seed = seed, .scope = "/"}; /* no check's */
    assignment_draw_values(assignment, &source, &marking->values);
    return assignment->folder != NULL ? &marking->values : NULL;
}

int marking_init(struct marking *marking, const struct grading_plan *plan, const char *id)
{
    const struct assignment *assignment = plan->assignment;
    *marking = (struct marking){.plan = plan, .id = id};
    token_choose_seed(marking->new_seed);
    set_limits(&marking->limits, assignment);
    const char *seed = plan->seed != NULL ? plan->seed : marking->new_seed;
    struct series_plan *series = &marking->series;
    series->only = plan->only_check;
    series->stage = (struct stage_plan){
        .arena = {.isolation = plan->isolation,
                  .limits = &marking->limits,
                  .end_ns = clock_now_ns() + marking->limits.grading_ns},
        .conduct = &assignment->conduct,
        .patience_ns = plan->patience_ns,
        .recorder = plan->recording != NULL ? recorder_new(plan->recording, id) : NULL,
        .seed = seed,
        .values = draw_values(marking, seed),
    };
    starts_init(&marking->starts, assignment, &series->stage);
    if (assignment->checks_count > ASSIGNMENT_PLAYED_MAX)
        return -E2BIG;
    for (unsigned i = 0; i < assignment->checks_count; i++)
        add_assigned(marking, &assignment->checks[i]);
    add_needed(marking);
    return 0;
}

void marking_release(struct marking *marking)
{
    for (size_t i = 0; i < marking->series.count; i++) {
        const struct check *check = &marking->marked[i].check;
        free((char *)check->id);
        free((char *)check->needs);
        free((char *)check->title);
    }
    values_release(&marking->values);
    starts_release(&marking->starts);
    beside_setup_release(&marking->besides);
    reference_setup_release(&marking->reference);
    int error = recorder_close(marking->series.stage.recorder);
    if (error < 0)
        warn(_("grade: the recording %s could not be written: %s"), marking->plan->recording,
             strerror(-error));
    free(marking->material);
    for (char **path = marking->writable; path != NULL && *path != NULL; path++)
        free(*path);
    free(marking->writable);
}

/*** To the document ***/

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

/* NULL if the assignment is unmarked. */
static json_t *mark_of(const struct marking *marking, double points)
{
    return marking->plan->assignment->is_unmarked ? NULL : json_real(points);
}

/* NULL unless something is claimed for a time only. */
static json_t *within_ms(const struct check_result *result)
{
    bool is_for_a_time = result->ground == GROUND_CLOCK || result->ground == GROUND_PROVED;
    return is_for_a_time && result->within_ns > 0 ? json_real((double)result->within_ns / 1e6)
                                                  : NULL;
}

static const char *row_of(const struct assigned_check *assigned)
{
    return assigned != NULL && assigned->row != NULL ? assigned->row->name : NULL;
}

/* The check without which it is not played, by its id; or NULL. */
static const char *needs_of(const struct marking *marking, const char *id)
{
    for (size_t i = 0; i < marking->series.count; i++)
        if (strcmp(marking->marked[i].check.id, id) == 0)
            return marking->marked[i].check.needs;
    return NULL;
}

/* NULL for a check that is no scene, or has passed. */
static json_t *step_of(const struct check_result *result)
{
    return result->step > 0 && result->verdict != VERDICT_PASS
               ? json_integer((json_int_t)result->step)
               : NULL;
}

static json_t *describe_check(const struct marking *marking, const struct check_result *result)
{
    const struct assigned_check *assigned =
        assignment_find_check(marking->plan->assignment, result->id);
    bool is_marked = !marking->plan->assignment->is_unmarked;
    bool has_failed = result->verdict == VERDICT_FAIL || result->verdict == VERDICT_PARTIAL;
    bool is_own = has_failed && !result->is_cause_seen;
    const char *hint = is_own && assigned != NULL && assigned->hint.in[0] != NULL
                           ? text_in(&assigned->hint, marking->plan->language)
                           : result->hint;
    return json_pack(
        "{s:s, s:s*, s:s*, s:o*, s:s, s:s, s:s, s:o*, s:o*, s:s*, s:O, s:s?, s:s, s:s, s:o*, s:f,"
        " s:O*, s:O*, s:O*}",
        "id", result->id, "row", row_of(assigned), "needs", needs_of(marking, result->id),  //
        "step", step_of(result), "title", result->title,                                    //
        "verdict", verdict_name(result->verdict), "finding", result->finding,               //
        "points", mark_of(marking, assigned != NULL ? earned_points(result, assigned) : 0), //
        "max_points", mark_of(marking, assigned != NULL ? assigned->points : 0),            //
        "visibility", is_marked ? visibility_name(assigned) : NULL,                         //
        "evidence", result->evidence, "hint", hint,                                         //
        "decided_by", ground_decided_by(result->ground), "ground",                          //
        ground_name(result->ground), "within_ms", within_ms(result),                        //
        "duration_ms", (double)result->duration_ns / 1e6,                                   //
        "timeline", is_marked ? result->timeline : NULL,                                    //
        "timeline_left_out", is_marked ? result->left_out : NULL, "values",
        is_marked ? result->values : NULL);
}

static json_t *describe_submission(const struct marking *marking)
{
    return marking->id != NULL ? json_pack("{s:s}", "id", marking->id)
                               : json_pack("{s:o}", "command",
                                           document_command(marking->series.stage.arena.command));
}

/* Takes ownership of the described checks and of the points, which may be NULL. */
static json_t *begin_document(const struct marking *marking, enum verdict verdict,
                              json_t *described, json_t *points)
{
    const struct assignment *assignment = marking->plan->assignment;
    const char *language = marking->plan->language;
    json_t *document = document_new(SCHEMA_GRADE);
    json_t *begun = json_pack(
        "{s:s, s:s*, s:s*, s:s, s:o, s:s*, s:o*, s:s, s:o*, s:o, s:o*}",                      //
        "assignment", assignment->id, "assignment_sha256", assignment->digest,                //
        "title", text_in(&assignment->title, language), "language", language,                 //
        "submission", describe_submission(marking),                                           //
        "seed", assignment->is_unmarked ? NULL : marking->series.stage.seed,                  //
        "values", values_describe(&marking->values),                                          //
        "verdict", verdict_name(verdict), "max_points", mark_of(marking, assignment->points), //
        "checks", described, "points", points);
    json_object_update(document, begun);
    json_decref(begun);
    return document;
}

static enum verdict verdict_of(const struct assignment *assignment, double points, bool has_failed,
                               bool is_unknown)
{
    bool has_passed =
        assignment->is_unmarked ? !has_failed && !is_unknown : points >= assignment->points - 1e-9;
    if (has_passed)
        return VERDICT_PASS;
    if (is_unknown && !has_failed)
        return VERDICT_INCONCLUSIVE;
    return points > 0 ? VERDICT_PARTIAL : VERDICT_FAIL;
}

json_t *marking_document(const struct marking *marking, const struct check_result *results,
                         size_t count, const struct stage_run *run)
{
    json_t *described = json_array();
    double points = 0;
    bool has_failed = false;
    bool is_unknown = false;
    for (size_t i = 0; i < count; i++) {
        const struct assigned_check *assigned =
            assignment_find_check(marking->plan->assignment, results[i].id);
        json_array_append_new(described, describe_check(marking, &results[i]));
        points += assigned != NULL ? earned_points(&results[i], assigned) : 0;
        has_failed |= results[i].verdict == VERDICT_FAIL;
        is_unknown |= results[i].verdict == VERDICT_INCONCLUSIVE;
    }
    json_t *document = begin_document(
        marking, verdict_of(marking->plan->assignment, points, has_failed, is_unknown), described,
        mark_of(marking, points));
    json_object_set_new(document, "isolation", json_string(isolation_name(run->isolation)));
    json_object_set_new(document, "left_running", json_integer((json_int_t)run->left_running));
    return document;
}

json_t *marking_document_of_failure(const struct marking *marking, const char *check,
                                    const char *finding, json_t *evidence)
{
    const struct check_result result = {.id = check,
                                        .title = finding,
                                        .verdict = VERDICT_FAIL,
                                        .finding = finding,
                                        .evidence = evidence};
    json_t *described = describe_check(marking, &result);
    json_object_set_new(described, "max_points", json_real(marking->plan->assignment->points));
    json_t *document =
        begin_document(marking, VERDICT_FAIL, json_pack("[o]", described), json_real(0));
    json_object_set_new(document, "not_run", json_string(check));
    return document;
}

json_t *marking_document_of_error(const struct marking *marking, const char *step, const char *text)
{
    json_t *document = begin_document(marking, VERDICT_ERROR, json_array(), json_null());
    json_object_set_new(document, "error", json_pack("{s:s, s:s}", "step", _(step), "text", text));
    return document;
}
