/* Theory of operation: when a deed was done, and when something came, is known only to lie between
 * two moments that we have seen: what comes is seen at a look, which on a busy machine may be long
 * after the one before. A time is judged by whichever of these moments speaks for the submission,
 * and with a margin for clocks and timers that differ from ours.
 */
#include "grader/checks/scene_time.h"

#include "base/clock.h"
#include "base/language.h"
#include "grader/assignment/assignment.h"
#include "grader/play/act.h"
#include "grader/play/evidence.h"

#define MARGIN_NS    (10 * NS_PER_MS)
#define MARGIN_PARTS 50 /* and 1 / 50 of the time */

static int64_t margin_ns(int64_t time_ns)
{
    return MARGIN_NS + time_ns / MARGIN_PARTS;
}

static double seconds(int64_t time_ns)
{
    return (double)time_ns / 1e9;
}

static bool has_client(const struct step *step)
{
    size_t count = 0;
    step_clients(step, &count);
    return count > 0;
}

/*** Deeds ***/

static bool does(const struct step *step)
{
    bool waits = step->deed == DEED_WAIT || step->deed == DEED_SETTLE;
    return (step->deed != DEED_NONE && !waits) || step->send != NULL || step->send_slowly != NULL ||
           step->http != NULL || step->type != NULL;
}

void scene_time_deed(struct scene *scene, const struct step *step,
                     void (*deed)(struct scene *scene, const struct step *step))
{
    struct scene_client *client = &scene->clients[scene->player];
    struct scene_deed times = {.begin_ns = clock_now_ns()};
    if (does(step) && has_client(step))
        player_begin_arrival(scene_player(scene->act->encounter));
    deed(scene, step);
    times.end_ns = clock_now_ns();
    if (!does(step))
        return;
    scene->deed = times;
    if (has_client(step))
        client->deed = times;
}

static const struct scene_deed *deed_of(const struct scene *scene, const struct step *step)
{
    return has_client(step) ? &scene->clients[scene->player].deed : &scene->deed;
}

/*** Waiting ***/

/* Other steps may have taken their time since the deed; a tenth is left for a busy machine. */
void scene_time_begin(struct scene *scene, const struct step *step)
{
    struct encounter *encounter = scene->act->encounter;
    const struct scene_deed *deed = deed_of(scene, step);
    encounter->within_ns = step_time_ns(step->within);
    int64_t most_ns = encounter->within_ns - encounter->within_ns / 10;
    int64_t spent_ns = deed->begin_ns > 0 ? clock_now_ns() - deed->end_ns : 0;
    encounter->spent_ns = spent_ns < most_ns ? spent_ns : most_ns;
}

/*** Judging ***/

/* When it came: the latest and the earliest moment. What was printed has no times. */
static int64_t latest_ns(const struct scene *scene, const struct step *step)
{
    int64_t last_ns = has_client(step) ? scene_player(scene->act->encounter)->arrival.last_ns : 0;
    return last_ns > 0 ? last_ns : clock_now_ns();
}

static int64_t earliest_ns(const struct scene *scene, const struct step *step)
{
    return has_client(step) ? scene_player(scene->act->encounter)->arrival.before_last_ns : 0;
}

static void judge_not_before(struct scene *scene, const struct step *step)
{
    int64_t asked_ns = step_time_ns(step->not_before);
    int64_t took_ns = latest_ns(scene, step) - deed_of(scene, step)->begin_ns;
    if (asked_ns == 0)
        return;
    act_note_time(scene->act, asked_ns);
    if (took_ns + margin_ns(asked_ns) >= asked_ns)
        return;
    act_note_time(scene->act, 0);
    evidence_note(scene->act->result->evidence, _("it came after %.2f s, and not after %.2f s"),
                  seconds(took_ns), seconds(asked_ns));
    scene_find(scene, _("it came too early"));
}

/* It was there, but only as other steps were under way meanwhile. */
static void judge_within(struct scene *scene, const struct step *step)
{
    int64_t asked_ns = step_time_ns(step->within);
    int64_t took_ns = earliest_ns(scene, step) - deed_of(scene, step)->end_ns;
    if (asked_ns == 0 || took_ns <= asked_ns + margin_ns(asked_ns))
        return;
    act_note_time(scene->act, asked_ns);
    evidence_note(scene->act->result->evidence, _("it came after %.2f s, and not after %.2f s"),
                  seconds(took_ns), seconds(asked_ns));
    scene_find(scene, _("it came too late"));
}

/* Bytes per second. What the first look saw came at any time since the one before it, and all of it
 * counts: who sends all at once is seen only then. */
static void judge_rate(struct scene *scene, const struct step *step)
{
    const struct step_rate *rate = step->rate;
    if (rate == NULL)
        return;
    const struct arrival *arrival = &scene_player(scene->act->encounter)->arrival;
    int64_t longest_ns = arrival->last_ns - arrival->before_first_ns;
    int64_t shortest_ns = arrival->before_last_ns - arrival->first_ns;
    longest_ns += margin_ns(longest_ns);
    shortest_ns -= margin_ns(shortest_ns);
    double least = (double)arrival->bytes / seconds(longest_ns);
    bool is_slow =
        shortest_ns > 0 && (double)arrival->bytes / seconds(shortest_ns) < (double)rate->least;
    bool is_fast = rate->most > 0 && least > (double)rate->most;
    act_note_time(scene->act, 0);
    if (!is_slow && !is_fast)
        return;
    evidence_note(scene->act->result->evidence,
                  _("%zu bytes came in %.2f s; expected: %.0f to %.0f bytes per second"),
                  arrival->bytes, seconds(arrival->last_ns - arrival->first_ns),
                  (double)rate->least, (double)rate->most);
    scene_find(scene, is_slow ? _("it comes too slowly") : _("it comes too fast"));
}

void scene_time_end(struct scene *scene, const struct step *step)
{
    scene->act->encounter->within_ns = scene->act->encounter->spent_ns = 0;
    if (act_is_over(scene->act))
        return;
    judge_not_before(scene, step);
    judge_within(scene, step);
    judge_rate(scene, step);
}
