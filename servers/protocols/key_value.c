/* Keeps values by their keys, the same for all clients.
 *
 *   set KEY VALUE   OK; VALUE is all that follows the blank, and may have blanks
 *   get KEY         VALUE and the value, or NONE
 *   del KEY         OK, or NONE
 *   count           COUNT and the number of keys
 *
 * Anything else, a key or a value that is too long or cannot be kept, and a full store are answered
 * with ERROR and why. servers/protocols/store.h says what is kept where.
 */
#include "servers/protocols/lines.h"
#include "servers/protocols/protocol.h"
#include "servers/protocols/store.h"

#include <errno.h>
#include <string.h>

/* Takes the word up to the next blank off the front. */
static struct store_text take_word(struct store_text *rest)
{
    const char *blank = rest->length > 0 ? memchr(rest->text, ' ', rest->length) : NULL;
    struct store_text word = *rest;
    if (blank != NULL)
        word.length = (size_t)(blank - rest->text);
    size_t taken = word.length + (blank != NULL);
    rest->text += taken;
    rest->length -= taken;
    return word;
}

static bool is(struct store_text word, const char *text)
{
    return word.length == strlen(text) && memcmp(word.text, text, word.length) == 0;
}

static const char *outcome_of(int error)
{
    switch (error) {
    case 0:
        return "OK";
    case -ENOENT:
        return "NONE";
    case -ENOSPC:
        return "ERROR no room for another key";
    case -EMSGSIZE:
        return "ERROR too long";
    case -EINVAL:
        return "ERROR this cannot be kept";
    default:
        return "ERROR it cannot be written down";
    }
}

/* Appends the outcome of `message`, without an ending. */
static void obey(struct store *store, const struct message *message, struct bytes *reply)
{
    struct store_text rest = {message->text, message->length};
    struct store_text command = take_word(&rest);
    struct store_text key = take_word(&rest);
    const char *outcome = "ERROR say set KEY VALUE, get KEY, del KEY or count";
    size_t before = reply->length;
    if (is(command, "get") && key.length > 0 && rest.length == 0) {
        bytes_print(reply, "VALUE ");
        if (store_get(store, key, reply) == 0)
            return;
        reply->length = before;
        outcome = outcome_of(-ENOENT);
    } else if (is(command, "set") && key.length > 0 && key.text + key.length < rest.text) {
        outcome = outcome_of(store_set(store, key, rest));
    } else if (is(command, "del") && key.length > 0 && rest.length == 0) {
        outcome = outcome_of(store_delete(store, key));
    } else if (is(command, "count") && key.length == 0) {
        bytes_print(reply, "COUNT %zu", store_count(store));
        return;
    }
    bytes_print(reply, "%s", outcome);
}

static enum next reply(struct conversation *conversation, const struct message *message)
{
    size_t begin = reply_begin(conversation);
    obey(conversation->options->store, message, &conversation->reply);
    bytes_append(&conversation->reply, message->ending, strlen(message->ending));
    reply_end(conversation, begin);
    return NEXT_RECEIVE;
}

static enum next key_value_received(struct conversation *conversation, const char *data,
                                    size_t count)
{
    return lines_received(conversation, data, count, reply, "ERROR too long");
}

const struct protocol protocol_key_value = {
    .name = "key-value",
    .summary = "keeps values by their keys: set, get, del, count; in --store, if there is one",
    .needs = PROTOCOL_KEEPS_VALUES,
    .state_size = sizeof(struct lines),
    .received = key_value_received,
    .end = lines_end,
};
