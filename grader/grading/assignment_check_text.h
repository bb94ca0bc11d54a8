/* Texts of an assignment: what may stand in braces in them, and patterns. */
#ifndef GRADER_GRADING_ASSIGNMENT_CHECK_TEXT_H
#define GRADER_GRADING_ASSIGNMENT_CHECK_TEXT_H

#include "grader/protocols/value.h"

/* What may stand in braces in a text, besides {hex:…}. */
struct text_rules {
    const char *const *words; /* "token" for {token}; NULL behind the last */
    const char *named_words;  /* "{port:CLIENT}, " or NULL: what `is_named` knows */
    bool (*is_named)(const void *context, const struct placeholder *placeholder);
    const void *context;
    const struct values *values; /* that are drawn; NULL: values are not known here */
    bool may_draw;
};

/* A sentence that says what is wrong with the text, to be freed; NULL if it is right or NULL. */
char *assignment_check_text(const char *text, const struct text_rules *rules);

/* Likewise, whatever stands in braces. */
char *assignment_check_pattern(const char *pattern);

#endif
