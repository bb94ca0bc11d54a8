#include "loadgen/plan/replies.h"

#include "base/bytes.h"
#include "text/printable.h"

#include <stdlib.h>
#include <string.h>

static bool is_same(const struct reply_kind *one, const struct reply_kind *other)
{
    return one->count_bytes == other->count_bytes && one->is_cut == other->is_cut &&
           memcmp(one->bytes, other->bytes, one->count_bytes) == 0;
}

static void add(struct replies *replies, const struct reply_kind *kind)
{
    for (size_t i = 0; i < replies->kinds; i++)
        if (is_same(&replies->by[i], kind)) {
            replies->by[i].count += kind->count;
            return;
        }
    if (replies->kinds < REPLY_KINDS_MAX)
        replies->by[replies->kinds++] = *kind;
    else
        replies->others += kind->count;
}

void replies_note(struct replies *replies, const char *bytes, size_t count)
{
    struct reply_kind kind = {.count = 1, .is_cut = count > REPLY_BYTES_SHOWN};
    kind.count_bytes = kind.is_cut ? REPLY_BYTES_SHOWN : count;
    memcpy(kind.bytes, bytes, kind.count_bytes);
    add(replies, &kind);
}

void replies_merge(struct replies *into, const struct replies *from)
{
    for (size_t i = 0; i < from->kinds; i++)
        add(into, &from->by[i]);
    into->others += from->others;
}

char *reply_kind_text(const struct reply_kind *kind)
{
    char *bytes = bytes_shown(kind->bytes, kind->count_bytes, kind->count_bytes);
    struct bytes text = {0};
    bytes_print(&text, "\"");
    for (const char *letter = bytes; *letter != '\0'; letter++)
        bytes_append(&text, *letter == '\n' ? "\\n" : letter, *letter == '\n' ? 2 : 1);
    bytes_print(&text, "\"%s", kind->is_cut ? " …" : "");
    free(bytes);
    return bytes_take_text(&text);
}

json_t *replies_describe(const struct replies *replies)
{
    json_t *list = json_array();
    for (size_t i = 0; i < replies->kinds; i++) {
        char *text = reply_kind_text(&replies->by[i]);
        json_array_append_new(
            list, json_pack("{s:s, s:I}", "text", text, "count", (json_int_t)replies->by[i].count));
        free(text);
    }
    return list;
}
