/* Values: numbers and words that are drawn at random, and what is computed from them.
 *
 * {number:NAME,LEAST,MOST} and {word:NAME,LENGTH} draw, {number:NAME} and {word:NAME} repeat.
 * {=EXPRESSION} is a number in decimal digits, and {u8:EXPRESSION}, {u16:…} and {u32:…} are one in
 * as many bits, the highest byte first; negative ones are in two's complement. In an expression
 * (expression.h) a name is a number, length(NAME) how many bytes a value or another placeholder
 * has, and port(NAME) what {port:NAME} is. {u32:NAME,LEAST,MOST} draws a number and is it at once.
 */
#ifndef GRADER_PROTOCOLS_VALUE_H
#define GRADER_PROTOCOLS_VALUE_H

#include "grader/protocols/expression.h"
#include "grader/protocols/filling.h"

#include <jansson.h>

struct token_source;

#define VALUE_WORD_LENGTH_MAX 1000

struct value {
    char *name;
    bool is_word;
    struct number_range number; /* what it can be; once it is drawn both ends are it */
    struct number_range length; /* in bytes, likewise */
    char *text;                 /* NULL: not drawn yet */
};

/* All zero: none. */
struct values {
    struct value *all;
    size_t count;
    const struct values *outer; /* those that are known besides, or NULL */
};

/* Reads what the text draws. A sentence that says what is wrong with it, to be freed, or NULL. */
char *values_declare(struct values *values, const char *text);

/* Reads what this one draws; likewise. */
char *values_declare_one(struct values *values, const struct placeholder *placeholder);

/* Draws what the text draws, or this one does; it has been checked. */
void values_draw(struct values *values, struct token_source *source, const char *text);
void values_draw_one(struct values *values, struct token_source *source,
                     const struct placeholder *placeholder);

/* The values by their names, without the outer ones, for the document; NULL if there are none. */
json_t *values_describe(const struct values *values);

void values_release(struct values *values);

/* Is it one of those above, right or wrong? */
bool placeholder_is_value(const struct placeholder *placeholder);

/* Is it a number in bits? */
bool placeholder_is_binary(const struct placeholder *placeholder);

/* Does it draw? */
bool placeholder_draws(const struct placeholder *placeholder);

/* What is wrong with the one that is a value: a sentence, to be freed, or NULL. For each other
 * placeholder that is known `others` appends as many bytes as it will have. */
char *values_refuse(const struct values *values, const struct placeholder *placeholder,
                    const struct filling *others);

/* For texts in which values are all that there is, and the rest stays as it stands; NULL: no
 * values. */
struct filling values_filling(const struct values *values);

/* Appends what stands for the placeholder; `others` are for length() and port(). False: it is no
 * value. */
bool values_fill(const struct values *values, const struct placeholder *placeholder,
                 const struct filling *others, struct bytes *out);

#endif
