/* Prints what came and never answers.
 *
 * The clients of the course send each message without a newline, so a message is what one receive
 * brought, cut at line ends; nothing is kept back to wait for the end of a line. A client that
 * says the stop word, in any case and with any blanks round it, is disconnected.
 */
#include "servers/protocols/protocol.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool is_stop_word(const char *stop_word, const char *text, size_t length)
{
    while (length > 0 && isspace((unsigned char)*text)) {
        text++;
        length--;
    }
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    return length == strlen(stop_word) && strncasecmp(text, stop_word, length) == 0;
}

static void print_message(struct conversation *conversation, const char *text, size_t length)
{
    if (conversation->options->quiet)
        return;
    char peer[ADDRESS_TEXT_BYTES];
    bytes_print(&conversation->printed, "%s: ", address_text(&conversation->peer, peer));
    bytes_append(&conversation->printed, text, length);
    bytes_append(&conversation->printed, "\n", 1);
}

static enum next sink_received(struct conversation *conversation, const char *data, size_t count)
{
    const char *stop_word = conversation->options->stop_word;
    const char *end = data + count;
    while (data < end) {
        const char *newline = memchr(data, '\n', (size_t)(end - data));
        const char *line_end = newline != NULL ? newline : end;
        size_t length = (size_t)(line_end - data);
        print_message(conversation, data, length);
        if (stop_word != NULL && is_stop_word(stop_word, data, length))
            return NEXT_CLOSE;
        data = newline != NULL ? newline + 1 : end;
    }
    return NEXT_RECEIVE;
}

const struct protocol protocol_sink = {
    .name = "sink",
    .summary = "prints what it receives, never answers, leaves the client at the stop word",
    .needs = PROTOCOL_NAMES_PEER,
    .received = sink_received,
};
