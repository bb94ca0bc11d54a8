#include "grader/grading/assignment_check_text.h"

#include "base/bytes.h"
#include "base/memory.h"
#include "grader/assignment/escapes.h"
#include "grader/protocols/pattern.h"
#include "grader/protocols/token.h"

#include <stdlib.h>

/*** What stands in braces ***/

static bool is_among(const struct placeholder *placeholder, const char *const *words)
{
    bool has_no_name = placeholder->kind[placeholder->kind_length] == '}';
    for (; has_no_name && *words != NULL; words++)
        if (placeholder_is(placeholder, *words))
            return true;
    return false;
}

static bool is_known(const struct text_rules *rules, const struct placeholder *placeholder)
{
    return placeholder_is_hex(placeholder) || is_among(placeholder, rules->words) ||
           (rules->is_named != NULL && rules->is_named(rules->context, placeholder));
}

/* As many bytes as there will be: random words and names have always as many. */
static bool fill_known(void *context, const struct placeholder *placeholder, struct bytes *out)
{
    bool is_name = placeholder_is(placeholder, "who") || placeholder_is(placeholder, "to");
    if (!is_known(context, placeholder))
        return false;
    bytes_print(out, "%*s", is_name ? TOKEN_NAME_BYTES - 1 : TOKEN_LENGTH, "");
    return true;
}

static char *refuse_unknown(const struct text_rules *rules, const struct placeholder *placeholder)
{
    struct bytes sentence = {0};
    bytes_print(&sentence, "unknown placeholder %.*s; known: ", (int)placeholder->length,
                placeholder->begin);
    for (const char *const *words = rules->words; *words != NULL; words++)
        bytes_print(&sentence, "{%s}, ", *words);
    bytes_print(&sentence, "%s{hex:80ff}", rules->named_words != NULL ? rules->named_words : "");
    if (rules->values != NULL)
        bytes_print(&sentence, ", {number:NAME,LEAST,MOST}, {word:NAME,LENGTH}, {=a+1}, {u16:a+1}");
    return bytes_take_text(&sentence);
}

static char *check_value(const struct text_rules *rules, const struct placeholder *placeholder)
{
    const struct filling others = {.fill = fill_known, .context = (void *)rules};
    if (placeholder_draws(placeholder) && !rules->may_draw)
        return text_of("%.*s draws where nobody would know it; draw it in what clients say, or in "
                       "'files' or 'arguments', and repeat it here without numbers",
                       (int)placeholder->length, placeholder->begin);
    return values_refuse(rules->values, placeholder, &others);
}

char *assignment_check_text(const char *text, const struct text_rules *rules)
{
    struct placeholder placeholder;
    char *trouble = NULL;
    while (text != NULL && trouble == NULL && placeholder_find(text, &placeholder)) {
        if (rules->values != NULL && placeholder_is_value(&placeholder))
            trouble = check_value(rules, &placeholder);
        else if (!is_known(rules, &placeholder))
            trouble = refuse_unknown(rules, &placeholder);
        text = placeholder.begin + placeholder.length;
    }
    return trouble;
}

/*** Patterns ***/

/* Any word will do, as no meaning of its own is left to it. */
static bool fill_any(void *context, const struct placeholder *placeholder, struct bytes *out)
{
    (void)context, (void)placeholder;
    bytes_print(out, "9500");
    return true;
}

char *assignment_check_pattern(const char *pattern)
{
    char *unknown = escapes_of_pattern(pattern);
    if (unknown != NULL)
        return unknown;
    regex_t compiled;
    const struct filling filling = {.fill = fill_any};
    struct bytes filled = text_fill_in(pattern, TEXT_IS_PATTERN, &filling);
    const char *why = pattern_compile(&compiled, &filled);
    bytes_release(&filled);
    if (why != NULL)
        return text_of("invalid pattern '%s': %s", pattern, why);
    regfree(&compiled);
    return NULL;
}
