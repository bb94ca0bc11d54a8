/* What a request carries, how a wrong reply is named, and how failures are counted. */
#include "loadgen/protocols/payload.h"
#include "results/measures/failures.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])
#define HEADER_BYTES  16
#define SEED          77

/*** Payload ***/

static void write_whole(const struct payload *payload, uint32_t connection, uint32_t sequence,
                        char *out)
{
    size_t count = payload_write(payload, connection, sequence, 0, out, payload->size_bytes);
    cr_assert_eq(count, payload->size_bytes);
}

#define RIGHT 0

static void expect_cause(int got, int expected, size_t place)
{
    cr_assert_eq(got, expected, "%d instead of %d at %zu", got, expected, place);
}

Test(payload, of_every_size_is_known_again)
{
    static const size_t sizes[] = {1, 2, 15, 16, 17, 64, 5000};
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        struct payload payload;
        payload_init(&payload, sizes[i], SEED);
        char *request = malloc(sizes[i] + 1);
        for (uint32_t sequence = 1; sequence < 300; sequence++) {
            request[sizes[i]] = '!';
            write_whole(&payload, 3, sequence, request);
            expect_cause(payload_check(&payload, 3, sequence, 0, request, sizes[i]), RIGHT,
                         sizes[i]);
            cr_assert_eq(request[sizes[i]], '!', "size %zu: written past the end", sizes[i]);
        }
        free(request);
        payload_release(&payload);
    }
}

Test(payload, may_be_checked_in_any_pieces)
{
    struct payload payload;
    char request[64];
    payload_init(&payload, sizeof request, SEED);
    write_whole(&payload, 5, 9, request);
    for (size_t begin = 0; begin <= sizeof request; begin++)
        for (size_t end = begin; end <= sizeof request; end++)
            expect_cause(payload_check(&payload, 5, 9, begin, request + begin, end - begin), RIGHT,
                         begin);
    payload_release(&payload);
}

Test(payload, may_be_written_in_any_pieces)
{
    struct payload payload;
    char whole[40];
    payload_init(&payload, sizeof whole, SEED);
    write_whole(&payload, 5, 9, whole);
    for (size_t offset = 0; offset <= sizeof whole; offset++)
        for (size_t room = 0; room <= sizeof whole + 1; room++) {
            char piece[41] = "";
            size_t left = sizeof whole - offset;
            size_t count = payload_write(&payload, 5, 9, offset, piece, room);
            cr_assert_eq(count, room < left ? room : left, "%zu from %zu", room, offset);
            cr_assert_eq(memcmp(piece, whole + offset, count), 0, "%zu from %zu", room, offset);
        }
    payload_release(&payload);
}

Test(payload, with_one_bit_flipped_anywhere_is_not_right)
{
    struct payload payload;
    char request[64];
    payload_init(&payload, sizeof request, SEED);
    write_whole(&payload, 5, 9, request);
    for (size_t flipped = 0; flipped < 8 * sizeof request; flipped++) {
        char bit = (char)(1 << flipped % 8);
        size_t place = flipped / 8;
        request[place] ^= bit;
        cr_expect_neq(payload_check(&payload, 5, 9, 0, request, sizeof request), RIGHT, "bit %zu",
                      flipped);
        for (size_t begin = 0; begin <= place; begin++)
            cr_expect_neq(payload_check(&payload, 5, 9, begin, request + begin, place + 1 - begin),
                          RIGHT, "bit %zu, piece from %zu", flipped, begin);
        request[place] ^= bit;
    }
    payload_release(&payload);
}

/* It is neither anybody else's nor an earlier one: its identity is that of the request. */
Test(payload, with_one_byte_flipped_anywhere_has_wrong_bytes)
{
    static const size_t sizes[] = {1, 2, 15, 16, 17, 64, 500};
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        struct payload payload;
        char request[500];
        payload_init(&payload, sizes[i], SEED);
        write_whole(&payload, 5, 9, request);
        for (size_t place = 0; place < sizes[i]; place++) {
            request[place] ^= 1;
            expect_cause(payload_check(&payload, 5, 9, 0, request, sizes[i]), CAUSE_WRONG_BYTES,
                         place);
            request[place] ^= 1;
        }
        payload_release(&payload);
    }
}

Test(payload, of_another_client_is_named_so)
{
    struct payload payload;
    char reply[64];
    payload_init(&payload, sizeof reply, SEED);
    write_whole(&payload, 6, 9, reply);
    expect_cause(payload_check(&payload, 5, 9, 0, reply, sizeof reply), CAUSE_OTHER_CLIENT, 0);
    expect_cause(payload_check(&payload, 5, 8, 0, reply, sizeof reply), CAUSE_OTHER_CLIENT, 0);
    expect_cause(payload_check(&payload, 5, 9, 0, reply, HEADER_BYTES), CAUSE_OTHER_CLIENT, 0);
    /* Too little of it to say whose it is. */
    expect_cause(payload_check(&payload, 5, 9, 0, reply, HEADER_BYTES - 1), CAUSE_WRONG_BYTES, 0);
    payload_release(&payload);
}

Test(payload, that_this_client_has_had_before_is_named_so)
{
    struct payload payload;
    char reply[64];
    payload_init(&payload, sizeof reply, SEED);
    for (uint32_t earlier = 1; earlier < 9; earlier++) {
        write_whole(&payload, 5, earlier, reply);
        expect_cause(payload_check(&payload, 5, 9, 0, reply, sizeof reply), CAUSE_REPEATED,
                     earlier);
    }
    payload_release(&payload);
}

/* The identity of the request, the rest of a neighbour. */
Test(payload, with_the_tail_of_another_is_not_right)
{
    static const uint32_t neighbours[][2] = {{6, 9}, {4, 9}, {5, 8}, {5, 10}};
    struct payload payload;
    char reply[64];
    char other[64];
    payload_init(&payload, sizeof reply, SEED);
    write_whole(&payload, 5, 9, reply);
    for (size_t i = 0; i < LENGTH(neighbours); i++) {
        write_whole(&payload, neighbours[i][0], neighbours[i][1], other);
        memcpy(reply + HEADER_BYTES, other + HEADER_BYTES, sizeof reply - HEADER_BYTES);
        cr_expect_neq(payload_check(&payload, 5, 9, 0, reply, sizeof reply), RIGHT, "%zu", i);
        cr_expect_neq(payload_check(&payload, 5, 9, HEADER_BYTES, reply + HEADER_BYTES, 1), RIGHT,
                      "%zu", i);
    }
    payload_release(&payload);
}

Test(payload, that_is_garbage_has_wrong_bytes)
{
    struct payload payload;
    struct payload of_another_load;
    static const char zeros[64];
    char reply[64];
    payload_init(&payload, sizeof reply, SEED);
    payload_init(&of_another_load, sizeof reply, SEED + 1);
    expect_cause(payload_check(&payload, 5, 9, 0, zeros, sizeof zeros), CAUSE_WRONG_BYTES, 0);
    memset(reply, 'x', sizeof reply);
    expect_cause(payload_check(&payload, 5, 9, 0, reply, sizeof reply), CAUSE_WRONG_BYTES, 0);
    write_whole(&of_another_load, 6, 9, reply);
    expect_cause(payload_check(&payload, 5, 9, 0, reply, sizeof reply), CAUSE_WRONG_BYTES, 0);
    payload_release(&payload);
    payload_release(&of_another_load);
}

/* A reply that lacks a byte, has one too many in the middle, or begins elsewhere. */
Test(payload, that_has_slipped_has_wrong_bytes)
{
    struct payload payload;
    char request[64];
    char reply[64] = "";
    payload_init(&payload, sizeof request, SEED);
    write_whole(&payload, 5, 9, request);
    memcpy(reply, request + 1, sizeof request - 1);
    expect_cause(payload_check(&payload, 5, 9, 0, reply, sizeof reply - 1), CAUSE_WRONG_BYTES, 1);
    for (size_t offset = 1; offset + 8 <= sizeof request; offset++)
        expect_cause(payload_check(&payload, 5, 9, offset, request + offset - 1, 8),
                     CAUSE_WRONG_BYTES, offset);
    payload_release(&payload);
}

Test(payload, differs_for_every_client_and_every_request)
{
    enum { CLIENTS = 20, REQUESTS = 20 };
    static char written[CLIENTS * REQUESTS][64];
    struct payload payload;
    payload_init(&payload, sizeof written[0], SEED);
    for (uint32_t i = 0; i < CLIENTS * REQUESTS; i++)
        write_whole(&payload, i / REQUESTS, i % REQUESTS, written[i]);
    for (uint32_t i = 0; i < CLIENTS * REQUESTS; i++)
        for (uint32_t j = 0; j < i; j++)
            cr_assert_neq(memcmp(written[i], written[j], sizeof written[i]), 0, "%u and %u", i, j);
    payload_release(&payload);
}

/*** Failures ***/

Test(failures, are_counted_by_phase_and_cause)
{
    struct failures failures = {0};
    cr_expect_eq(failures_total(&failures), 0);
    failures_count(&failures, PHASE_WAIT, ECONNRESET, 1);
    failures_count(&failures, PHASE_WAIT, CAUSE_CLOSED, 2);
    failures_count(&failures, PHASE_SEND, ECONNRESET, 3);
    failures_count(&failures, PHASE_WAIT, ECONNRESET, 10);
    static const struct failure expected[] = {
        {PHASE_WAIT, ECONNRESET, 11}, {PHASE_WAIT, CAUSE_CLOSED, 2}, {PHASE_SEND, ECONNRESET, 3}};
    cr_assert_eq(failures.kinds, LENGTH(expected));
    for (size_t i = 0; i < LENGTH(expected); i++) {
        cr_expect_eq(failures.by[i].phase, expected[i].phase);
        cr_expect_eq(failures.by[i].cause, expected[i].cause);
        cr_expect_eq(failures.by[i].count, expected[i].count);
    }
    cr_expect_eq(failures_total(&failures), 16);
}

Test(failures, of_requests_are_those_with_a_request_out)
{
    struct failures failures = {0};
    failures_count(&failures, PHASE_CONNECT, ECONNREFUSED, 1);
    failures_count(&failures, PHASE_IDLE, CAUSE_CLOSED, 10);
    failures_count(&failures, PHASE_SEND, EPIPE, 100);
    failures_count(&failures, PHASE_WAIT, CAUSE_CLOSED, 1000);
    failures_count(&failures, PHASE_PARTIAL, CAUSE_WRONG_BYTES, 10000);
    failures_count(&failures, PHASE_SLOW, CAUSE_CLOSED, 100000);
    cr_expect_eq(failures_of_requests(&failures), 11100);
    cr_expect_eq(failures_total(&failures), 111111);
}

Test(failures, merge_adds_kind_by_kind)
{
    struct failures into = {0};
    struct failures from = {0};
    failures_count(&into, PHASE_WAIT, ECONNRESET, 1);
    failures_count(&from, PHASE_SEND, EPIPE, 20);
    failures_count(&from, PHASE_WAIT, ECONNRESET, 300);
    failures_merge(&into, &from);
    cr_assert_eq(into.kinds, 2);
    cr_expect_eq(into.by[0].count, 301);
    cr_expect_eq(into.by[1].phase, PHASE_SEND);
    cr_expect_eq(into.by[1].cause, EPIPE);
    cr_expect_eq(into.by[1].count, 20);
    cr_expect_eq(failures_total(&from), 320, "the source has changed");
    failures_merge(&into, &(struct failures){0});
    cr_expect_eq(failures_total(&into), 321);
}

Test(failures, of_too_many_kinds_lose_no_count)
{
    struct failures failures = {0};
    struct failures doubled = {0};
    for (int cause = 1; cause <= 3 * FAILURE_KINDS_MAX; cause++)
        failures_count(&failures, PHASE_WAIT, cause, 1);
    cr_expect_eq(failures.kinds, FAILURE_KINDS_MAX);
    cr_expect_eq(failures_total(&failures), 3 * FAILURE_KINDS_MAX);
    cr_expect_eq(failures.by[FAILURE_KINDS_MAX - 1].count, 2 * FAILURE_KINDS_MAX + 1);
    failures_count(&failures, PHASE_WAIT, 1, 1);
    cr_expect_eq(failures.by[0].count, 2, "a known kind counts as itself");
    failures_merge(&doubled, &failures);
    failures_merge(&doubled, &failures);
    cr_expect_eq(failures_total(&doubled), 2 * (3 * FAILURE_KINDS_MAX + 1));
}

Test(failures, have_words_for_people_and_for_programs)
{
    static const struct {
        int cause;
        const char *name, *text;
    } rows[] = {
        {CAUSE_CLOSED, "closed", "closed by the server"},
        {CAUSE_WRONG_BYTES, "wrong_bytes", "a reply with wrong bytes"},
        {CAUSE_OTHER_CLIENT, "other_client", "a reply that belongs to another client"},
        {CAUSE_REPEATED, "repeated", "a duplicate reply"},
        {CAUSE_UNASKED, "unasked", "more bytes than requested"},
        {CAUSE_UNEXPECTED, "unexpected", "a reply other than the expected one"},
        {CAUSE_NOT_HTTP, "not_http", "a reply that is not HTTP/1"},
        {CAUSE_STATUS_4XX, "status_4xx", "a reply with a status of 4xx"},
        {CAUSE_STATUS_5XX, "status_5xx", "a reply with a status of 5xx"},
        {CAUSE_GIVEN_UP, "given_up", "abandoned with its connection after a wrong reply"},
        {ECONNRESET, "ECONNRESET", "Connection reset by peer"},
        {ETIMEDOUT, "ETIMEDOUT", "Connection timed out"},
        {999, "unknown", "unknown error"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cr_expect_str_eq(failure_cause_name(rows[i].cause), rows[i].name);
        cr_expect_str_eq(failure_cause_text(rows[i].cause), rows[i].text);
    }
    static const char *const phases[] = {"connect", "idle",  "send", "wait",
                                         "partial", "reply", "slow"};
    for (size_t i = 0; i < LENGTH(phases); i++)
        cr_expect_str_eq(failure_phase_name((enum failure_phase)i), phases[i]);
}
