/* Theory of operation: the kernel answers each message in a packet to our socket with one of its
 * own, at once and in the same order, and a packet may hold many messages. So there is one call to
 * ask for a batch of connections and one to take all answers.
 */
#include "observe/tcp_again.h"

#include "observe/diag.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Answers that wait in our socket at a time: the kernel counts about two kilobytes for each, and
 * has room for 200 (net.core.rmem_default). */
#define BATCH 32

/* An answer: the message, the counts, and what else the kernel adds unasked. */
#define ANSWER_BYTES 1024

struct question {
    struct nlmsghdr header;
    struct inet_diag_req_v2 body;
};

/*** Asking ***/

static void set_end(const struct address *address, __be32 host[4], __be16 *port)
{
    if (address->any.sa_family == AF_INET6) {
        *port = address->v6.sin6_port;
        memcpy(host, &address->v6.sin6_addr, sizeof address->v6.sin6_addr);
    } else {
        *port = address->v4.sin_port;
        host[0] = address->v4.sin_addr.s_addr;
    }
}

static void ask_for(struct question *question, const struct tcp_row *row, unsigned char extensions)
{
    *question = (struct question){
        .header =
            {
                .nlmsg_len = sizeof *question,
                .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                .nlmsg_flags = NLM_F_REQUEST,
            },
        .body =
            {
                .sdiag_family = (__u8)row->local.any.sa_family,
                .sdiag_protocol = IPPROTO_TCP,
                .idiag_ext = extensions,
                .idiag_states = ~0U,
                .id.idiag_if = row->interface,
                .id.idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE},
            },
    };
    struct inet_diag_sockid *id = &question->body.id;
    set_end(&row->local, id->idiag_src, &id->idiag_sport);
    set_end(&row->remote, id->idiag_dst, &id->idiag_dport);
}

/* The row now; its state is 0 if there is none. For a connection that is gone the kernel finds the
 * listener that it came to. */
static int take_answer(const char *answer, size_t length_bytes, const struct tcp_row *before,
                       struct tcp_row *now)
{
    const struct nlmsghdr *header = (const void *)answer;
    *now = *before;
    now->state = 0;
    if (!mnl_nlmsg_ok(header, (int)length_bytes))
        return -EBADMSG;
    if (header->nlmsg_type == NLMSG_ERROR) {
        const struct nlmsgerr *trouble = mnl_nlmsg_get_payload(header);
        return trouble->error == -ENOENT ? 0 : trouble->error;
    }
    struct tcp_row found;
    int error = tcp_row_read(&found, header);
    if (error == 0 && address_equal(&found.local, &before->local) &&
        address_equal(&found.remote, &before->remote))
        *now = found;
    return error;
}

/* Reads at most BATCH rows. */
static int read_batch(const struct tcp_table *table, const size_t places[], size_t count,
                      int netlink_fd, unsigned char extensions, struct tcp_row now[BATCH])
{
    struct question questions[BATCH] = {0};
    char answers[BATCH][ANSWER_BYTES] __attribute__((aligned(8)));
    struct iovec parts[BATCH];
    struct mmsghdr messages[BATCH];
    memset(messages, 0, sizeof messages);
    for (size_t i = 0; i < count; i++) {
        ask_for(&questions[i], &table->rows[places[i]], extensions);
        parts[i] = (struct iovec){.iov_base = answers[i], .iov_len = ANSWER_BYTES};
        messages[i].msg_hdr.msg_iov = &parts[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    if (send(netlink_fd, questions, count * sizeof questions[0], 0) < 0)
        return -errno;
    int error = 0;
    for (size_t done = 0; done < count;) {
        int received =
            recvmmsg(netlink_fd, messages + done, (unsigned)(count - done), MSG_DONTWAIT, NULL);
        if (received < 0) {
            error = -errno; /* no answer may be left for whoever asks next */
            while (recv(netlink_fd, answers[0], ANSWER_BYTES, MSG_DONTWAIT) >= 0)
                ;
            return error;
        }
        for (int i = 0; i < received; i++, done++) {
            int taken = take_answer(answers[done], messages[done].msg_len,
                                    &table->rows[places[done]], &now[done]);
            error = error == 0 ? taken : error;
        }
    }
    return error;
}

static size_t batch_of(size_t left)
{
    return left < BATCH ? left : BATCH;
}

int tcp_rows_read_again(struct tcp_table *table, const size_t places[], size_t count,
                        int netlink_fd)
{
    struct tcp_row now[BATCH];
    for (size_t done = 0; done < count; done += BATCH) {
        size_t size = batch_of(count - done);
        int error =
            read_batch(table, places + done, size, netlink_fd, 1U << (INET_DIAG_INFO - 1), now);
        if (error < 0)
            return error;
        for (size_t i = 0; i < size; i++)
            table->rows[places[done + i]] = now[i];
    }
    return 0;
}

int tcp_rows_are_same(const struct tcp_table *table, const size_t places[], size_t count,
                      int netlink_fd)
{
    struct tcp_row now[BATCH];
    for (size_t done = 0; done < count; done += BATCH) {
        size_t size = batch_of(count - done);
        int error = read_batch(table, places + done, size, netlink_fd, 0, now);
        if (error < 0)
            return error;
        for (size_t i = 0; i < size; i++)
            if (!tcp_rows_equal(&now[i], &table->rows[places[done + i]]))
                return 0;
    }
    return 1;
}

/*** Has anything passed? ***/

/* The kernel gives the file in one piece. */
#define SNMP_BYTES 8192

int tcp_activity_open(pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/net/snmp", (int)(pid != 0 ? pid : getpid()));
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

/* A line of names is followed by one of numbers: RtoAlgorithm, RtoMin, RtoMax, MaxConn,
 * ActiveOpens, PassiveOpens, AttemptFails, EstabResets, CurrEstab, InSegs, OutSegs, … */
int tcp_activity_read(struct tcp_activity *activity, int activity_fd)
{
    static const char line[] = "\nTcp: ";
    char text[SNMP_BYTES];
    unsigned long active = 0, passive = 0, came = 0, went = 0;
    ssize_t length = pread(activity_fd, text, sizeof text - 1, 0);
    if (length < 0)
        return -errno;
    text[length] = '\0';
    const char *names = strstr(text, line);
    const char *numbers = names != NULL ? strstr(names + 1, line) : NULL;
    if (numbers == NULL ||
        sscanf(numbers + sizeof line - 1, "%*d %*d %*d %*d %lu %lu %*u %*u %*u %lu %lu", &active,
               &passive, &came, &went) != 4)
        return -EBADMSG;
    *activity = (struct tcp_activity){.opens = active + passive, .segments = came + went};
    return 0;
}
