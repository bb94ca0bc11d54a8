#include "grader/gradebook/graded.h"

#include "base/memory.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const char *string_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static double number_at(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

/*** Documents ***/

/* What is not said to be shown is not shown. */
static enum graded_visibility visibility_of(const json_t *check)
{
    const json_t *visibility = json_object_get(check, "visibility");
    if (visibility == NULL || strcmp(string_at(check, "visibility"), "shown") == 0)
        return GRADED_SHOWN;
    return strcmp(string_at(check, "visibility"), "after") == 0 ? GRADED_AFTER_DUE_DATE
                                                                : GRADED_HIDDEN;
}

static const json_t *first_text(const json_t *one, const json_t *other)
{
    return graded_has_text(one) ? one : other;
}

void graded_read(struct graded *graded, const json_t *document)
{
    const json_t *points = json_object_get(document, "points");
    const json_t *checks = json_object_get(document, "checks");
    const json_t *submission = json_object_get(document, "submission");
    *graded = (struct graded){
        .document = document,
        .verdict = verdict_find(string_at(document, "verdict")),
        .points = json_number_value(points),
        .max_points = number_at(document, "max_points"),
        .submission = json_object_get(submission, "id"),
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
        graded->duration_s += number_at(check, "duration_ms") / 1e3;
    }
}

void graded_read_only(struct graded *graded, const json_t *grades)
{
    assert(json_array_size(grades) == 1);
    graded_read(graded, json_array_get(grades, 0));
}

void graded_read_check(struct graded_check *check, const struct graded *graded, size_t index,
                       enum audience audience)
{
    const json_t *described = json_array_get(json_object_get(graded->document, "checks"), index);
    assert(described != NULL);
    *check = (struct graded_check){
        .number = index + 1,
        .visibility = visibility_of(described),
        .verdict = verdict_find(string_at(described, "verdict")),
        .points = number_at(described, "points"),
        .max_points = number_at(described, "max_points"),
        .duration_s = number_at(described, "duration_ms") / 1e3,
    };
    check->is_hidden = audience == AUDIENCE_STUDENTS && check->visibility != GRADED_SHOWN;
    if (check->is_hidden)
        return;
    check->id = json_object_get(described, "id");
    check->title = first_text(json_object_get(described, "title"), check->id);
    check->finding = json_object_get(described, "finding");
    check->hint = json_object_get(described, "hint");
    check->evidence = json_object_get(described, "evidence");
    check->timeline = json_object_get(described, "timeline");
    check->left_out = json_object_get(described, "timeline_left_out");
    check->is_decided_by_timeout = strcmp(string_at(described, "decided_by"), "timeout") == 0;
}

/*** JSON ***/

static double rounded(double value)
{
    return round(value * 1e4) / 1e4 + 0.0;
}

json_t *graded_number(double value)
{
    double number = rounded(value);
    bool is_whole = floor(number) == number && fabs(number) < 1e15;
    return is_whole ? json_integer((json_int_t)number) : json_real(number);
}

json_t *graded_string(struct bytes *text)
{
    struct bytes clean = {0};
    graded_append_bytes(&clean, text, SANITISE_JSON);
    json_t *string = json_stringn(clean.length > 0 ? bytes_front(&clean) : "", clean.length);
    assert(string != NULL);
    bytes_release(&clean);
    bytes_release(text);
    return string;
}

char *graded_text(const json_t *text, enum sanitise_mode mode)
{
    struct bytes clean = {0};
    graded_append(&clean, text, mode);
    char *copy = text_of("%.*s", (int)clean.length, clean.length > 0 ? bytes_front(&clean) : "");
    bytes_release(&clean);
    return copy;
}

json_t *graded_copy(const json_t *text)
{
    struct bytes copy = {0};
    graded_append(&copy, text, SANITISE_STRING);
    return graded_string(&copy);
}

static int append_piece(const char *piece, size_t count, void *out)
{
    bytes_append(out, piece, count);
    return 0;
}

void graded_append_json(struct bytes *out, json_t *document)
{
    int error =
        json_dump_callback(document, append_piece, out, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    assert(error == 0);
    bytes_append(out, "\n", 1);
    json_decref(document);
}
