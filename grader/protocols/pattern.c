#include "grader/protocols/pattern.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>

/* As regcomp() does with REG_EXTENDED and REG_NEWLINE; but that ends at a NUL, and has "." match
 * none. */
#define SYNTAX                                                                                     \
    ((RE_SYNTAX_POSIX_EXTENDED & ~(RE_DOT_NEWLINE | RE_DOT_NOT_NULL)) | RE_HAT_LISTS_NOT_NEWLINE)

static const char *bytes_or_empty(const struct bytes *bytes)
{
    return bytes->length > 0 ? bytes_front(bytes) : "";
}

const char *pattern_compile(regex_t *compiled, const struct bytes *pattern)
{
    *compiled = (regex_t){0};
    re_set_syntax(SYNTAX);
    return re_compile_pattern(bytes_or_empty(pattern), pattern->length, compiled);
}

void patterns_add(struct patterns *patterns, const char *text, const struct filling *filling)
{
    size_t number = patterns->count++;
    patterns->compiled =
        reallocate(patterns->compiled, patterns->count, sizeof *patterns->compiled);
    patterns->texts = reallocate(patterns->texts, patterns->count, sizeof *patterns->texts);
    patterns->texts[number] = text_fill_in(text, TEXT_IS_PATTERN, filling);
    const char *trouble = pattern_compile(&patterns->compiled[number], &patterns->texts[number]);
    assert(trouble == NULL); /* the assignment has been checked */
    (void)trouble;
}

void patterns_release(struct patterns *patterns)
{
    for (size_t i = 0; i < patterns->count; i++) {
        regfree(&patterns->compiled[i]);
        bytes_release(&patterns->texts[i]);
    }
    free(patterns->compiled);
    free(patterns->texts);
    *patterns = (struct patterns){0};
}

/* Not regexec(), which with AddressSanitizer reads up to a NUL, whatever REG_STARTEND says. */
bool pattern_find(regex_t *compiled, const char *data, size_t count, size_t *begin, size_t *end)
{
    const char *text = count > 0 ? data : "";
    regoff_t length = (regoff_t)count;
    regoff_t found = re_search(compiled, text, length, 0, length, NULL);
    if (found < 0)
        return false;
    *begin = (size_t)found;
    *end = *begin + (size_t)re_match(compiled, text, length, found, NULL);
    return true;
}

bool patterns_find(const struct patterns *patterns, const char *data, size_t count, size_t *end)
{
    size_t last = 0;
    for (size_t i = 0; i < patterns->count; i++) {
        size_t begin = 0, one = 0;
        if (!pattern_find(&patterns->compiled[i], data, count, &begin, &one))
            return false;
        last = one > last ? one : last;
    }
    *end = last;
    return true;
}

bool patterns_begin(const struct patterns *patterns, const char *data, size_t count, size_t *end)
{
    size_t longest = 0;
    for (size_t i = 0; i < patterns->count; i++) {
        regoff_t length =
            re_match(&patterns->compiled[i], count > 0 ? data : "", (regoff_t)count, 0, NULL);
        if (length < 0)
            return false;
        longest = (size_t)length > longest ? (size_t)length : longest;
    }
    *end = longest;
    return true;
}

const struct bytes *patterns_missing(const struct patterns *patterns, const char *data,
                                     size_t count)
{
    size_t begin = 0, end = 0;
    for (size_t i = 0; i < patterns->count; i++)
        if (!pattern_find(&patterns->compiled[i], data, count, &begin, &end))
            return &patterns->texts[i];
    return NULL;
}
