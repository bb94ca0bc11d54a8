/* HTTP/1.1 and 1.0, as much as a load generator needs: every GET gets one small page.
 *
 * Connections are kept alive and requests may be pipelined. A head that is not what RFC 9112 allows
 * is answered with 400, one of more than HEAD_BYTES_MAX with 431, and is the last, because where
 * the next request begins is unknown. Bodies are not read, so the answer to a request with a body
 * is the last, too. Answers have no Date, because a protocol has no clock.
 */
#include "servers/protocols/protocol.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define HEAD_BYTES_MAX 8192

#define PAGE "hello, world\n"

struct head {
    bool is_head_only; /* HEAD: the page itself is not wanted */
    bool is_version_1_0;
    bool asks_to_keep;
    bool asks_to_close;
    bool has_body;
    unsigned hosts;
};

/* A piece of the request, not ended by a NUL. */
struct span {
    const char *text;
    size_t length;
};

static bool is_text(struct span span, const char *text)
{
    return span.length == strlen(text) && strncasecmp(span.text, text, span.length) == 0;
}

static bool is_exactly(struct span span, const char *text)
{
    return span.length == strlen(text) && memcmp(span.text, text, span.length) == 0;
}

/* Is it not empty, and `is_kind`, of <ctype.h>, true of every letter? */
static bool is_all(struct span span, int (*is_kind)(int))
{
    for (size_t i = 0; i < span.length; i++)
        if (!is_kind((unsigned char)span.text[i]))
            return false;
    return span.length > 0;
}

/* Nothing but letters, digits and these marks? */
static bool is_made_of(struct span span, const char *marks)
{
    for (size_t i = 0; i < span.length; i++) {
        char letter = span.text[i];
        bool is_mark = letter != '\0' && strchr(marks, letter) != NULL;
        if (!is_mark && !isalnum((unsigned char)letter))
            return false;
    }
    return true;
}

/* Takes what is before `delimiter` off the front; false if `delimiter` is missing. */
static bool take_until(struct span *rest, char delimiter, struct span *taken)
{
    const char *end = memchr(rest->text, delimiter, rest->length);
    if (end == NULL)
        return false;
    *taken = (struct span){rest->text, (size_t)(end - rest->text)};
    rest->text += taken->length + 1;
    rest->length -= taken->length + 1;
    return true;
}

static bool take_line(struct span *rest, struct span *line)
{
    bool found = take_until(rest, '\n', line);
    if (found && line->length > 0 && line->text[line->length - 1] == '\r')
        line->length--;
    return found;
}

/* Not strchr(" \t", letter), which finds a NUL, too: it would be cut off instead of refused. */
static bool is_blank(char letter)
{
    return letter == ' ' || letter == '\t';
}

static struct span trimmed(struct span span)
{
    while (span.length > 0 && is_blank(*span.text)) {
        span.text++;
        span.length--;
    }
    while (span.length > 0 && is_blank(span.text[span.length - 1]))
        span.length--;
    return span;
}

/* A token as of RFC 9110, section 5.6.2. */
static bool is_token(struct span span)
{
    return span.length > 0 && is_made_of(span, "!#$%&'*+-.^_`|~");
}

/* A path, or a whole address as it is sent to a proxy. */
static bool is_target(struct span span)
{
    return span.text[0] == '/' ||
           (span.length > strlen("http://") && strncasecmp(span.text, "http://", 7) == 0);
}

static bool is_known_method(struct span method)
{
    static const char *const methods[] = {"POST",    "PUT",   "DELETE", "CONNECT",
                                          "OPTIONS", "TRACE", "PATCH"};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (is_exactly(method, methods[i]))
            return true;
    return false;
}

/* A name or an address and perhaps a port; empty where the target has no authority. */
static bool is_host(struct span span)
{
    return is_made_of(span, "-._~%!$&'()*+,;=:[]");
}

/* All of these return NULL, or the status to refuse the request with. */
static const char *read_request_line(struct head *head, struct span line)
{
    struct span method;
    struct span target;
    if (!take_until(&line, ' ', &method) || !take_until(&line, ' ', &target) || !is_token(method) ||
        !is_all(target, isgraph) || line.length != strlen("HTTP/1.1") ||
        memcmp(line.text, "HTTP/", 5) != 0 || !isdigit((unsigned char)line.text[5]) ||
        line.text[6] != '.' || !isdigit((unsigned char)line.text[7]))
        return "400 Bad Request";
    if (line.text[5] != '1')
        return "505 HTTP Version Not Supported";
    head->is_version_1_0 = line.text[7] == '0';
    head->is_head_only = is_exactly(method, "HEAD");
    if (head->is_head_only || is_exactly(method, "GET"))
        return is_target(target) ? NULL : "400 Bad Request";
    return is_known_method(method) ? "405 Method Not Allowed" : "501 Not Implemented";
}

static void read_connection(struct head *head, struct span value)
{
    struct span option;
    while (value.length > 0) {
        if (!take_until(&value, ',', &option)) {
            option = value;
            value.length = 0;
        }
        if (is_text(trimmed(option), "close"))
            head->asks_to_close = true;
        if (is_text(trimmed(option), "keep-alive"))
            head->asks_to_keep = true;
    }
}

static const char *read_length(struct head *head, struct span value)
{
    head->has_body |= !is_text(value, "0");
    return is_all(value, isdigit) ? NULL : "400 Bad Request";
}

static const char *read_field(struct head *head, struct span line)
{
    struct span name;
    if (!take_until(&line, ':', &name) || !is_token(name))
        return "400 Bad Request";
    struct span value = trimmed(line);
    for (size_t i = 0; i < value.length; i++)
        if (iscntrl((unsigned char)value.text[i]) && value.text[i] != '\t')
            return "400 Bad Request";
    if (is_text(name, "Host"))
        head->hosts += is_host(value) ? 1 : 2; /* more than one is one too many */
    else if (is_text(name, "Connection"))
        read_connection(head, value);
    else if (is_text(name, "Content-Length"))
        return read_length(head, value);
    else if (is_text(name, "Transfer-Encoding"))
        head->has_body = true;
    return NULL;
}

static const char *read_head(struct head *head, struct span rest)
{
    struct span line = {"", 0};
    if (rest.length > HEAD_BYTES_MAX)
        return "431 Request Header Fields Too Large";
    while (take_line(&rest, &line) && line.length == 0)
        continue; /* empty lines before the request are passed over */
    const char *status = read_request_line(head, line);
    while (status == NULL && take_line(&rest, &line) && line.length > 0)
        status = read_field(head, line);
    if (status == NULL && (head->hosts > 1 || (head->hosts == 0 && !head->is_version_1_0)))
        status = "400 Bad Request";
    return status;
}

static enum next refuse(struct conversation *conversation, const char *status, bool is_head_only)
{
    bool is_method = strncmp(status, "405", 3) == 0;
    bytes_print(&conversation->reply,
                "HTTP/1.1 %s\r\n%sConnection: close\r\nContent-Type: text/plain\r\n"
                "Content-Length: %zu\r\n\r\n",
                status, is_method ? "Allow: GET, HEAD\r\n" : "", strlen(status) + 1);
    if (!is_head_only)
        bytes_print(&conversation->reply, "%s\n", status);
    return NEXT_SEE_OFF;
}

static enum next answer(struct conversation *conversation, struct span text)
{
    static const char kept[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                               "Content-Length: 13\r\n\r\n" PAGE;
    _Static_assert(sizeof PAGE - 1 == 13, "the length that the head names");
    struct head head = {0};
    const char *status = read_head(&head, text);
    if (status != NULL)
        return refuse(conversation, status, head.is_head_only);
    bool goes_on =
        (head.asks_to_keep || !head.is_version_1_0) && !head.asks_to_close && !head.has_body;
    if (goes_on && !head.is_head_only && !head.is_version_1_0) {
        bytes_append(&conversation->reply, kept, sizeof kept - 1);
        return NEXT_RECEIVE;
    }
    bytes_print(&conversation->reply,
                "HTTP/1.1 200 OK\r\nConnection: %s\r\nContent-Type: text/plain\r\n"
                "Content-Length: %zu\r\n\r\n%s",
                goes_on ? "keep-alive" : "close", sizeof PAGE - 1, head.is_head_only ? "" : PAGE);
    return goes_on ? NEXT_RECEIVE : NEXT_SEE_OFF; /* as of RFC 9112, section 9.6 */
}

/* The length of the head at the front, with the empty line that ends it; 0 if it is not whole. */
static size_t head_length(struct span span)
{
    struct span rest = span;
    struct span line;
    bool has_request = false;
    while (take_line(&rest, &line)) {
        if (line.length == 0 && has_request)
            return (size_t)(rest.text - span.text);
        has_request |= line.length > 0;
    }
    return 0;
}

static enum next http_received(struct conversation *conversation, const char *data, size_t count)
{
    struct bytes *unread = conversation->state;
    bool had_some = unread->length > 0;
    if (had_some)
        bytes_append(unread, data, count);
    struct span rest =
        had_some ? (struct span){bytes_front(unread), unread->length} : (struct span){data, count};
    size_t length = rest.length;
    enum next next = NEXT_RECEIVE;
    size_t head = 0;
    while (next == NEXT_RECEIVE && rest.length > 0 && (head = head_length(rest)) > 0) {
        next = answer(conversation, (struct span){rest.text, head});
        rest.text += head;
        rest.length -= head;
    }
    if (next == NEXT_RECEIVE && rest.length > HEAD_BYTES_MAX)
        next = refuse(conversation, "431 Request Header Fields Too Large", false);
    if (had_some)
        bytes_consume(unread, length - rest.length);
    else
        bytes_append(unread, rest.text, rest.length);
    return next;
}

static void http_end(struct conversation *conversation)
{
    bytes_release(conversation->state);
}

const struct protocol protocol_http = {
    .name = "http",
    .summary = "answers every GET with one small page, keeps connections alive",
    .state_size = sizeof(struct bytes),
    .received = http_received,
    .end = http_end,
};
