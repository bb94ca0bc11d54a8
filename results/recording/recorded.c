#include "results/recording/recorded.h"

const char *const recorded_kind_names[] = {
    [RECORDED_LISTENER] = "listener", [RECORDED_CLIENT] = "client", [RECORDED_TASK] = "task",
    [RECORDED_BYTES] = "bytes",       [RECORDED_MODEL] = "model",   [RECORDED_NOTE] = "note",
    [RECORDED_PACKET] = "packet",     [RECORDED_LOST] = "lost",     [RECORDED_END] = "end",
    [RECORDED_END + 1] = NULL,
};
const char *const recorded_stage_names[] = {
    [STAGE_CONNECTING] = "connecting", [STAGE_QUEUED] = "queued", [STAGE_ACCEPTED] = "accepted",
    [STAGE_SERVED] = "served",         [STAGE_GONE] = "gone",     [STAGE_GONE + 1] = NULL,
};
const char *const recorded_doing_names[] = {
    [DOING_RUNS] = "runs",   [DOING_SLEEPS] = "sleeps", [DOING_STOPPED] = "stopped",
    [DOING_ENDED] = "ended", [DOING_ENDED + 1] = NULL,
};
const char *const recorded_on_names[] = {
    [ON_NOTHING] = "",        [ON_CLIENT] = "client", [ON_LISTENER] = "listener",
    [ON_CLIENTS] = "clients", [ON_LOCK] = "lock",     [ON_CHILD] = "child",
    [ON_TIME] = "time",       [ON_OTHER] = "other",   [ON_OTHER + 1] = NULL,
};
const char *const recorded_side_names[] = {"client", "server", NULL};
const char *const recorded_link_names[] = {"ethernet", "raw", NULL};
const char *const recorded_ending_names[] = {"exited", "interrupted", "until", "partial", NULL};
