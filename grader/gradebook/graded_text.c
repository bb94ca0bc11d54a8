/* A text of several parts is put together from parts that are cleaned (SANITISE_STRING) and then
 * sanitised as a whole for its format, which may treat the beginning of each line specially. */
#include "grader/gradebook/graded_text.h"

#include "base/language.h"
#include "base/memory.h"
#include "text/json_dump.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Longer texts help nobody, and some platforms refuse them. */
#define TEXT_SHOWN_BYTES   ((size_t)4000)
#define EVIDENCE_SHOWN     ((size_t)20)
#define EXPLANATION_LENGTH ((size_t)16000)

/* Cuts no character in two. */
static size_t shown_bytes(const char *text, size_t length)
{
    if (length <= TEXT_SHOWN_BYTES)
        return length;
    size_t shown = TEXT_SHOWN_BYTES;
    while (shown > 0 && ((unsigned char)text[shown] & 0xC0U) == 0x80)
        shown--;
    return shown;
}

void graded_append(struct bytes *out, const json_t *text, enum sanitise_mode mode)
{
    struct bytes shown = {0};
    const char *from = json_string_value(text);
    size_t length = json_string_length(text);
    size_t shown_length = from != NULL ? shown_bytes(from, length) : 0;
    bytes_append(&shown, from, shown_length);
    if (shown_length < length)
        bytes_print(&shown, _("\n(%zu bytes more)"), length - shown_length);
    graded_append_bytes(out, &shown, mode);
}

void graded_append_between(struct bytes *out, const char *before, const json_t *text,
                           enum sanitise_mode mode, const char *after)
{
    if (!graded_has_text(text))
        return;
    bytes_print(out, "%s", before);
    graded_append(out, text, mode);
    bytes_print(out, "%s", after);
}

void graded_append_bytes(struct bytes *out, struct bytes *text, enum sanitise_mode mode)
{
    sanitise(out, text->length > 0 ? bytes_front(text) : "", text->length, mode);
    bytes_release(text);
}

char *graded_text(const json_t *text, enum sanitise_mode mode)
{
    struct bytes clean = {0};
    graded_append(&clean, text, mode);
    return bytes_take_text(&clean);
}

/* A title is one line: in some formats an empty line would end what it stands in. */
static void join_lines(struct bytes *text)
{
    for (size_t i = 0; i < text->length; i++)
        if (bytes_front(text)[i] == '\n')
            bytes_front(text)[i] = ' ';
}

void graded_append_title(struct bytes *out, const struct graded_check *check,
                         enum sanitise_mode mode)
{
    struct bytes title = {0};
    if (graded_has_text(check->title))
        graded_append(&title, check->title, SANITISE_STRING);
    else
        bytes_print(&title, "%s", check->is_hidden ? _("hidden check") : _("check"));
    join_lines(&title);
    graded_append_bytes(out, &title, mode);
}

#define NUMBER_BYTES 64

struct points_text graded_points(double points)
{
    struct points_text number;
    char *text = number.text;
    int length = snprintf(text, NUMBER_BYTES, "%.4f", fabs(points) < 5e-5 ? 0.0 : points);
    length = length < NUMBER_BYTES ? length : NUMBER_BYTES - 1;
    while (length > 0 && text[length - 1] == '0')
        length--;
    length -= length > 0 && text[length - 1] == '.';
    text[length] = '\0';
    return number;
}

struct points_text graded_share(double points, double max_points)
{
    struct points_text share;
    snprintf(share.text, sizeof share.text, "%.63s/%.63s", graded_points(points).text,
             graded_points(max_points).text);
    return share;
}

struct points_text graded_earned(const struct graded_check *check)
{
    struct points_text earned;
    /* TRANSLATORS: points, of the most that are to be had */
    snprintf(earned.text, sizeof earned.text, _("%s of %s"), graded_points(check->points).text,
             graded_points(check->max_points).text);
    return earned;
}

void graded_append_score(struct bytes *out, const struct graded *graded, enum sanitise_mode mode)
{
    struct bytes score = {0};
    if (graded->has_points)
        bytes_print(&score, _("%s of %s points (%s)"), graded_points(graded->points).text,
                    graded_points(graded->max_points).text, verdict_text(graded->verdict));
    else
        bytes_print(&score, "%s", _("no grade: the grader had a problem"));
    if (graded_was_not_run(graded->document))
        bytes_print(&score, "; %s", _("nothing was run, as the hand-in is at fault"));
    graded_append_bytes(out, &score, mode);
}

/*** Checks ***/

static void append_string_finding(struct bytes *out, const struct graded_check *check)
{
    bool is_said = check->verdict >= VERDICT_INCONCLUSIVE;
    if (is_said)
        bytes_print(out, "%s", verdict_text(check->verdict));
    if (is_said && graded_has_text(check->finding))
        bytes_print(out, "%s", _(": "));
    graded_append(out, check->finding, SANITISE_STRING);
    if (check->is_decided_by_clock)
        bytes_print(out, " (%s)", _("decided by the clock"));
}

void graded_append_finding(struct bytes *out, const struct graded_check *check,
                           enum sanitise_mode mode)
{
    struct bytes finding = {0};
    append_string_finding(&finding, check);
    graded_append_bytes(out, &finding, mode);
}

void graded_append_lines(struct bytes *out, struct bytes *text, const char *before_first,
                         const char *before_others)
{
    const char *at = text->length > 0 ? bytes_front(text) : "";
    for (size_t i = 0; i < text->length; i++) {
        if (i == 0 || at[i - 1] == '\n')
            bytes_print(out, "%s", i == 0 ? before_first : before_others);
        bytes_append(out, &at[i], 1);
    }
    bytes_release(text);
}

/* A first line after `mark`, the others below its text. */
static void append_item(struct bytes *out, const char *mark, const json_t *text)
{
    struct bytes item = {0};
    graded_append(&item, text, SANITISE_STRING);
    bytes_print(out, "\n%s", mark);
    graded_append_lines(out, &item, "", "  ");
}

void graded_append_rows(struct bytes *out, const char *before, const json_t *evidence,
                        enum sanitise_mode mode, const char *after)
{
    size_t index = 0;
    const json_t *row = NULL;
    json_array_foreach (evidence, index, row) {
        bytes_print(out, "%s", before);
        graded_append(out, json_object_get(row, "text"), mode);
        bytes_print(out, "%s", after);
    }
}

static void append_evidence(struct bytes *out, const json_t *evidence)
{
    size_t count = json_array_size(evidence);
    size_t shown = 0;
    while (shown < count && shown < EVIDENCE_SHOWN && out->length < EXPLANATION_LENGTH)
        append_item(out, "- ", json_object_get(json_array_get(evidence, shown++), "text"));
    if (shown < count)
        bytes_print(out, _("\n(%zu more)"), count - shown);
}

void graded_append_explanation(struct bytes *out, const struct graded_check *check,
                               enum sanitise_mode mode)
{
    if (check->is_hidden)
        return;
    struct bytes text = {0};
    append_string_finding(&text, check);
    append_evidence(&text, check->evidence);
    if (graded_has_text(check->hint))
        append_item(&text, _("hint: "), check->hint);
    graded_append_bytes(out, &text, mode);
}

/*** Submissions ***/

void graded_append_error(struct bytes *out, const struct graded *graded, enum sanitise_mode mode)
{
    const json_t *error = json_object_get(graded->document, "error");
    struct bytes text = {0};
    bytes_print(&text, "%s", _("The grader had a problem; this is not a grade"));
    graded_append_between(&text, _(": "), json_object_get(error, "step"), SANITISE_STRING, "");
    graded_append_between(&text, _(": "), json_object_get(error, "text"), SANITISE_STRING, "");
    graded_append_bytes(out, &text, mode);
}

void graded_append_taken_in(struct bytes *out, const json_t *document, const char *before)
{
    const json_t *done = json_object_get(json_object_get(document, "submission"), "taken_in");
    size_t index = 0;
    const json_t *sentence = NULL;
    json_array_foreach (done, index, sentence) {
        bytes_print(out, "%s", index > 0 ? "\n" : before);
        graded_append(out, sentence, SANITISE_STRING);
    }
}

void graded_append_model(struct bytes *out, const struct graded *graded, enum sanitise_mode mode)
{
    const json_t *identified = json_object_get(graded->document, "identified");
    if (!graded_has_text(json_object_get(identified, "model")))
        return;
    struct bytes text = {0};
    char *model = graded_text(json_object_get(identified, "model"), SANITISE_STRING);
    bytes_print(&text, _("recognised as %s"), model);
    free(model);
    append_evidence(&text, json_object_get(identified, "because"));
    graded_append_bytes(out, &text, mode);
}

void graded_append_remarks(struct bytes *out, const struct graded *graded, enum sanitise_mode mode)
{
    struct bytes taken_in = {0};
    if (graded->has_points)
        graded_append_model(out, graded, mode);
    else
        graded_append_error(out, graded, mode);
    graded_append_taken_in(&taken_in, graded->document, out->length > 0 ? "\n" : "");
    graded_append_bytes(out, &taken_in, mode);
}

void graded_append_origin(struct bytes *out, const struct graded *graded, enum sanitise_mode mode)
{
    const json_t *tool = json_object_get(graded->document, "tool");
    char *time = graded_text(graded->time, mode);
    char *version = graded_text(json_object_get(tool, "version"), mode);
    if (version[0] != '\0')
        bytes_print(out, _("graded %s by proctor %s"), time, version);
    else
        bytes_print(out, _("graded %s by proctor"), time);
    free(version);
    free(time);
}

char *graded_left_running(const struct graded *graded)
{
    json_int_t left = json_integer_value(json_object_get(graded->document, "left_running"));
    if (left <= 0)
        return NULL;
    return text_of(language_count_text("%llu process went on when it had ended",
                                       "%llu processes went on when it had ended",
                                       (unsigned long)left),
                   (unsigned long long)left);
}

/*** JSON ***/

json_t *graded_number(double value)
{
    double number = round(value * 1e4) / 1e4 + 0.0; /* no -0 */
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
    return string;
}

json_t *graded_copy(const json_t *text)
{
    struct bytes copy = {0};
    graded_append(&copy, text, SANITISE_STRING);
    return graded_string(&copy);
}

json_t *graded_title_string(const struct graded_check *check, enum sanitise_mode mode)
{
    struct bytes title = {0};
    graded_append_title(&title, check, mode);
    return graded_string(&title);
}

json_t *graded_explanation_string(const struct graded_check *check, enum sanitise_mode mode)
{
    struct bytes explanation = {0};
    graded_append_explanation(&explanation, check, mode);
    return graded_string(&explanation);
}

void graded_append_json(struct bytes *out, json_t *document)
{
    json_append(out, document, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    bytes_append(out, "\n", 1);
    json_decref(document);
}
