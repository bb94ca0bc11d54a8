#include "grader/gradebook/graded.h"

#include "text/json_field.h"

#include <math.h>

/*** Documents ***/

bool graded_has_text(const json_t *text)
{
    return json_string_length(text) > 0;
}

/* An unknown visibility counts as hidden. */
static enum graded_visibility visibility_of(const json_t *check)
{
    if (json_object_get(check, "visibility") == NULL || field_is_word(check, "visibility", "shown"))
        return GRADED_SHOWN;
    return field_is_word(check, "visibility", "after") ? GRADED_AFTER_DUE_DATE : GRADED_HIDDEN;
}

static const json_t *first_text(const json_t *one, const json_t *other)
{
    return graded_has_text(one) ? one : other;
}

/* More than any course gives, and any grading takes: whatever a document says, sums and products of
 * what is read here are numbers, which whole ones can hold. */
#define AMOUNT_MAX 1e9

static double amount_of(const json_t *object, const char *key)
{
    return fmax(-AMOUNT_MAX, fmin(field_number(object, key, 0), AMOUNT_MAX));
}

void graded_read(struct graded *graded, const json_t *document, enum audience audience)
{
    const json_t *points = json_object_get(document, "points");
    const json_t *checks = json_object_get(document, "checks");
    const json_t *submission = json_object_get(document, "submission");
    *graded = (struct graded){
        .document = document,
        .audience = audience,
        .verdict = verdict_find(field_text(document, "verdict")),
        .points = amount_of(document, "points"),
        .max_points = amount_of(document, "max_points"),
        .submission = json_object_get(submission, "id"),
        .occurrence = 1,
        .title =
            first_text(json_object_get(document, "title"), json_object_get(document, "assignment")),
        .time = json_object_get(document, "time"),
        .check_count = json_array_size(checks),
    };
    graded->has_points = graded->verdict != VERDICT_ERROR && json_is_number(points);
    size_t index = 0;
    const json_t *check = NULL;
    json_array_foreach (checks, index, check) {
        graded->hidden_count += visibility_of(check) != GRADED_SHOWN;
        graded->duration_s += amount_of(check, "duration_ms") / 1e3;
    }
}

bool graded_next_check(struct graded_check *check, const struct graded *graded)
{
    size_t index = check->number;
    const json_t *described = json_array_get(json_object_get(graded->document, "checks"), index);
    if (described == NULL)
        return false;
    *check = (struct graded_check){
        .number = index + 1,
        .visibility = visibility_of(described),
        .verdict = verdict_find(field_text(described, "verdict")),
        .points = amount_of(described, "points"),
        .max_points = amount_of(described, "max_points"),
        .duration_s = amount_of(described, "duration_ms") / 1e3,
    };
    check->is_hidden = graded->audience == AUDIENCE_STUDENTS && check->visibility != GRADED_SHOWN;
    if (check->is_hidden)
        return true;
    check->id = json_object_get(described, "id");
    check->title = first_text(json_object_get(described, "title"), check->id);
    check->finding = json_object_get(described, "finding");
    check->hint = json_object_get(described, "hint");
    check->evidence = json_object_get(described, "evidence");
    check->timeline = json_object_get(described, "timeline");
    check->left_out = json_object_get(described, "timeline_left_out");
    check->is_decided_by_clock = field_is_word(described, "decided_by", "clock");
    return true;
}

const json_t *graded_find_check(const json_t *document, const char *id)
{
    size_t i = 0;
    const json_t *check = NULL;
    json_array_foreach (json_object_get(document, "checks"), i, check)
        if (field_is_word(check, "id", id))
            return check;
    return NULL;
}

const char *graded_id(const json_t *document)
{
    const char *id = field_text(json_object_get(document, "submission"), "id");
    return id != NULL ? id : "";
}

bool graded_was_not_run(const json_t *document)
{
    return graded_has_text(json_object_get(document, "not_run"));
}

bool graded_has_passed(const struct graded_check *check)
{
    bool has_all = check->points >= check->max_points;
    if (check->is_hidden || check->verdict == VERDICT_INCONCLUSIVE)
        return has_all && (check->is_hidden || check->max_points > 0);
    return check->verdict == VERDICT_PASS;
}
