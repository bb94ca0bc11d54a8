/* Theory of operation: a reader with a stage for each part of a response. The end is found by its
 * length, its chunks or the end of the connection. A head that comes in one piece is read where it
 * lies; one in pieces is kept until it is whole. What is read of the fields is what tells where the
 * response ends: all else in the head is for those who look it up later.
 */
#include "text/http_response.h"

#include "base/language.h"

#include <string.h>

#define HEAD_BYTES_MAX 65536
#define LINE_BYTES_MAX 4096 /* of a chunk's size, or a trailer */

#define NOT_HTTP N_("it does not begin with HTTP/1.0 or HTTP/1.1 and a status")
#define NO_CHUNK N_("the size of a chunk is no hexadecimal number")

enum stage {
    STAGE_HEAD,
    STAGE_BODY,       /* left_bytes are to come */
    STAGE_CHUNK_SIZE, /* a line */
    STAGE_CHUNK,      /* left_bytes, with the line end behind them */
    STAGE_TRAILER,    /* lines, up to an empty one */
    STAGE_UNTIL_END,
};

static void refuse(struct http_response *response, const char *trouble)
{
    response->progress = HTTP_IS_WRONG;
    response->trouble = trouble;
}

/* The value of a digit of up to base 16; 16 if it is none. */
static unsigned digit_of(char letter)
{
    if (letter >= '0' && letter <= '9')
        return (unsigned)(letter - '0');
    char small = (char)(letter | 0x20);
    return small >= 'a' && small <= 'f' ? (unsigned)(small - 'a') + 10 : 16;
}

/* Reads a number after blanks, up to something else; UINT64_MAX if there is none or it is too large
 * to be a length. Not strtoull(), which would read on behind the line. */
static uint64_t read_number(const char *text, size_t count, unsigned base)
{
    size_t i = 0;
    while (i < count && (text[i] == ' ' || text[i] == '\t'))
        i++;
    uint64_t number = 0;
    size_t first = i;
    for (; i < count && digit_of(text[i]) < base; i++) {
        if (number > (uint64_t)INT64_MAX / base - 1)
            return UINT64_MAX;
        number = number * base + digit_of(text[i]);
    }
    return i > first ? number : UINT64_MAX;
}

/*** The head ***/

/* What is told by the fields of a head. */
struct fields {
    bool has_length;
    uint64_t length_bytes;
    bool is_chunked;
    bool closes;
    bool keeps_alive;
};

/* Compares without regard to case with a word in small letters, some of which may be a hyphen or a
 * colon. */
static bool begins_with(const char *text, size_t count, const char *word)
{
    for (; *word != '\0'; word++, text++, count--)
        if (count == 0 || (*text | 0x20) != (*word | 0x20))
            return false;
    return true;
}

static bool is_blank(char letter)
{
    return letter == ' ' || letter == '\t' || letter == '\r';
}

/* Is the word one of a list with commas? As a part of another it is none: "X-Closed-By" closes
 * nothing. */
static bool has_word(const char *text, size_t count, const char *word)
{
    const char *const end = text + count;
    size_t length = strlen(word);
    while (text < end) {
        const char *comma = memchr(text, ',', (size_t)(end - text));
        const char *next = comma != NULL ? comma : end;
        const char *last = next;
        while (text < last && is_blank(*text))
            text++;
        while (last > text && is_blank(last[-1]))
            last--;
        if ((size_t)(last - text) == length && begins_with(text, length, word))
            return true;
        text = next + 1;
    }
    return false;
}

/* One length, or the same one several times (RFC 9110, 8.6); UINT64_MAX: it is none. */
static uint64_t read_length(const char *text, size_t count)
{
    const char *const end = text + count;
    uint64_t length = read_number(text, count, 10);
    while ((text = memchr(text, ',', (size_t)(end - text))) != NULL) {
        text++;
        if (read_number(text, (size_t)(end - text), 10) != length)
            return UINT64_MAX;
    }
    return length;
}

static void read_field(struct fields *fields, const char *line, size_t count)
{
    switch (line[0] | 0x20) { /* in small letters */
    case 'c':
        if (begins_with(line, count, "content-length:")) {
            uint64_t length_bytes = read_length(line + 15, count - 15);
            bool is_other = fields->has_length && length_bytes != fields->length_bytes;
            fields->has_length = true;
            fields->length_bytes = is_other ? UINT64_MAX : length_bytes;
        } else if (begins_with(line, count, "connection:")) {
            fields->closes |= has_word(line + 11, count - 11, "close");
            fields->keeps_alive |= has_word(line + 11, count - 11, "keep-alive");
        }
        break;
    case 't':
        if (begins_with(line, count, "transfer-encoding:"))
            fields->is_chunked = has_word(line + 18, count - 18, "chunked");
        break;
    default:
        break;
    }
}

/* Reads "HTTP/1.x NNN"; 0 if it is not that. */
static unsigned read_status(const char *head, size_t count)
{
    if (count < 12 || memcmp(head, "HTTP/1.", 7) != 0 || head[8] != ' ')
        return 0;
    uint64_t status = read_number(head + 9, 3, 10);
    return status >= 100 && status <= 999 ? (unsigned)status : 0;
}

static void begin_body(struct http_response *response, const struct fields *fields)
{
    bool has_none = response->answers_head || response->status == 204 || response->status == 304;
    response->stage = STAGE_BODY;
    response->left_bytes = has_none ? 0 : fields->length_bytes;
    if (has_none || (fields->has_length && !fields->is_chunked)) {
        if (response->left_bytes == 0)
            response->progress = HTTP_IS_WHOLE;
    } else if (fields->is_chunked) {
        response->stage = STAGE_CHUNK_SIZE;
    } else {
        response->stage = STAGE_UNTIL_END;
        response->lasts_until_end = true;
        response->is_last = true;
    }
}

/* A head with the empty line at its end. */
static void read_head(struct http_response *response, const char *head, size_t count,
                      struct http_content *content)
{
    struct fields fields = {0};
    response->status = read_status(head, count);
    if (response->status == 0 || count > HEAD_BYTES_MAX) {
        refuse(response, response->status == 0 ? NOT_HTTP : N_("its head has more than 64 KiB"));
        return;
    }
    for (const char *line = head, *end = NULL; line < head + count; line = end + 1) {
        end = memchr(line, '\n', (size_t)(head + count - line));
        read_field(&fields, line, (size_t)(end - line));
    }
    if (fields.has_length && fields.length_bytes == UINT64_MAX) {
        refuse(response, N_("its Content-Length is no length, or there are two"));
        return;
    }
    if (response->status < 200) /* only says that the response is under way */
        return;
    response->has_length = fields.has_length;
    response->length_bytes = fields.length_bytes;
    if (content != NULL)
        bytes_append(&content->head, head, count);
    bool is_old = head[7] == '0';
    response->is_last = fields.closes || (is_old && !fields.keeps_alive);
    begin_body(response, &fields);
}

/* Where the head ends in `data`: behind an empty line, whose carriage return may be missing (RFC
 * 9112, 2.2). NULL: not yet. */
static const char *end_of_head(const char *data, size_t count)
{
    const char *const end = data + count;
    for (const char *line = data; (line = memchr(line, '\n', (size_t)(end - line))) != NULL;) {
        line++;
        if (line < end && *line == '\n')
            return line + 1;
        if (line + 1 < end && line[0] == '\r' && line[1] == '\n')
            return line + 2;
    }
    return NULL;
}

static size_t take_head(struct http_response *response, const char *data, size_t count,
                        struct http_content *content)
{
    struct bytes *kept = &response->kept;
    const char *end = kept->length == 0 ? end_of_head(data, count) : NULL;
    if (end != NULL) {
        read_head(response, data, (size_t)(end - data), content);
        return (size_t)(end - data);
    }
    size_t before = kept->length;
    bytes_append(kept, data, count);
    end = end_of_head(bytes_front(kept), kept->length);
    if (end == NULL) {
        if (kept->length > HEAD_BYTES_MAX ||
            (kept->length >= 5 && memcmp(bytes_front(kept), "HTTP/", 5) != 0))
            refuse(response, NOT_HTTP);
        return count;
    }
    size_t length = (size_t)(end - bytes_front(kept));
    read_head(response, bytes_front(kept), length, content);
    bytes_consume(kept, kept->length);
    return length - before;
}

/*** The body ***/

/* Behind a chunk there is a line end, which is no part of the body. */
static void end_chunk(struct http_response *response, struct http_content *content)
{
    struct bytes *body = content != NULL ? &content->body : NULL;
    response->stage = STAGE_CHUNK_SIZE;
    if (body == NULL)
        return;
    if (memcmp(bytes_front(body) + body->length - 2, "\r\n", 2) != 0)
        refuse(response, N_("a chunk is longer or shorter than its size says"));
    body->length -= 2;
}

static size_t take_counted(struct http_response *response, const char *data, size_t count,
                           struct http_content *content)
{
    size_t taken = response->left_bytes < count ? (size_t)response->left_bytes : count;
    response->left_bytes -= taken;
    if (content != NULL)
        bytes_append(&content->body, data, taken);
    if (response->left_bytes > 0)
        return taken;
    if (response->stage == STAGE_BODY)
        response->progress = HTTP_IS_WHOLE;
    else
        end_chunk(response, content);
    return taken;
}

static void read_line(struct http_response *response, const char *line, size_t count)
{
    if (response->stage == STAGE_TRAILER) {
        if (count <= 1) /* the carriage return */
            response->progress = HTTP_IS_WHOLE;
        return;
    }
    uint64_t size_bytes = read_number(line, count, 16);
    if (size_bytes == UINT64_MAX) {
        refuse(response, NO_CHUNK);
        return;
    }
    response->stage = size_bytes == 0 ? STAGE_TRAILER : STAGE_CHUNK;
    response->left_bytes = size_bytes + 2;
}

static size_t take_line(struct http_response *response, const char *data, size_t count)
{
    const char *end = memchr(data, '\n', count);
    size_t taken = end != NULL ? (size_t)(end - data) + 1 : count;
    bytes_append(&response->kept, data, taken);
    size_t length = response->kept.length - (end != NULL);
    if (length > LINE_BYTES_MAX) {
        refuse(response, NO_CHUNK); /* whether its end has come or not */
    } else if (end != NULL) {
        read_line(response, bytes_front(&response->kept), length);
        bytes_consume(&response->kept, response->kept.length);
    }
    return taken;
}

size_t http_response_take(struct http_response *response, const char *data, size_t count,
                          struct http_content *content)
{
    switch (response->stage) {
    case STAGE_HEAD:
        return take_head(response, data, count, content);
    case STAGE_BODY:
    case STAGE_CHUNK:
        return take_counted(response, data, count, content);
    case STAGE_CHUNK_SIZE:
    case STAGE_TRAILER:
        return take_line(response, data, count);
    case STAGE_UNTIL_END:
    default:
        if (content != NULL)
            bytes_append(&content->body, data, count);
        return count;
    }
}

void http_response_end(struct http_response *response)
{
    if (response->progress != HTTP_GOES_ON)
        return;
    if (response->stage == STAGE_UNTIL_END)
        response->progress = HTTP_IS_WHOLE;
    else
        refuse(response, response->stage == STAGE_HEAD
                             ? N_("the connection ended before its head was whole")
                             : N_("the connection ended before its body was whole"));
}

void http_response_reset(struct http_response *response)
{
    bytes_consume(&response->kept, response->kept.length);
    *response = (struct http_response){.kept = response->kept};
}

void http_response_release(struct http_response *response)
{
    bytes_release(&response->kept);
}

void http_content_release(struct http_content *content)
{
    bytes_release(&content->head);
    bytes_release(&content->body);
}

/*** Fields ***/

/* The value in a line of the head, if it is that of `name`. */
static const char *value_in(const char *line, size_t count, const char *name, size_t *length)
{
    size_t name_length = strlen(name);
    if (count <= name_length || line[name_length] != ':' ||
        strncasecmp(line, name, name_length) != 0)
        return NULL;
    const char *value = line + name_length + 1;
    const char *end = line + count;
    while (value < end && is_blank(*value))
        value++;
    while (end > value && is_blank(end[-1]))
        end--;
    *length = (size_t)(end - value);
    return value;
}

const char *http_field(const struct http_content *content, const char *name, size_t number,
                       size_t *length)
{
    const char *line = bytes_front(&content->head);
    const char *const end = line + content->head.length;
    for (const char *line_end = NULL; line < end; line = line_end + 1) {
        line_end = memchr(line, '\n', (size_t)(end - line));
        if (line_end == NULL)
            return NULL;
        const char *value = value_in(line, (size_t)(line_end - line), name, length);
        if (value != NULL && number-- == 0)
            return value;
    }
    return NULL;
}
