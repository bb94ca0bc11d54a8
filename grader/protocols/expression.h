/* Computations of whole numbers in the texts of an assignment: + - * / and parentheses. */
#ifndef GRADER_PROTOCOLS_EXPRESSION_H
#define GRADER_PROTOCOLS_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a number can be; one that is drawn already is both ends. */
struct number_range {
    int64_t least;
    int64_t most;
};

/* What the names in an expression stand for. */
struct expression_names {
    /* The range of the value `name`, or of `function(name)` where `function` is not empty. NULL, or
     * a sentence that says why there is none, to be freed. None ends with a NUL. */
    char *(*find)(void *context, const char *function, size_t function_length, const char *name,
                  size_t name_length, struct number_range *range);
    void *context;
};

/* Computes it with whatever its names can be: an assignment is checked with their ranges, and
 * texts are filled in with what was drawn. "/" leaves out the fraction, as in C and Java. NULL, or
 * a sentence that says what is wrong, to be freed: a division by what can be 0, or beyond 64 bits,
 * too. */
char *expression_compute(const char *text, size_t length, const struct expression_names *names,
                         struct number_range *range);

#endif
