/* Theory of operation: a text is gone through for what it draws, once to check it, with ranges, and
 * once to draw. All else is the same for both: whatever is computed is computed over ranges.
 */
#include "grader/protocols/value.h"

#include "base/memory.h"
#include "grader/protocols/token.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_MAX 1000000000000000LL /* exact in any language, and two of them multiply seldom */

/*** What draws ***/

static bool is_drawn_kind(const struct placeholder *placeholder)
{
    return placeholder_is(placeholder, "number") || placeholder_is(placeholder, "word");
}

/* The length of the name, up to a comma. */
static size_t name_length(const struct placeholder *placeholder)
{
    const char *comma = memchr(placeholder->name, ',', placeholder->name_length);
    return comma != NULL ? (size_t)(comma - placeholder->name) : placeholder->name_length;
}

bool placeholder_draws(const struct placeholder *placeholder)
{
    return (is_drawn_kind(placeholder) || placeholder_is_binary(placeholder)) &&
           name_length(placeholder) < placeholder->name_length;
}

static bool is_name(const char *name, size_t length)
{
    if (length == 0 || !isalpha((unsigned char)name[0]))
        return false;
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)name[i]) && name[i] != '_')
            return false;
    return true;
}

static struct value *find(const struct values *values, const char *name, size_t length)
{
    for (; values != NULL; values = values->outer)
        for (size_t i = 0; i < values->count; i++)
            if (strlen(values->all[i].name) == length &&
                memcmp(values->all[i].name, name, length) == 0)
                return &values->all[i];
    return NULL;
}

/* ",NUMBER" at `*at`, which moves behind it. */
static bool read_number(const char **at, const char *end, int64_t *number)
{
    char *behind = NULL;
    if (*at == end || **at != ',' || (!isdigit((unsigned char)(*at)[1]) && (*at)[1] != '-'))
        return false;
    errno = 0;
    *number = strtoll(*at + 1, &behind, 10);
    bool is_read = errno == 0 && behind > *at + 1 && behind <= end;
    *at = behind;
    return is_read && *number >= -NUMBER_MAX && *number <= NUMBER_MAX;
}

static bool read_range(struct value *value, const struct placeholder *placeholder)
{
    const char *at = placeholder->name + name_length(placeholder);
    const char *end = placeholder->name + placeholder->name_length;
    struct number_range *range = value->is_word ? &value->length : &value->number;
    bool is_read = read_number(&at, end, &range->least);
    range->most = range->least;
    if (!value->is_word)
        is_read = is_read && read_number(&at, end, &range->most);
    return is_read && at == end;
}

static char *range_trouble(const struct value *value)
{
    if (value->is_word && (value->length.least < 1 || value->length.least > VALUE_WORD_LENGTH_MAX))
        return text_of("a word has 1 to %d letters, not %" PRId64, VALUE_WORD_LENGTH_MAX,
                       value->length.least);
    return value->number.least > value->number.most
               ? text_of("the least number, %" PRId64 ", is larger than the most, %" PRId64,
                         value->number.least, value->number.most)
               : NULL;
}

static int64_t count_digits(int64_t number)
{
    char text[32];
    return snprintf(text, sizeof text, "%" PRId64, number);
}

/* The range of its length; around 0 a number has one digit. */
static void set_length(struct value *value)
{
    int64_t one = count_digits(value->number.least), other = count_digits(value->number.most);
    bool is_around_0 = value->number.least <= 0 && value->number.most >= 0;
    if (!value->is_word)
        value->length = (struct number_range){.least = is_around_0   ? 1
                                                       : one < other ? one
                                                                     : other,
                                              .most = one > other ? one : other};
}

/* A sentence, or NULL: `value` is what the placeholder draws, with a name of its own. */
static char *read_value(const struct placeholder *placeholder, struct value *value)
{
    size_t length = name_length(placeholder);
    *value = (struct value){.is_word = placeholder_is(placeholder, "word")};
    if (!is_name(placeholder->name, length))
        return text_of("'%.*s' is no name: letters, digits and _", (int)length, placeholder->name);
    if (!read_range(value, placeholder))
        return text_of("%.*s is not understood; write {%.*s:NAME,%s}", (int)placeholder->length,
                       placeholder->begin, (int)placeholder->kind_length, placeholder->kind,
                       value->is_word ? "LENGTH" : "LEAST,MOST");
    char *trouble = range_trouble(value);
    if (trouble != NULL)
        return trouble;
    set_length(value);
    value->name = text_of("%.*s", (int)length, placeholder->name);
    return NULL;
}

static void add(struct values *values, const struct value *value)
{
    values->all = grow_by_one(values->all, values->count, sizeof *values->all);
    values->all[values->count++] = *value;
}

char *values_declare_one(struct values *values, const struct placeholder *placeholder)
{
    struct value value;
    if (!placeholder_draws(placeholder))
        return NULL;
    char *trouble = read_value(placeholder, &value);
    if (trouble != NULL)
        return trouble;
    const struct value *known = find(values, value.name, strlen(value.name));
    if (known == NULL) {
        add(values, &value);
        return NULL;
    }
    const char *kind = known->is_word                       ? "word"
                       : placeholder_is_binary(placeholder) ? "u32"
                                                            : "number";
    trouble = text_of("'%s' is drawn twice; {%s:%s} repeats it", value.name, kind, value.name);
    free(value.name);
    return trouble;
}

char *values_declare(struct values *values, const char *text)
{
    struct placeholder placeholder;
    char *trouble = NULL;
    for (; trouble == NULL && placeholder_find(text, &placeholder);
         text = placeholder.begin + placeholder.length)
        trouble = values_declare_one(values, &placeholder);
    return trouble;
}

static void draw(struct value *value, struct token_source *source)
{
    if (value->is_word) {
        value->text = allocate((size_t)value->length.least + 1, 1);
        token_choose_letters(source, value->text, (size_t)value->length.least);
        return;
    }
    int64_t number = token_choose_number(source, value->number.least, value->number.most);
    value->number = (struct number_range){number, number};
    value->text = text_of("%" PRId64, number);
    set_length(value);
}

void values_draw_one(struct values *values, struct token_source *source,
                     const struct placeholder *placeholder)
{
    struct value value;
    if (!placeholder_draws(placeholder))
        return;
    char *trouble = read_value(placeholder, &value);
    assert(trouble == NULL); /* the assignment has been checked */
    (void)trouble;
    draw(&value, source);
    add(values, &value);
}

void values_draw(struct values *values, struct token_source *source, const char *text)
{
    struct placeholder placeholder;
    for (; placeholder_find(text, &placeholder); text = placeholder.begin + placeholder.length)
        values_draw_one(values, source, &placeholder);
}

json_t *values_describe(const struct values *values)
{
    json_t *described = values->count > 0 ? json_object() : NULL;
    for (size_t i = 0; i < values->count; i++) {
        const struct value *value = &values->all[i];
        json_object_set_new(described, value->name,
                            value->is_word ? json_string(value->text)
                                           : json_integer((json_int_t)value->number.least));
    }
    return described;
}

void values_release(struct values *values)
{
    for (size_t i = 0; i < values->count; i++) {
        free(values->all[i].name);
        free(values->all[i].text);
    }
    free(values->all);
    *values = (struct values){0};
}

/*** What is computed ***/

struct lookup {
    const struct values *values;
    const struct filling *others;
    bool is_check; /* what is not drawn yet can be anything */
};

static bool is_called(const char *name, size_t length, const char *called)
{
    return strlen(called) == length && memcmp(name, called, length) == 0;
}

/* What another placeholder is filled in with: "port:alice", "token". */
static char *fill_other(const struct lookup *lookup, const char *kind, const char *name,
                        size_t length, struct bytes *filled)
{
    char *text = text_of("{%s%.*s}", kind, (int)length, name);
    struct placeholder placeholder;
    bool is_known = placeholder_find(text, &placeholder) && !placeholder_is_value(&placeholder) &&
                    lookup->others->fill(lookup->others->context, &placeholder, filled);
    free(text);
    return is_known ? NULL : text_of("there is no '%.*s'", (int)length, name);
}

static char *find_length(const struct lookup *lookup, const char *name, size_t length,
                         struct number_range *range)
{
    const struct value *value = find(lookup->values, name, length);
    struct bytes filled = {0};
    if (value != NULL) {
        *range = value->length;
        return NULL;
    }
    char *trouble = fill_other(lookup, "", name, length, &filled);
    *range = (struct number_range){(int64_t)filled.length, (int64_t)filled.length};
    bytes_release(&filled);
    return trouble;
}

static char *find_port(const struct lookup *lookup, const char *name, size_t length,
                       struct number_range *range)
{
    struct bytes filled = {0};
    char *trouble = fill_other(lookup, "port:", name, length, &filled);
    char *digits = bytes_take_text(&filled);
    int64_t port = strtol(digits, NULL, 10);
    *range =
        lookup->is_check ? (struct number_range){1, UINT16_MAX} : (struct number_range){port, port};
    free(digits);
    return trouble;
}

static char *find_name(void *context, const char *function, size_t function_length,
                       const char *name, size_t length, struct number_range *range)
{
    const struct lookup *lookup = context;
    if (is_called(function, function_length, "length"))
        return find_length(lookup, name, length, range);
    if (is_called(function, function_length, "port"))
        return find_port(lookup, name, length, range);
    if (function_length > 0)
        return text_of("'%.*s' is unknown; there are port(NAME) and length(NAME)",
                       (int)function_length, function);
    const struct value *value = find(lookup->values, name, length);
    if (value == NULL)
        return text_of("no number '%.*s' is drawn; write {number:%.*s,LEAST,MOST} once",
                       (int)length, name, (int)length, name);
    *range = value->number;
    return value->is_word ? text_of("'%s' is a word, not a number; length(%s) is one", value->name,
                                    value->name)
                          : NULL;
}

/* Of {u8:…} and so on; 0: it is none of them. */
static unsigned bits_of(const struct placeholder *placeholder)
{
    return placeholder_is(placeholder, "u8")    ? 8
           : placeholder_is(placeholder, "u16") ? 16
           : placeholder_is(placeholder, "u32") ? 32
                                                : 0;
}

bool placeholder_is_binary(const struct placeholder *placeholder)
{
    return bits_of(placeholder) > 0;
}

bool placeholder_is_value(const struct placeholder *placeholder)
{
    return is_drawn_kind(placeholder) || bits_of(placeholder) > 0 ||
           placeholder_is(placeholder, "=");
}

static char *compute(const struct values *values, const struct placeholder *placeholder,
                     const struct filling *others, bool is_check, struct number_range *range)
{
    struct lookup lookup = {values, others, is_check};
    const struct expression_names names = {.find = find_name, .context = &lookup};
    size_t length =
        placeholder_draws(placeholder) ? name_length(placeholder) : placeholder->name_length;
    return expression_compute(placeholder->name, length, &names, range);
}

static char *refuse_drawn(const struct values *values, const struct placeholder *placeholder)
{
    const struct value *value = find(values, placeholder->name, name_length(placeholder));
    bool is_word = placeholder_is(placeholder, "word");
    if (value == NULL)
        return text_of("'%.*s' is not drawn; write {%s} once", (int)name_length(placeholder),
                       placeholder->name, is_word ? "word:NAME,LENGTH" : "number:NAME,LEAST,MOST");
    return value->is_word == is_word ? NULL
                                     : text_of("'%s' is a %s; {%s:%s} repeats it", value->name,
                                               value->is_word ? "word" : "number",
                                               value->is_word ? "word" : "number", value->name);
}

char *values_refuse(const struct values *values, const struct placeholder *placeholder,
                    const struct filling *others)
{
    struct number_range range = {0};
    if (is_drawn_kind(placeholder))
        return refuse_drawn(values, placeholder);
    char *why = compute(values, placeholder, others, true, &range);
    unsigned bits = bits_of(placeholder);
    bool fits = bits == 0 ||
                (range.least >= -((int64_t)1 << (bits - 1)) && range.most < (int64_t)1 << bits);
    if (why == NULL && !fits)
        why = text_of("it can be %" PRId64 " to %" PRId64 ", which %u bits cannot hold",
                      range.least, range.most, bits);
    char *trouble =
        why != NULL ? text_of("%.*s: %s", (int)placeholder->length, placeholder->begin, why) : NULL;
    free(why);
    return trouble;
}

bool values_fill(const struct values *values, const struct placeholder *placeholder,
                 const struct filling *others, struct bytes *out)
{
    struct number_range range = {0};
    if (!placeholder_is_value(placeholder))
        return false;
    if (is_drawn_kind(placeholder)) {
        const struct value *value = find(values, placeholder->name, name_length(placeholder));
        bytes_append(out, value->text, strlen(value->text));
        return true;
    }
    char *trouble = compute(values, placeholder, others, false, &range);
    assert(trouble == NULL); /* the assignment has been checked */
    (void)trouble;
    unsigned bits = bits_of(placeholder);
    if (bits == 0)
        bytes_print(out, "%" PRId64, range.least);
    for (; bits > 0; bits -= 8) {
        char byte = (char)(range.least >> (bits - 8));
        bytes_append(out, &byte, 1);
    }
    return true;
}

static bool fill_nothing(void *context, const struct placeholder *placeholder, struct bytes *out)
{
    (void)context, (void)placeholder, (void)out;
    return false;
}

static bool fill_value(void *context, const struct placeholder *placeholder, struct bytes *out)
{
    const struct filling others = {.fill = fill_nothing};
    return values_fill(context, placeholder, &others, out);
}

struct filling values_filling(const struct values *values)
{
    return (struct filling){.fill = values != NULL ? fill_value : fill_nothing,
                            .context = (void *)values};
}
