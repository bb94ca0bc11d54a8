/* Theory of operation: recursive descent, one function for each level of precedence, over ranges
 * instead of numbers. Each operation is monotone in both operands (a division, as its divisor is on
 * one side of 0), so its least and its most are among its four corners.
 */
#include "grader/protocols/expression.h"

#include "base/memory.h"

#include <ctype.h>
#include <string.h>

#define DEPTH_MAX 32 /* of parentheses; the file may have a million of them */

struct reader {
    const char *at;
    const char *end;
    const struct expression_names *names;
    unsigned depth;
    char *trouble; /* the first one; then nothing more is read */
};

static void refuse(struct reader *reader, char *trouble)
{
    if (reader->trouble == NULL)
        reader->trouble = trouble;
}

/*** Letters ***/

static char next(struct reader *reader)
{
    while (reader->at < reader->end && *reader->at == ' ')
        reader->at++;
    return reader->trouble == NULL && reader->at < reader->end ? *reader->at : '\0';
}

static bool take(struct reader *reader, char letter)
{
    bool is_there = next(reader) == letter;
    reader->at += is_there;
    return is_there;
}

static bool is_of_name(char letter)
{
    return isalnum((unsigned char)letter) || letter == '_';
}

static size_t take_name(struct reader *reader, const char **name)
{
    next(reader);
    *name = reader->at;
    while (reader->at < reader->end && is_of_name(*reader->at))
        reader->at++;
    return (size_t)(reader->at - *name);
}

/*** Operations ***/

/* False: beyond 64 bits. */
static bool operate(char operation, int64_t one, int64_t other, int64_t *result)
{
    switch (operation) {
    case '+':
        return !__builtin_add_overflow(one, other, result);
    case '-':
        return !__builtin_sub_overflow(one, other, result);
    case '*':
        return !__builtin_mul_overflow(one, other, result);
    default:
        *result = one == INT64_MIN && other == -1 ? 0 : one / other;
        return one != INT64_MIN || other != -1;
    }
}

static struct number_range apply(struct reader *reader, char operation, struct number_range one,
                                 struct number_range other)
{
    struct number_range range = {INT64_MAX, INT64_MIN};
    if (reader->trouble != NULL)
        return one;
    if (operation == '/' && other.least <= 0 && other.most >= 0) {
        refuse(reader, text_of("what is divided by can be 0"));
        return one;
    }
    for (int corner = 0; corner < 4; corner++) {
        int64_t result = 0;
        if (!operate(operation, corner & 1 ? one.most : one.least,
                     corner & 2 ? other.most : other.least, &result))
            refuse(reader, text_of("it can be beyond 64 bits"));
        range.least = result < range.least ? result : range.least;
        range.most = result > range.most ? result : range.most;
    }
    return range;
}

/*** Grammar ***/

static struct number_range read_sum(struct reader *reader);

static struct number_range read_digits(struct reader *reader)
{
    int64_t number = 0;
    for (; reader->at < reader->end && isdigit((unsigned char)*reader->at); reader->at++)
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, *reader->at - '0', &number))
            refuse(reader, text_of("a number in it is beyond 64 bits"));
    return (struct number_range){number, number};
}

/* NAME or FUNCTION(NAME) */
static struct number_range read_name(struct reader *reader)
{
    struct number_range range = {0};
    const char *function = "", *name = NULL;
    size_t function_length = 0, length = take_name(reader, &name);
    if (take(reader, '(')) {
        function = name;
        function_length = length;
        length = take_name(reader, &name);
        if (length == 0 || !take(reader, ')'))
            refuse(reader, text_of("'%.*s' is of one name, as in %.*s(a)", (int)function_length,
                                   function, (int)function_length, function));
    }
    if (reader->trouble == NULL)
        refuse(reader, reader->names->find(reader->names->context, function, function_length, name,
                                           length, &range));
    return range;
}

static struct number_range read_parentheses(struct reader *reader)
{
    if (++reader->depth > DEPTH_MAX)
        refuse(reader, text_of("its parentheses nest deeper than %d", DEPTH_MAX));
    struct number_range range =
        reader->trouble == NULL ? read_sum(reader) : (struct number_range){0};
    if (!take(reader, ')'))
        refuse(reader, text_of("a ')' is missing"));
    reader->depth--;
    return range;
}

static struct number_range read_factor(struct reader *reader)
{
    bool is_negative = false;
    while (take(reader, '-'))
        is_negative = !is_negative;
    struct number_range range = {0};
    char letter = next(reader);
    if (take(reader, '('))
        range = read_parentheses(reader);
    else if (isdigit((unsigned char)letter))
        range = read_digits(reader);
    else if (isalpha((unsigned char)letter))
        range = read_name(reader);
    else
        refuse(reader, letter == '\0' ? text_of("a number is missing at its end")
                                      : text_of("a number is missing before '%c'", letter));
    return is_negative ? apply(reader, '-', (struct number_range){0}, range) : range;
}

static struct number_range read_product(struct reader *reader)
{
    struct number_range range = read_factor(reader);
    for (char letter = next(reader); letter == '*' || letter == '/'; letter = next(reader)) {
        reader->at++;
        range = apply(reader, letter, range, read_factor(reader));
    }
    return range;
}

static struct number_range read_sum(struct reader *reader)
{
    struct number_range range = read_product(reader);
    for (char letter = next(reader); letter == '+' || letter == '-'; letter = next(reader)) {
        reader->at++;
        range = apply(reader, letter, range, read_product(reader));
    }
    return range;
}

char *expression_compute(const char *text, size_t length, const struct expression_names *names,
                         struct number_range *range)
{
    struct reader reader = {.at = text, .end = text + length, .names = names};
    *range = read_sum(&reader);
    if (next(&reader) != '\0')
        refuse(&reader,
               text_of("'%c' is not understood; it has + - * / and parentheses", next(&reader)));
    return reader.trouble;
}
