/* Theory of operation: the text is read twice: as events, in which aliases are still visible, and
 * then as a tree in which every node has its line.
 */
#include "text/yaml_text.h"

#include "base/file.h"
#include "base/memory.h"
#include "text/printable.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_BYTES_MAX (1 << 20)

/* Deeper than anything that is read here; libyaml takes long over very many. */
#define DEPTH_MAX 20

/*** The text ***/

static void set_text(yaml_parser_t *parser, const char *text, size_t count)
{
    if (!yaml_parser_initialize(parser))
        abort(); /* no memory */
    yaml_parser_set_input_string(parser, (const unsigned char *)text, count);
}

/* For bytes that are not text libyaml knows the offset, but not the line. */
static unsigned line_of_problem(const yaml_parser_t *parser, const char *text, size_t count)
{
    unsigned line = 1;
    if (parser->error != YAML_READER_ERROR)
        return (unsigned)parser->problem_mark.line + 1;
    for (size_t i = 0; i < count && i < parser->problem_offset; i++)
        line += text[i] == '\n';
    return line;
}

/* Where the line of the problem goes on at the problem; libyaml counts letters, not bytes. */
static const char *find_problem(const yaml_parser_t *parser, const char *text, size_t count)
{
    const char *end = text + count;
    for (size_t lines = parser->problem_mark.line; lines > 0 && text < end; text++)
        lines -= *text == '\n';
    for (size_t letters = parser->problem_mark.column; letters > 0 && text < end;) {
        text++;
        letters -= text == end || (*text & 0xC0) != 0x80; /* not in the middle of a letter */
    }
    return text < end ? text : NULL;
}

/* A brace inside {} or [] begins a mapping for YAML: "GET /{token}" is a text only in quotes. */
static const char *remedy_of_problem(const yaml_parser_t *parser, const char *text, size_t count)
{
    bool is_in_flow = parser->error == YAML_PARSER_ERROR && parser->context != NULL &&
                      strstr(parser->context, "flow") != NULL;
    const char *at = is_in_flow ? find_problem(parser, text, count) : NULL;
    bool is_brace = at != NULL && (*at == '{' || (at > text && at[-1] == '}'));
    return is_brace ? "; inside {} or [] put a text with a placeholder in quotes" : "";
}

static char *name_problem(const yaml_parser_t *parser, const char *text, size_t count,
                          unsigned *line)
{
    *line = line_of_problem(parser, text, count);
    return text_of(
        "not valid YAML: %s%s%s%s", parser->problem != NULL ? parser->problem : "it cannot be read",
        parser->context != NULL ? " " : "", parser->context != NULL ? parser->context : "",
        remedy_of_problem(parser, text, count));
}

/* What has been read so far. */
struct reading {
    const char *what;
    unsigned documents;
    unsigned depth;
};

/* Whoever writes an anchor means to write aliases; and libyaml compares each with all others. */
static bool has_anchor(const yaml_event_t *event)
{
    return (event->type == YAML_SCALAR_EVENT && event->data.scalar.anchor != NULL) ||
           (event->type == YAML_SEQUENCE_START_EVENT &&
            event->data.sequence_start.anchor != NULL) ||
           (event->type == YAML_MAPPING_START_EVENT && event->data.mapping_start.anchor != NULL);
}

/* What the event must not be, or NULL. */
static char *refuse_event(const yaml_event_t *event, struct reading *reading)
{
    bool begins =
        event->type == YAML_SEQUENCE_START_EVENT || event->type == YAML_MAPPING_START_EVENT;
    bool ends = event->type == YAML_SEQUENCE_END_EVENT || event->type == YAML_MAPPING_END_EVENT;
    reading->depth = reading->depth + begins - ends;
    reading->documents += event->type == YAML_DOCUMENT_START_EVENT;
    if (event->type == YAML_ALIAS_EVENT || has_anchor(event))
        return text_of("anchors and aliases ('&name', '*name') are not allowed in %s: write the "
                       "value out",
                       reading->what);
    if (reading->depth > DEPTH_MAX)
        return text_of("too deeply nested for %s", reading->what);
    return reading->documents > 1
               ? text_of("a second document begins here: %s is a single one", reading->what)
               : NULL;
}

/* The first line that begins with "%TAG", or 0. libyaml compares each of them with all others
 * before it shows any. */
static unsigned line_of_tag_directive(const char *text, size_t count)
{
    static const char directive[] = "%TAG";
    const char *end = text + count;
    unsigned line = 1;
    for (const char *at = text; at != NULL && (size_t)(end - at) >= strlen(directive); line++) {
        if (memcmp(at, directive, strlen(directive)) == 0)
            return line;
        at = memchr(at, '\n', (size_t)(end - at));
        at = at != NULL ? at + 1 : NULL;
    }
    return 0;
}

static char *refuse_text(const char *text, size_t count, const char *what, unsigned *line)
{
    yaml_parser_t parser;
    yaml_event_t event;
    struct reading reading = {.what = what};
    bool is_end = false;
    char *trouble = NULL;
    set_text(&parser, text, count);
    while (trouble == NULL && !is_end) {
        if (!yaml_parser_parse(&parser, &event)) {
            trouble = name_problem(&parser, text, count, line);
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

int yaml_text_parse(const char *text, size_t count, const char *what, yaml_document_t *document,
                    unsigned *line, char **trouble)
{
    yaml_parser_t parser;
    *line = line_of_tag_directive(text, count);
    *trouble = *line > 0 ? text_of("'%%TAG' is not allowed in %s: leave the line out", what)
                         : refuse_text(text, count, what, line);
    if (*trouble != NULL)
        return -EINVAL;
    set_text(&parser, text, count);
    bool is_loaded = yaml_parser_load(&parser, document) != 0;
    if (!is_loaded)
        *trouble = name_problem(&parser, text, count, line);
    yaml_parser_delete(&parser);
    return is_loaded ? 0 : -EINVAL;
}

/*** Nodes ***/

unsigned node_line(const yaml_node_t *node)
{
    return (unsigned)node->start_mark.line + 1;
}

bool node_is_word(const yaml_node_t *node, const char *word)
{
    return node->type == YAML_SCALAR_NODE && node->data.scalar.length == strlen(word) &&
           memcmp(node->data.scalar.value, word, strlen(word)) == 0;
}

const char *node_word(const yaml_node_t *node)
{
    return (const char *)node->data.scalar.value;
}

static bool is_nothing(const yaml_node_t *node)
{
    return node->type == YAML_SCALAR_NODE && node->data.scalar.length == 0 &&
           node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

const char *node_kind(const yaml_node_t *node)
{
    return node->type == YAML_SEQUENCE_NODE  ? "a list"
           : node->type == YAML_MAPPING_NODE ? "a mapping"
           : is_nothing(node)                ? "nothing"
                                             : "a word";
}

/* {token} and {number:a,1,9} are mappings for YAML, of keys without values. */
char *node_remedy_for_placeholder(yaml_document_t *document, const yaml_node_t *node)
{
    if (node->type != YAML_MAPPING_NODE || node->data.mapping.style != YAML_FLOW_MAPPING_STYLE)
        return NULL;
    const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
    if (pair == node->data.mapping.pairs.top)
        return NULL;
    const yaml_node_t *key = yaml_document_get_node(document, pair->key);
    if (key->type != YAML_SCALAR_NODE || !is_nothing(yaml_document_get_node(document, pair->value)))
        return NULL;
    char *shown = name_shown(node_word(key));
    char *remedy = text_of("; put a text with a placeholder in quotes: \"{%s}\"", shown);
    free(shown);
    return remedy;
}

/*** Writing ***/

static int append_output(void *context, unsigned char *text, size_t count)
{
    bytes_append(context, text, count);
    return 1;
}

static void emit(yaml_emitter_t *emitter, yaml_event_t *event, int is_made)
{
    if (!is_made || !yaml_emitter_emit(emitter, event))
        abort(); /* no memory: the events are in order, and their texts are valid */
}

static void emit_node(yaml_emitter_t *emitter, yaml_document_t *document, int number);

static void emit_list(yaml_emitter_t *emitter, yaml_document_t *document,
                      const yaml_node_t *node) /* NOLINT(misc-no-recursion) */
{
    yaml_event_t event;
    emit(emitter, &event,
         yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_FLOW_SEQUENCE_STYLE));
    for (const yaml_node_item_t *item = node->data.sequence.items.start;
         item < node->data.sequence.items.top; item++)
        emit_node(emitter, document, *item);
    emit(emitter, &event, yaml_sequence_end_event_initialize(&event));
}

static void emit_mapping(yaml_emitter_t *emitter, yaml_document_t *document,
                         const yaml_node_t *node) /* NOLINT(misc-no-recursion) */
{
    yaml_event_t event;
    emit(emitter, &event,
         yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_FLOW_MAPPING_STYLE));
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        emit_node(emitter, document, pair->key);
        emit_node(emitter, document, pair->value);
    }
    emit(emitter, &event, yaml_mapping_end_event_initialize(&event));
}

/* Recurses as deep as the document. */
static void emit_node(yaml_emitter_t *emitter, yaml_document_t *document,
                      int number) /* NOLINT(misc-no-recursion) */
{
    const yaml_node_t *node = yaml_document_get_node(document, number);
    yaml_event_t event;
    if (node->type == YAML_SEQUENCE_NODE)
        emit_list(emitter, document, node);
    else if (node->type == YAML_MAPPING_NODE)
        emit_mapping(emitter, document, node);
    else
        emit(emitter, &event,
             yaml_scalar_event_initialize(&event, NULL, NULL, node->data.scalar.value,
                                          (int)node->data.scalar.length, 1, 1,
                                          YAML_DOUBLE_QUOTED_SCALAR_STYLE));
}

struct bytes yaml_text_write(yaml_document_t *document)
{
    struct bytes text = {0};
    yaml_emitter_t emitter;
    yaml_event_t event;
    if (!yaml_emitter_initialize(&emitter))
        abort(); /* no memory */
    yaml_emitter_set_output(&emitter, append_output, &text);
    yaml_emitter_set_width(&emitter, -1);
    emit(&emitter, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
    emit(&emitter, &event, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1));
    emit_node(&emitter, document, 1);
    emit(&emitter, &event, yaml_document_end_event_initialize(&event, 1));
    emit(&emitter, &event, yaml_stream_end_event_initialize(&event));
    yaml_emitter_delete(&emitter);
    return text;
}

/*** Walking ***/

struct yaml_walk yaml_walk_begin(yaml_document_t *document)
{
    struct yaml_walk walk = {.document = document, .node = yaml_document_get_root_node(document)};
    walk.line = walk.node != NULL ? node_line(walk.node) : 1;
    return walk;
}

void yaml_walk_enter_key(struct yaml_walk *walk, const char *key)
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

void yaml_walk_enter_entry(struct yaml_walk *walk, unsigned number)
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

/*** Files ***/

char *yaml_text_read(const char *path, const char *what, size_t *count, char **trouble)
{
    char *text = NULL;
    int error = file_read(path, FILE_BYTES_MAX, &text, count);
    if (error == 0)
        return text;
    *trouble = error == -EFBIG ? text_of("%s: too long for %s", path, what)
                               : text_of("%s: %s", path, strerror(-error));
    return NULL;
}

/* Keeps the sentence on one line, whatever it quotes. */
char *yaml_text_place(const char *path, unsigned line, const char *sentence)
{
    char *placed = text_of("%s:%u: %s", path, line, sentence);
    for (char *letter = placed; *letter != '\0'; letter++)
        if (iscntrl((unsigned char)*letter))
            *letter = '?';
    return placed;
}
