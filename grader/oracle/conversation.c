/* Theory of operation: each message gets a client; some are cut in two, some are sent together with
 * the one before of their client. Then the clients' pieces are dealt into one order, in which those
 * of each client keep theirs.
 */
#include "grader/oracle/conversation.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#define CUT_OF_TEN   5 /* so many of ten messages are cut */
#define GLUED_OF_TEN 3

/*** Messages ***/

static bool fill(void *context, const struct placeholder *placeholder, struct bytes *out)
{
    const struct message_drawn *message = context;
    const struct filling others = {.fill = fill, .context = context};
    if (values_fill(&message->values, placeholder, &others, out))
        return true;
    bytes_print(out, "%s", message->token);
    return true;
}

void message_drawn_fill(struct message_drawn *message)
{
    const struct filling filling = {.fill = fill, .context = message};
    bytes_release(&message->said);
    message->said = text_fill_in(message->text, TEXT_IS_BYTES, &filling);
}

static size_t choose(struct token_source *source, size_t count)
{
    return (size_t)token_choose_number(source, 0, (int64_t)count - 1);
}

static void draw_message(struct message_drawn *message, const char *text,
                         const struct values *outer, struct token_source *source)
{
    *message = (struct message_drawn){.text = text, .values.outer = outer};
    values_draw(&message->values, source, text);
    token_choose(source, message->token, "");
    message_drawn_fill(message);
}

/*** Pieces ***/

/* The pieces of one client, in its order. */
struct part {
    struct piece pieces[PIECES_MAX];
    size_t count;
    size_t dealt;
};

static void add_message(struct part *part, size_t number, const struct message_drawn *message,
                        size_t client, struct token_source *source)
{
    size_t length = message->said.length;
    bool is_cut = length > 1 && choose(source, 10) < CUT_OF_TEN;
    struct piece piece = {.message = number,
                          .client = client,
                          .cut = is_cut ? 1 + choose(source, length - 1) : 0,
                          .is_glued = part->count > 0 && choose(source, 10) < GLUED_OF_TEN};
    part->pieces[part->count++] = piece;
    if (!is_cut)
        return;
    piece.is_rest = true;
    piece.is_glued = false;
    part->pieces[part->count++] = piece;
}

/* The next piece of that client, and what is sent with it. */
static void deal(struct conversation *conversation, struct part *part)
{
    do
        conversation->pieces[conversation->piece_count++] = part->pieces[part->dealt++];
    while (part->dealt < part->count && part->pieces[part->dealt].is_glued);
}

static void deal_all(struct conversation *conversation, struct part *parts, size_t clients,
                     struct token_source *source)
{
    size_t left = 0;
    for (size_t i = 0; i < clients; i++)
        left += parts[i].count;
    while (conversation->piece_count < left) {
        struct part *part = &parts[choose(source, clients)];
        if (part->dealt < part->count)
            deal(conversation, part);
    }
}

void conversation_draw(struct conversation *conversation, const struct sayings *says,
                       size_t clients, struct token_source *source)
{
    *conversation = (struct conversation){.message_count = 1 + choose(source, MESSAGES_MAX)};
    struct part *parts = allocate(MESSAGES_MAX, sizeof *parts);
    size_t count = 1 + choose(source, clients < MESSAGES_MAX ? clients : MESSAGES_MAX);
    for (size_t i = 0; i < conversation->message_count; i++) {
        struct message_drawn *message = &conversation->messages[i];
        size_t client = choose(source, count);
        draw_message(message, says->texts[choose(source, says->count)], says->values, source);
        add_message(&parts[client], i, message, client, source);
    }
    deal_all(conversation, parts, count, source);
    free(parts);
}

void conversation_release(struct conversation *conversation)
{
    for (size_t i = 0; i < conversation->message_count; i++) {
        values_release(&conversation->messages[i].values);
        bytes_release(&conversation->messages[i].said);
    }
    *conversation = (struct conversation){.message_count = 0};
}

/*** As it is played ***/

size_t conversation_clients(const struct conversation *conversation)
{
    size_t count = 0;
    for (size_t i = 0; i < conversation->piece_count; i++)
        if (conversation->pieces[i].client >= count)
            count = conversation->pieces[i].client + 1;
    return count;
}

static void append_piece(const struct conversation *conversation, const struct piece *piece,
                         struct bytes *said)
{
    const struct bytes *whole = &conversation->messages[piece->message].said;
    size_t from = piece->is_rest ? piece->cut : 0;
    size_t to = piece->cut > 0 && !piece->is_rest ? piece->cut : whole->length;
    bytes_append(said, bytes_front(whole) + from, to - from);
}

bool conversation_move(const struct conversation *conversation, size_t *at, struct move *move)
{
    if (*at >= conversation->piece_count)
        return false;
    *move = (struct move){.client = conversation->pieces[*at].client};
    do
        append_piece(conversation, &conversation->pieces[(*at)++], &move->said);
    while (*at < conversation->piece_count && conversation->pieces[*at].is_glued);
    return true;
}

size_t conversation_length(const struct conversation *conversation)
{
    size_t count = 0;
    for (size_t i = 0; i < conversation->piece_count; i++)
        count += !conversation->pieces[i].is_glued;
    return count;
}
