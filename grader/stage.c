#include "grader/stage.h"

void stage_init(struct stage *stage, const struct stage_plan *plan)
{
    *stage = (struct stage){.plan = plan};
}

void stage_close(struct stage *stage)
{
    if (!stage->is_open)
        return;
    size_t left_running = scene_left_running(&stage->scene);
    if (left_running > stage->left_running)
        stage->left_running = left_running;
    scene_release(&stage->scene);
    stage->is_open = false;
}

void stage_release(struct stage *stage)
{
    stage_close(stage);
}

static int open_stage(struct stage *stage)
{
    const struct stage_plan *plan = stage->plan;
    stage->scene = (struct scene){.patience_ns = plan->patience_ns, .port = plan->port};
    int error = arena_open(&stage->scene.arena, &plan->arena, &stage->trouble);
    if (error < 0)
        return error;
    stage->is_open = true;
    if (stage->isolation < stage->scene.arena.isolation) /* the lowest of all starts */
        stage->isolation = stage->scene.arena.isolation;
    stage->starts++;
    stage->trouble.what = "observing the submission";
    int outcome = scene_wait(&stage->scene, scene_has_listener);
    if (outcome != OUTCOME_SEEN)
        return outcome;
    /* From here on whoever uses the processor without end does so for no reason of ours. */
    stage->scene.ends_on_spinning = true;
    outcome = scene_wait(&stage->scene, scene_is_resting);
    return outcome == OUTCOME_SPINNING ? OUTCOME_SEEN : outcome;
}

int stage_enter(struct stage *stage, size_t players)
{
    int outcome = stage->is_open ? OUTCOME_SEEN : open_stage(stage);
    if (outcome == OUTCOME_SEEN)
        scene_cast(&stage->scene, players);
    return outcome;
}

/* The submission has nothing of a client any more, and still listens. */
static bool is_as_before(struct scene *scene)
{
    for (size_t i = 0; i < scene->player_count; i++) {
        const struct tcp_row *row = scene_server_row(scene, &scene->players[i]);
        if (scene->players[i].server.length_bytes > 0 && row != NULL &&
            (row->inode != 0 || row->state == STATE_CLOSE_WAIT))
            return false;
    }
    return scene_listener_row(scene) != NULL &&
           (scene_is_resting(scene) || scene->activity == ACTIVITY_SPINNING);
}

void stage_clear(struct stage *stage)
{
    if (!stage->is_open)
        return;
    struct scene *scene = &stage->scene;
    for (size_t i = 0; i < scene->player_count; i++) {
        scene->players[i].reads_nothing = false;
        player_leave(&scene->players[i]);
    }
    bool is_clear = scene_wait(scene, is_as_before) == OUTCOME_SEEN;
    scene_cast(scene, 0);
    if (!is_clear)
        stage_close(stage);
}
