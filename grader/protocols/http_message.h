/* Messages of HTTP as assignments write them: requests as they are sent, and what a response must
 * be. */
#ifndef GRADER_PROTOCOLS_HTTP_MESSAGE_H
#define GRADER_PROTOCOLS_HTTP_MESSAGE_H

#include "grader/protocols/filling.h"

#include <stdbool.h>

struct answer;
struct answer_kind;
struct answers;

enum http_length { HTTP_LENGTH_ANY, HTTP_LENGTH_RIGHT };

struct http_header {
    char *name;
    char *value;
};

/* A request, or what a response must be, as it stands in the file; each NULL where it is not
 * there. */
struct http_message {
    struct http_header *headers;
    unsigned headers_count;
    char *body;
    char *body_file; /* of the assignment, whose contents the body is */
    char **body_patterns;
    unsigned body_patterns_count;
    enum http_length length; /* must a Content-Length be there? */
};

/* What is around a message. */
struct http_setting {
    struct filling filling;
    const char *host;   /* of the server, "127.0.0.1:8000" */
    const char *folder; /* with the files of the assignment, as proctor keeps them; or NULL */
};

/* Appends the request "GET /x" or "GET /x HTTP/1.0", with Host and Content-Length where they are
 * missing. */
void http_message_write(struct bytes *out, const char *request, const struct http_message *message,
                        const struct http_setting *setting);

/* Adds the answer: a response with the status "200" or "4xx". `answers_head`: to a HEAD request. */
void http_message_await(struct answers *answers, const char *status,
                        const struct http_message *message, const struct http_setting *setting,
                        bool answers_head);

bool http_request_is_head(const char *request);

extern const struct answer_kind answer_http;

/* What is wrong with the response that came, translated; NULL: nothing, or nothing came, or the
 * answer is none of HTTP. */
const char *answer_http_trouble(const struct answer *answer);

/* A sentence that says what is wrong with a request or a status, to be freed, or NULL. */
char *http_request_refuse(const char *request);
char *http_status_refuse(const char *status);

#endif
