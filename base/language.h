/* The language in which proctor speaks to people: English, or one that po/ has translations for.
 * What programs read - identifiers, keys, the verdicts in a document - is the same in all
 * languages. */
#ifndef BASE_LANGUAGE_H
#define BASE_LANGUAGE_H

#include <stdbool.h>

/* _() translates a text; N_() only marks one, in a table for example, for a later _(). xgettext
 * looks for both. */
#define _(text)  language_text(text)
#define N_(text) text

/* "en", "fr" or "de"? */
bool language_is_known(const char *name);

/* Speaks that language from now on, also in children that are forked; NULL: the one that the
 * environment asks for by LC_ALL, LC_MESSAGES or LANG, as far as it is known, and else English.
 * To be called before there are threads. 0, or -EINVAL for an unknown name.
 *
 * Only the language changes: numbers keep their dot and letters their meaning. No locale need be
 * installed. */
int language_set(const char *name);

/* The one that is spoken: "en", "fr" or "de". */
const char *language_name(void);

/* The text in that language, or unchanged if it is not translated; NULL and "" unchanged too. A
 * constant, in UTF-8. */
const char *language_text(const char *text) __attribute__((format_arg(1)));

/* The text for so many: `one` and `many` are the two forms of English. */
const char *language_count_text(const char *one, const char *many, unsigned long count)
    __attribute__((format_arg(1), format_arg(2)));

#endif
