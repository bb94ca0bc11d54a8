/* Theory of operation: the recorder is told of each look after it was taken, and of what is noted,
 * and writes what has changed. Packets wait in a ring that the kernel fills (observe/packets.h);
 * those that are older than what is to be written go first, so that times never decrease.
 *
 * The socket for them is made by the arena's keeper, which has the right to it in its own network,
 * and comes over as others do: closed on exec, and closed in the keeper once it has been sent. What
 * runs in the arena never has it.
 *
 * A submission decides how much there is to record. What a recording may hold is bounded: beyond
 * that, packets and looks are counted and left out.
 */
#include "grader/play/recorder.h"

#include "base/clock.h"
#include "base/language.h"
#include "base/memory.h"
#include "grader/play/encounter.h"
#include "grader/sightings/sightings.h"
#include "observe/packets.h"
#include "text/output_file.h"
#include "text/printable.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* A grading of a class exercise records some hundred kilobytes. */
#define RECORDED_BYTES_MAX ((int64_t)64 << 20)
#define PACKET_BYTES_MAX   ((size_t)8 << 20) /* of packets, which base64 makes a third longer */
#define TEXT_BYTES         ((size_t)256)

struct recorder {
    const char *path;
    const char *id;
    struct output_file file;
    struct recording recording;
    struct sightings sightings;
    struct packets packets;
    size_t packet_bytes; /* that were written */
    int64_t begin_ns;
    int64_t packets_lost; /* since that was written */
    int64_t pictures_lost;
    bool is_open;
};

struct recorder *recorder_new(const char *path, const char *id)
{
    struct recorder *recorder = allocate(1, sizeof *recorder);
    recorder->path = path;
    recorder->id = id;
    return recorder;
}

static int64_t now_ns(const struct recorder *recorder)
{
    return clock_now_ns() - recorder->begin_ns;
}

/*** Packets ***/

static void write_packet(struct recorder *recorder, const struct packet *packet, int64_t t_ns)
{
    if (recorder->packet_bytes + packet->count > PACKET_BYTES_MAX) {
        recorder->packets_lost++;
        return;
    }
    recorder->packet_bytes += packet->count;
    recording_packet(&recorder->recording, t_ns,
                     &(struct recorded_packet){.link = LINK_ETHERNET,
                                               .data = packet->data,
                                               .data_bytes = packet->count,
                                               .length = (int64_t)packet->length_bytes});
}

/* Writes those that are no younger. */
static void write_packets(struct recorder *recorder, int64_t until_ns)
{
    struct packet packet;
    while (packets_peek(&recorder->packets, &packet) == 1) {
        int64_t t_ns = packet.time_ns - recorder->begin_ns;
        if (t_ns > until_ns)
            break;
        write_packet(recorder, &packet, t_ns > 0 ? t_ns : 0);
        packets_pass(&recorder->packets);
    }
}

static void begin_packets(struct recorder *recorder, struct arena *arena)
{
    if (arena->isolation == ISOLATION_NONE) {
        recording_note(&recorder->recording, now_ns(recorder),
                       _("no packets are recorded: the submission has no network of its own"));
        return;
    }
    int fd = arena_socket(arena, AF_PACKET, SOCK_RAW, 0);
    int error = fd < 0 ? fd : packets_open(&recorder->packets, fd);
    if (error < 0)
        recorder_note(recorder, NULL, _("no packets are recorded: %s"), strerror(-error));
}

/*** What is left out ***/

static void write_lost(struct recorder *recorder)
{
    int64_t left_out = recorder->packets.left_out;
    packets_count_left_out(&recorder->packets);
    recorder->packets_lost += recorder->packets.left_out - left_out;
    if (recorder->packets_lost == 0 && recorder->pictures_lost == 0)
        return;
    char *why = text_of(_("there is room for %d packets between two looks, for %d MB of them, and "
                          "for %d MB in all"),
                        PACKETS_BETWEEN_LOOKS, (int)(PACKET_BYTES_MAX >> 20),
                        (int)(RECORDED_BYTES_MAX >> 20));
    const struct recorded_change lost = {.t_ns = now_ns(recorder),
                                         .kind = RECORDED_LOST,
                                         .lost = {.pictures = recorder->pictures_lost,
                                                  .packets = recorder->packets_lost,
                                                  .why = why}};
    recording_change(&recorder->recording, &lost);
    recorder->packets_lost = recorder->pictures_lost = 0;
    free(why);
}

/* May more be written? */
static bool has_room(const struct recorder *recorder)
{
    return ftello(recorder->file.stream) < RECORDED_BYTES_MAX;
}

/*** Bytes ***/

/* `text` is all that the player has, of which the last `count` bytes are new; or NULL. */
static void write_bytes(struct recorder *recorder, struct seen_client *client,
                        enum recorded_side from, const struct bytes *text, size_t count)
{
    bool has_text = text != NULL && text->length >= count;
    const char *begin = has_text ? bytes_front(text) + (text->length - count) : NULL;
    char *shown = has_text ? bytes_shown(begin, count, TEXT_BYTES) : NULL;
    client->row.requests += from == SIDE_OF_CLIENT && client->spoke_last != SIDE_OF_CLIENT;
    client->spoke_last = (int)from;
    int64_t t_ns = now_ns(recorder);
    write_packets(recorder, t_ns);
    recording_bytes(
        &recorder->recording, t_ns,
        &(struct recorded_bytes){
            .client = client->row.id, .from = from, .count = (int64_t)count, .text = shown});
    free(shown);
}

static struct seen_client *find_client(struct recorder *recorder, const struct encounter *encounter,
                                       const struct player *player)
{
    const struct named_client named = {
        .name = player->name,
        .local = &player->local,
        .remote = &player->server,
        .is_caller = encounter->listener_fd > 0 || player->listener_fd > 0 || player->listens,
        .is_udp = player->transport == TRANSPORT_UDP,
        .is_playing = player->fd >= 0,
    };
    bool has_met = player->local.length_bytes > 0 && player->server.length_bytes > 0;
    return has_met ? seen_clients_name(&recorder->sightings.clients, &named) : NULL;
}

/* Of a flood not all is kept: then it has no text. */
static void write_said(struct recorder *recorder, struct seen_client *client,
                       const struct player *player)
{
    size_t count = player->sent_bytes - client->sent_bytes;
    bool is_all_kept = player->said.length == player->sent_bytes + player->outgoing.length;
    struct bytes sent = player->said;
    sent.length = is_all_kept ? player->sent_bytes : 0;
    if (count > 0)
        write_bytes(recorder, client, client->is_caller ? SIDE_OF_SERVER : SIDE_OF_CLIENT,
                    is_all_kept ? &sent : NULL, count);
    client->sent_bytes = player->sent_bytes;
}

static void write_got(struct recorder *recorder, struct seen_client *client,
                      const struct player *player)
{
    size_t count = player->came_bytes - client->came_bytes;
    bool is_there = !client->is_udp || player->received.length == count; /* or behind others */
    client->was_answered |= count > 0;
    if (count > 0)
        write_bytes(recorder, client, client->is_caller ? SIDE_OF_CLIENT : SIDE_OF_SERVER,
                    is_there ? &player->received : NULL, count);
    client->came_bytes = player->came_bytes;
}

static void write_all_said(struct recorder *recorder, const struct encounter *encounter)
{
    for (size_t i = 0; i < encounter->player_count; i++) {
        struct seen_client *client = find_client(recorder, encounter, &encounter->players[i]);
        if (client != NULL)
            write_said(recorder, client, &encounter->players[i]);
    }
}

static void write_all_got(struct recorder *recorder, const struct encounter *encounter)
{
    for (size_t i = 0; i < encounter->player_count; i++) {
        struct seen_client *client = find_client(recorder, encounter, &encounter->players[i]);
        if (client != NULL)
            write_got(recorder, client, &encounter->players[i]);
    }
}

/*** The recording ***/

static int open_file(struct recorder *recorder, const struct encounter *encounter,
                     const struct arena_plan *plan)
{
    const struct recorded_target target = {.name = recorder->id,
                                           .port = encounter->port,
                                           .command = (const char *const *)plan->command};
    int error = output_file_begin(&recorder->file, recorder->path);
    recorder->begin_ns = clock_now_ns();
    if (error == 0)
        error =
            recording_begin(&recorder->recording, recorder->file.stream, &target, clock_wall_ns());
    recorder->recording.error = error;
    recorder->is_open = true;
    return error;
}

void recorder_begin(struct recorder *recorder, struct encounter *encounter,
                    const struct arena_plan *plan)
{
    if (recorder == NULL || (!recorder->is_open && open_file(recorder, encounter, plan) < 0) ||
        recorder->recording.error < 0)
        return;
    recorder_note(recorder, NULL, _("the submission is started"));
    begin_packets(recorder, &encounter->arena);
}

static bool may_write(const struct recorder *recorder)
{
    return recorder != NULL && recorder->is_open && recorder->recording.error == 0;
}

void recorder_look(struct recorder *recorder, const struct encounter *encounter)
{
    if (!may_write(recorder))
        return;
    if (!has_room(recorder)) {
        recorder->pictures_lost++;
        return;
    }
    write_all_said(recorder, encounter);
    int64_t t_ns = now_ns(recorder);
    write_packets(recorder, t_ns);
    write_lost(recorder);
    sightings_look(&recorder->sightings, &encounter->settle.current, &recorder->recording, t_ns);
    write_all_got(recorder, encounter);
}

void recorder_drain(struct recorder *recorder)
{
    if (may_write(recorder) && has_room(recorder))
        write_packets(recorder, now_ns(recorder));
}

void recorder_note(struct recorder *recorder, const struct encounter *encounter, const char *format,
                   ...)
{
    va_list arguments;
    char *text = NULL;
    if (!may_write(recorder) || !has_room(recorder))
        return;
    if (encounter != NULL)
        write_all_said(recorder, encounter);
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    int64_t t_ns = now_ns(recorder);
    write_packets(recorder, t_ns);
    if (length >= 0)
        recording_note(&recorder->recording, t_ns, text);
    free(text);
}

void recorder_end(struct recorder *recorder)
{
    if (!may_write(recorder))
        return;
    int64_t t_ns = now_ns(recorder);
    write_packets(recorder, t_ns);
    write_lost(recorder);
    sightings_end(&recorder->sightings, &recorder->recording, now_ns(recorder));
    packets_release(&recorder->packets);
}

int recorder_close(struct recorder *recorder)
{
    int error = 0;
    if (recorder == NULL)
        return 0;
    if (recorder->is_open) {
        recorder_end(recorder);
        recording_end(&recorder->recording, now_ns(recorder), ENDED_EXITED);
        error = output_file_end(&recorder->file, recorder->recording.error);
    }
    sightings_release(&recorder->sightings);
    free(recorder);
    return error;
}
