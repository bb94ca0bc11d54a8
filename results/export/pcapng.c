/* pcapng: the packets of a recording, for Wireshark and tshark, each with a comment that says whose
 * it is: the client, the socket that the server holds for it, and the thread that waits on that.
 *
 * The format is draft-ietf-opsawg-pcapng: blocks that give their length before and behind, with
 * numbers in the byte order of whoever writes, which the first block shows. */
#include "results/export/exporter.h"

#include "base/clock.h"
#include "base/memory.h"
#include "results/export/client_label.h"
#include "results/export/packet_ends.h"
#include "text/sanitise.h"

#include <stdlib.h>
#include <string.h>

enum {
    BLOCK_SECTION = 0x0A0D0D0A,
    BLOCK_INTERFACE = 1,
    BLOCK_STATISTICS = 5,
    BLOCK_PACKET = 6,
    BYTE_ORDER_MAGIC = 0x1A2B3C4D,
};
enum { LINKTYPE_ETHERNET = 1, LINKTYPE_RAW = 101 };
enum {
    OPTION_END = 0,
    OPTION_COMMENT = 1,
    OPTION_APPLICATION = 4,  /* of a section */
    OPTION_NAME = 2,         /* of an interface */
    OPTION_RESOLUTION = 9,   /* likewise: 9 for nanoseconds */
    OPTION_DROPPED = 4,      /* of a packet: lost since the one before it */
    OPTION_ALL_RECEIVED = 4, /* of statistics */
    OPTION_ALL_DROPPED = 5,  /* likewise */
};

/*** Blocks ***/

static void add_16(struct bytes *out, uint16_t value)
{
    bytes_append(out, &value, sizeof value);
}

static void add_32(struct bytes *out, uint32_t value)
{
    bytes_append(out, &value, sizeof value);
}

static void add_64(struct bytes *out, uint64_t value)
{
    bytes_append(out, &value, sizeof value);
}

static void pad(struct bytes *out)
{
    bytes_append(out, "\0\0\0", (4 - out->length % 4) % 4);
}

static void add_option(struct bytes *out, uint16_t code, const void *data, size_t count)
{
    size_t most = count < UINT16_MAX ? count : UINT16_MAX;
    add_16(out, code);
    add_16(out, (uint16_t)most);
    bytes_append(out, data, most);
    pad(out);
}

/* What stands in a recording anybody may have written. */
static void add_text_option(struct bytes *out, uint16_t code, const char *text)
{
    struct bytes clean = {0};
    sanitise(&clean, text, strlen(text), SANITISE_LINE);
    add_option(out, code, bytes_front(&clean), clean.length);
    bytes_release(&clean);
}

/* Takes over `body`, whose options are all there. */
static void add_block(struct bytes *out, uint32_t type, struct bytes *body)
{
    add_32(body, OPTION_END);
    uint32_t length = (uint32_t)body->length + 3 * sizeof length;
    add_32(out, type);
    add_32(out, length);
    bytes_append(out, bytes_front(body), body->length);
    add_32(out, length);
    bytes_release(body);
}

/* High half first, whatever the byte order. */
static void add_time(struct bytes *out, uint64_t since_1970_ns)
{
    add_32(out, (uint32_t)(since_1970_ns >> 32));
    add_32(out, (uint32_t)since_1970_ns);
}

static void add_section(struct bytes *out, const struct recorded *recorded)
{
    struct bytes body = {0};
    const char *name = recorded->target.name != NULL ? recorded->target.name : "";
    add_32(&body, BYTE_ORDER_MAGIC);
    add_16(&body, 1); /* version 1.0 */
    add_16(&body, 0);
    add_64(&body, UINT64_MAX); /* the length of the section: not given */
    add_text_option(&body, OPTION_COMMENT, name);
    add_text_option(&body, OPTION_APPLICATION, "proctor");
    add_block(out, BLOCK_SECTION, &body);
}

static void add_interface(struct bytes *out, enum recorded_link link)
{
    const char *name = link == LINK_ETHERNET ? "lo" : "raw";
    struct bytes body = {0};
    add_16(&body, link == LINK_ETHERNET ? LINKTYPE_ETHERNET : LINKTYPE_RAW);
    add_16(&body, 0);
    add_32(&body, 0); /* how much of a packet is kept at most: each says so itself */
    add_text_option(&body, OPTION_NAME, name);
    add_option(&body, OPTION_RESOLUTION, &(uint8_t){9}, 1);
    add_block(out, BLOCK_INTERFACE, &body);
}

/*** Whose a packet is ***/

/* A client of the recording: where it stands, and its row as of now. */
struct party {
    struct packet_end client;
    struct packet_end server;
    const struct recorded_client *now; /* NULL: not seen yet */
    const struct recorded_client *first;
};

struct capture {
    struct bytes *out;
    const struct recorded *recorded;
    struct party *parties; /* in the order in which they were seen */
    size_t party_count;
    int interfaces[2]; /* by link: its number and one, or 0 if it is not there yet */
    int interface_count;
    uint64_t packets;
    uint64_t dropped;       /* in all */
    uint64_t dropped_since; /* since the packet before */
    int64_t t_ns;
};

static struct party *find_party(const struct capture *capture, int id)
{
    for (size_t i = 0; i < capture->party_count; i++)
        if (capture->parties[i].first->id == id)
            return &capture->parties[i];
    return NULL;
}

static void list_parties(struct capture *capture)
{
    const struct recorded *recorded = capture->recorded;
    capture->parties = allocate(recorded->count + 1, sizeof *capture->parties);
    for (size_t i = 0; i < recorded->count; i++) {
        const struct recorded_client *client = &recorded->changes[i].client;
        if (recorded->changes[i].kind != RECORDED_CLIENT || find_party(capture, client->id) != NULL)
            continue;
        struct party *party = &capture->parties[capture->party_count++];
        *party = (struct party){.first = client};
        packet_end_parse(client->client, &party->client);
        packet_end_parse(client->server, &party->server);
    }
}

/* Both ends of it; a port may be used again once its first client is gone, and a client's first
 * packets come before anybody has looked. */
static const struct party *party_of(const struct capture *capture, const struct packet_ends *ends)
{
    const struct party *found = NULL;
    for (size_t i = 0; i < capture->party_count; i++) {
        const struct party *party = &capture->parties[i];
        bool is_from = packet_end_equals(&party->client, &ends->from) &&
                       packet_end_equals(&party->server, &ends->to);
        bool is_to = packet_end_equals(&party->client, &ends->to) &&
                     packet_end_equals(&party->server, &ends->from);
        if (!is_from && !is_to)
            continue;
        bool is_over = found != NULL && (found->now == NULL || found->now->stage != STAGE_GONE);
        if (found == NULL || party->now != NULL || !is_over)
            found = party;
    }
    return found;
}

/* To be freed; NULL if it is nobody's. */
static char *describe_party(const struct capture *capture, const struct packet_ends *ends)
{
    const struct party *party = party_of(capture, ends);
    if (party == NULL)
        return NULL;
    const struct recorded_client *now = party->now;
    bool is_from = packet_end_equals(&party->client, &ends->from);
    struct bytes text = {0};
    char *label = client_label(party->first);
    bytes_print(&text, "%s %s the server", label, is_from ? "to" : "from");
    free(label);
    if (now == NULL)
        bytes_print(&text, "; not seen yet");
    else
        bytes_print(&text, "; %s", recorded_stage_names[now->stage]);
    if (now != NULL && now->inode > 0)
        bytes_print(&text, ", inode %lld", (long long)now->inode);
    if (now != NULL && now->owner.tid > 0)
        bytes_print(&text, ", thread %d (%s)", now->owner.tid, now->owner.name);
    else if (now != NULL && now->owner.pid > 0)
        bytes_print(&text, ", process %d (%s)", now->owner.pid, now->owner.name);
    return bytes_take_text(&text);
}

/*** Packets ***/

static uint32_t interface_of(struct capture *capture, enum recorded_link link)
{
    if (capture->interfaces[link] == 0) {
        add_interface(capture->out, link);
        capture->interfaces[link] = ++capture->interface_count;
    }
    return (uint32_t)capture->interfaces[link] - 1;
}

static uint64_t time_now_ns(const struct capture *capture)
{
    return (uint64_t)(capture->recorded->started_wall_ns + capture->t_ns);
}

static void add_packet(struct capture *capture, const struct recorded_packet *packet)
{
    struct bytes body = {0};
    struct packet_ends ends;
    bool has_ends =
        packet_ends_read(&ends, packet->data, packet->data_bytes, packet->link == LINK_ETHERNET);
    char *comment = has_ends ? describe_party(capture, &ends) : NULL;
    add_32(&body, interface_of(capture, packet->link));
    add_time(&body, time_now_ns(capture));
    add_32(&body, (uint32_t)packet->data_bytes);
    add_32(&body, (uint32_t)packet->length);
    bytes_append(&body, packet->data, packet->data_bytes);
    pad(&body);
    if (comment != NULL)
        add_text_option(&body, OPTION_COMMENT, comment);
    if (capture->dropped_since > 0)
        add_option(&body, OPTION_DROPPED, &capture->dropped_since, sizeof capture->dropped_since);
    add_block(capture->out, BLOCK_PACKET, &body);
    capture->dropped_since = 0;
    capture->packets++;
    free(comment);
}

/* Of the first interface, which is the only one of a grading. */
static void add_statistics(struct capture *capture)
{
    struct bytes body = {0};
    add_32(&body, 0);
    add_time(&body, time_now_ns(capture));
    uint64_t all = capture->packets + capture->dropped;
    add_option(&body, OPTION_ALL_RECEIVED, &all, sizeof all);
    add_option(&body, OPTION_ALL_DROPPED, &capture->dropped, sizeof capture->dropped);
    add_block(capture->out, BLOCK_STATISTICS, &body);
}

static bool has_packets(const struct recorded *recorded)
{
    for (size_t i = 0; i < recorded->count; i++)
        if (recorded->changes[i].kind == RECORDED_PACKET)
            return true;
    return false;
}

static void take(struct capture *capture, const struct recorded_change *change)
{
    capture->t_ns = change->t_ns;
    if (change->kind == RECORDED_CLIENT)
        find_party(capture, change->client.id)->now = &change->client;
    if (change->kind == RECORDED_PACKET)
        add_packet(capture, &change->packet);
    if (change->kind != RECORDED_LOST)
        return;
    capture->dropped += (uint64_t)change->lost.packets;
    capture->dropped_since += (uint64_t)change->lost.packets;
}

static void render(const struct recorded *recorded, struct bytes *out)
{
    struct capture capture = {.out = out, .recorded = recorded};
    if (!has_packets(recorded))
        return;
    add_section(out, recorded);
    list_parties(&capture);
    for (size_t i = 0; i < recorded->count; i++)
        take(&capture, &recorded->changes[i]);
    add_statistics(&capture);
    free(capture.parties);
}

const struct exporter export_pcapng = {
    .name = "pcapng",
    .summary = "of a recording of a grading: its packets, for Wireshark",
    .lacks =
        "has no packets; they are captured by 'proctor grade --record', where a submission has "
        "a network of its own ('proctor doctor' says what is missing)",
    .of_recording = render,
};
