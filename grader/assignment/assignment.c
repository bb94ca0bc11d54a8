#include "grader/assignment/assignment.h"

#include "base/memory.h"
#include "base/quantity.h"

#include <string.h>

const char *text_in(const struct text *text, const char *language)
{
    static const char *const languages[ASSIGNMENT_LANGUAGES] = {"en", "fr", "de"};
    for (size_t i = 0; i < ASSIGNMENT_LANGUAGES; i++)
        if (text->in[i] != NULL && language != NULL && strncmp(language, languages[i], 2) == 0)
            return text->in[i];
    return text->in[0];
}

char *const *step_clients(const struct step *step, size_t *count)
{
    *count = step->clients != NULL ? step->clients_count : step->client != NULL;
    return step->clients != NULL ? step->clients : &step->client;
}

bool step_is_of(const struct step *step, const char *client)
{
    size_t count = 0;
    char *const *clients = step_clients(step, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(clients[i], client) == 0)
            return true;
    return false;
}

int64_t step_time_ns(const char *time)
{
    int64_t time_ns = 0;
    if (time != NULL)
        quantity_parse_duration_ns(time, &time_ns);
    return time_ns;
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *said_of(const struct step *step)
{
    const struct step_said *said = step->send;
    return said == NULL ? NULL : said->repeat != NULL ? said->repeat : said->text;
}

bool step_text(const struct step *step, size_t number, struct step_text *text)
{
    const struct http_message *message = &step->message;
    const struct step_text singles[] = {
        {"send", said_of(step), false},
        {"send-slowly", step->send_slowly, false},
        {"type", step->type, false},
        {"http", step->http, false},
        {"body", message->body, false},
        {"expect", step->expect, false},
        {"expect-output", step->expect_output, false},
        {"expect-output-pattern", step->expect_output_pattern, true},
    };
    const struct {
        const char *key;
        char *const *texts;
        unsigned count;
    } lists[] = {
        {"expect-pattern", step->expect_patterns, step->expect_patterns_count},
        {"expect-line-pattern", step->expect_line_patterns, step->expect_line_patterns_count},
        {"body-pattern", message->body_patterns, message->body_patterns_count},
    };
    if (number < COUNT(singles)) {
        *text = singles[number];
        return true;
    }
    number -= COUNT(singles);
    for (size_t i = 0; i < COUNT(lists); number -= lists[i++].count)
        if (number < lists[i].count) {
            *text = (struct step_text){lists[i].key, lists[i].texts[number], true};
            return true;
        }
    if (number >= message->headers_count)
        return false;
    *text = (struct step_text){"headers", message->headers[number].value, false};
    return true;
}

const struct assigned_check *assignment_find_check(const struct assignment *assignment,
                                                   const char *id)
{
    for (unsigned i = 0; i < assignment->checks_count; i++)
        if (strcmp(assignment->checks[i].id, id) == 0)
            return &assignment->checks[i];
    return NULL;
}

char **assignment_list(char *const *words, unsigned count)
{
    char **list = allocate(count + 1, sizeof *list);
    for (unsigned i = 0; i < count; i++)
        list[i] = words[i];
    return list;
}
