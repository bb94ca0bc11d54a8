#include "grader/assignment/escapes.h"

#include "base/memory.h"
#include "text/word_list.h"
#include "text/yaml_text.h"

#include <ctype.h>
#include <string.h>

/*** Quotes ***/

/* What is sent or expected as it stands. */
static const char *const text_keys[] = {"send",
                                        "send-slowly",
                                        "expect",
                                        "expect-pattern",
                                        "expect-output",
                                        "expect-output-pattern",
                                        "answer",
                                        "ask",
                                        "prefix",
                                        "line-end",
                                        "stop-word",
                                        "type",
                                        "text",
                                        "say",
                                        "heard",
                                        "confirmed",
                                        "joined",
                                        "left",
                                        "body",
                                        "expect-no-output",
                                        "expect-line-pattern",
                                        "answer-pattern",
                                        "body-pattern",
                                        "says",
                                        "ignoring",
                                        NULL};

#define CONTROL_LETTERS "rntx0eabfvu"

/* The first '\r' or the like, or NULL. "\\r" is a backslash and a letter on purpose. */
static const char *find_escape(const char *text)
{
    for (const char *at = strchr(text, '\\'); at != NULL; at = strchr(at, '\\')) {
        if (at[1] != '\0' && strchr(CONTROL_LETTERS, at[1]) != NULL)
            return at;
        at += at[1] == '\\' ? 2 : 1;
    }
    return NULL;
}

static char *check_scalar(const yaml_node_t *node, unsigned *line)
{
    if (node->type != YAML_SCALAR_NODE ||
        (node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE &&
         node->data.scalar.style != YAML_SINGLE_QUOTED_SCALAR_STYLE))
        return NULL;
    const char *escape = find_escape((const char *)node->data.scalar.value);
    if (escape == NULL)
        return NULL;
    *line = node_line(node);
    return text_of("'%.2s' stands for a control character only in double quotes; write the text in "
                   "double quotes, where a backslash is '\\\\'",
                   escape);
}

static char *check_value(yaml_document_t *document, const yaml_node_t *value, unsigned *line)
{
    char *sentence = check_scalar(value, line);
    if (value->type != YAML_SEQUENCE_NODE)
        return sentence;
    for (const yaml_node_item_t *item = value->data.sequence.items.start;
         item < value->data.sequence.items.top && sentence == NULL; item++)
        sentence = check_scalar(yaml_document_get_node(document, *item), line);
    return sentence;
}

static char *check_mapping(yaml_document_t *document, const yaml_node_t *mapping, unsigned *line)
{
    char *sentence = NULL;
    for (const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
         pair < mapping->data.mapping.pairs.top && sentence == NULL; pair++) {
        const yaml_node_t *key = yaml_document_get_node(document, pair->key);
        bool is_text =
            key->type == YAML_SCALAR_NODE &&
            text_keys[word_place(text_keys, (const char *)key->data.scalar.value)] != NULL;
        if (is_text)
            sentence = check_value(document, yaml_document_get_node(document, pair->value), line);
    }
    return sentence;
}

char *escapes_unquoted(yaml_document_t *document, unsigned *line)
{
    char *sentence = NULL;
    const yaml_node_t *node = NULL;
    for (int i = 1; sentence == NULL && (node = yaml_document_get_node(document, i)) != NULL; i++)
        if (node->type == YAML_MAPPING_NODE)
            sentence = check_mapping(document, node, line);
    return sentence;
}

/*** Patterns ***/

#define MEANT_IN_PATTERNS "wWsSbB123456789" /* those of glibc; and \` \' \< \> */

static const struct {
    char letter;
    const char *instead;
} unknown[] = {{'d', "[0-9]"}, {'D', "[^0-9]"}, {'h', "[ \t]"}};

static const char *instead_of(char letter)
{
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        if (unknown[i].letter == letter)
            return unknown[i].instead;
    return NULL;
}

char *escapes_of_pattern(const char *pattern)
{
    for (const char *at = strchr(pattern, '\\'); at != NULL && at[1] != '\0';
         at = strchr(at + 2, '\\')) {
        if (!isalnum((unsigned char)at[1]) || strchr(MEANT_IN_PATTERNS, at[1]) != NULL)
            continue;
        const char *instead = instead_of(at[1]);
        return instead != NULL
                   ? text_of("the pattern has '%.2s', which POSIX does not know; write %s", at,
                             instead)
                   : text_of("the pattern has '%.2s', which means only '%c'; leave out the "
                             "backslash",
                             at, at[1]);
    }
    return NULL;
}
