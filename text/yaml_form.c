/* Theory of operation: the tree of the text is held against the same schema that libcyaml will read
 * it by. libcyaml would find most of it too, but names a line nearby, takes "12abc" for a number
 * and "maybe" for true, and cannot say which word was meant. Whatever passes here, libcyaml reads.
 */
#include "text/yaml_form.h"

#include "base/bytes.h"
#include "base/memory.h"
#include "text/printable.h"
#include "text/word_distance.h"
#include "text/yaml_text.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct form {
    yaml_document_t *document;
    unsigned line; /* of the trouble */
    char *trouble; /* NULL: none so far */
};

/*** Words of a sentence ***/

static const char *word_of(const yaml_node_t *node)
{
    return (const char *)node->data.scalar.value;
}

/* Takes over the sentence. */
static void refuse(struct form *form, const yaml_node_t *node, char *sentence)
{
    form->line = node_line(node);
    form->trouble = sentence;
}

static const char *kind_of_node(const yaml_node_t *node)
{
    return node->type == YAML_SEQUENCE_NODE  ? "a list"
           : node->type == YAML_MAPPING_NODE ? "a mapping"
           : node->data.scalar.length == 0 && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE
               ? "nothing"
               : "a word";
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

static void refuse_kind(struct form *form, const cyaml_schema_value_t *schema, const char *name,
                        const yaml_node_t *node)
{
    refuse(form, node,
           text_of("'%s' must be %s, not %s", name, kind_of_schema(schema), kind_of_node(node)));
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

static void check_number(struct form *form, const cyaml_schema_value_t *schema, const char *name,
                         const yaml_node_t *node)
{
    const char *word = word_of(node);
    bool is_whole = schema->type != CYAML_FLOAT;
    bool is_one = is_whole ? is_whole_number(word) : is_number(word);
    if (is_one && (!is_whole || fits(word, schema)))
        return;
    char *shown = name_shown(word);
    refuse(form, node,
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

static void check_enum(struct form *form, const cyaml_schema_value_t *schema, const char *name,
                       const yaml_node_t *node)
{
    for (uint32_t i = 0; i < schema->enumeration.count; i++)
        if (node_is_word(node, schema->enumeration.strings[i].str))
            return;
    char *shown = name_shown(word_of(node));
    char *words = list_words(schema);
    const char *nearest = nearest_word(schema, word_of(node));
    refuse(form, node,
           nearest != NULL
               ? text_of("'%s' cannot be '%s'; did you mean '%s'?", name, shown, nearest)
               : text_of("'%s' cannot be '%s'; it is one of %s", name, shown, words));
    free(words);
    free(shown);
}

static void check_scalar(struct form *form, const cyaml_schema_value_t *schema, const char *name,
                         const yaml_node_t *node)
{
    if (node->type != YAML_SCALAR_NODE || strcmp(kind_of_node(node), "nothing") == 0)
        refuse_kind(form, schema, name, node);
    else if (strlen(word_of(node)) != node->data.scalar.length)
        refuse(form, node, text_of("'%s' contains a NUL byte", name));
    else if (schema->type == CYAML_ENUM)
        check_enum(form, schema, name, node);
    else if (schema->type == CYAML_BOOL && !node_is_word(node, "true") &&
             !node_is_word(node, "false"))
        refuse(form, node, text_of("'%s' must be true or false", name));
    else if (is_of_numbers(schema))
        check_number(form, schema, name, node);
}

/*** Keys and lists ***/

static void check_value(struct form *form, const cyaml_schema_value_t *schema, const char *name,
                        yaml_node_t *node);

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

static void refuse_key(struct form *form, const cyaml_schema_value_t *schema,
                       const yaml_node_t *key)
{
    bool is_word = key->type == YAML_SCALAR_NODE;
    char *shown = name_shown(is_word ? word_of(key) : kind_of_node(key));
    const char *nearest = is_word ? nearest_key(schema, word_of(key)) : NULL;
    const char *now = is_word ? new_name(schema, word_of(key)) : NULL;
    refuse(form, key,
           now != NULL       ? text_of("'%s' is called '%s' now", shown, now)
           : nearest != NULL ? text_of("unknown key '%s'; did you mean '%s'?", shown, nearest)
                             : text_of("unknown key '%s'", shown));
    free(shown);
}

static bool has_key(struct form *form, const yaml_node_t *mapping, const char *key,
                    const yaml_node_pair_t *before)
{
    for (const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start; pair < before; pair++)
        if (node_is_word(yaml_document_get_node(form->document, pair->key), key))
            return true;
    return false;
}

static void check_pair(struct form *form, const cyaml_schema_value_t *schema,
                       const yaml_node_t *mapping, const yaml_node_pair_t *pair)
{
    const yaml_node_t *key = yaml_document_get_node(form->document, pair->key);
    const cyaml_schema_field_t *field = schema->mapping.fields;
    while (field->key != NULL && !node_is_word(key, field->key))
        field++;
    if (field->key == NULL)
        refuse_key(form, schema, key);
    else if (has_key(form, mapping, field->key, pair))
        refuse(form, key, text_of("duplicate key '%s'", field->key));
    else
        check_value(form, &field->value, field->key,
                    yaml_document_get_node(form->document, pair->value));
}

static void check_mapping(struct form *form, const cyaml_schema_value_t *schema,
                          const yaml_node_t *mapping)
{
    const yaml_node_pair_t *end = mapping->data.mapping.pairs.top;
    for (const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
         pair < end && form->trouble == NULL; pair++)
        check_pair(form, schema, mapping, pair);
    for (const cyaml_schema_field_t *field = schema->mapping.fields;
         field->key != NULL && form->trouble == NULL; field++)
        if (!(field->value.flags & CYAML_FLAG_OPTIONAL) && !has_key(form, mapping, field->key, end))
            refuse(form, mapping, text_of("'%s' is missing", field->key));
}

static void check_sequence(struct form *form, const cyaml_schema_value_t *schema, const char *name,
                           const yaml_node_t *list)
{
    const yaml_node_item_t *item = list->data.sequence.items.start;
    size_t count = (size_t)(list->data.sequence.items.top - item);
    if (count < schema->sequence.min)
        refuse(form, list,
               text_of("'%s' has %zu entries; it needs at least %u", name, count,
                       (unsigned)schema->sequence.min));
    if (count > schema->sequence.max)
        refuse(form, list,
               text_of("'%s' has %zu entries; it may have at most %u", name, count,
                       (unsigned)schema->sequence.max));
    char *entry = text_of("an entry of %s", name);
    for (size_t i = 0; i < count && form->trouble == NULL; i++)
        check_value(form, schema->sequence.entry, entry,
                    yaml_document_get_node(form->document, item[i]));
    free(entry);
}

/* Recurses as deep as the schema. */
static void check_value(struct form *form, const cyaml_schema_value_t *schema, const char *name,
                        yaml_node_t *node) /* NOLINT(misc-no-recursion) */
{
    bool is_mapping = schema->type == CYAML_MAPPING;
    if (!is_mapping && schema->type != CYAML_SEQUENCE)
        check_scalar(form, schema, name, node);
    else if (node->type != (is_mapping ? YAML_MAPPING_NODE : YAML_SEQUENCE_NODE))
        refuse_kind(form, schema, name, node);
    else if (is_mapping)
        check_mapping(form, schema, node);
    else
        check_sequence(form, schema, name, node);
}

/*** All of it ***/

static char *check(yaml_document_t *document, const cyaml_schema_value_t *schema, const char *what,
                   unsigned *line)
{
    struct form form = {.document = document, .line = 1};
    yaml_node_t *root = yaml_document_get_root_node(document);
    if (root == NULL || strcmp(kind_of_node(root), "nothing") == 0)
        form.trouble = text_of("the file is empty");
    else
        check_value(&form, schema, what, root);
    *line = form.line;
    return form.trouble;
}

static const cyaml_config_t config = {.mem_fn = cyaml_mem, .flags = CYAML_CFG_NO_ALIAS};

char *yaml_form_load(const char *text, size_t count, const cyaml_schema_value_t *schema,
                     const char *what, yaml_document_t *document, void **data, unsigned *line)
{
    char *sentence = NULL;
    *data = NULL;
    if (yaml_text_parse(text, count, what, document, line, &sentence) < 0)
        return sentence;
    sentence = check(document, schema, what, line);
    if (sentence == NULL) {
        cyaml_err_t error = cyaml_load_data((const uint8_t *)text, count, &config, schema,
                                            (cyaml_data_t **)data, NULL);
        if (error == CYAML_OK && *data != NULL)
            return NULL;
        sentence = text_of("it cannot be read: %s", cyaml_strerror(error));
    }
    yaml_document_delete(document);
    return sentence;
}

void yaml_form_free(const cyaml_schema_value_t *schema, void *data)
{
    cyaml_free(&config, schema, data, 0);
}
