/* How much the clients take from a submission. */
#include "grader/play/encounter.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define UNASKED_BYTES ((size_t)64 << 20)

Test(encounter, takes_what_is_waited_for_and_64_mb_from_all_together)
{
    struct player players[3] = {0};
    struct encounter encounter = {.players = players, .player_count = 3};
    cr_expect_eq(encounter_room_bytes(&encounter), UNASKED_BYTES);
    players[0].received.length = (size_t)8 << 20;
    answers_add(&players[0].awaited, &answer_bytes)->text.length = (size_t)8 << 20;
    cr_expect_eq(encounter_room_bytes(&encounter), UNASKED_BYTES, "an echo of 8 MB");
    players[1].received.length = UNASKED_BYTES - 1;
    cr_expect_eq(encounter_room_bytes(&encounter), 1);
    players[2].received.length = 100;
    cr_expect_eq(encounter_room_bytes(&encounter), 0);
    answers_release(&players[0].awaited);
}

Test(player, takes_no_more_than_it_may)
{
    int ends[2];
    char sent[10000] = "";
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    cr_assert_eq(write(ends[1], sent, sizeof sent), (ssize_t)sizeof sent);
    struct player player = {.fd = ends[0]};
    cr_expect(player_drain(&player, 5000));
    cr_expect_eq(player.received.length, 5000);
    cr_expect_not(player_drain(&player, 0));
    cr_expect(player_drain(&player, UNASKED_BYTES));
    cr_expect_eq(player.received.length, sizeof sent);
    close(ends[1]);
    cr_expect(player_drain(&player, 1));
    cr_expect_eq(player.stream, STREAM_ENDED);
    player_release(&player);
}

Test(player, is_searched_as_far_as_the_bound)
{
    struct player player = {.fd = -1};
    char *much = calloc(1, PLAYER_SEARCHED_BYTES);
    bytes_append(&player.received, "few", 3);
    cr_expect_eq(player_searched(&player).length, 3);
    bytes_append(&player.received, much, PLAYER_SEARCHED_BYTES);
    cr_expect_eq(player_searched(&player).length, PLAYER_SEARCHED_BYTES);
    free(much);
    player_release(&player);
}
