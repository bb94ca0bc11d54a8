/* Theory of operation: one table says which keys are there, another which texts they have and what
 * may stand in braces in those. The protocol itself says which keys it has (protocol.h).
 */
#include "grader/grading/assignment_check_protocol.h"

#include "base/memory.h"
#include "grader/grading/assignment_check_text.h"

#include <stdlib.h>
#include <string.h>

/*** HTTP ***/

char *assignment_check_http(const struct assignment *assignment, const struct http_message *message,
                            struct place *place)
{
    char *trouble = NULL;
    place->key = "body-file";
    if (message->body_file != NULL && message->body != NULL)
        return text_of("'body' and 'body-file' exclude each other");
    if (message->body_file != NULL && !material_may_have(&assignment->material, message->body_file))
        return text_of("'%s' is not among the 'files' of the assignment", message->body_file);
    place->key = "body-pattern";
    for (unsigned i = 0; i < message->body_patterns_count && trouble == NULL; i++)
        trouble = assignment_check_pattern(message->body_patterns[i]);
    return trouble;
}

static bool has_more_than_text(const struct protocol_message *message)
{
    const struct http_message *http = &message->http;
    return message->text == NULL || message->request != NULL || message->status != NULL ||
           http->headers != NULL || http->body != NULL || http->body_file != NULL ||
           http->body_patterns != NULL || http->length != HTTP_LENGTH_ANY;
}

/*** Which keys are there ***/

static char *refuse_key(const struct player_protocol *kind, const char *key)
{
    bool is_end = strcmp(key, "line-end") == 0;
    return kind->kind == PROTOCOL_NONE
               ? text_of("'kind' is missing: echo, prefix, sink, exchange, http or chat")
               : text_of("'%s' does not belong to 'kind: %s'%s", key, kind->name,
                         is_end ? ": write the end of a line where it stands, \"\\n\"" : "");
}

static bool has_word(const char *const *words, const char *word)
{
    for (; words != NULL && *words != NULL; words++)
        if (strcmp(*words, word) == 0)
            return true;
    return false;
}

static char *check_keys(const struct play_protocol *protocol, struct place *place)
{
    const struct player_protocol *kind = play_protocol_of(protocol);
    const struct {
        const char *key;
        bool is_there;
    } all[] = {
        {"prefix", protocol->prefix != NULL},
        {"ask", protocol->ask != NULL},
        {"answer", protocol->answer != NULL},
        {"answer-pattern", protocol->answer_pattern != NULL},
        {"large", protocol->large != NULL},
        {"closes", protocol->closes},
        {"frame", protocol->frame_bytes > 0},
        {"line-end", protocol->line_end != NULL},
        {"say", protocol->say != NULL},
        {"confirmed", protocol->confirmed != NULL},
        {"confirmed-pattern", protocol->confirmed_pattern != NULL},
        {"heard", protocol->heard != NULL},
        {"heard-pattern", protocol->heard_pattern != NULL},
        {"joined", protocol->joined != NULL},
        {"joined-pattern", protocol->joined_pattern != NULL},
        {"left", protocol->left != NULL},
        {"left-pattern", protocol->left_pattern != NULL},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        place->key = all[i].key;
        if (all[i].is_there && !has_word(kind->keys, all[i].key))
            return refuse_key(kind, all[i].key);
    }
    place->key = "greeting";
    return protocol->greeting_count > 0 && kind->kind == PROTOCOL_NONE
               ? refuse_key(kind, "greeting")
               : NULL;
}

static char *check_needed(const struct play_protocol *protocol, struct place *place)
{
    place->key = NULL;
    bool is_exchange = protocol->kind == PROTOCOL_EXCHANGE;
    bool asks = is_exchange || protocol->kind == PROTOCOL_HTTP;
    bool has_heard = protocol->heard != NULL || protocol->heard_pattern != NULL;
    if (protocol->kind == PROTOCOL_PREFIX && protocol->prefix == NULL)
        return text_of("'prefix' is missing: the text in front of each line that comes back");
    if (asks && protocol->ask == NULL)
        return text_of("'ask' is missing: what a client sends");
    if (asks && protocol->answer == NULL && protocol->answer_pattern == NULL && !protocol->closes)
        return text_of("'answer' is missing: what the server replies");
    if (protocol->kind == PROTOCOL_HTTP && protocol->answer == NULL)
        return text_of("'answer' is missing: the status of the response");
    if (protocol->answer != NULL && protocol->answer_pattern != NULL)
        return text_of("'answer' and 'answer-pattern' exclude each other");
    return protocol->kind == PROTOCOL_CHAT && !has_heard
               ? text_of("'heard' is missing: what the others get of what one says")
               : NULL;
}

/*** What they say ***/

static const char *const no_words[] = {NULL};
static const char *const token_words[] = {"token", NULL};
static const char *const said_words[] = {"text", "who", "to", NULL};
static const char *const who_words[] = {"who", NULL};

/* What is said draws values, and what it is answered with repeats them. All else knows only those
 * that are drawn once for all. */
static char *check_texts(const struct play_protocol *protocol, const struct values *values,
                         struct place *place)
{
    const struct values *whole = values->outer;
    const struct {
        const char *key;
        const char *text; /* or NULL */
        const char *const *words;
        const struct values *values;
    } texts[] = {
        {"answer-pattern", protocol->answer_pattern, token_words, values},
        {"prefix", protocol->prefix, no_words, whole},
        {"line-end", protocol->line_end, no_words, whole},
        {"say", protocol->say, said_words, values},
        {"confirmed", protocol->confirmed, said_words, values},
        {"confirmed-pattern", protocol->confirmed_pattern, said_words, values},
        {"heard", protocol->heard, said_words, values},
        {"heard-pattern", protocol->heard_pattern, said_words, values},
        {"joined", protocol->joined, who_words, whole},
        {"joined-pattern", protocol->joined_pattern, who_words, whole},
        {"left", protocol->left, who_words, whole},
        {"left-pattern", protocol->left_pattern, who_words, whole},
    };
    char *trouble = NULL;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && trouble == NULL; i++) {
        const struct text_rules rules = {.words = texts[i].words,
                                         .values = texts[i].values,
                                         .may_draw = texts[i].text == protocol->say};
        bool is_pattern = strstr(texts[i].key, "-pattern") != NULL;
        place->key = texts[i].key;
        trouble = assignment_check_text(texts[i].text, &rules);
        if (trouble == NULL && is_pattern && texts[i].text != NULL)
            trouble = assignment_check_pattern(texts[i].text);
    }
    return trouble;
}

static char *declare_values(struct values *values, const struct protocol_message *message)
{
    const char *text = NULL;
    char *trouble = NULL;
    for (size_t i = 0;
         message != NULL && trouble == NULL && (text = protocol_message_text(message, i)) != NULL;
         i++)
        trouble = values_declare(values, text);
    return trouble;
}

static char *check_message_texts(const struct protocol_message *message,
                                 const struct values *values, bool may_draw)
{
    const struct text_rules rules = {.words = token_words, .values = values, .may_draw = may_draw};
    const char *text = NULL;
    char *trouble = NULL;
    for (size_t i = 0; trouble == NULL && (text = protocol_message_text(message, i)) != NULL; i++)
        trouble = assignment_check_text(text, &rules);
    return trouble;
}

static char *check_first_line(const struct protocol_message *message, bool is_answer)
{
    const char *right = is_answer ? message->status : message->request;
    const char *other = is_answer ? message->request : message->status;
    const char *line = right != NULL ? right : message->text;
    if (other != NULL || (right != NULL && message->text != NULL))
        return text_of("'%s' does not belong here", other == NULL ? "text"
                                                    : is_answer   ? "request"
                                                                  : "status");
    if (line == NULL)
        return is_answer ? text_of("'status' is missing: 200, or a class such as 4xx")
                         : text_of("'request' is missing: GET /index.html");
    return is_answer ? http_status_refuse(line) : http_request_refuse(line);
}

static char *check_message(const struct assignment *assignment, const char *key,
                           const struct protocol_message *message, const struct values *values,
                           struct place *place)
{
    place->key = key;
    bool is_answer = strcmp(key, "answer") == 0;
    bool is_http = assignment->conduct.protocol.kind == PROTOCOL_HTTP;
    if (message == NULL)
        return NULL;
    if (!is_http && has_more_than_text(message))
        return text_of("'%s' is a text in an exchange: headers and bodies belong to 'kind: http'",
                       key);
    if (!is_http && message->text[0] == '\0')
        return is_answer ? NULL : text_of("'%s' is empty: a client must send something", key);
    char *trouble = check_message_texts(message, values, !is_answer);
    if (trouble == NULL && is_http)
        trouble = check_first_line(message, is_answer);
    if (trouble == NULL && is_http) {
        trouble = assignment_check_http(assignment, &message->http, place);
        place->key = key;
    }
    return trouble;
}

/* A message that asks for a large answer draws its own values. */
static char *check_large(const struct assignment *assignment, struct place *place)
{
    struct values values = {.outer = &assignment->values};
    const struct protocol_message *large = assignment->conduct.protocol.large;
    place->key = "large";
    char *trouble = declare_values(&values, large);
    if (trouble == NULL)
        trouble = check_message(assignment, "large", large, &values, place);
    values_release(&values);
    return trouble;
}

static char *check_messages(const struct assignment *assignment, const struct values *values,
                            struct place *place)
{
    const struct play_protocol *protocol = &assignment->conduct.protocol;
    char *trouble = check_message(assignment, "ask", protocol->ask, values, place);
    if (trouble == NULL)
        trouble = check_message(assignment, "answer", protocol->answer, values, place);
    return trouble == NULL ? check_large(assignment, place) : trouble;
}

/* What each message draws. */
static char *check_drawn(const struct play_protocol *protocol, struct values *values,
                         struct place *place)
{
    place->key = protocol->say != NULL ? "say" : "ask";
    char *trouble = declare_values(values, protocol->ask);
    return trouble == NULL && protocol->say != NULL ? values_declare(values, protocol->say)
                                                    : trouble;
}

static char *check_said(const struct assignment *assignment, struct place *place)
{
    struct values values = {.outer = &assignment->values};
    const struct play_protocol *protocol = &assignment->conduct.protocol;
    char *trouble = check_drawn(protocol, &values, place);
    if (trouble == NULL)
        trouble = check_messages(assignment, &values, place);
    if (trouble == NULL)
        trouble = check_texts(protocol, &values, place);
    values_release(&values);
    return trouble;
}

static char *check_greeting_step(const struct greeting_step *step, const struct text_rules *rules)
{
    int count = (step->send != NULL) + (step->expect != NULL) + (step->expect_pattern != NULL) +
                (step->expect_line_patterns_count > 0);
    if (count != 1)
        return text_of("a step of a greeting does or expects exactly one thing, not %d", count);
    const char *text = step->send != NULL ? step->send : step->expect;
    char *trouble = assignment_check_text(text, rules);
    if (trouble == NULL)
        trouble = assignment_check_text(step->expect_pattern, rules);
    if (trouble == NULL && step->expect_pattern != NULL)
        trouble = assignment_check_pattern(step->expect_pattern);
    for (unsigned i = 0; i < step->expect_line_patterns_count && trouble == NULL; i++) {
        trouble = assignment_check_text(step->expect_line_patterns[i], rules);
        if (trouble == NULL)
            trouble = assignment_check_pattern(step->expect_line_patterns[i]);
    }
    return trouble;
}

static char *check_greeting(const struct assignment *assignment, struct place *place)
{
    const struct play_protocol *protocol = &assignment->conduct.protocol;
    bool is_chat = protocol->kind == PROTOCOL_CHAT;
    const struct text_rules rules = {.words = is_chat ? who_words : no_words,
                                     .values = &assignment->values};
    char *trouble = NULL;
    place->key = "greeting";
    for (unsigned i = 0; i < protocol->greeting_count && trouble == NULL; i++)
        trouble = check_greeting_step(&protocol->greeting[i], &rules);
    return trouble;
}

char *assignment_check_protocol(const struct assignment *assignment, struct place *place)
{
    const struct play_protocol *protocol = &assignment->conduct.protocol;
    *place = (struct place){.section = "protocol"};
    char *trouble = check_keys(protocol, place);
    if (trouble == NULL)
        trouble = check_needed(protocol, place);
    if (trouble == NULL)
        trouble = check_said(assignment, place);
    return trouble == NULL ? check_greeting(assignment, place) : trouble;
}
