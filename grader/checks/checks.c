#include "grader/checks/checks.h"

#include "grader/checks/ending.h"
#include "grader/checks/leaving.h"
#include "grader/checks/talk.h"
#include "grader/checks/together.h"

#include <string.h>

const struct check *const checks[] = {
    &check_starts_and_listens,
    &check_serves_one_client,
    &check_every_client_in_turn,
    &check_no_close_wait,
    &check_split_message,
    &check_split_letter,
    &check_merged_messages,
    &check_large_message,
    &check_second_client,
    &check_second_client_afterwards,
    &check_second_client_waits,
    &check_second_client_served,
    &check_clients_do_not_mix,
    &check_half_silent,
    &check_slow_reader,
    &check_half_close,
    &check_reset_survived,
    &check_queued_reset_survived,
    &check_nothing_left_behind,
    &check_no_spinning,
    &check_stop_word,
    &check_many_clients,
    &check_is_model,
    &check_ends_when,
    &check_restart_at_once,
    &check_ends_on_sigterm,
    NULL,
};

const struct check *check_find(const char *id)
{
    for (const struct check *const *check = checks; *check != NULL; check++)
        if (strcmp((*check)->id, id) == 0)
            return *check;
    return NULL;
}
