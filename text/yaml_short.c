/* Theory of operation: a walk from the root down. At each place, first the rows that are about it
 * change what stands there, then the walk goes on below it, so that what a row has made is walked,
 * too. Nodes are changed by hanging new ones into their parent: libyaml frees all nodes together,
 * so the ones left out may stay. Adding nodes moves them all, so that only numbers of nodes and
 * places in lists of children are kept across it.
 */
#include "text/yaml_short.h"

#include "base/memory.h"
#include "text/printable.h"
#include "text/yaml_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longer than any place that has a row. */
#define PLACE_BYTES 120

/* As names are compared with each other. */
#define NAMES_MAX 1000

/* The key under which an entry that was made of a pair has that pair's key. */
#define NAME_KEY "name"

struct pass {
    yaml_document_t *document;
    const struct yaml_short_form *forms;
    unsigned line;
    char *trouble; /* NULL: none so far */
};

static yaml_node_t *node_of(const struct pass *pass, int number)
{
    return yaml_document_get_node(pass->document, number);
}

/* Takes over the sentence. */
static void refuse(struct pass *pass, const yaml_node_t *node, char *sentence)
{
    pass->line = node_line(node);
    pass->trouble = sentence;
}

/*** New nodes ***/

/* The number of the new node, which stands where the other one does. */
static int placed(const struct pass *pass, int number, int like)
{
    if (number == 0)
        abort(); /* no memory */
    node_of(pass, number)->start_mark = node_of(pass, like)->start_mark;
    return number;
}

static int new_word(const struct pass *pass, const char *word, int like)
{
    const yaml_char_t *value = (const yaml_char_t *)word;
    return placed(pass,
                  yaml_document_add_scalar(pass->document, NULL, value, (int)strlen(word),
                                           YAML_DOUBLE_QUOTED_SCALAR_STYLE),
                  like);
}

static int new_mapping(const struct pass *pass, int like)
{
    return placed(pass, yaml_document_add_mapping(pass->document, NULL, YAML_BLOCK_MAPPING_STYLE),
                  like);
}

static int new_list(const struct pass *pass, int like)
{
    return placed(pass, yaml_document_add_sequence(pass->document, NULL, YAML_BLOCK_SEQUENCE_STYLE),
                  like);
}

static void add_pair(const struct pass *pass, int mapping, int key, int value)
{
    if (!yaml_document_append_mapping_pair(pass->document, mapping, key, value))
        abort(); /* no memory */
}

static void add_entry(const struct pass *pass, int list, int entry)
{
    if (!yaml_document_append_sequence_item(pass->document, list, entry))
        abort(); /* no memory */
}

/*** The forms ***/

static void refuse_form(struct pass *pass, const yaml_node_t *node, const char *name,
                        const char *right)
{
    char *shown = name_shown(name);
    char *quote = node_remedy_for_placeholder(pass->document, node);
    refuse(pass, node,
           text_of("'%s' must be %s, not %s%s", shown, right, node_kind(node),
                   quote != NULL ? quote : ""));
    free(quote);
    free(shown);
}

/* {name: KEY, …} of the pair, or 0. */
static int entry_of_pair(struct pass *pass, const char *value_key, const yaml_node_pair_t *pair)
{
    const yaml_node_t *value = node_of(pass, pair->value);
    bool is_mapping = value->type == YAML_MAPPING_NODE;
    if (!is_mapping && value_key == NULL) {
        refuse_form(pass, value, node_word(node_of(pass, pair->key)), "a mapping");
        return 0;
    }
    int entry = new_mapping(pass, pair->key);
    add_pair(pass, entry, new_word(pass, NAME_KEY, pair->key), pair->key);
    if (!is_mapping) {
        add_pair(pass, entry, new_word(pass, value_key, pair->value), pair->value);
        return entry;
    }
    for (size_t i = 0;; i++) {
        const yaml_node_t *mapping = node_of(pass, pair->value);
        const yaml_node_pair_t *inner = mapping->data.mapping.pairs.start + i;
        if (inner >= mapping->data.mapping.pairs.top)
            return entry;
        add_pair(pass, entry, inner->key, inner->value);
    }
}

static bool is_repeated(const struct pass *pass, const yaml_node_pair_t *first,
                        const yaml_node_pair_t *pair)
{
    const char *word = node_word(node_of(pass, pair->key));
    for (; first < pair; first++)
        if (node_is_word(node_of(pass, first->key), word))
            return true;
    return false;
}

static char *refuse_name(const struct pass *pass, const yaml_node_pair_t *first,
                         const yaml_node_pair_t *pair, const char *name)
{
    const yaml_node_t *key = node_of(pass, pair->key);
    if (key->type != YAML_SCALAR_NODE)
        return text_of("a name of '%s' must be a word, not %s", name, node_kind(key));
    if (strlen(node_word(key)) != key->data.scalar.length)
        return text_of("a name of '%s' contains a NUL byte", name);
    char *shown = name_shown(node_word(key));
    char *sentence = is_repeated(pass, first, pair) ? text_of("duplicate key '%s'", shown) : NULL;
    free(shown);
    return sentence;
}

static void make_named(struct pass *pass, int *slot, const char *name, const char *value_key)
{
    const yaml_node_t *node = node_of(pass, *slot);
    if (node->type != YAML_MAPPING_NODE) {
        refuse_form(pass, node, name, "a mapping of names");
        return;
    }
    const yaml_node_pair_t *first = node->data.mapping.pairs.start;
    size_t count = (size_t)(node->data.mapping.pairs.top - first);
    if (count > NAMES_MAX) {
        refuse(pass, node,
               text_of("'%s' has %zu names; it may have at most %d", name, count, NAMES_MAX));
        return;
    }
    int list = new_list(pass, *slot);
    for (size_t i = 0; i < count; i++) {
        char *sentence = refuse_name(pass, first, first + i, name);
        if (sentence != NULL)
            refuse(pass, node_of(pass, first[i].key), sentence);
        int entry = sentence == NULL ? entry_of_pair(pass, value_key, first + i) : 0;
        if (entry == 0)
            return;
        add_entry(pass, list, entry);
    }
    *slot = list;
}

static void make_mapping(struct pass *pass, int *slot, const char *name, const char *key)
{
    const yaml_node_t *node = node_of(pass, *slot);
    if (node->type == YAML_SEQUENCE_NODE)
        refuse_form(pass, node, name, "a word or a mapping");
    if (node->type != YAML_SCALAR_NODE)
        return;
    int mapping = new_mapping(pass, *slot);
    add_pair(pass, mapping, new_word(pass, key, *slot), *slot);
    *slot = mapping;
}

static void make_list(struct pass *pass, int *slot)
{
    if (node_of(pass, *slot)->type == YAML_SEQUENCE_NODE)
        return;
    int list = new_list(pass, *slot);
    add_entry(pass, list, *slot);
    *slot = list;
}

/*** Ranges ***/

#define RANGE_MAX 1000

struct range {
    size_t prefix_bytes;
    unsigned long first, last;
};

/* "c1..c64"; false if the word is no range. */
static bool read_range(const char *word, struct range *range)
{
    const char *dots = strstr(word, "..");
    size_t prefix = strcspn(word, "0123456789");
    if (dots == NULL || word + prefix >= dots || dots[2] == '\0')
        return false;
    char *first_end = NULL, *last_end = NULL;
    range->prefix_bytes = prefix;
    range->first = strtoul(word + prefix, &first_end, 10);
    bool is_alike = strncmp(dots + 2, word, prefix) == 0 && first_end == dots;
    range->last = is_alike ? strtoul(dots + 2 + prefix, &last_end, 10) : 0;
    return is_alike && last_end != dots + 2 + prefix && *last_end == '\0' &&
           range->first <= range->last && range->last - range->first < RANGE_MAX;
}

static void add_range(const struct pass *pass, int list, int entry)
{
    struct range range;
    char *word = text_of("%s", node_word(node_of(pass, entry)));
    read_range(word, &range);
    for (unsigned long number = range.first; number <= range.last; number++) {
        char *one = text_of("%.*s%lu", (int)range.prefix_bytes, word, number);
        add_entry(pass, list, new_word(pass, one, entry));
        free(one);
    }
    free(word);
}

static void make_ranges(struct pass *pass, int *slot)
{
    const yaml_node_t *node = node_of(pass, *slot);
    if (node->type != YAML_SEQUENCE_NODE)
        return;
    const yaml_node_item_t *item = node->data.sequence.items.start;
    size_t count = (size_t)(node->data.sequence.items.top - item);
    int list = new_list(pass, *slot);
    for (size_t i = 0; i < count; i++) {
        const yaml_node_t *entry = node_of(pass, item[i]);
        struct range range;
        bool has_dots = entry->type == YAML_SCALAR_NODE && strstr(node_word(entry), "..") != NULL;
        if (has_dots && !read_range(node_word(entry), &range)) {
            char *shown = name_shown(node_word(entry));
            refuse(pass, entry,
                   text_of("'%s' is no range: write the first and the last, c1..c64", shown));
            free(shown);
            return;
        }
        if (has_dots)
            add_range(pass, list, item[i]);
        else
            add_entry(pass, list, item[i]);
    }
    *slot = list;
}

/*** The walk ***/

static void expand_here(struct pass *pass, int *slot, const char *place, const char *name)
{
    for (const struct yaml_short_form *row = pass->forms;
         row->place != NULL && pass->trouble == NULL; row++) {
        if (strcmp(row->place, place) != 0)
            continue;
        if (row->form == YAML_SHORT_NAMED)
            make_named(pass, slot, name, row->key);
        else if (row->form == YAML_SHORT_TEXT)
            make_mapping(pass, slot, name, row->key);
        else if (row->form == YAML_SHORT_ONE)
            make_list(pass, slot);
        else
            make_ranges(pass, slot);
    }
}

static void walk(struct pass *pass, int *slot, const char *place, const char *name);

/* What is below `key`, or in an entry of a list, whose key is NULL. */
static void walk_into(struct pass *pass, int *slot, const char *place, const char *key,
                      const char *name) /* NOLINT(misc-no-recursion) */
{
    char below[PLACE_BYTES];
    int length = snprintf(below, sizeof below, "%s%s%s", place, place[0] != '\0' ? "." : "",
                          key != NULL ? key : "*");
    if (length < (int)sizeof below) /* else there can be no row about it */
        walk(pass, slot, below, name);
}

/* Recurses as deep as the text (yaml_text_parse() has a limit). */
static void walk(struct pass *pass, int *slot, const char *place,
                 const char *name) /* NOLINT(misc-no-recursion) */
{
    expand_here(pass, slot, place, name);
    const yaml_node_t *node = node_of(pass, *slot);
    bool is_mapping = node->type == YAML_MAPPING_NODE;
    if (!is_mapping && node->type != YAML_SEQUENCE_NODE)
        return;
    yaml_node_pair_t *pair = is_mapping ? node->data.mapping.pairs.start : NULL;
    yaml_node_item_t *item = is_mapping ? NULL : node->data.sequence.items.start;
    size_t count = is_mapping ? (size_t)(node->data.mapping.pairs.top - pair)
                              : (size_t)(node->data.sequence.items.top - item);
    for (size_t i = 0; i < count && pass->trouble == NULL; i++) {
        const yaml_node_t *key = is_mapping ? node_of(pass, pair[i].key) : NULL;
        if (!is_mapping)
            walk_into(pass, item + i, place, NULL, name);
        else if (key->type == YAML_SCALAR_NODE)
            walk_into(pass, &pair[i].value, place, node_word(key), node_word(key));
    }
}

char *yaml_short_expand(yaml_document_t *document, const struct yaml_short_form *forms,
                        unsigned *line)
{
    struct pass pass = {.document = document, .forms = forms, .line = 1};
    int root = 1; /* libyaml numbers nodes from 1, and the root comes first */
    if (yaml_document_get_root_node(document) != NULL)
        walk(&pass, &root, "", "");
    *line = pass.line;
    return pass.trouble;
}
