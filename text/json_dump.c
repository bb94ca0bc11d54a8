#include "text/json_dump.h"

#include "text/printable.h"
#include "text/sanitise.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* All that is escaped here occurs within strings only, and is no escape already. */
void json_append(struct bytes *out, const json_t *document, size_t flags)
{
    char *text = json_dumps(document, flags);
    assert(text != NULL);
    size_t count = strlen(text);
    size_t from = 0;
    for (size_t at = 0, length = 0; at < count; at += length) {
        uint32_t character = 0;
        bool is_kept = false;
        length = printable_take(text + at, count - at, &character, &is_kept);
        bool is_harmless = is_kept && !sanitise_completes_command(text, count, at);
        if (is_harmless || character > 0xFFFF)
            continue;
        bytes_append(out, text + from, at - from);
        bytes_print(out, "\\u%04x", (unsigned)character);
        from = at + length;
    }
    bytes_append(out, text + from, count - from);
    free(text);
}
