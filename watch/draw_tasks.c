#include "watch/draw_tasks.h"

#include "base/language.h"
#include "base/memory.h"
#include "watch/changes.h"

#include <stdlib.h>

static bool is_listed(const struct picture_task *task)
{
    return !task->is_runtime && task->doing != DOING_ENDED;
}

static size_t count_tasks(const struct picture *picture)
{
    size_t count = 0;
    for (size_t i = 0; i < picture->task_count; i++)
        count += is_listed(&picture->tasks[i]);
    return count;
}

/* Do they do the same, if not for the same clients? */
static bool do_the_same(const struct picture_task *left, const struct picture_task *right)
{
    return left->pid == right->pid && left->doing == right->doing && left->call == right->call &&
           left->on == right->on && left->is_hidden == right->is_hidden;
}

static void draw_task(struct drawing *drawing, const struct view *view,
                      const struct picture *picture, const struct picture_task *task, size_t count)
{
    struct bytes row = {0}, said = {0}, name = {0};
    draw_clean(&name, task->name);
    if (count > 1)
        draw_cell(&row, 7, "%zu ×", count);
    else
        draw_cell(&row, 7, "%d", (int)task->tid);
    draw_cell(&row, 15, "%.*s", (int)name.length, bytes_front(&name));
    draw_cell(&row, 6, "%u.%u %%", task->busy_permille / 10, task->busy_permille % 10);
    draw_cell(&row, 7, "%.2fs", (double)task->cpu_ns / 1e9);
    task_say(picture, task, &said);
    bytes_append(&row, bytes_front(&said), said.length);
    bytes_release(&said);
    bytes_release(&name);
    draw_line(drawing, view, task->doing == DOING_RUNS ? TONE_SERVED : TONE_PLAIN, &row);
}

static void draw_task_groups(struct drawing *drawing, const struct view *view,
                             const struct picture *picture, size_t room)
{
    bool *is_done = allocate(picture->task_count + 1, sizeof *is_done);
    for (size_t i = 0; i < picture->task_count && room > 0; i++) {
        if (is_done[i] || !is_listed(&picture->tasks[i]))
            continue;
        struct picture_task sum = picture->tasks[i];
        size_t count = 0;
        for (size_t j = i; j < picture->task_count; j++) {
            const struct picture_task *task = &picture->tasks[j];
            if (is_done[j] || !is_listed(task) || !do_the_same(task, &picture->tasks[i]))
                continue;
            is_done[j] = true;
            sum.cpu_ns += count > 0 ? task->cpu_ns : 0;
            sum.busy_permille += count > 0 ? task->busy_permille : 0;
            sum.count += count > 0 ? task->count : 0;
            count++;
        }
        draw_task(drawing, view, picture, &sum, count);
        room--;
    }
    free(is_done);
}

size_t draw_tasks_wanted(const struct picture *picture)
{
    return 1 + count_tasks(picture);
}

void draw_tasks(struct drawing *drawing, const struct view *view, const struct picture *picture,
                size_t room)
{
    struct bytes row = {0};
    draw_cell(&row, 7, "%s", _("task"));
    draw_cell(&row, 15, "%s", _("name"));
    draw_cell(&row, 6, "%s", _("busy"));
    draw_cell(&row, 7, "%s", _("cpu"));
    bytes_print(&row, "%s", picture->task_count > 0 ? _("does") : _("none can be seen"));
    draw_line(drawing, view, TONE_HEADING, &row);
    if (count_tasks(picture) > room - 1 || view->is_grouped) {
        draw_task_groups(drawing, view, picture, room - 1);
        return;
    }
    for (size_t i = 0; i < picture->task_count; i++)
        if (is_listed(&picture->tasks[i]))
            draw_task(drawing, view, picture, &picture->tasks[i], 1);
}
