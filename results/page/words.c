#include "results/page/words.h"

#include "results/page/html.h"

#include <string.h>

/* A verdict never stands by its colour alone. */
static const struct {
    const char *word;
    const char *sign;
    const char *class;
} words[] = {
    {"worse", "▲", "fail"},
    {"invalid", "▲", "fail"},
    {"better", "▼", "pass"},
    {"same", "●", "pass"},
    {"valid", "●", "pass"},
    {"suspect", "○", "inconclusive"},
    {"inconclusive", "○", "inconclusive"},
};

#define WORDS (sizeof words / sizeof words[0])

static size_t word_find(const char *word)
{
    size_t found = 0;
    while (found < WORDS && (word == NULL || strcmp(words[found].word, word) != 0))
        found++;
    return found;
}

void words_begin_score(struct bytes *out, const char *verdict)
{
    size_t found = word_find(verdict);
    bytes_print(out, "<p class=\"score %s\">%s ", found < WORDS ? words[found].class : "",
                found < WORDS ? words[found].sign : "");
}

void words_append_list(struct bytes *out, const json_t *texts)
{
    size_t count = json_array_size(texts);
    if (count == 0)
        bytes_print(out, "–");
    for (size_t i = 0; i < count; i++) {
        bytes_print(out, "%s", i == 0 ? "" : i + 1 < count ? ", " : " and ");
        html_print(out, "%s", json_string_value(json_array_get(texts, i)));
    }
}
