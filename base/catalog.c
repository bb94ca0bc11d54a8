#include "base/catalog.h"

#include <assert.h>
#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MAGIC 0x950412deu

/* Where in the file these stand, all of 32 bits. */
enum { AT_MAGIC = 0, AT_COUNT = 8, AT_TEXTS = 12, AT_TRANSLATIONS = 16 };

#define ENTRY_BYTES 8 /* a length and a place */

static uint32_t number_at(const char *catalog, size_t place)
{
    uint32_t number;
    memcpy(&number, catalog + place, sizeof number);
    return le32toh(number);
}

/* The i-th of a table: texts end with a NUL, the forms of a plural follow each other. */
static const char *entry_of(const char *catalog, uint32_t table, uint32_t i, uint32_t *length)
{
    size_t entry = table + (size_t)i * ENTRY_BYTES;
    *length = number_at(catalog, entry);
    return catalog + number_at(catalog, entry + sizeof *length);
}

static const char *form_of(const char *texts, uint32_t length, unsigned form)
{
    const char *text = texts;
    for (; form > 0; form--) {
        text += strlen(text) + 1;
        if (text > texts + length)
            return NULL;
    }
    return text;
}

const char *catalog_text(const char *catalog, const char *text, unsigned form)
{
    assert(number_at(catalog, AT_MAGIC) == MAGIC);
    uint32_t length = 0;
    uint32_t low = 0;
    uint32_t high = number_at(catalog, AT_COUNT);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        uint32_t texts = number_at(catalog, AT_TEXTS);
        int order = strcmp(text, entry_of(catalog, texts, middle, &length));
        if (order == 0) {
            uint32_t translations = number_at(catalog, AT_TRANSLATIONS);
            const char *forms = entry_of(catalog, translations, middle, &length);
            return form_of(forms, length, form);
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
