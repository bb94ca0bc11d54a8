/* Drawings of pictures: three parts, in all sizes. */
#include "watch/draw.h"

#include "tests/support/pictures.h"
#include "watch/why.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const struct view usual = {.target = "python3 server.py", .rows = 24, .columns = 80};

static struct picture blocked(void)
{
    struct picture picture = picture_made(5000000000);
    picture_add_client(&picture, STAGE_SERVED);
    picture_add_client(&picture, STAGE_QUEUED);
    picture_add_task(&picture, 100, 1);
    why_explain(&picture);
    return picture;
}

static size_t letters(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += (*text & 0xC0) != 0x80;
    return count;
}

/* The line that has this text; -1: none. */
static long find_line(const struct drawing *drawing, const char *text)
{
    for (size_t i = 0; i < drawing->count; i++)
        if (strstr(drawing->lines[i].text, text) != NULL)
            return (long)i;
    return -1;
}

Test(draw, shows_below_a_client_why_it_waits)
{
    struct view view = usual;
    struct drawing drawing = {0};
    struct picture picture = blocked();
    draw(&drawing, &view, &picture, NULL, 0);
    long row = find_line(&drawing, "127.0.0.1:40002");
    cr_assert_geq(row, 0);
    cr_expect(strstr(drawing.lines[row].text, "queued") != NULL);
    cr_expect(strstr(drawing.lines[row + 1].text, "the only thread sleeps on client 1") != NULL);
    cr_expect_eq(drawing.lines[row].tone, TONE_WAITS);
    cr_expect_geq(find_line(&drawing, "sleeps in recvfrom on client 1"), row);
    view.columns = 200; /* beside it, where there is room */
    draw(&drawing, &view, &picture, NULL, 0);
    row = find_line(&drawing, "127.0.0.1:40002");
    cr_expect(strstr(drawing.lines[row].text, "the only thread sleeps on client 1") != NULL);
    drawing_release(&drawing);
    picture_release(&picture);
}

Test(draw, fits_every_size)
{
    struct picture picture = blocked();
    struct history_note notes[] = {{.t_ns = 1,
                                    .text = "client 1 (127.0.0.1:40001): accepted by "
                                            "task 100 (python3), é ü ← and so on"}};
    for (int i = 0; i < 40; i++)
        picture_add_client(&picture, i % 3 == 0 ? STAGE_QUEUED : STAGE_SERVED);
    for (int i = 0; i < 40; i++)
        picture_add_task(&picture, 101 + i, 3 + i);
    why_explain(&picture);
    for (size_t rows = 1; rows < 70; rows += 3)
        for (size_t columns = 1; columns < 220; columns += 7)
            for (int page = PAGE_PICTURE; page <= PAGE_HELP; page++) {
                struct view view = usual;
                struct drawing drawing = {0};
                view.rows = rows;
                view.columns = columns;
                view.page = (enum draw_page)page;
                view.client = 2;
                view.selected = 1000;
                draw(&drawing, &view, &picture, notes, 1);
                cr_assert_leq(drawing.count, rows);
                for (size_t i = 0; i < drawing.count; i++)
                    cr_assert_leq(letters(drawing.lines[i].text), columns, "%zu×%zu: %s", columns,
                                  rows, drawing.lines[i].text);
                drawing_release(&drawing);
            }
    picture_release(&picture);
}

Test(draw, keeps_three_parts_at_24_lines)
{
    struct view view = usual;
    struct drawing drawing = {0};
    struct picture picture = blocked();
    for (int i = 0; i < 100; i++)
        picture_add_client(&picture, STAGE_SERVED);
    for (int i = 0; i < 100; i++)
        picture_add_task(&picture, 101 + i, 3 + i);
    draw(&drawing, &view, &picture, NULL, 0);
    long clients = find_line(&drawing, "state server/client");
    long tasks = find_line(&drawing, "does");
    long changes = find_line(&drawing, "what changed");
    cr_expect_eq(drawing.count, 24);
    cr_expect(0 < clients && clients < tasks && tasks < changes && changes <= 20, "%ld %ld %ld",
              clients, tasks, changes);
    cr_expect_geq(find_line(&drawing, "more clients"), 0);
    cr_expect_geq(find_line(&drawing, "101 ×"), 0, "threads that do the same stand together");
    drawing_release(&drawing);
    picture_release(&picture);
}

Test(draw, groups_thousands_by_state_and_owner)
{
    struct view view = usual;
    struct drawing drawing = {0};
    struct picture picture = picture_made(1);
    for (int i = 0; i < 3000; i++)
        picture_add_client(&picture, i < 1000 ? STAGE_SERVED : STAGE_QUEUED)->requests = 2;
    picture_add_task(&picture, 100, 1);
    why_explain(&picture);
    draw(&drawing, &view, &picture, NULL, 0);
    long served = find_line(&drawing, "1000   served");
    long queued = find_line(&drawing, "2000   queued");
    cr_expect_geq(served, 0);
    cr_expect_gt(queued, served);
    cr_expect(strstr(drawing.lines[served].text, "100 python3") != NULL);
    cr_expect(strstr(drawing.lines[queued + 1].text, "the only thread sleeps on client 1") != NULL);
    drawing_release(&drawing);
    picture_release(&picture);
}

Test(draw, sorts_and_filters)
{
    struct view view = usual;
    struct drawing drawing = {0};
    struct picture picture = blocked();
    picture_add_client(&picture, STAGE_GONE);
    picture.clients[0].requests = 1;
    picture.clients[1].requests = 5;
    view.sort = SORT_REQUESTS;
    draw(&drawing, &view, &picture, NULL, 0);
    cr_expect_lt(find_line(&drawing, ":40002"), find_line(&drawing, ":40001"));
    view.sort = SORT_ARRIVAL;
    view.filter = FILTER_PRESENT;
    draw(&drawing, &view, &picture, NULL, 0);
    cr_expect_lt(find_line(&drawing, ":40001"), find_line(&drawing, ":40002"));
    cr_expect_eq(find_line(&drawing, ":40003"), -1);
    view.filter = FILTER_WAITING;
    draw(&drawing, &view, &picture, NULL, 0);
    cr_expect_eq(find_line(&drawing, ":40001"), -1);
    cr_expect_geq(find_line(&drawing, ":40002"), 0);
    drawing_release(&drawing);
    picture_release(&picture);
}

Test(draw, shows_only_what_had_changed_by_the_moment_of_the_picture)
{
    struct view view = usual;
    struct drawing drawing = {0};
    struct picture picture = blocked();
    struct history_note notes[] = {{.t_ns = 4000000000, .text = "an early thing"},
                                   {.t_ns = 6000000000, .text = "a later thing"}};
    view.is_frozen = true;
    view.behind = 3;
    draw(&drawing, &view, &picture, notes, 2);
    cr_expect_geq(find_line(&drawing, "an early thing"), 0);
    cr_expect_eq(find_line(&drawing, "a later thing"), -1);
    cr_expect_geq(find_line(&drawing, "FROZEN, 3 back"), 0);
    drawing_release(&drawing);
    picture_release(&picture);
}

Test(draw, shows_nothing_that_a_terminal_would_obey)
{
    struct view view = usual;
    struct drawing drawing = {0};
    struct picture picture = blocked();
    view.target = "python3 \033]0;title\007 \033[31mx";
    memcpy(picture.tasks[0].name, "\033[2Jx\n", 7);
    draw(&drawing, &view, &picture, NULL, 0);
    for (size_t i = 0; i < drawing.count; i++)
        cr_expect(strpbrk(drawing.lines[i].text, "\033\007\n") == NULL, "%s",
                  drawing.lines[i].text);
    drawing_release(&drawing);
    picture_release(&picture);
}
