#include "grader/oracle/likeness.h"

#include "base/language.h"
#include "base/least.h"
#include "base/memory.h"
#include "grader/play/encounter.h"
#include "grader/play/evidence.h"
#include "text/printable.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool fill_nothing(void *context, const struct placeholder *placeholder, struct bytes *out)
{
    (void)context, (void)placeholder, (void)out;
    return false;
}

void likeness_init(struct likeness *likeness, char *const *ignoring, unsigned count)
{
    static const struct filling none = {.fill = fill_nothing};
    *likeness = (struct likeness){.ignores_space = false};
    for (unsigned i = 0; i < count; i++) {
        bool is_space = strcmp(ignoring[i], IGNORING_SPACE) == 0;
        bool is_case = strcmp(ignoring[i], IGNORING_CASE) == 0;
        likeness->ignores_space |= is_space;
        likeness->ignores_case |= is_case;
        if (!is_space && !is_case)
            patterns_add(&likeness->ignored, ignoring[i], &none);
    }
}

void likeness_release(struct likeness *likeness)
{
    patterns_release(&likeness->ignored);
}

/*** What is left ***/

/* Without all that the pattern matches. What it matches nowhere but in nothing stays. */
static void leave_out(struct bytes *text, regex_t *pattern)
{
    struct bytes rest = {0};
    size_t begin = 0, end = 0;
    while (text->length > 0 &&
           pattern_find(pattern, bytes_front(text), text->length, &begin, &end)) {
        bool is_nothing = begin == end;
        size_t kept = is_nothing ? least(end + 1, text->length) : begin;
        bytes_append(&rest, bytes_front(text), kept);
        bytes_consume(text, is_nothing ? kept : end);
    }
    bytes_append(&rest, bytes_front(text), text->length);
    bytes_release(text);
    *text = rest;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\f' || byte == '\v';
}

/* One blank for several between two words, and none at the ends of a line. */
static void leave_out_space(struct bytes *text)
{
    struct bytes rest = {0};
    const char *data = bytes_front(text);
    bool is_begin = true, is_owed = false;
    for (size_t i = 0; i < text->length; i++) {
        if (is_blank(data[i])) {
            is_owed = !is_begin;
            continue;
        }
        is_begin = data[i] == '\n';
        if (is_owed && !is_begin)
            bytes_append(&rest, " ", 1);
        is_owed = false;
        bytes_append(&rest, &data[i], 1);
    }
    bytes_release(text);
    *text = rest;
}

struct bytes likeness_reduce(const struct likeness *likeness, const char *data, size_t count)
{
    struct bytes text = {0};
    bytes_append(&text, data, count);
    for (size_t i = 0; i < likeness->ignored.count; i++)
        leave_out(&text, &likeness->ignored.compiled[i]);
    if (likeness->ignores_space)
        leave_out_space(&text);
    for (size_t i = 0; i < text.length && likeness->ignores_case; i++)
        bytes_front(&text)[i] = (char)tolower((unsigned char)bytes_front(&text)[i]);
    return text;
}

/*** Ports ***/

void got_note(struct got *got, const struct encounter *encounter, const struct player *player)
{
    bytes_append(&got->bytes, bytes_front(&player->received), player->received.length);
    got->has_ended = player->stream != STREAM_OPEN;
    got->port_count = encounter->player_count;
    got->ports = allocate(got->port_count + 1, sizeof *got->ports);
    for (size_t i = 0; i < got->port_count; i++)
        got->ports[i] = address_port(&encounter->players[i].local);
}

void got_release(struct got *got)
{
    bytes_release(&got->bytes);
    free(got->ports);
    *got = (struct got){.has_ended = false};
}

static size_t digits_at(const struct bytes *text, size_t at)
{
    size_t count = 0;
    while (at + count < text->length && isdigit((unsigned char)bytes_front(text)[at + count]))
        count++;
    return count;
}

/* The client whose port these digits are, or `got->port_count`. */
static size_t client_with_port(const struct got *got, size_t at, size_t digits)
{
    for (size_t i = 0; i < got->port_count; i++) {
        char port[8];
        size_t length = (size_t)snprintf(port, sizeof port, "%u", (unsigned)got->ports[i]);
        if (got->ports[i] != 0 && length == digits &&
            memcmp(bytes_front(&got->bytes) + at, port, length) == 0)
            return i;
    }
    return got->port_count;
}

static bool names_port(const struct got *got)
{
    for (size_t at = 0; at < got->bytes.length;) {
        size_t digits = digits_at(&got->bytes, at);
        if (digits > 0 && client_with_port(got, at, digits) < got->port_count)
            return true;
        at += digits > 0 ? digits : 1;
    }
    return false;
}

/* What it is with the ports of the other's clients in the place of its own. */
static struct bytes rename_ports(const struct got *got, const struct got *other)
{
    struct bytes renamed = {0};
    for (size_t at = 0; at < got->bytes.length;) {
        size_t digits = digits_at(&got->bytes, at);
        size_t client = digits > 0 ? client_with_port(got, at, digits) : got->port_count;
        size_t count = digits > 0 ? digits : 1;
        if (client < got->port_count && client < other->port_count)
            bytes_print(&renamed, "%u", (unsigned)other->ports[client]);
        else
            bytes_append(&renamed, bytes_front(&got->bytes) + at, count);
        at += count;
    }
    return renamed;
}

/*** Comparing ***/

static bool begins_alike(const struct bytes *one, const struct bytes *other)
{
    size_t count = least(one->length, other->length);
    return count == 0 || memcmp(bytes_front(one), bytes_front(other), count) == 0;
}

static enum alikeness compare(const struct bytes *came, bool has_ended, const struct bytes *wanted,
                              bool must_end)
{
    if (!begins_alike(came, wanted) || came->length > wanted->length || (has_ended && !must_end))
        return UNLIKE;
    if (came->length == wanted->length && has_ended == must_end)
        return ALIKE;
    return has_ended ? UNLIKE : INCOMPLETE;
}

static enum alikeness compare_reduced(const struct likeness *likeness, const struct got *came,
                                      const struct got *wanted)
{
    struct bytes one = likeness_reduce(likeness, bytes_front(&came->bytes), came->bytes.length);
    struct bytes other =
        likeness_reduce(likeness, bytes_front(&wanted->bytes), wanted->bytes.length);
    enum alikeness alikeness = compare(&one, came->has_ended, &other, wanted->has_ended);
    bytes_release(&one);
    bytes_release(&other);
    return alikeness;
}

/* A number may be a client's port by chance: so what is alike as it stands is alike. */
static enum alikeness compare_both_ways(const struct likeness *likeness, const struct got *came,
                                        const struct got *wanted)
{
    enum alikeness alikeness = compare_reduced(likeness, came, wanted);
    if (alikeness == ALIKE || !names_port(wanted))
        return alikeness;
    struct got renamed = {.bytes = rename_ports(wanted, came), .has_ended = wanted->has_ended};
    enum alikeness with_ports = compare_reduced(likeness, came, &renamed);
    bytes_release(&renamed.bytes);
    return with_ports < alikeness ? with_ports : alikeness;
}

enum alikeness likeness_compare(const struct likeness *likeness, const struct encounter *encounter,
                                const struct player *came, const struct got *wanted)
{
    struct got got = {.has_ended = false};
    got_note(&got, encounter, came);
    enum alikeness alikeness = compare_both_ways(likeness, &got, wanted);
    got_release(&got);
    return alikeness;
}

bool likeness_is_same(const struct likeness *likeness, const struct got *one,
                      const struct got *other)
{
    return compare_both_ways(likeness, one, other) == ALIKE;
}

/*** Showing ***/

static void note_wanted(json_t *evidence, const struct got *wanted)
{
    char *shown = bytes_shown(bytes_front(&wanted->bytes), wanted->bytes.length, SHOWN_BYTES);
    if (wanted->bytes.length == 0 && !wanted->has_ended)
        evidence_note(evidence, _("expected: nothing, as the reference gives no answer here"));
    else
        evidence_note(evidence,
                      wanted->has_ended
                          ? _("expected, as the reference answers: \"%s\" and then the end")
                          : _("expected, as the reference answers: \"%s\""),
                      shown);
    free(shown);
}

static void note_came(json_t *evidence, const struct player *came)
{
    size_t count = came->received.length;
    char *shown = bytes_shown(bytes_front(&came->received), count, SHOWN_BYTES);
    evidence_note(evidence,
                  came->stream == STREAM_RESET   ? _("%s got %zu bytes and a reset: \"%s\"")
                  : came->stream == STREAM_ENDED ? _("%s got %zu bytes and then the end: \"%s\"")
                                                 : _("%s got %zu bytes: \"%s\""),
                  came->name, count, shown);
    free(shown);
}

void likeness_note(const struct likeness *likeness, json_t *evidence, const struct player *came,
                   const struct got *wanted)
{
    note_came(evidence, came);
    note_wanted(evidence, wanted);
    struct bytes one =
        likeness_reduce(likeness, bytes_front(&came->received), came->received.length);
    struct bytes other =
        likeness_reduce(likeness, bytes_front(&wanted->bytes), wanted->bytes.length);
    evidence_parting(evidence, &one, &other);
    bytes_release(&one);
    bytes_release(&other);
}
