/* Theory of operation: libcyaml fills in structs and forgets the lines, so the text is read once
 * more by libyaml, on which it stands, and here into a tree in which every node has its line. The
 * text is looked at twice: as events first, in which an alias still is one, and then as a tree.
 */
#include "grader/assignment_place.h"

#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* More than any key of an assignment; libyaml takes long over very many. */
#define DEPTH_MAX 20

/*** The text ***/

static void set_text(yaml_parser_t *parser, const char *text, size_t count)
{
    if (!yaml_parser_initialize(parser))
        abort(); /* no memory */
    yaml_parser_set_input_string(parser, (const unsigned char *)text, count);
}

/* Of bytes that are no text libyaml knows the place in the file, but not the line. */
static unsigned line_of_problem(const yaml_parser_t *parser, const char *text, size_t count)
{
    unsigned line = 1;
    if (parser->error != YAML_READER_ERROR)
        return (unsigned)parser->problem_mark.line + 1;
    for (size_t i = 0; i < count && i < parser->problem_offset; i++)
        line += text[i] == '\n';
    return line;
}

static char *name_problem(const yaml_parser_t *parser)
{
    return text_of(
        "this is no YAML: %s%s%s", parser->problem != NULL ? parser->problem : "it cannot be read",
        parser->context != NULL ? " " : "", parser->context != NULL ? parser->context : "");
}

/* What has been read so far. */
struct reading {
    unsigned documents;
    unsigned depth;
};

/* What the event must not be, or NULL. */
static char *refuse_event(const yaml_event_t *event, struct reading *reading)
{
    bool begins =
        event->type == YAML_SEQUENCE_START_EVENT || event->type == YAML_MAPPING_START_EVENT;
    bool ends = event->type == YAML_SEQUENCE_END_EVENT || event->type == YAML_MAPPING_END_EVENT;
    reading->depth = reading->depth + begins - ends;
    reading->documents += event->type == YAML_DOCUMENT_START_EVENT;
    if (event->type == YAML_ALIAS_EVENT)
        return text_of("an alias ('*name') has no place in an assignment: write it out");
    if (reading->depth > DEPTH_MAX)
        return text_of("lists and keys lie deeper in one another than in any assignment");
    return reading->documents > 1 ? text_of("a second document begins: an assignment is one")
                                  : NULL;
}

static char *refuse_text(const char *text, size_t count, unsigned *line)
{
    yaml_parser_t parser;
    yaml_event_t event;
    struct reading reading = {0};
    bool is_end = false;
    char *trouble = NULL;
    set_text(&parser, text, count);
    while (trouble == NULL && !is_end) {
        if (!yaml_parser_parse(&parser, &event)) {
            *line = line_of_problem(&parser, text, count);
            trouble = name_problem(&parser);
            break;
        }
        *line = (unsigned)event.start_mark.line + 1;
        trouble = refuse_event(&event, &reading);
        is_end = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return trouble;
}

int assignment_text_parse(const char *text, size_t count, yaml_document_t *document, unsigned *line,
                          char **trouble)
{
    yaml_parser_t parser;
    *trouble = refuse_text(text, count, line);
    if (*trouble != NULL)
        return -EINVAL;
    set_text(&parser, text, count);
    bool is_loaded = yaml_parser_load(&parser, document) != 0;
    if (!is_loaded) {
        *line = line_of_problem(&parser, text, count);
        *trouble = name_problem(&parser);
    }
    yaml_parser_delete(&parser);
    return is_loaded ? 0 : -EINVAL;
}

/*** Places ***/

unsigned node_line(const yaml_node_t *node)
{
    return (unsigned)node->start_mark.line + 1;
}

bool node_is_word(const yaml_node_t *node, const char *word)
{
    return node->type == YAML_SCALAR_NODE && node->data.scalar.length == strlen(word) &&
           memcmp(node->data.scalar.value, word, strlen(word)) == 0;
}

/* From a place on to what is below it, as far as it is there. */
struct walk {
    yaml_document_t *document;
    yaml_node_t *node; /* NULL: it is not there */
    unsigned line;
};

static void enter_key(struct walk *walk, const char *key)
{
    yaml_node_t *mapping = walk->node;
    walk->node = NULL;
    if (mapping == NULL || mapping->type != YAML_MAPPING_NODE)
        return;
    for (const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
         pair < mapping->data.mapping.pairs.top; pair++) {
        const yaml_node_t *name = yaml_document_get_node(walk->document, pair->key);
        if (!node_is_word(name, key))
            continue;
        walk->line = node_line(name);
        walk->node = yaml_document_get_node(walk->document, pair->value);
        return;
    }
}

/* `number` counts from 1. */
static void enter_entry(struct walk *walk, unsigned number)
{
    yaml_node_t *list = walk->node;
    walk->node = NULL;
    if (list == NULL || list->type != YAML_SEQUENCE_NODE)
        return;
    const yaml_node_item_t *item = list->data.sequence.items.start + (number - 1);
    if (item >= list->data.sequence.items.top)
        return;
    walk->node = yaml_document_get_node(walk->document, *item);
    walk->line = node_line(walk->node);
}

unsigned place_line(yaml_document_t *document, const struct place *place)
{
    struct walk walk = {.document = document, .node = yaml_document_get_root_node(document)};
    walk.line = walk.node != NULL ? node_line(walk.node) : 1;
    if (place->section != NULL)
        enter_key(&walk, place->section);
    if (place->check > 0) {
        enter_key(&walk, "checks");
        enter_entry(&walk, place->check);
    }
    if (place->step > 0) {
        enter_key(&walk, "steps");
        enter_entry(&walk, place->step);
    }
    if (place->key != NULL)
        enter_key(&walk, place->key);
    return walk.line;
}
