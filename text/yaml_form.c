/* Theory of operation: the tree of the text is held against the same schema that libcyaml will read
 * it by. libcyaml would find most of it too, but names a line nearby, takes "12abc" for a number
 * and "maybe" for true, and cannot say which word was meant. Whatever passes here, libcyaml reads.
 */
#include "text/yaml_form.h"

#include "base/bytes.h"
#include "base/memory.h"
#include "text/printable.h"
#include "text/word_distance.h"
#include "text/yaml_short.h"
#include "text/yaml_text.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct checking {
    yaml_document_t *document;
    unsigned line; /* of the trouble */
    char *trouble; /* NULL: none so far */
};

/*** Words of a sentence ***/

/* Takes over the sentence. */
static void refuse(struct checking *checking, const yaml_node_t *node, char *sentence)
{
    checking->line = node_line(node);
    checking->trouble = sentence;
}

static bool is_of_numbers(const cyaml_schema_value_t *schema)
{
    return schema->type == CYAML_INT || schema->type == CYAML_UINT || schema->type == CYAML_FLOAT;
}

static const char *kind_of_schema(const cyaml_schema_value_t *schema)
{
    return schema->type == CYAML_SEQUENCE  ? "a list"
           : schema->type == CYAML_MAPPING ? "a mapping"
           : is_of_numbers(schema)         ? "a number"
                                           : "a word";
}

static void refuse_kind(struct checking *checking, const cyaml_schema_value_t *schema,
                        const char *name, const yaml_node_t *node)
{
    char *remedy = node_remedy_for_placeholder(checking->document, node);
    refuse(checking, node,
           text_of("'%s' must be %s, not %s%s", name, kind_of_schema(schema), node_kind(node),
                   remedy != NULL ? remedy : ""));
    free(remedy);
}

/*** The most like ***/

static const char *nearest_key(const cyaml_schema_value_t *mapping, const char *word)
{
    struct word_guess guess = {.word = word};
    for (const cyaml_schema_field_t *field = mapping->mapping.fields; field->key != NULL; field++)
        word_guess_consider(&guess, field->key);
    return guess.found;
}

static const char *nearest_word(const cyaml_schema_value_t *words, const char *word)
{
    struct word_guess guess = {.word = word};
    for (uint32_t i = 0; i < words->enumeration.count; i++)
        word_guess_consider(&guess, words->enumeration.strings[i].str);
    return guess.found;
}

/*** Words and numbers ***/

static bool is_number(const char *word)
{
    char *end = NULL;
    if (word[strspn(word, "0123456789.+-eE")] != '\0' || *word == '\0')
        return false;
    double value = strtod(word, &end);
    return *end == '\0' && isfinite(value);
}

/* Not "0x10" or "010", whose meaning is unclear. */
static bool is_whole_number(const char *word)
{
    const char *digits = word + (word[0] == '-');
    return digits[0] != '\0' && digits[strspn(digits, "0123456789")] == '\0' &&
           (digits[0] != '0' || digits[1] == '\0');
}

static bool fits(const char *word, const cyaml_schema_value_t *schema)
{
    unsigned bits = 8 * schema->data_size - (schema->type == CYAML_INT);
    int64_t most = bits >= 63 ? INT64_MAX : ((int64_t)1 << bits) - 1;
    errno = 0;
    int64_t value = strtoll(word, NULL, 10);
    return errno == 0 && value <= most && value >= (schema->type == CYAML_INT ? -most - 1 : 0);
}

static void check_number(struct checking *checking, const cyaml_schema_value_t *schema,
                         const char *name, const yaml_node_t *node)
{
    const char *word = node_word(node);
    bool is_whole = schema->type != CYAML_FLOAT;
    bool is_one = is_whole ? is_whole_number(word) : is_number(word);
    if (is_one && (!is_whole || fits(word, schema)))
        return;
    char *shown = name_shown(word);
    refuse(checking, node,
           is_one ? text_of("'%s': %s is out of range", name, shown)
                  : text_of("'%s' must be a %snumber, not '%s'", name, is_whole ? "whole " : "",
                            shown));
    free(shown);
}

static char *list_words(const cyaml_schema_value_t *schema)
{
    struct bytes list = {0};
    for (uint32_t i = 0; i < schema->enumeration.count; i++)
        bytes_print(&list, "%s%s", i > 0 ? ", " : "", schema->enumeration.strings[i].str);
    return bytes_take_text(&list);
}

static void check_enum(struct checking *checking, const cyaml_schema_value_t *schema,
                       const char *name, const yaml_node_t *node)
{
    for (uint32_t i = 0; i < schema->enumeration.count; i++)
        if (node_is_word(node, schema->enumeration.strings[i].str))
            return;
    char *shown = name_shown(node_word(node));
    char *words = list_words(schema);
    const char *nearest = nearest_word(schema, node_word(node));
    refuse(checking, node,
           nearest != NULL
               ? text_of("'%s' cannot be '%s'; did you mean '%s'?", name, shown, nearest)
               : text_of("'%s' cannot be '%s'; it is one of %s", name, shown, words));
    free(words);
    free(shown);
}

static void check_scalar(struct checking *checking, const cyaml_schema_value_t *schema,
                         const char *name, const yaml_node_t *node)
{
    if (node->type != YAML_SCALAR_NODE || strcmp(node_kind(node), "nothing") == 0)
        refuse_kind(checking, schema, name, node);
    else if (strlen(node_word(node)) != node->data.scalar.length)
        refuse(checking, node, text_of("'%s' contains a NUL byte", name));
    else if (schema->type == CYAML_ENUM)
        check_enum(checking, schema, name, node);
    else if (schema->type == CYAML_BOOL && !node_is_word(node, "true") &&
             !node_is_word(node, "false"))
        refuse(checking, node, text_of("'%s' must be true or false", name));
    else if (is_of_numbers(schema))
        check_number(checking, schema, name, node);
}

/*** Keys and lists ***/

static void check_value(struct checking *checking, const cyaml_schema_value_t *schema,
                        const char *name, yaml_node_t *node);

/* Keys that were renamed, where the new name is a key. */
static const char *new_name(const cyaml_schema_value_t *mapping, const char *word)
{
    static const char *const renamed[][2] = {{"talk", "protocol"}, {"exchange", "protocol"}};
    for (size_t i = 0; i < sizeof renamed / sizeof renamed[0]; i++)
        for (const cyaml_schema_field_t *field = mapping->mapping.fields; field->key != NULL;
             field++)
            if (strcmp(word, renamed[i][0]) == 0 && strcmp(field->key, renamed[i][1]) == 0)
                return field->key;
    return NULL;
}

static void refuse_key(struct checking *checking, const cyaml_schema_value_t *schema,
                       const yaml_node_t *mapping, const yaml_node_t *key)
{
    bool is_word = key->type == YAML_SCALAR_NODE;
    char *shown = name_shown(is_word ? node_word(key) : node_kind(key));
    const char *nearest = is_word ? nearest_key(schema, node_word(key)) : NULL;
    const char *now = is_word ? new_name(schema, node_word(key)) : NULL;
    char *remedy = node_remedy_for_placeholder(checking->document, mapping);
    refuse(checking, key,
           now != NULL       ? text_of("'%s' is called '%s' now", shown, now)
           : nearest != NULL ? text_of("unknown key '%s'; did you mean '%s'?", shown, nearest)
                             : text_of("unknown key '%s'%s", shown, remedy != NULL ? remedy : ""));
    free(remedy);
    free(shown);
}

static bool has_key(struct checking *checking, const yaml_node_t *mapping, const char *key,
                    const yaml_node_pair_t *before)
{
    for (const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start; pair < before; pair++)
        if (node_is_word(yaml_document_get_node(checking->document, pair->key), key))
            return true;
    return false;
}

static void check_pair(struct checking *checking, const cyaml_schema_value_t *schema,
                       const yaml_node_t *mapping, const yaml_node_pair_t *pair)
{
    const yaml_node_t *key = yaml_document_get_node(checking->document, pair->key);
    const cyaml_schema_field_t *field = schema->mapping.fields;
    while (field->key != NULL && !node_is_word(key, field->key))
        field++;
    if (field->key == NULL)
        refuse_key(checking, schema, mapping, key);
    else if (has_key(checking, mapping, field->key, pair))
        refuse(checking, key, text_of("duplicate key '%s'", field->key));
    else
        check_value(checking, &field->value, field->key,
                    yaml_document_get_node(checking->document, pair->value));
}

static void check_mapping(struct checking *checking, const cyaml_schema_value_t *schema,
                          const yaml_node_t *mapping)
{
    const yaml_node_pair_t *end = mapping->data.mapping.pairs.top;
    for (const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
         pair < end && checking->trouble == NULL; pair++)
        check_pair(checking, schema, mapping, pair);
    for (const cyaml_schema_field_t *field = schema->mapping.fields;
         field->key != NULL && checking->trouble == NULL; field++)
        if (!(field->value.flags & CYAML_FLAG_OPTIONAL) &&
            !has_key(checking, mapping, field->key, end))
            refuse(checking, mapping, text_of("'%s' is missing", field->key));
}

static void check_sequence(struct checking *checking, const cyaml_schema_value_t *schema,
                           const char *name, const yaml_node_t *list)
{
    const yaml_node_item_t *item = list->data.sequence.items.start;
    size_t count = (size_t)(list->data.sequence.items.top - item);
    if (count < schema->sequence.min)
        refuse(checking, list,
               text_of("'%s' has %zu entries; it needs at least %u", name, count,
                       (unsigned)schema->sequence.min));
    if (count > schema->sequence.max)
        refuse(checking, list,
               text_of("'%s' has %zu entries; it may have at most %u", name, count,
                       (unsigned)schema->sequence.max));
    char *entry = text_of("an entry of %s", name);
    for (size_t i = 0; i < count && checking->trouble == NULL; i++)
        check_value(checking, schema->sequence.entry, entry,
                    yaml_document_get_node(checking->document, item[i]));
    free(entry);
}

/* Recurses as deep as the schema. */
static void check_value(struct checking *checking, const cyaml_schema_value_t *schema,
                        const char *name, yaml_node_t *node) /* NOLINT(misc-no-recursion) */
{
    bool is_mapping = schema->type == CYAML_MAPPING;
    if (!is_mapping && schema->type != CYAML_SEQUENCE)
        check_scalar(checking, schema, name, node);
    else if (node->type != (is_mapping ? YAML_MAPPING_NODE : YAML_SEQUENCE_NODE))
        refuse_kind(checking, schema, name, node);
    else if (is_mapping)
        check_mapping(checking, schema, node);
    else
        check_sequence(checking, schema, name, node);
}

/*** All of it ***/

static char *check(yaml_document_t *document, const cyaml_schema_value_t *schema, const char *what,
                   unsigned *line)
{
    struct checking checking = {.document = document, .line = 1};
    yaml_node_t *root = yaml_document_get_root_node(document);
    if (root == NULL || strcmp(node_kind(root), "nothing") == 0)
        checking.trouble = text_of("the file is empty");
    else
        check_value(&checking, schema, what, root);
    *line = checking.line;
    return checking.trouble;
}

static const cyaml_config_t config = {.mem_fn = cyaml_mem, .flags = CYAML_CFG_NO_ALIAS};

/* What is read by the schema is the document, as short forms have been made long in it. */
static char *load(yaml_document_t *document, const cyaml_schema_value_t *schema, void **data)
{
    struct bytes text = yaml_text_write(document);
    cyaml_err_t error = cyaml_load_data((const uint8_t *)bytes_front(&text), text.length, &config,
                                        schema, (cyaml_data_t **)data, NULL);
    bytes_release(&text);
    return error == CYAML_OK && *data != NULL
               ? NULL
               : text_of("it cannot be read: %s", cyaml_strerror(error));
}

char *yaml_form_load(const char *text, size_t count, const struct yaml_form *form,
                     yaml_document_t *document, void **data, unsigned *line)
{
    char *sentence = NULL;
    *data = NULL;
    if (yaml_text_parse(text, count, form->what, document, line, &sentence) < 0)
        return sentence;
    if (form->short_forms != NULL)
        sentence = yaml_short_expand(document, form->short_forms, line);
    if (sentence == NULL)
        sentence = check(document, form->schema, form->what, line);
    if (sentence == NULL)
        sentence = load(document, form->schema, data);
    if (sentence != NULL)
        yaml_document_delete(document);
    return sentence;
}

void yaml_form_free(const struct yaml_form *form, void *data)
{
    cyaml_free(&config, form->schema, data, 0);
}
