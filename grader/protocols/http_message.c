/* Theory of operation: a request is written once its placeholders are filled in. A response is read
 * by text/http_response.h as it comes, and judged as far as it is there: the status and the fields
 * with the head, the body with its end. How it says where it ends does not matter, but what it says
 * must be so.
 */
#include "grader/protocols/http_message.h"

#include "base/file.h"
#include "base/language.h"
#include "base/memory.h"
#include "grader/protocols/answer.h"
#include "text/http_response.h"
#include "text/printable.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX_BYTES ((size_t)256 << 20)

/*** Requests ***/

static void append_filled(struct bytes *out, const char *text, const struct filling *filling)
{
    struct bytes filled = text_fill_in(text, TEXT_IS_BYTES, filling);
    bytes_append(out, bytes_front(&filled), filled.length);
    bytes_release(&filled);
}

static bool has_header(const struct http_message *message, const char *name)
{
    for (unsigned i = 0; i < message->headers_count; i++)
        if (strcasecmp(message->headers[i].name, name) == 0)
            return true;
    return false;
}

/* The body as it is sent, or must be; to be released. False: it has none. */
static bool make_body(struct bytes *body, const struct http_message *message,
                      const struct http_setting *setting)
{
    if (message->body != NULL)
        *body = text_fill_in(message->body, TEXT_IS_BYTES, &setting->filling);
    if (message->body_file != NULL && setting->folder != NULL) {
        size_t length = 0;
        char *contents = NULL;
        char *path = text_of("%s/%s", setting->folder, message->body_file);
        if (file_read(path, FILE_MAX_BYTES, &contents, &length) == 0)
            bytes_append(body, contents, length);
        free(contents);
        free(path);
    }
    return message->body != NULL || message->body_file != NULL;
}

static bool has_version(const char *request)
{
    return strstr(request, " HTTP/") != NULL;
}

void http_message_write(struct bytes *out, const char *request, const struct http_message *message,
                        const struct http_setting *setting)
{
    struct bytes body = {0};
    bool has_body = make_body(&body, message, setting);
    append_filled(out, request, &setting->filling);
    bytes_print(out, "%s\r\n", has_version(request) ? "" : " HTTP/1.1");
    if (!has_header(message, "Host"))
        bytes_print(out, "Host: %s\r\n", setting->host);
    for (unsigned i = 0; i < message->headers_count; i++) {
        bytes_print(out, "%s: ", message->headers[i].name);
        append_filled(out, message->headers[i].value, &setting->filling);
        bytes_print(out, "\r\n");
    }
    if (has_body && !has_header(message, "Content-Length") &&
        !has_header(message, "Transfer-Encoding"))
        bytes_print(out, "Content-Length: %zu\r\n", body.length);
    bytes_print(out, "\r\n");
    bytes_append(out, bytes_front(&body), body.length);
    bytes_release(&body);
}

bool http_request_is_head(const char *request)
{
    return strncmp(request, "HEAD ", 5) == 0;
}

char *http_request_refuse(const char *request)
{
    size_t method = strspn(request, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-");
    const char *target = request[method] == ' ' ? request + method + 1 : "";
    size_t length = strcspn(target, " ");
    const char *rest = target + length;
    bool is_right =
        method > 0 && length > 0 &&
        (rest[0] == '\0' || strcmp(rest, " HTTP/1.0") == 0 || strcmp(rest, " HTTP/1.1") == 0) &&
        strpbrk(request, "\r\n") == NULL;
    return is_right ? NULL
                    : text_of("'%s' is no request: write a method and a path, 'GET /index.html', "
                              "with HTTP/1.0 behind it if you mean that",
                              request);
}

char *http_status_refuse(const char *status)
{
    bool is_right = strlen(status) == 3 && status[0] >= '1' && status[0] <= '5' &&
                    ((isdigit((unsigned char)status[1]) && isdigit((unsigned char)status[2])) ||
                     strcmp(status + 1, "xx") == 0);
    return is_right ? NULL
                    : text_of("'%s' is no status of HTTP: write a number, '200', or a class, '4xx'",
                              status);
}

/*** What a response must be ***/

struct field {
    char *name;
    struct bytes value;
};

struct answer_http {
    char status[4];
    struct field *fields;
    size_t field_count;
    bool has_body;
    struct bytes body;
    struct patterns body_patterns;
    bool needs_length;

    /* What has come. */
    struct http_response response;
    struct http_content content;
    size_t seen_bytes;
    char *trouble;
};

void http_message_await(struct answers *answers, const char *status,
                        const struct http_message *message, const struct http_setting *setting,
                        bool answers_head)
{
    struct answer_http *http = allocate(1, sizeof *http);
    strncpy(http->status, status, sizeof http->status - 1);
    http->response.answers_head = answers_head;
    http->needs_length = message->length == HTTP_LENGTH_RIGHT;
    http->fields = allocate(message->headers_count + 1, sizeof *http->fields);
    http->field_count = message->headers_count;
    for (unsigned i = 0; i < message->headers_count; i++) {
        http->fields[i].name = text_of("%s", message->headers[i].name);
        append_filled(&http->fields[i].value, message->headers[i].value, &setting->filling);
    }
    http->has_body = make_body(&http->body, message, setting) && !answers_head;
    for (unsigned i = 0; i < message->body_patterns_count; i++)
        patterns_add(&http->body_patterns, message->body_patterns[i], &setting->filling);
    answers_add(answers, &answer_http)->http = http;
}

const char *answer_http_trouble(const struct answer *answer)
{
    return answer->kind == &answer_http ? answer->http->trouble : NULL;
}

static void release(struct answer *answer)
{
    struct answer_http *http = answer->http;
    for (size_t i = 0; i < http->field_count; i++) {
        free(http->fields[i].name);
        bytes_release(&http->fields[i].value);
    }
    free(http->fields);
    bytes_release(&http->body);
    patterns_release(&http->body_patterns);
    http_response_release(&http->response);
    http_content_release(&http->content);
    free(http->trouble);
    free(http);
}

/*** Judging ***/

/* Takes over the sentence. */
static void refuse(struct answer_http *http, char *sentence)
{
    if (http->trouble == NULL)
        http->trouble = sentence;
    else
        free(sentence);
}

static void judge_status(struct answer_http *http)
{
    char status[16];
    snprintf(status, sizeof status, "%u", http->response.status);
    bool is_class = http->status[1] == 'x';
    if (strncmp(status, http->status, is_class ? 1 : 3) != 0)
        refuse(http, text_of(_("its status is %s instead of %s"), status, http->status));
}

/* Parameters that nobody asked for may follow: "text/html; charset=utf-8" is text/html. */
static bool is_value(const char *value, size_t length, const struct bytes *expected)
{
    return length >= expected->length &&
           memcmp(value, bytes_front(expected), expected->length) == 0 &&
           (length == expected->length ||
            (value[expected->length] == ';' &&
             memchr(bytes_front(expected), ';', expected->length) == NULL));
}

static bool has_field(const struct answer_http *http, const struct field *field)
{
    size_t length = 0;
    const char *value = NULL;
    for (size_t i = 0; (value = http_field(&http->content, field->name, i, &length)) != NULL; i++)
        if (is_value(value, length, &field->value))
            return true;
    return false;
}

static void judge_fields(struct answer_http *http)
{
    for (size_t i = 0; i < http->field_count; i++) {
        const struct field *field = &http->fields[i];
        if (has_field(http, field))
            continue;
        size_t length = 0;
        const char *value = http_field(&http->content, field->name, 0, &length);
        char *came = bytes_shown(value != NULL ? value : "", length, SHOWN_BYTES);
        char *wanted = bytes_shown(bytes_front(&field->value), field->value.length, SHOWN_BYTES);
        refuse(http,
               value == NULL
                   ? text_of(_("it has no %s; expected: \"%s\""), field->name, wanted)
                   : text_of(_("its %s is \"%s\" instead of \"%s\""), field->name, came, wanted));
        free(came);
        free(wanted);
    }
    if (http->needs_length && !http->response.has_length)
        refuse(http, text_of(_("it has no Content-Length")));
}

/* Where two texts part. */
static size_t find_difference(const struct bytes *one, const struct bytes *other)
{
    size_t at = 0;
    while (at < one->length && at < other->length && bytes_front(one)[at] == bytes_front(other)[at])
        at++;
    return at;
}

static void judge_body(struct answer_http *http)
{
    const struct bytes *body = &http->content.body;
    size_t at = find_difference(body, &http->body);
    if (http->has_body && (at < http->body.length || at < body->length)) {
        char *came = bytes_shown(bytes_front(body) + at, body->length - at, SHOWN_BYTES / 4);
        char *wanted =
            bytes_shown(bytes_front(&http->body) + at, http->body.length - at, SHOWN_BYTES / 4);
        refuse(http, body->length == http->body.length
                         ? text_of(_("its body has from byte %zu on \"%s\" instead of \"%s\""), at,
                                   came, wanted)
                         : text_of(_("its body has %zu bytes instead of %zu, and from byte %zu on "
                                     "\"%s\" instead of \"%s\""),
                                   body->length, http->body.length, at, came, wanted));
        free(came);
        free(wanted);
    }
    const struct bytes *missing =
        patterns_missing(&http->body_patterns, bytes_front(body), body->length);
    if (missing != NULL) {
        char *wanted = bytes_shown(bytes_front(missing), missing->length, SHOWN_BYTES);
        refuse(http, text_of(_("nothing in its body matches \"%s\""), wanted));
        free(wanted);
    }
}

static void read_more(struct answer_http *http, const struct incoming *incoming)
{
    struct http_response *response = &http->response;
    while (response->progress == HTTP_GOES_ON && http->seen_bytes < incoming->count)
        http->seen_bytes += http_response_take(response, incoming->data + http->seen_bytes,
                                               incoming->count - http->seen_bytes, &http->content);
    if (incoming->has_ended && incoming->count > 0)
        http_response_end(response);
}

static enum taken take_http(struct answer *answer, const struct incoming *incoming, size_t *length)
{
    struct answer_http *http = answer->http;
    read_more(http, incoming);
    *length = http->seen_bytes;
    if (http->response.progress == HTTP_GOES_ON)
        return TAKEN_PART;
    if (http->response.progress == HTTP_IS_WRONG) {
        refuse(http, text_of("%s", _(http->response.trouble)));
        return TAKEN_WRONG;
    }
    judge_status(http);
    judge_fields(http);
    judge_body(http);
    return http->trouble != NULL ? TAKEN_WRONG : TAKEN_WHOLE;
}

static void show_http(const struct answer *answer, struct bytes *text)
{
    bytes_print(text, _("a response with the status %s"), answer->http->status);
}

static size_t count_http(const struct answer *answer)
{
    return strlen("HTTP/1.1 200\r\n\r\n") + answer->http->body.length;
}

static bool is_last(const struct answer *answer)
{
    return answer->http->response.is_last;
}

const struct answer_kind answer_http = {.take = take_http,
                                        .show = show_http,
                                        .least_bytes = count_http,
                                        .is_last = is_last,
                                        .release = release};
