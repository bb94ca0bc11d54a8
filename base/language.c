/* Theory of operation: the catalogs that msgfmt makes of po/ are part of the program, and are
 * looked up here. So a language needs no locale that is installed and no file beside the program,
 * and no category of the locale changes: a document's numbers would have commas otherwise.
 *
 * What did not work: gettext() itself. In the locale "C" it translates nothing, and since glibc
 * 2.39 nothing in "C.UTF-8" either, whatever LANGUAGE says; other locales need not be there. To
 * make one at build time takes localedef and the sources of locales, which no bare machine has.
 */
#include "base/language.h"

#include "base/catalog.h"
#include "base/embed.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef PROCTOR_CATALOGS
EMBED(catalog_french, PROCTOR_CATALOGS "/fr.mo");
EMBED(catalog_german, PROCTOR_CATALOGS "/de.mo");
#else /* built without msgfmt */
#define catalog_french NULL
#define catalog_german NULL
#endif

struct language {
    const char *name;
    const char *catalog; /* NULL: English stands in for it */
    bool none_is_one;    /* in French, none takes the form of one */
};

static const struct language languages[] = {
    {"en", NULL, false},
    {"fr", catalog_french, true},
    {"de", catalog_german, false},
};

#define LANGUAGES (sizeof languages / sizeof languages[0])

static const struct language *spoken = &languages[0];

/*** Which ***/

static const struct language *find_language(const char *name)
{
    for (size_t i = 0; i < LANGUAGES; i++)
        if (strcmp(name, languages[i].name) == 0)
            return &languages[i];
    return NULL;
}

bool language_is_known(const char *name)
{
    return find_language(name) != NULL;
}

/* As setlocale() would choose: the first that says anything. */
static const struct language *language_of_environment(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *locale = "";
    for (size_t i = 0; i < sizeof variables / sizeof variables[0] && locale[0] == '\0'; i++) {
        const char *value = getenv(variables[i]);
        locale = value != NULL ? value : "";
    }
    char name[8]; /* of "de_CH.UTF-8@euro" what stands before the country; no name is longer */
    snprintf(name, sizeof name, "%.*s", (int)strcspn(locale, "_.@"), locale);
    const struct language *known = find_language(name);
    return known != NULL ? known : &languages[0];
}

int language_set(const char *name)
{
    const struct language *wanted = name != NULL ? find_language(name) : language_of_environment();
    if (wanted == NULL)
        return -EINVAL;
    spoken = wanted;
    return 0;
}

const char *language_name(void)
{
    return spoken->name;
}

/*** Speaking it ***/

/* NULL if it is not translated. */
static const char *translation(const char *text, unsigned form)
{
    return spoken->catalog != NULL ? catalog_text(spoken->catalog, text, form) : NULL;
}

const char *language_text(const char *text)
{
    if (text == NULL || text[0] == '\0') /* the head of the catalog stands there */
        return text;
    const char *translated = translation(text, 0);
    return translated != NULL ? translated : text;
}

const char *language_count_text(const char *one, const char *many, unsigned long count)
{
    bool is_one = count == 1 || (count == 0 && spoken->none_is_one);
    const char *translated = translation(one, is_one ? 0 : 1);
    return translated != NULL ? translated : is_one ? one : many;
}
