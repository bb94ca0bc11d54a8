/* Theory of operation: gettext, as glibc has it. In the locale "C" it translates nothing; in
 * "C.UTF-8", which is there without being installed, it translates into the language that LANGUAGE
 * names. So French needs no French locale. No category but LC_MESSAGES is set: a document's numbers
 * would have commas otherwise. The catalogs are UTF-8, and have to stay it: what letters are, which
 * is LC_CTYPE's, is left at "C", where gettext would make ASCII of them.
 */
#include "base/language.h"

#include <errno.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOMAIN "proctor"

static const char *const languages[] = {"en", "fr", "de"};

#define LANGUAGES (sizeof languages / sizeof languages[0])

static const char *spoken = "en";

/*** Which ***/

static const char *find_language(const char *name)
{
    for (size_t i = 0; i < LANGUAGES; i++)
        if (strcmp(name, languages[i]) == 0)
            return languages[i];
    return NULL;
}

bool language_is_known(const char *name)
{
    return find_language(name) != NULL;
}

/* As setlocale() would choose: the first that says anything. */
static const char *language_of_environment(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *locale = "";
    for (size_t i = 0; i < sizeof variables / sizeof variables[0] && locale[0] == '\0'; i++) {
        const char *value = getenv(variables[i]);
        locale = value != NULL ? value : "";
    }
    char name[8]; /* of "de_CH.UTF-8@euro" what stands before the country; no name is longer */
    snprintf(name, sizeof name, "%.*s", (int)strcspn(locale, "_.@"), locale);
    const char *known = find_language(name);
    return known != NULL ? known : "en";
}

/*** Setting it ***/

static bool has_catalog(const char *folder)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s/LC_MESSAGES/" DOMAIN ".mo", folder, spoken);
    return access(path, R_OK) == 0;
}

/* Those that were built with this program come first: others need not have its texts. */
static void find_catalogs(void)
{
    static const char *const folders[] = {PROCTOR_CATALOGS, PROCTOR_CATALOGS_INSTALLED};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        if (!has_catalog(folders[i]))
            continue;
        bindtextdomain(DOMAIN, folders[i]);
        bind_textdomain_codeset(DOMAIN, "UTF-8");
        return;
    }
}

int language_set(const char *name)
{
    const char *wanted = name != NULL ? find_language(name) : language_of_environment();
    if (wanted == NULL)
        return -EINVAL;
    spoken = wanted;
    bool is_english = strcmp(spoken, "en") == 0;
    if (!is_english)
        setenv("LANGUAGE", spoken, 1);
    setlocale(LC_MESSAGES, is_english ? "C" : "C.UTF-8"); /* on failure it stays English */
    if (!is_english)
        find_catalogs();
    return 0;
}

const char *language_name(void)
{
    return spoken;
}

/*** Speaking it ***/

const char *language_text(const char *text)
{
    /* What gettext has for the empty one is the head of the catalog. */
    return text == NULL || text[0] == '\0' ? text : dgettext(DOMAIN, text);
}

const char *language_count_text(const char *one, const char *many, unsigned long count)
{
    return dngettext(DOMAIN, one, many, count);
}
