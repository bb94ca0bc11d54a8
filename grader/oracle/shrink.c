/* Theory of operation: each pass tries one kind of simplification wherever it applies, and keeps
 * what still shows the difference; passes are repeated until none of them finds anything. What
 * makes a conversation simple comes in this order: few messages, few clients, no cuts, no packets
 * of several messages, clients one after the other, numbers near 0. So what is left in the end is
 * there because the difference needs it, and a hint may be read from it.
 */
#include "grader/oracle/shrink.h"

#include "base/memory.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct shrinking {
    struct conversation *conversation;
    shrink_try *still;
    void *context;
};

/* The pieces of a conversation, to be put back. */
struct order {
    struct piece pieces[PIECES_MAX];
    size_t count;
};

static struct order order_of(const struct conversation *conversation)
{
    struct order order = {.count = conversation->piece_count};
    memcpy(order.pieces, conversation->pieces, sizeof order.pieces);
    return order;
}

static void put(struct conversation *conversation, const struct order *order)
{
    memcpy(conversation->pieces, order->pieces, sizeof order->pieces);
    conversation->piece_count = order->count;
}

/* What was glued to another client's piece, or to none, is not. */
static void unglue(struct order *order)
{
    for (size_t i = 0; i < order->count; i++)
        if (i == 0 || order->pieces[i].client != order->pieces[i - 1].client)
            order->pieces[i].is_glued = false;
}

static bool is_same_piece(const struct piece *one, const struct piece *other)
{
    return one->message == other->message && one->client == other->client &&
           one->cut == other->cut && one->is_rest == other->is_rest &&
           one->is_glued == other->is_glued;
}

static bool is_same(const struct order *one, const struct order *other)
{
    bool is_same = one->count == other->count;
    for (size_t i = 0; i < one->count && is_same; i++)
        is_same = is_same_piece(&one->pieces[i], &other->pieces[i]);
    return is_same;
}

/* Nobody says something else in the middle of a message: that would be another message. */
static bool is_whole(const struct order *order)
{
    for (size_t i = 0; i < order->count; i++) {
        const struct piece *piece = &order->pieces[i];
        size_t next = i + 1;
        if (piece->cut == 0 || piece->is_rest)
            continue;
        while (next < order->count && order->pieces[next].client != piece->client)
            next++;
        if (next == order->count || order->pieces[next].message != piece->message)
            return false;
    }
    return true;
}

/* Takes the order if it still shows the difference. */
static bool is_taken(struct shrinking *shrinking, struct order *order)
{
    const struct order before = order_of(shrinking->conversation);
    unglue(order);
    if (order->count == 0 || !is_whole(order) || is_same(order, &before))
        return false;
    put(shrinking->conversation, order);
    if (shrinking->still(shrinking->context, shrinking->conversation))
        return true;
    put(shrinking->conversation, &before);
    return false;
}

/*** Passes: true if one has found something ***/

static bool says(const struct order *order, size_t message)
{
    for (size_t i = 0; i < order->count; i++)
        if (order->pieces[i].message == message)
            return true;
    return false;
}

static void drop(struct order *order, size_t message)
{
    size_t kept = 0;
    for (size_t i = 0; i < order->count; i++)
        if (order->pieces[i].message != message)
            order->pieces[kept++] = order->pieces[i];
    order->count = kept;
}

/* All but one at first, as most differences show in a single message. */
static bool keep_one(struct shrinking *shrinking)
{
    for (size_t kept = 0; kept < shrinking->conversation->message_count; kept++) {
        struct order order = order_of(shrinking->conversation);
        if (!says(&order, kept))
            continue;
        for (size_t i = 0; i < shrinking->conversation->message_count; i++)
            if (i != kept)
                drop(&order, i);
        if (is_taken(shrinking, &order))
            return true;
    }
    return false;
}

static bool drop_messages(struct shrinking *shrinking)
{
    bool has_any = false;
    for (size_t i = 0; i < shrinking->conversation->message_count; i++) {
        struct order order = order_of(shrinking->conversation);
        drop(&order, i);
        has_any |= is_taken(shrinking, &order);
    }
    return has_any;
}

/* All of one client's is said by another one. */
static bool join_clients(struct shrinking *shrinking)
{
    size_t last = conversation_clients(shrinking->conversation) - 1;
    for (size_t into = 0; into < last; into++) {
        struct order order = order_of(shrinking->conversation);
        for (size_t i = 0; i < order.count; i++)
            if (order.pieces[i].client == last)
                order.pieces[i].client = into;
        if (is_taken(shrinking, &order))
            return true;
    }
    return false;
}

/* Whole where it began, or where its rest was. */
static void heal(struct order *order, size_t message, bool is_early)
{
    size_t kept = 0;
    for (size_t i = 0; i < order->count; i++) {
        struct piece piece = order->pieces[i];
        if (piece.message == message && piece.is_rest == is_early)
            continue;
        if (piece.message == message) {
            piece.cut = 0;
            piece.is_rest = false;
        }
        order->pieces[kept++] = piece;
    }
    order->count = kept;
}

static bool heal_cuts(struct shrinking *shrinking)
{
    bool has_any = false;
    for (size_t n = 0; n < 2 * shrinking->conversation->message_count; n++) {
        struct order order = order_of(shrinking->conversation);
        bool is_cut = false;
        for (size_t i = 0; i < order.count; i++)
            is_cut |= order.pieces[i].message == n / 2 && order.pieces[i].cut > 0;
        if (is_cut)
            heal(&order, n / 2, n % 2 == 0);
        has_any |= is_cut && is_taken(shrinking, &order);
    }
    return has_any;
}

static bool send_apart(struct shrinking *shrinking)
{
    bool has_any = false;
    for (size_t i = 0; i < shrinking->conversation->piece_count; i++) {
        struct order order = order_of(shrinking->conversation);
        order.pieces[i].is_glued = false;
        has_any |= is_taken(shrinking, &order);
    }
    return has_any;
}

static bool take_turns(struct shrinking *shrinking)
{
    const struct order before = order_of(shrinking->conversation);
    struct order order = {.count = 0};
    for (size_t client = 0; client < PIECES_MAX; client++)
        for (size_t i = 0; i < before.count; i++)
            if (before.pieces[i].client == client)
                order.pieces[order.count++] = before.pieces[i];
    return is_taken(shrinking, &order);
}

/* Clients that say nothing any more have no number. */
static bool renumber(struct shrinking *shrinking)
{
    size_t numbers[MESSAGES_MAX], count = 0;
    struct order order = order_of(shrinking->conversation);
    for (size_t i = 0; i < order.count; i++) {
        size_t n = 0;
        while (n < count && numbers[n] != order.pieces[i].client)
            n++;
        if (n == count)
            numbers[count++] = order.pieces[i].client;
        order.pieces[i].client = n;
    }
    return is_taken(shrinking, &order);
}

/*** Numbers ***/

static void set_number(struct message_drawn *message, struct value *value, int64_t number)
{
    free(value->text);
    value->number = (struct number_range){number, number};
    value->text = text_of("%" PRId64, number);
    message_drawn_fill(message);
}

static bool is_number_taken(struct shrinking *shrinking, struct message_drawn *message,
                            struct value *value, int64_t number)
{
    int64_t before = value->number.least;
    set_number(message, value, number);
    if (shrinking->still(shrinking->context, shrinking->conversation))
        return true;
    set_number(message, value, before);
    return false;
}

/* The range in which the number was drawn. */
static struct number_range range_of(const struct message_drawn *message, const char *name)
{
    struct number_range range = {0, 0};
    struct values declared = {0};
    free(values_declare(&declared, message->text));
    for (size_t i = 0; i < declared.count; i++)
        if (strcmp(declared.all[i].name, name) == 0)
            range = declared.all[i].number;
    values_release(&declared);
    return range;
}

/* What lies between the number and 0, the nearest to 0 first. */
static bool lower(struct shrinking *shrinking, struct message_drawn *message, struct value *value)
{
    const struct number_range range = range_of(message, value->name);
    int64_t now = value->number.least;
    const int64_t wanted[] = {0, 1, 2, -1, -2, now / 100, now / 10, now / 2, now - now / 8};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        bool is_nearer =
            llabs(wanted[i]) < llabs(now) && wanted[i] >= range.least && wanted[i] <= range.most;
        if (is_nearer && is_number_taken(shrinking, message, value, wanted[i]))
            return true;
    }
    return false;
}

/* Where a message is cut, its bytes stay: the cut is a place in them. */
static bool lower_numbers(struct shrinking *shrinking)
{
    bool has_any = false;
    const struct order order = order_of(shrinking->conversation);
    for (size_t i = 0; i < order.count; i++) {
        struct message_drawn *message = &shrinking->conversation->messages[order.pieces[i].message];
        for (size_t n = 0; n < message->values.count && order.pieces[i].cut == 0; n++)
            has_any |= !message->values.all[n].is_word &&
                       lower(shrinking, message, &message->values.all[n]);
    }
    return has_any;
}

void conversation_shrink(struct conversation *conversation, shrink_try *still, void *context)
{
    static bool (*const passes[])(struct shrinking *) = {keep_one,   drop_messages, join_clients,
                                                         renumber,   heal_cuts,     send_apart,
                                                         take_turns, lower_numbers};
    struct shrinking shrinking = {conversation, still, context};
    for (bool has_any = true; has_any;) {
        has_any = false;
        for (size_t i = 0; i < sizeof passes / sizeof passes[0]; i++)
            has_any |= passes[i](&shrinking);
    }
}
