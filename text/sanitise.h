/* The one gate through which texts go into files that others read.
 *
 * What a submission prints, and what it and its teachers name things, ends up in reports that
 * people and platforms parse. Here it loses what would act on a reader: first what no text may hold
 * (text/printable.h), then, for each format, what has a meaning there. Whatever the text, no line
 * of the result is a workflow command, a point of TAP, a mark of VPL, a formula, or the end of the
 * quotes or the fence that it stands in.
 *
 * Where a line keeps its place at the margin and would be such a command, "| " is put before it, or
 * in markup its first character becomes a character reference, which reads as before. Sanitising
 * twice repeats only the escapes: sanitise the parts as SANITISE_STRING, and the whole as what it
 * is put into.
 */
#ifndef TEXT_SANITISE_H
#define TEXT_SANITISE_H

#include "base/bytes.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum sanitise_mode {
    SANITISE_STRING,          /* only cleaned: for what goes through here again */
    SANITISE_JSON,            /* for a library that escapes what JSON wants escaped */
    SANITISE_TEXT,            /* plain text, of many lines */
    SANITISE_LINE,            /* plain text, on one line */
    SANITISE_XML,             /* text or an attribute's value */
    SANITISE_HTML,            /* the same */
    SANITISE_MARKDOWN,        /* GitHub's, within a line or a cell of a table */
    SANITISE_MARKDOWN_BLOCK,  /* GitHub's, a block of code with its fences; begins a line */
    SANITISE_CSV,             /* a cell with its quotes */
    SANITISE_TAP,             /* a description or a comment */
    SANITISE_YAML,            /* a string with its quotes, on one line */
    SANITISE_GITHUB_MESSAGE,  /* of a workflow command */
    SANITISE_GITHUB_PROPERTY, /* of a workflow command */
    SANITISE_VPL,             /* lines in a block of comments */
    SANITISE_OPENMETRICS,     /* a label's value with its quotes */
};

/* Appends the text, made harmless for the format. */
void sanitise(struct bytes *out, const char *text, size_t count, enum sanitise_mode mode);

/* Is this the character that makes a command of "##[", "##word[" or ":=>>", which are taken for one
 * wherever in a line they stand? */
bool sanitise_completes_command(const char *text, size_t count, size_t at);

/* Appends the format as it is, and each text that stands for a %s made harmless; nothing for NULL.
 * There is no other conversion but %%. */
void sanitise_print(struct bytes *out, enum sanitise_mode mode, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same to a stream. */
void sanitise_say(FILE *stream, enum sanitise_mode mode, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with arguments that were taken; `missing`, as it is, for NULL and, unless it is ""
 * itself, for "". */
void sanitise_print_list(struct bytes *out, enum sanitise_mode mode, const char *missing,
                         const char *format, va_list arguments)
    __attribute__((format(printf, 4, 0)));

#endif
