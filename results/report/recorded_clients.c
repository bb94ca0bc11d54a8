/* A row of a client stands for what lies between it and the row before: it has connected, it was
 * accepted, an end has closed. What was between two looks is shown in the order in which TCP has
 * it. */
#include "results/report/recorded_clients.h"

#include "base/language.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#define CLIENT_END 0
#define SERVER_END 1

static bool is_one_of(const char *state, const char *const states[])
{
    for (; state != NULL && *states != NULL; states++)
        if (strcmp(state, *states) == 0)
            return true;
    return false;
}

static bool is_same(const char *one, const char *other)
{
    return one == other || (one != NULL && other != NULL && strcmp(one, other) == 0);
}

/* The lane at the other end of the connection: of the task that has it, or the door. */
static size_t other_lane(const struct recorded_people *people, const struct recorded_client *client)
{
    const struct recorded_person *task = recorded_person_find(&people->tasks, client->owner.tid);
    const struct recorded_person *listener =
        recorded_person_find(&people->listeners, client->listener);
    if (client->stage >= STAGE_ACCEPTED && task != NULL && !task->is_runtime)
        return task->lane;
    return listener != NULL ? listener->lane : people->door;
}

static size_t door_of(const struct recorded_people *people, const struct recorded_client *client)
{
    struct recorded_client queued = *client;
    queued.stage = STAGE_QUEUED;
    return other_lane(people, &queued);
}

static void add_arrow(struct sequence *sequence, size_t from, size_t to, enum sequence_look look,
                      int64_t t_ns, char *label, char *detail)
{
    sequence_add(sequence, &(struct sequence_mark){.kind = MARK_ARROW,
                                                   .lane = from,
                                                   .to = to,
                                                   .look = look,
                                                   .t_ns = t_ns,
                                                   .label = label,
                                                   .detail = detail});
}

/*** What has led to a row ***/

static void mark_coming(struct sequence *sequence, const struct recorded_people *people,
                        const struct recorded_person *person, const struct recorded_client *client,
                        int64_t t_ns)
{
    size_t door = door_of(people, client);
    size_t other = other_lane(people, client);
    bool was_accepted = person->has_come && person->client.stage >= STAGE_ACCEPTED;
    if (!person->has_come)
        add_arrow(sequence, person->lane, door, LOOK_PLAIN, t_ns, text_of("%s", _("connects")),
                  text_of(_("connects from %s"), client->client != NULL ? client->client : "?"));
    if (!was_accepted && client->stage >= STAGE_ACCEPTED && other != door)
        add_arrow(sequence, door, other, LOOK_PLAIN, t_ns, text_of("%s", _("accept")),
                  text_of(_("accepts %s"), person->name));
}

/* Has this end closed, as the states of both show it? */
static bool has_closed(const struct recorded_client *client, int end)
{
    static const char *const own[] = {"FIN_WAIT1", "FIN_WAIT2", "CLOSING",
                                      "LAST_ACK",  "TIME_WAIT", NULL};
    static const char *const others[] = {"CLOSE_WAIT", "LAST_ACK", "CLOSING", "TIME_WAIT", NULL};
    const char *mine = end == CLIENT_END ? client->client_state : client->server_state;
    const char *peer = end == CLIENT_END ? client->server_state : client->client_state;
    return is_one_of(mine, own) || is_one_of(peer, others);
}

static void mark_closing(struct sequence *sequence, const struct recorded_people *people,
                         struct recorded_person *person, const struct recorded_client *client,
                         int64_t t_ns)
{
    /* Who has it is not said any more where it is gone. */
    const struct recorded_client *held = client->owner.pid != 0 ? client : &person->client;
    size_t other = other_lane(people, held);
    for (int end = CLIENT_END; end <= SERVER_END; end++) {
        if (person->has_ended[end] || !has_closed(client, end))
            continue;
        person->has_ended[end] = true;
        add_arrow(sequence, end == CLIENT_END ? person->lane : other,
                  end == CLIENT_END ? other : person->lane, LOOK_ENDING, t_ns, text_of("FIN"),
                  text_of("%s", _("closes its end")));
    }
}

/*** States ***/

static void mark_end(struct sequence *sequence, struct recorded_person *person, int end,
                     const char *state, bool is_queued, int64_t t_ns)
{
    sequence_end_mark(sequence, person->marks[end], t_ns);
    person->marks[end] = SEQUENCE_NO_MARK;
    if (state == NULL)
        return;
    enum sequence_look look = is_queued ? LOOK_QUEUED : sequence_look_of_state(state);
    char *label = is_queued ? text_of(_("%s, queued"), state) : text_of("%s", state);
    person->marks[end] = sequence_add(
        sequence, &(struct sequence_mark){
                      .kind = MARK_STATE,
                      .lane = person->lane,
                      .is_of_server = end == SERVER_END,
                      .look = look,
                      .t_ns = t_ns,
                      .label = label,
                      .detail = end == SERVER_END ? text_of(_("the server's end: %s"), label)
                                                  : text_of(_("its end: %s"), label),
                  });
}

static bool is_queued(const struct recorded_client *client)
{
    return client->stage == STAGE_QUEUED;
}

/* Once: a row comes again with the same reason. */
static void mark_why(struct sequence *sequence, struct recorded_person *person, const char *why,
                     int64_t t_ns)
{
    if (why == NULL || is_same(person->why, why))
        return;
    person->why = why;
    sequence_add(sequence, &(struct sequence_mark){.kind = MARK_NOTE,
                                                   .lane = person->lane,
                                                   .t_ns = t_ns,
                                                   .label = text_of("%s: %s", person->name, why),
                                                   .detail = text_of("%s: %s", person->name, why)});
}

static void mark_states(struct sequence *sequence, struct recorded_person *person,
                        const struct recorded_client *client, int64_t t_ns)
{
    const struct recorded_client *before = &person->client;
    mark_why(sequence, person, client->why, t_ns);
    if (!person->has_come || !is_same(before->client_state, client->client_state))
        mark_end(sequence, person, CLIENT_END, client->client_state, false, t_ns);
    if (!person->has_come || !is_same(before->server_state, client->server_state) ||
        is_queued(before) != is_queued(client))
        mark_end(sequence, person, SERVER_END, client->server_state, is_queued(client), t_ns);
}

void recorded_client_mark(struct sequence *sequence, struct recorded_people *people,
                          const struct recorded_client *client, int64_t t_ns, bool was_there)
{
    static const size_t parts[] = {[STAGE_CONNECTING] = 2,
                                   [STAGE_QUEUED] = 0,
                                   [STAGE_ACCEPTED] = 1,
                                   [STAGE_SERVED] = 1,
                                   [STAGE_GONE] = 3};
    struct recorded_person *person = recorded_person_find(&people->clients, client->id);
    if (person->is_of_crowd) {
        recorded_crowd_move(sequence, &people->clients, person, parts[client->stage], t_ns);
        return;
    }
    if (!was_there)
        mark_coming(sequence, people, person, client, t_ns);
    mark_closing(sequence, people, person, client, t_ns);
    mark_states(sequence, person, client, t_ns);
    struct recorded_owner owner = person->client.owner;
    person->client = *client;
    if (client->stage == STAGE_GONE && client->owner.pid == 0)
        person->client.owner = owner; /* what it has still answered may be seen later */
    person->has_come = true;
}

/*** Bytes and listeners ***/

void recorded_bytes_mark(struct sequence *sequence, struct recorded_people *people,
                         const struct recorded_bytes *bytes, int64_t t_ns)
{
    const struct recorded_person *person = recorded_person_find(&people->clients, bytes->client);
    if (person == NULL || person->is_of_crowd)
        return;
    size_t other = other_lane(people, &person->client);
    bool is_sent = bytes->from == SIDE_OF_CLIENT;
    bool is_unread = is_sent && is_queued(&person->client);
    char *size =
        text_of(language_count_text("%lld byte", "%lld bytes", (unsigned long)bytes->count),
                (long long)bytes->count);
    char *detail =
        text_of(is_unread ? _("sends %s, which nobody reads yet%s%s")
                : is_sent ? _("sends %s%s%s")
                          : _("answers with %s%s%s"),
                size, bytes->text != NULL ? ": " : "", bytes->text != NULL ? bytes->text : "");
    add_arrow(sequence, is_sent ? person->lane : other, is_sent ? other : person->lane,
              is_unread ? LOOK_QUEUED : LOOK_PLAIN, t_ns,
              text_of("%s", bytes->text != NULL ? bytes->text : size), detail);
    free(size);
}

void recorded_listener_mark(struct sequence *sequence, struct recorded_people *people,
                            const struct recorded_listener *listener, int64_t t_ns)
{
    struct recorded_person *person = recorded_person_find(&people->listeners, listener->id);
    if (person->is_of_crowd)
        return;
    sequence_end_mark(sequence, person->marks[0], t_ns);
    person->marks[0] = SEQUENCE_NO_MARK;
    if (listener->is_gone)
        sequence_add(sequence, &(struct sequence_mark){.kind = MARK_DEED,
                                                       .lane = person->lane,
                                                       .t_ns = t_ns,
                                                       .label = text_of("%s", _("closed")),
                                                       .detail = text_of("%s", _("closed"))});
    if (listener->queued > 0)
        person->marks[0] = sequence_add(
            sequence,
            &(struct sequence_mark){
                .kind = MARK_DOES,
                .lane = person->lane,
                .look = LOOK_QUEUED,
                .t_ns = t_ns,
                .label = text_of("%lld", (long long)listener->queued),
                .detail = text_of(_("%lld wait in the queue, which has room for %lld"),
                                  (long long)listener->queued, (long long)listener->backlog),
            });
}
