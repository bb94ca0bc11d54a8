/* Theory of operation: a ring of frames of the same size (TPACKET_V2 in the kernel's
 * Documentation/networking/packet_mmap.rst). The word at the beginning of each frame says whose it
 * is; we take frames in order and hand each back. Version 3 holds more packets in the same memory,
 * but hands over whole blocks, and the last packets only after a time of its own: a look would not
 * see what was sent before it. A plain receive queue was tried, too: without root it has room for
 * two hundred packets, which a hundred clients fill between two looks.
 */
#include "observe/packets.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* A thousand clients that leave at once, and a server that closes each connection, are four
 * thousand packets. Eight megabytes hold them, as nearly all are short. */
#define FRAME_BYTES ((size_t)2048)
#define BLOCK_BYTES ((size_t)1 << 16)
#define FRAMES      ((size_t)PACKETS_BETWEEN_LOOKS)
#define RING_BYTES  (FRAMES * FRAME_BYTES)

static int set(int fd, int option, const void *value, size_t bytes)
{
    return setsockopt(fd, SOL_PACKET, option, value, (socklen_t)bytes) < 0 ? -errno : 0;
}

/* The option PACKET_IGNORE_OUTGOING is of Linux 4.20. */
static int make_ring(int fd)
{
    const struct tpacket_req ring = {.tp_block_size = BLOCK_BYTES,
                                     .tp_block_nr = RING_BYTES / BLOCK_BYTES,
                                     .tp_frame_size = FRAME_BYTES,
                                     .tp_frame_nr = FRAMES};
    int error = set(fd, PACKET_VERSION, &(int){TPACKET_V2}, sizeof(int));
    if (error == 0)
        error = set(fd, PACKET_IGNORE_OUTGOING, &(int){1}, sizeof(int));
    return error == 0 ? set(fd, PACKET_RX_RING, &ring, sizeof ring) : error;
}

int packets_open(struct packets *packets, int fd)
{
    const struct sockaddr_ll all = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
    *packets = (struct packets){.fd = fd};
    int error = make_ring(fd);
    void *frames =
        error == 0 ? mmap(NULL, RING_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
    if (error == 0 && frames == MAP_FAILED)
        error = -errno;
    packets->frames = frames != MAP_FAILED ? frames : NULL;
    if (error == 0 && bind(fd, (const struct sockaddr *)&all, sizeof all) < 0)
        error = -errno;
    if (error < 0)
        packets_release(packets);
    return error;
}

static struct tpacket2_hdr *front(const struct packets *packets)
{
    return (struct tpacket2_hdr *)(void *)(packets->frames + packets->frame * FRAME_BYTES);
}

int packets_peek(struct packets *packets, struct packet *packet)
{
    if (packets->frames == NULL)
        return 0;
    const struct tpacket2_hdr *header = front(packets);
    /* What the kernel wrote before it gave us the frame is read after. */
    if ((__atomic_load_n(&header->tp_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER) == 0)
        return 0;
    int64_t since_1970_ns = header->tp_sec * NS_PER_S + header->tp_nsec;
    *packet = (struct packet){
        .time_ns = since_1970_ns - (clock_wall_ns() - clock_now_ns()),
        .data = (const unsigned char *)header + header->tp_mac,
        .count = header->tp_snaplen < PACKET_KEPT_BYTES ? header->tp_snaplen : PACKET_KEPT_BYTES,
        .length_bytes = header->tp_len,
    };
    return 1;
}

void packets_pass(struct packets *packets)
{
    __atomic_store_n(&front(packets)->tp_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
    packets->frame = (packets->frame + 1) % FRAMES;
}

void packets_count_left_out(struct packets *packets)
{
    struct tpacket_stats since = {0};
    socklen_t bytes = sizeof since;
    if (packets->frames != NULL &&
        getsockopt(packets->fd, SOL_PACKET, PACKET_STATISTICS, &since, &bytes) == 0)
        packets->left_out += since.tp_drops; /* the kernel counts from zero again */
}

void packets_release(struct packets *packets)
{
    if (packets->frames != NULL)
        munmap(packets->frames, RING_BYTES);
    if (packets->fd > 0)
        close(packets->fd);
    *packets = (struct packets){0};
}
