#include "grader/protocols/answer.h"

#include "base/language.h"
#include "base/least.h"
#include "base/memory.h"
#include "text/printable.h"

#include <stdlib.h>
#include <string.h>

/* Of a text among others. */
#define SHOWN_EACH_BYTES ((size_t)80)

/*** Bytes ***/

static enum taken take_bytes(struct answer *answer, const struct incoming *incoming, size_t *length)
{
    size_t common = least(incoming->count, answer->text.length);
    if (common > 0 && memcmp(incoming->data, bytes_front(&answer->text), common) != 0)
        return TAKEN_WRONG;
    *length = answer->text.length;
    return common == answer->text.length ? TAKEN_WHOLE : TAKEN_PART;
}

static void show_text(const struct bytes *text, struct bytes *out)
{
    char *shown = bytes_shown(bytes_front(text), text->length, SHOWN_EACH_BYTES);
    bytes_print(out, "\"%s\"", shown);
    free(shown);
}

static void show_bytes(const struct answer *answer, struct bytes *text)
{
    show_text(&answer->text, text);
}

static size_t count_bytes(const struct answer *answer)
{
    return answer->text.length;
}

const struct answer_kind answer_bytes = {
    .take = take_bytes, .show = show_bytes, .least_bytes = count_bytes};

/*** Patterns ***/

/* The number in front, most significant byte first. */
static size_t read_frame(const char *data, size_t frame_bytes)
{
    size_t length = 0;
    for (size_t i = 0; i < frame_bytes; i++)
        length = length << 8 | (unsigned char)data[i];
    return length;
}

static enum taken take_frame(struct answer *answer, const struct incoming *incoming, size_t *length)
{
    size_t end = 0;
    if (incoming->count < answer->frame_bytes)
        return TAKEN_PART;
    size_t inside = read_frame(incoming->data, answer->frame_bytes);
    if (incoming->count - answer->frame_bytes < inside)
        return TAKEN_PART;
    *length = answer->frame_bytes + inside;
    return patterns_begin(&answer->patterns, incoming->data + answer->frame_bytes, inside, &end) &&
                   end == inside
               ? TAKEN_WHOLE
               : TAKEN_WRONG;
}

/* One that reaches up to what came last may go on, unless that ends a line. */
static enum taken take_pattern(struct answer *answer, const struct incoming *incoming,
                               size_t *length)
{
    if (answer->frame_bytes > 0)
        return take_frame(answer, incoming, length);
    if ((incoming->count == 0 && !incoming->has_ended) ||
        !patterns_begin(&answer->patterns, incoming->data, incoming->count, length))
        return incoming->is_final && incoming->count > 0 ? TAKEN_WRONG : TAKEN_PART;
    bool is_at_end = *length == incoming->count && !incoming->is_final;
    bool ends_line = *length > 0 && incoming->data[*length - 1] == '\n';
    return is_at_end && !ends_line ? TAKEN_OPEN : TAKEN_WHOLE;
}

static void show_patterns(const struct answer *answer, struct bytes *text)
{
    for (size_t i = 0; i < answer->patterns.count; i++) {
        bytes_print(text, "%s", i > 0 ? ", " : "");
        show_text(&answer->patterns.texts[i], text);
    }
    bytes_print(text, " %s", _("(a pattern)"));
}

static size_t count_none(const struct answer *answer)
{
    (void)answer;
    return 0;
}

const struct answer_kind answer_pattern = {
    .take = take_pattern, .show = show_patterns, .least_bytes = count_none};

size_t line_find(const struct incoming *incoming, size_t *line_bytes)
{
    const char *end = incoming->count > 0 ? memchr(incoming->data, '\n', incoming->count) : NULL;
    bool is_last = end == NULL && incoming->has_ended && incoming->count > 0;
    if (end == NULL && !is_last)
        return 0;
    size_t count = is_last ? incoming->count : (size_t)(end - incoming->data);
    bool has_return = count > 0 && incoming->data[count - 1] == '\r';
    *line_bytes = count - has_return;
    return is_last ? count : count + 1;
}

static enum taken take_line(struct answer *answer, const struct incoming *incoming, size_t *length)
{
    size_t line_bytes = 0;
    *length = line_find(incoming, &line_bytes);
    if (*length == 0)
        return TAKEN_PART;
    return patterns_missing(&answer->patterns, incoming->data, line_bytes) == NULL ? TAKEN_WHOLE
                                                                                   : TAKEN_WRONG;
}

static void show_line(const struct answer *answer, struct bytes *text)
{
    bytes_print(text, "%s ", _("a line with"));
    show_patterns(answer, text);
}

static size_t count_one(const struct answer *answer)
{
    (void)answer;
    return 1;
}

const struct answer_kind answer_line = {
    .take = take_line, .show = show_line, .least_bytes = count_one};

/*** Others ***/

static enum taken take_end(struct answer *answer, const struct incoming *incoming, size_t *length)
{
    (void)answer;
    *length = 0;
    return incoming->count > 0 ? TAKEN_WRONG : incoming->has_ended ? TAKEN_WHOLE : TAKEN_PART;
}

static void show_end(const struct answer *answer, struct bytes *text)
{
    (void)answer;
    bytes_print(text, "%s", _("the end of the connection"));
}

static bool yes(const struct answer *answer)
{
    (void)answer;
    return true;
}

const struct answer_kind answer_end = {
    .take = take_end, .show = show_end, .least_bytes = count_none, .is_last = yes};

/* Each line must stand somewhere in what was printed. */
static enum taken take_printed(struct answer *answer, const struct incoming *incoming,
                               size_t *length)
{
    const char *line = bytes_front(&answer->text);
    const char *end = line + answer->text.length;
    *length = 0; /* others may have to be found in the same bytes */
    while (line < end) {
        const char *line_end = memchr(line, '\n', (size_t)(end - line));
        size_t count = line_end != NULL ? (size_t)(line_end - line) : (size_t)(end - line);
        bool is_there =
            incoming->count > 0 && memmem(incoming->data, incoming->count, line, count) != NULL;
        if (count > 0 && !is_there)
            return TAKEN_PART;
        line += count + 1;
    }
    return TAKEN_WHOLE;
}

const struct answer_kind answer_printed = {
    .take = take_printed, .show = show_bytes, .least_bytes = count_bytes};

/*** Several ***/

struct answer *answers_add(struct answers *answers, const struct answer_kind *kind)
{
    answers->all = grow_by_one(answers->all, answers->count, sizeof *answers->all);
    struct answer *answer = &answers->all[answers->count++];
    *answer = (struct answer){.kind = kind};
    return answer;
}

void answers_add_bytes(struct answers *answers, const struct answer_kind *kind, const void *data,
                       size_t count)
{
    if (count > 0)
        bytes_append(&answers_add(answers, kind)->text, data, count);
}

static void release(struct answer *answer)
{
    bytes_release(&answer->text);
    patterns_release(&answer->patterns);
    if (answer->kind->release != NULL)
        answer->kind->release(answer);
}

void answers_remove(struct answers *answers, size_t number)
{
    release(&answers->all[number]);
    answers->count--;
    memmove(&answers->all[number], &answers->all[number + 1],
            (answers->count - number) * sizeof *answers->all);
}

void answers_clear(struct answers *answers)
{
    while (answers->count > 0)
        answers_remove(answers, answers->count - 1);
}

void answers_release(struct answers *answers)
{
    answers_clear(answers);
    free(answers->all);
    *answers = (struct answers){0};
}

size_t answers_due(const struct answers *answers)
{
    size_t due = 0;
    for (size_t i = 0; i < answers->count; i++)
        due += !answers->all[i].may_lack;
    return due;
}

size_t answers_least_bytes(const struct answers *answers)
{
    size_t bytes = 0;
    for (size_t i = 0; i < answers->count; i++)
        bytes += answers->all[i].kind->least_bytes(&answers->all[i]);
    return bytes;
}

bool answers_are_bytes(const struct answers *answers, struct bytes *text)
{
    for (size_t i = 0; i < answers->count; i++) {
        const struct answer *answer = &answers->all[i];
        if (answer->may_lack)
            continue;
        if (answer->kind != &answer_bytes && answer->kind != &answer_printed)
            return false;
        bytes_append(text, bytes_front(&answer->text), answer->text.length);
    }
    return true;
}

/* Of those that may come next, what has come is `*number`, or a part of one, or none of them. */
static enum taken take_one(struct answers *answers, const struct incoming *incoming, size_t *number,
                           size_t *length)
{
    enum taken best = TAKEN_WRONG;
    size_t candidates = answers->is_unordered ? answers->count : 1;
    for (size_t i = 0; i < candidates; i++) {
        struct answer *answer = &answers->all[i];
        size_t one_length = 0;
        enum taken taken = answer->kind->take(answer, incoming, &one_length);
        if (taken == TAKEN_WHOLE || (taken == TAKEN_OPEN && best != TAKEN_OPEN)) {
            *number = i;
            *length = one_length;
            best = taken;
        }
        if (taken == TAKEN_WHOLE)
            return taken;
        if (taken == TAKEN_PART && best == TAKEN_WRONG)
            best = TAKEN_PART;
    }
    return best;
}

enum taken answers_take(struct answers *answers, const struct incoming *incoming,
                        size_t *taken_bytes)
{
    struct incoming rest = *incoming;
    *taken_bytes = 0;
    while (answers->count > 0) {
        size_t number = 0, length = 0;
        enum taken taken = take_one(answers, &rest, &number, &length);
        if (taken == TAKEN_OPEN && answers_due(answers) == 1)
            return TAKEN_OPEN;
        if (taken != TAKEN_WHOLE && answers_due(answers) == 0 && rest.count == 0)
            return TAKEN_WHOLE;
        if (taken != TAKEN_WHOLE)
            return taken == TAKEN_OPEN ? TAKEN_PART : taken;
        const struct answer *whole = &answers->all[number];
        answers->is_last |= whole->kind->is_last != NULL && whole->kind->is_last(whole);
        answers_remove(answers, number);
        answers->taken++;
        rest.data += length;
        rest.count -= length;
        *taken_bytes += length;
    }
    return TAKEN_WHOLE;
}

bool answers_take_datagram(struct answers *answers, const void *data, size_t count)
{
    const struct incoming datagram = {
        .data = data != NULL ? data : "", .count = count, .is_final = true};
    size_t candidates = answers->is_unordered ? answers->count : least(answers->count, 1);
    for (size_t i = 0; i < candidates; i++) {
        struct answer *answer = &answers->all[i];
        size_t length = 0;
        enum taken taken = answer->kind->take(answer, &datagram, &length);
        if ((taken != TAKEN_WHOLE && taken != TAKEN_OPEN) || length != count)
            continue;
        answers_remove(answers, i);
        answers->taken++;
        return true;
    }
    return false;
}
