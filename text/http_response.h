/* Where a response of HTTP/1 ends, and what is in it: its status, its fields, its body (RFC 9112).
 *
 * The load generator asks only where it ends, the grader for all of it; so there is one reader of
 * what servers send. It takes bytes in any pieces, has no socket and no clock, and copies nothing
 * where whole heads come in one piece and nobody wants the contents.
 */
#ifndef TEXT_HTTP_RESPONSE_H
#define TEXT_HTTP_RESPONSE_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum http_progress { HTTP_GOES_ON, HTTP_IS_WHOLE, HTTP_IS_WRONG };

/* A response that is being received. All zero: none of it has come. */
struct http_response {
    enum http_progress progress;
    const char *trouble;  /* of a wrong one: what is wrong with it, a constant in English */
    unsigned status;      /* 0: the head has not come */
    bool answers_head;    /* set by the caller: to a HEAD request, so that there is no body */
    bool is_last;         /* the server closes the connection after it */
    bool lasts_until_end; /* it has no other end than that of the connection */
    bool has_length;      /* it has a Content-Length, of so many bytes: */
    uint64_t length_bytes;
    unsigned char stage; /* of the reader, as what follows */
    uint64_t left_bytes;
    struct bytes kept;
};

/* What was in it, for those who want it. Released by the caller. */
struct http_content {
    struct bytes head; /* its lines, with the empty one at their end; not those of 1xx before it */
    struct bytes body; /* without the marks of chunks */
};

/* Takes the next bytes, none beyond the response's end; how many. `content` may be NULL. */
size_t http_response_take(struct http_response *response, const char *data, size_t count,
                          struct http_content *content);

/* The connection has ended: that is the end of a response that lasts until then, and one that is
 * not whole otherwise is wrong. */
void http_response_end(struct http_response *response);

/* Makes it the next one, without giving memory back. */
void http_response_reset(struct http_response *response);
void http_response_release(struct http_response *response);
void http_content_release(struct http_content *content);

/* The `number`th field of this name in the head, from 0, whatever its case: its value without
 * blanks around it, and its length. NULL: there is none. */
const char *http_field(const struct http_content *content, const char *name, size_t number,
                       size_t *length);

#endif
