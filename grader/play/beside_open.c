#include "grader/play/beside_open.h"

#include "base/memory.h"
#include "grader/arena/arena_open.h"
#include "grader/play/await.h"

#include <errno.h>

static int open_one(struct encounter *encounter, struct encounter *beside,
                    const struct beside *planned, struct arena_trouble *trouble)
{
    *beside = (struct encounter){
        .name = planned->name, .port = planned->port, .patience_ns = encounter->patience_ns};
    const struct arena_plan plan = {
        .command = planned->command,
        .isolation = encounter->arena.isolation,
        .folder = planned->folder,
        .end_ns = encounter->arena.end_ns,
        .beside = &encounter->arena,
    };
    int error = arena_open(&beside->arena, &plan, trouble);
    if (error < 0)
        return error;
    encounter->beside_count++;
    int outcome =
        planned->port != 0 ? await_deed(beside, encounter_has_listener) : await_rest(beside);
    bool is_ready = outcome == OUTCOME_SEEN || (planned->port == 0 && outcome != OUTCOME_ENDED);
    if (outcome >= 0 && !is_ready)
        encounter->lost = beside;
    return outcome < 0 ? outcome : is_ready ? 0 : -ECHILD;
}

int besides_open(struct encounter *encounter, const struct beside *besides, size_t count,
                 struct arena_trouble *trouble)
{
    int error = 0;
    encounter->besides = allocate(count + 1, sizeof *encounter->besides);
    for (size_t i = 0; i < count && error == 0; i++)
        error = open_one(encounter, &encounter->besides[i], &besides[i], trouble);
    return error;
}
