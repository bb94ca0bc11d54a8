#include "tests/fuzz/fuzz.h"

#include "text/sanitise.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fuzz_expect(int holds, const char *words)
{
    if (holds)
        return;
    fprintf(stderr, "does not hold: %s\n", words);
    abort();
}

static int is_control(char letter)
{
    return (unsigned char)letter < 0x20 || letter == 0x7F;
}

/* A tab, a line feed, or a carriage return before one. */
static int is_white(const char *text, size_t count, size_t at)
{
    return text[at] == '\t' || text[at] == '\n' ||
           (text[at] == '\r' && at + 1 < count && text[at + 1] == '\n');
}

static int has_control(const char *text, size_t count, int may_be_white)
{
    for (size_t i = 0; i < count; i++)
        if (is_control(text[i]) && !(may_be_white && is_white(text, count, i)))
            return 1;
    return 0;
}

static int is_utf_8(const char *text, size_t count)
{
    json_t *string = json_stringn(text, count);
    json_decref(string);
    return string != NULL;
}

void fuzz_expect_raw_sentence(char *sentence)
{
    struct bytes clean = {0};
    fuzz_expect(sentence != NULL && sentence[0] != '\0', "a refusal has a sentence");
    sanitise(&clean, sentence, strlen(sentence), SANITISE_LINE);
    free(sentence);
    fuzz_expect_sentence(bytes_take_text(&clean));
}

void fuzz_expect_sentence(char *sentence)
{
    fuzz_expect(sentence != NULL && sentence[0] != '\0', "a refusal has a sentence");
    fuzz_expect(!has_control(sentence, strlen(sentence), 0), "it has no control characters");
    fuzz_expect(is_utf_8(sentence, strlen(sentence)), "it is UTF-8");
    free(sentence);
}

void fuzz_expect_clean(struct bytes *text)
{
    const char *front = text->length > 0 ? bytes_front(text) : "";
    fuzz_expect(!has_control(front, text->length, 1), "what is written is printable");
    fuzz_expect(is_utf_8(front, text->length), "what is written is UTF-8");
    bytes_release(text);
}
