#include "grader/play/stage.h"

#include "base/language.h"
#include "grader/arena/arena_open.h"
#include "grader/play/await.h"
#include "grader/play/beside_open.h"
#include "grader/play/recorder.h"
#include "grader/protocols/placeholder.h"

#include <errno.h>
#include <sys/socket.h>

void stage_close(struct stage *stage)
{
    if (!stage->is_open)
        return;
    if (stage->encounter.lost != NULL && stage->run.text == NULL)
        stage->run.text = beside_end_text(stage->encounter.lost);
    size_t left_running = encounter_left_running(&stage->encounter);
    if (left_running > stage->run.left_running)
        stage->run.left_running = left_running;
    encounter_release(&stage->encounter);
    recorder_end(stage->plan->recorder);
    stage->is_open = false;
}

#define END_OF_INPUT "\004" /* a terminal's VEOF */

static void type(struct stage *stage, const char *text)
{
    const struct filling filling = values_filling(stage->plan->values);
    struct bytes typed = text_fill_in(text, TEXT_IS_BYTES, &filling);
    arena_type(&stage->encounter.arena, ARENA_SUBMISSION, &typed);
    bytes_release(&typed);
}

static void use_keyboard(struct stage *stage)
{
    const struct conduct *conduct = stage->plan->conduct;
    for (unsigned i = 0; i < conduct->type_count; i++)
        type(stage, conduct->type[i]);
    if (conduct->keyboard == KEYBOARD_CLOSED)
        type(stage, END_OF_INPUT);
}

/* A client may end at any time; what it has sent still counts. */
static int meet_client(struct stage *stage)
{
    struct encounter *encounter = &stage->encounter;
    encounter->outlives_submission = true;
    encounter->listener_fd =
        encounter_listen(encounter, stage->plan->conduct->port, stage->plan->conduct->transport);
    int error = encounter->listener_fd < 0 ? encounter->listener_fd : 0;
    if (error == 0)
        error = arena_start_again(&encounter->arena);
    if (error < 0)
        return error;
    use_keyboard(stage);
    return OUTCOME_SEEN;
}

/* Until it listens, and rests. */
static int await_start(struct stage *stage)
{
    use_keyboard(stage);
    int outcome = await_deed(&stage->encounter, encounter_has_listener);
    if (outcome != OUTCOME_SEEN)
        return outcome;
    outcome = await_rest(&stage->encounter);
    return outcome == OUTCOME_ENDED || outcome < 0 ? outcome : OUTCOME_SEEN;
}

static int open_besides(struct stage *stage)
{
    const struct stage_plan *plan = stage->plan;
    if (plan->beside_count == 0)
        return 0;
    struct arena_trouble trouble = {.what = N_("starting the assignment's own programs")};
    int error = besides_open(&stage->encounter, plan->besides, plan->beside_count, &trouble);
    if (error < 0)
        stage->run.trouble = trouble;
    return error;
}

/* Not every kernel has the part that lists them. */
static int watch_udp(struct stage *stage)
{
    struct subject *subject = &stage->encounter.arena.subject;
    struct udp_table table = {0};
    stage->run.trouble.what = N_("listing UDP sockets with sock_diag (the kernel's udp_diag)");
    int error = udp_table_read(&table, subject->netlink_fd);
    udp_table_release(&table);
    subject->watches_udp = error == 0;
    return error;
}

static int open_stage(struct stage *stage)
{
    const struct stage_plan *plan = stage->plan;
    bool is_client = plan->conduct->role == ROLE_CLIENT;
    stage->encounter = (struct encounter){.patience_ns = plan->patience_ns,
                                          .port = plan->conduct->port,
                                          .transport = plan->conduct->transport,
                                          .recorder = plan->recorder,
                                          .is_restless = stage->starts_restless,
                                          .was_restless = stage->grows_restless};
    struct arena_plan arena = plan->arena;
    arena.starts_later = is_client || plan->beside_count > 0;
    stage->run.trouble.what = N_("renewing the submission's folder");
    int error = plan->renew != NULL ? plan->renew(plan->renew_context) : 0;
    if (error < 0)
        return error;
    error = arena_open(&stage->encounter.arena, &arena, &stage->run.trouble);
    if (error < 0)
        return error;
    stage->is_open = true;
    stage->met = 0;
    recorder_begin(plan->recorder, &stage->encounter, &arena);
    if (stage->run.isolation < stage->encounter.arena.isolation)
        stage->run.isolation = stage->encounter.arena.isolation;
    error = plan->conduct->transport == TRANSPORT_UDP ? watch_udp(stage) : 0;
    if (error < 0)
        return error;
    stage->run.trouble.what = N_("observing the submission");
    error = open_besides(stage);
    if (error < 0)
        return error;
    if (is_client)
        return meet_client(stage);
    if (plan->beside_count > 0)
        error = arena_start_again(&stage->encounter.arena);
    if (error < 0)
        return error;
    int outcome = await_start(stage);
    stage->starts_restless = stage->encounter.is_restless;
    return outcome;
}

int stage_restart(struct stage *stage)
{
    struct arena *arena = &stage->encounter.arena;
    stage->encounter.outlives_submission = false;
    int error = arena_end_submission(arena);
    if (error == 0)
        error = arena_start_again(arena);
    return error < 0 ? error : await_start(stage);
}

int stage_enter(struct stage *stage, size_t players)
{
    int outcome = stage->is_open ? OUTCOME_SEEN : open_stage(stage);
    if (outcome == OUTCOME_SEEN)
        encounter_cast(&stage->encounter, players);
    stage->met++;
    return outcome;
}

/* The submission has closed all its connections, and still listens. */
static bool is_as_before(struct encounter *encounter)
{
    for (size_t i = 0; i < encounter->player_count; i++) {
        const struct tcp_row *row = encounter_server_row(encounter, &encounter->players[i]);
        if (encounter->players[i].server.length_bytes > 0 && row != NULL &&
            (row->inode != 0 || row->state == STATE_CLOSE_WAIT))
            return false;
    }
    return encounter_still_listens(encounter) &&
           (encounter_is_resting(encounter) || encounter->is_restless);
}

/* An outcome or -errno. */
static int await_clearance(struct stage *stage)
{
    struct encounter *encounter = &stage->encounter;
    int outcome = stage->lets_nobody_go_ns > 0 ? await_rest(encounter)
                                               : await_reaction(encounter, is_as_before, NULL);
    if (outcome == OUTCOME_TIMED_OUT)
        stage->lets_nobody_go_ns = encounter->window_ns;
    return outcome == OUTCOME_SEEN && !is_as_before(encounter) ? OUTCOME_SETTLED : outcome;
}

void stage_clear(struct stage *stage)
{
    if (!stage->is_open)
        return;
    struct encounter *encounter = &stage->encounter;
    if (stage->plan->conduct->role == ROLE_CLIENT || encounter->outlives_submission) {
        stage_close(stage);
        return;
    }
    for (size_t i = 0; i < encounter->player_count; i++) {
        encounter->players[i].reads_nothing = false;
        player_leave(&encounter->players[i]);
        recorder_drain(encounter->recorder);
    }
    stage->grows_restless |= encounter->is_restless && !stage->starts_restless;
    bool is_clear = !stage->grows_restless && await_clearance(stage) == OUTCOME_SEEN;
    encounter_cast(encounter, 0);
    if (!is_clear)
        stage_close(stage);
}
