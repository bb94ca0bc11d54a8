/* The language in which proctor speaks to people: English, or what po/ has of it in another one.
 * Whatever programs read - identifiers, keys, verdicts of a document - is no text and is the same
 * in all languages. */
#ifndef BASE_LANGUAGE_H
#define BASE_LANGUAGE_H

#include <stdbool.h>

/* A text that is shown from here on, and one that is only written down here: for the second,
 * whoever shows it says `_(text)`. Both are what xgettext looks for. */
#define _(text)  language_text(text)
#define N_(text) text

/* "en", "fr" or "de"? */
bool language_is_known(const char *name);

/* Speaks that language from now on, also in children that are forked; NULL: the one that the
 * environment asks for by LC_ALL, LC_MESSAGES or LANG, as far as it is known, and else English.
 * To be called before there are threads. 0, or -EINVAL for an unknown name.
 *
 * Only the language changes: numbers keep their dot and letters their meaning. */
int language_set(const char *name);

/* The one that is spoken: "en", "fr" or "de". */
const char *language_name(void);

/* The text in that language, or as it is if there is none; NULL and "" are themselves. A constant,
 * in UTF-8. */
const char *language_text(const char *text) __attribute__((format_arg(1)));

/* The text for so many: `one` and `many` are the two forms of English. */
const char *language_count_text(const char *one, const char *many, unsigned long count)
    __attribute__((format_arg(1), format_arg(2)));

#endif
