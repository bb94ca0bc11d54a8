/* Messages to a server of lines: by the first byte one of prefix, echo, sink, login and command, in
 * pieces of as many bytes as the second one says. What it says and prints is bounded by what it was
 * told. */
#include "tests/fuzz/fuzz.h"

#include "base/memory.h"
#include "servers/protocols/protocol.h"
#include "servers/protocols/users.h"

#include <stdlib.h>
#include <string.h>

static const struct protocol *const protocols_of_lines[] = {
    &protocol_prefix, &protocol_echo, &protocol_sink, &protocol_login, &protocol_command,
};

#define PROTOCOLS (sizeof protocols_of_lines / sizeof protocols_of_lines[0])

static size_t count_clients(const struct service *service)
{
    (void)service;
    return 2;
}

static enum next hear(const struct protocol *protocol, struct conversation *conversation,
                      const uint8_t *data, size_t count)
{
    char *exact = allocate(count, 1); /* so that a sanitizer sees whoever reads on */
    memcpy(exact, data, count);
    enum next next = protocol->received(conversation, exact, count);
    free(exact);
    while (next == NEXT_ATTACH) /* it was sent: what else is there? */
        next = protocol->received(conversation, NULL, 0);
    return next;
}

static void say(const struct protocol *protocol, struct conversation *conversation,
                const uint8_t *data, size_t size, size_t piece)
{
    enum next next = NEXT_RECEIVE;
    for (size_t at = 0; at < size && next == NEXT_RECEIVE; at += piece) {
        size_t count = size - at < piece ? size - at : piece;
        conversation->goes_on = data[at] & 1;
        next = hear(protocol, conversation, data + at, count);
    }
    conversation->at_end = true;
    if (next == NEXT_RECEIVE)
        hear(protocol, conversation, data, 0);
    /* Each byte may be a message, and each message cost a prefix, a sentence or an address. */
    fuzz_expect(conversation->reply.length + conversation->printed.length <= 128 * (size + 1),
                "nothing is said that nobody asked for");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *complaint = NULL;
    char file[] = "anna:right\nben:a:b\n";
    struct users *users = users_parse(strdup(file), strlen(file), "users", &complaint);
    const struct protocol_options options = {
        .stop_word = "stop", .prefix = "> ", .users = users, .allow_remote_commands = true};
    const struct protocol *protocol = protocols_of_lines[size > 1 ? data[0] % PROTOCOLS : 0];
    struct conversation conversation = {
        .options = &options,
        .state = allocate(1, protocol->state_size + 1),
        .count_clients = count_clients,
    };
    if (size > 1)
        say(protocol, &conversation, data + 2, size - 2, data[1] + 1U);
    if (protocol->end != NULL)
        protocol->end(&conversation);
    bytes_release(&conversation.reply);
    bytes_release(&conversation.printed);
    bytes_release(&conversation.attachment.name);
    free(conversation.state);
    users_free(users);
    return 0;
}
