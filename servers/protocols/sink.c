/* Prints what came and never answers. A client that says the stop word, in any case and with any
 * blanks round it, is disconnected.
 */
#include "servers/protocols/lines.h"
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

static enum next print(struct conversation *conversation, const struct message *message)
{
    const char *stop_word = conversation->options->stop_word;
    print_message(conversation, message->text, message->length);
    bool is_over = stop_word != NULL && is_stop_word(stop_word, message->text, message->length);
    return is_over ? NEXT_CLOSE : NEXT_RECEIVE;
}

static enum next sink_received(struct conversation *conversation, const char *data, size_t count)
{
    return lines_received(conversation, data, count, print, "line too long");
}

const struct protocol protocol_sink = {
    .name = "sink",
    .summary = "prints what it receives, never answers, leaves the client at the stop word",
    .needs = PROTOCOL_NAMES_PEER,
    .state_size = sizeof(struct lines),
    .received = sink_received,
    .end = lines_end,
};
