#include "text/json_dump.h"

#include "text/sanitise.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A '#' occurs within strings only, and so does what goes on with it. */
void json_append(struct bytes *out, const json_t *document, size_t flags)
{
    char *text = json_dumps(document, flags);
    assert(text != NULL);
    const char *from = text;
    for (const char *at = strchr(text, '['); at != NULL; at = strchr(at + 1, '[')) {
        if (!sanitise_is_log_command(text, (size_t)(at - text)))
            continue;
        bytes_append(out, from, (size_t)(at - from));
        bytes_print(out, "\\u005b");
        from = at + 1;
    }
    bytes_append(out, from, strlen(from));
    free(text);
}
