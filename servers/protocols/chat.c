/* Hands on what clients say to each other, by their names.
 *
 *   HELLO-FROM NAME   first: HELLO NAME, or IN-USE, or BUSY if the room is full
 *   SEND NAME TEXT    SEND-OK, and its listener gets DELIVERY SPEAKER TEXT; BAD-DEST-USER if there
 *                     is none, BUSY if it has too much to hear already
 *   LIST              LIST-OK and the names of all
 *   anything else     BAD-RQST-HDR, and BAD-RQST-BODY if it begins right
 *
 * The words are those of a common assignment; docs/servers.md says all about them. Each message and
 * each answer is a line. Who speaks to itself hears it after its SEND-OK. A client that has ended
 * its side is no longer in the room, and gets what it has to hear before it is left.
 */
#include "servers/protocols/lines.h"
#include "servers/protocols/protocol.h"
#include "servers/protocols/room.h"

#include <errno.h>
#include <string.h>

struct chat {
    struct lines lines; /* first, as lines_received() wants it */
    bool is_in;
    int place;
    struct room_name name; /* in `name_text`, once it is in */
    char name_text[ROOM_NAME_MAX];
};

static struct room *room_of(const struct conversation *conversation)
{
    return conversation->options->room;
}

/*** Words ***/

/* Takes the first word of a message from its front, with the blank behind it, which may be the end.
 */
static struct room_name take_word(struct message *rest)
{
    const char *blank = memchr(rest->text, ' ', rest->length);
    struct room_name word = {rest->text,
                             blank != NULL ? (size_t)(blank - rest->text) : rest->length};
    size_t taken = word.length + (blank != NULL);
    rest->text += taken;
    rest->length -= taken;
    return word;
}

static bool is(struct room_name word, const char *text)
{
    return word.length == strlen(text) && memcmp(word.text, text, word.length) == 0;
}

/*** Coming and leaving ***/

static const char *enter(struct conversation *conversation, struct room_name name)
{
    struct chat *chat = conversation->state;
    int place = room_enter(room_of(conversation), name, conversation->process);
    if (place < 0)
        return place == -EEXIST ? "IN-USE" : (place == -ENOSPC ? "BUSY" : "BAD-RQST-BODY");
    chat->is_in = true;
    chat->place = place;
    memcpy(chat->name_text, name.text, name.length);
    chat->name = (struct room_name){chat->name_text, name.length};
    conversation->bell = room_bell(room_of(conversation), place);
    return NULL;
}

static void leave(struct conversation *conversation)
{
    struct chat *chat = conversation->state;
    if (chat->is_in)
        room_leave(room_of(conversation), chat->place);
    chat->is_in = false;
    conversation->bell = -1;
}

static void hear(struct conversation *conversation)
{
    const struct chat *chat = conversation->state;
    if (chat->is_in)
        room_hear(room_of(conversation), chat->place, &conversation->reply);
}

/*** Requests ***/

static const char *deliver(struct conversation *conversation, struct room_name listener,
                           const struct message *text)
{
    const struct chat *chat = conversation->state;
    struct bytes delivery = {0};
    bytes_print(&delivery, "DELIVERY %.*s ", (int)chat->name.length, chat->name.text);
    bytes_append(&delivery, text->text, text->length);
    bytes_append(&delivery, "\n", 1);
    int outcome = -EMSGSIZE;
    if (delivery.length <= ROOM_MAILBOX_BYTES)
        outcome = room_deliver(room_of(conversation), listener, &delivery);
    bytes_release(&delivery);
    if (outcome == -ENOENT)
        return "BAD-DEST-USER";
    return outcome == 0 ? "SEND-OK" : (outcome == -ENOBUFS ? "BUSY" : "BAD-RQST-BODY");
}

static enum next say(struct conversation *conversation, const char *text)
{
    bytes_print(&conversation->reply, "%s\n", text);
    return NEXT_RECEIVE;
}

static enum next greet(struct conversation *conversation, const struct message *rest)
{
    const struct chat *chat = conversation->state;
    const char *refusal = enter(conversation, (struct room_name){rest->text, rest->length});
    if (refusal != NULL)
        return say(conversation, refusal);
    bytes_print(&conversation->reply, "HELLO %.*s\n", (int)chat->name.length, chat->name.text);
    return NEXT_RECEIVE;
}

static enum next send_to(struct conversation *conversation, struct message *rest)
{
    const struct chat *chat = conversation->state;
    struct room_name listener = take_word(rest);
    if (listener.length == 0 || rest->length == 0)
        return say(conversation, "BAD-RQST-BODY");
    say(conversation, deliver(conversation, listener, rest));
    if (listener.length == chat->name.length &&
        memcmp(listener.text, chat->name.text, listener.length) == 0)
        hear(conversation); /* now, so that what it may still say to itself has room */
    return NEXT_RECEIVE;
}

static enum next list_names(struct conversation *conversation, const struct message *rest)
{
    if (rest->length > 0)
        return say(conversation, "BAD-RQST-BODY");
    bytes_print(&conversation->reply, "LIST-OK");
    room_list(room_of(conversation), &conversation->reply);
    return say(conversation, "");
}

static enum next reply(struct conversation *conversation, const struct message *message)
{
    const struct chat *chat = conversation->state;
    struct message rest = *message;
    struct room_name word = take_word(&rest);
    if (!chat->is_in)
        return is(word, "HELLO-FROM") ? greet(conversation, &rest)
                                      : say(conversation, "BAD-RQST-HDR");
    if (is(word, "SEND"))
        return send_to(conversation, &rest);
    return is(word, "LIST") ? list_names(conversation, &rest) : say(conversation, "BAD-RQST-HDR");
}

static enum next chat_received(struct conversation *conversation, const char *data, size_t count)
{
    enum next next = lines_received(conversation, data, count, reply, "BAD-RQST-BODY");
    hear(conversation);
    if (next != NEXT_RECEIVE || conversation->at_end)
        leave(conversation);
    return next;
}

static void chat_end(struct conversation *conversation)
{
    leave(conversation);
    lines_end(conversation);
}

static void process_ended(const struct protocol_options *options, size_t process)
{
    room_forget(options->room, process);
}

const struct protocol protocol_chat = {
    .name = "chat",
    .summary = "hands on what clients say to each other, by their names",
    .needs = PROTOCOL_HAS_ROOM,
    .state_size = sizeof(struct chat),
    .received = chat_received,
    .end = chat_end,
    .process_ended = process_ended,
};
