/* The texts of a language: in catalogs made here, each text of each size of catalog is found, and
 * what lies between them is not; in those of the program, what po/ says. */
#include "base/catalog.h"
#include "base/language.h"

#include <criterion/criterion.h>
#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS_MAX 9
#define HEAD      28

static char catalog[1024];

static void put(size_t place, size_t number)
{
    uint32_t bytes = htole32((uint32_t)number);
    memcpy(catalog + place, &bytes, sizeof bytes);
}

/* "b", "d", … are "B1\0B2", "D1\0D2", …; as msgfmt writes it, but at an odd address. */
static const char *make_catalog(size_t count)
{
    char *texts = catalog + 1 + HEAD + count * 16;
    memset(catalog, 0, sizeof catalog);
    put(1, 0x950412de);
    put(1 + 8, count);
    put(1 + 12, HEAD);
    put(1 + 16, HEAD + count * 8);
    for (size_t i = 0; i < count; i++) {
        char letter = (char)('b' + 2 * i);
        put(1 + HEAD + i * 8, 1);
        put(1 + HEAD + i * 8 + 4, (size_t)(texts - catalog - 1));
        texts += sprintf(texts, "%c", letter) + 1;
        put(1 + HEAD + (count + i) * 8, 5);
        put(1 + HEAD + (count + i) * 8 + 4, (size_t)(texts - catalog - 1));
        texts += sprintf(texts, "%c1", letter - 32) + 1;
        texts += sprintf(texts, "%c2", letter - 32) + 1;
    }
    return catalog + 1;
}

Test(catalog, finds_each_text_and_no_other)
{
    for (size_t count = 0; count <= TEXTS_MAX; count++) {
        const char *made = make_catalog(count);
        for (size_t i = 0; i < TEXTS_MAX; i++) {
            char text[] = {(char)('b' + 2 * i), '\0', '\0'};
            char one[] = {(char)('B' + 2 * i), '1', '\0'};
            char many[] = {(char)('B' + 2 * i), '2', '\0'};
            if (i < count) {
                cr_expect_str_eq(catalog_text(made, text, 0), one);
                cr_expect_str_eq(catalog_text(made, text, 1), many);
            } else
                cr_expect_null(catalog_text(made, text, 0));
            cr_expect_null(catalog_text(made, text, 2));
            text[1] = 'x';
            cr_expect_null(catalog_text(made, text, 0));
            text[0]--;
            cr_expect_null(catalog_text(made, text, 0));
        }
        cr_expect_null(catalog_text(made, "", 0));
    }
}

#define ONE  "left running when it had ended: %zu process, ended now"
#define MANY "left running when it had ended: %zu processes, ended now"

Test(language, needs_no_locale_that_is_installed)
{
    clearenv();
    setenv("LANGUAGE", "tlh", 1);
    cr_expect_str_eq(_("network only"), "network only");
    cr_expect_eq(language_set("fr"), 0);
    if (strcmp(_("network only"), "network only") == 0)
        cr_skip_test("built without msgfmt");
    cr_expect_str_eq(_("network only"), "réseau seulement");
    cr_expect_str_eq(_("a text that nobody wrote"), "a text that nobody wrote");
    cr_expect_str_eq(_(""), "");
    cr_expect_null(language_text(NULL));
    cr_expect_str_neq(language_count_text(ONE, MANY, 1), ONE);
    cr_expect_str_eq(language_count_text(ONE, MANY, 0), language_count_text(ONE, MANY, 1));
    cr_expect_str_neq(language_count_text(ONE, MANY, 2), language_count_text(ONE, MANY, 1));
    cr_expect_eq(language_set("de"), 0);
    cr_expect_str_eq(language_count_text(ONE, MANY, 0), language_count_text(ONE, MANY, 2));
    cr_expect_str_neq(language_count_text(ONE, MANY, 2), language_count_text(ONE, MANY, 1));
    cr_expect_eq(language_set("tlh"), -EINVAL);
    cr_expect_str_eq(language_name(), "de");
    setenv("LC_MESSAGES", "fr_CA.UTF-8", 1);
    cr_expect_eq(language_set(NULL), 0);
    cr_expect_str_eq(language_name(), "fr");
    cr_expect_eq(language_set("en"), 0);
    cr_expect_str_eq(language_count_text("one", "many", 0), "many");
    cr_expect_str_eq(language_count_text("one", "many", 1), "one");
}
