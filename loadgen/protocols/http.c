/* HTTP/1.1 GET on connections that stay open, as far as RFC 9112 lets a client that reads no body:
 * the end of a reply is found by its length, its chunks or the end of the connection; what is in
 * the body is of no interest. A server that says that it will close after a reply is connected to
 * anew.
 */
#include "loadgen/protocols/dialogue.h"

#include "loadgen/plan/plan.h"

#include <string.h>

#define HEAD_BYTES_MAX 65536
#define LINE_BYTES_MAX 4096 /* of a chunk's size, or a trailer */

enum stage {
    STAGE_HEAD,
    STAGE_BODY,       /* left_bytes are to come */
    STAGE_CHUNK_SIZE, /* a line */
    STAGE_CHUNK,      /* left_bytes, with the line end behind them */
    STAGE_TRAILER,    /* lines, up to an empty one */
    STAGE_UNTIL_END,
};

static void prepare(struct dialogue *dialogue, const struct load_plan *plan)
{
    char host[ADDRESS_TEXT_BYTES];
    bytes_print(&dialogue->request, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", plan->path,
                address_text(&plan->address, host));
    dialogue->request_bytes = dialogue->request.length;
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
            fields->has_length = true;
            fields->length_bytes = read_length(line + 15, count - 15);
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

static void begin_body(struct reply *reply, const struct fields *fields)
{
    bool has_none = reply->status == 204 || reply->status == 304;
    reply->stage = STAGE_BODY;
    reply->left_bytes = has_none ? 0 : fields->length_bytes;
    if (has_none || (fields->has_length && !fields->is_chunked)) {
        if (reply->left_bytes == 0)
            reply->progress = REPLY_IS_WHOLE;
    } else if (fields->is_chunked) {
        reply->stage = STAGE_CHUNK_SIZE;
    } else {
        reply->stage = STAGE_UNTIL_END;
        reply->lasts_until_end = true;
        reply->is_last = true;
    }
}

/* A head with the empty line at its end. */
static void read_head(struct reply *reply, const char *head, size_t count)
{
    struct fields fields = {0};
    reply->status = read_status(head, count);
    if (reply->status == 0 || count > HEAD_BYTES_MAX) {
        reply_is_wrong(reply, CAUSE_NOT_HTTP);
        return;
    }
    for (const char *line = head, *end = NULL; line < head + count; line = end + 1) {
        end = memchr(line, '\n', (size_t)(head + count - line));
        read_field(&fields, line, (size_t)(end - line));
    }
    if (fields.has_length && fields.length_bytes == UINT64_MAX) {
        reply_is_wrong(reply, CAUSE_NOT_HTTP);
        return;
    }
    if (reply->status < 200) /* only says that the reply is under way */
        return;
    bool is_old = head[7] == '0';
    reply->is_last = fields.closes || (is_old && !fields.keeps_alive);
    begin_body(reply, &fields);
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

static size_t take_head(struct reply *reply, const char *data, size_t count)
{
    struct bytes *kept = &reply->kept;
    const char *end = kept->length == 0 ? end_of_head(data, count) : NULL;
    if (end != NULL) {
        read_head(reply, data, (size_t)(end - data));
        return (size_t)(end - data);
    }
    size_t before = kept->length;
    bytes_append(kept, data, count);
    end = end_of_head(bytes_front(kept), kept->length);
    if (end == NULL) {
        if (kept->length > HEAD_BYTES_MAX ||
            (kept->length >= 5 && memcmp(bytes_front(kept), "HTTP/", 5) != 0))
            reply_is_wrong(reply, CAUSE_NOT_HTTP);
        return count;
    }
    size_t length = (size_t)(end - bytes_front(kept));
    read_head(reply, bytes_front(kept), length);
    bytes_consume(kept, kept->length);
    return length - before;
}

/*** The body ***/

static size_t take_counted(struct reply *reply, size_t count)
{
    size_t taken = reply->left_bytes < count ? (size_t)reply->left_bytes : count;
    reply->left_bytes -= taken;
    if (reply->left_bytes > 0)
        return taken;
    if (reply->stage == STAGE_BODY)
        reply->progress = REPLY_IS_WHOLE;
    else
        reply->stage = STAGE_CHUNK_SIZE;
    return taken;
}

static void read_line(struct reply *reply, const char *line, size_t count)
{
    if (reply->stage == STAGE_TRAILER) {
        if (count <= 1) /* the carriage return */
            reply->progress = REPLY_IS_WHOLE;
        return;
    }
    uint64_t size_bytes = read_number(line, count, 16);
    if (size_bytes == UINT64_MAX) {
        reply_is_wrong(reply, CAUSE_NOT_HTTP);
        return;
    }
    reply->stage = size_bytes == 0 ? STAGE_TRAILER : STAGE_CHUNK;
    reply->left_bytes = size_bytes + 2;
}

static size_t take_line(struct reply *reply, const char *data, size_t count)
{
    const char *end = memchr(data, '\n', count);
    size_t taken = end != NULL ? (size_t)(end - data) + 1 : count;
    bytes_append(&reply->kept, data, taken);
    size_t length = reply->kept.length - (end != NULL);
    if (length > LINE_BYTES_MAX) {
        reply_is_wrong(reply, CAUSE_NOT_HTTP); /* whether its end has come or not */
    } else if (end != NULL) {
        read_line(reply, bytes_front(&reply->kept), length);
        bytes_consume(&reply->kept, reply->kept.length);
    }
    return taken;
}

static size_t take(const struct dialogue *dialogue, struct request request, struct reply *reply,
                   const char *data, size_t count)
{
    (void)dialogue, (void)request;
    switch (reply->stage) {
    case STAGE_HEAD:
        return take_head(reply, data, count);
    case STAGE_BODY:
    case STAGE_CHUNK:
        return take_counted(reply, count);
    case STAGE_CHUNK_SIZE:
    case STAGE_TRAILER:
        return take_line(reply, data, count);
    case STAGE_UNTIL_END:
    default:
        return count;
    }
}

const struct load_protocol load_protocol_http = {
    .name = "http",
    .summary = "GET --path over HTTP/1.1, connections kept",
    .is_resumable = true,
    .prepare = prepare,
    .write = dialogue_write_same,
    .take = take,
};
