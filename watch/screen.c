/* Theory of operation: draw() makes lines of the picture, and curses puts out what of them differs
 * from what stands on the terminal. Between two looks keys are waited for; each that changes the
 * view draws again. A guard (sentry.h) puts the terminal back if this process is killed.
 */
#include "watch/screen.h"

#include "base/clock.h"
#include "base/memory.h"
#include "watch/draw.h"
#include "watch/history.h"

#include <curses.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Escape sequences of keys come at once. */
#define ESCAPE_MS 25

#define ENTER_KEY  10
#define ESCAPE_KEY 27

struct screen {
    SCREEN *terminal;
    struct view view;
    struct drawing drawing;
};

struct screen *screen_open(const char *target)
{
    struct screen *screen = allocate(1, sizeof *screen);
    setlocale(LC_CTYPE, "");
    if (strcmp(setlocale(LC_CTYPE, NULL), "C") == 0 ||
        strcmp(setlocale(LC_CTYPE, NULL), "POSIX") == 0)
        setlocale(LC_CTYPE, "C.UTF-8"); /* what is drawn is UTF-8 in any case */
    screen->terminal = newterm(NULL, stdout, stdin);
    if (screen->terminal == NULL) {
        free(screen);
        return NULL;
    }
    screen->view.target = target;
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    set_escdelay(ESCAPE_MS);
    curs_set(0);
    if (has_colors()) {
        start_color();
        use_default_colors();
        init_pair(TONE_WAITS, COLOR_RED, -1);
        init_pair(TONE_SERVED, COLOR_GREEN, -1);
    }
    return screen;
}

void screen_close(struct screen *screen)
{
    endwin();
    delscreen(screen->terminal);
    drawing_release(&screen->drawing);
    free(screen);
}

static attr_t attributes_of(const struct drawn_line *line)
{
    static const attr_t plain[] = {
        [TONE_PLAIN] = A_NORMAL, [TONE_TITLE] = A_BOLD,    [TONE_HEADING] = A_UNDERLINE,
        [TONE_WAITS] = A_BOLD,   [TONE_SERVED] = A_NORMAL, [TONE_GONE] = A_DIM,
    };
    attr_t attributes = plain[line->tone];
    if (has_colors() && (line->tone == TONE_WAITS || line->tone == TONE_SERVED))
        attributes |= (attr_t)COLOR_PAIR(line->tone);
    return line->is_selected ? attributes | A_REVERSE : attributes;
}

/* The picture that is looked at: so many before the latest. */
static const struct picture *looked_at(struct screen *screen, const struct history *history)
{
    struct view *view = &screen->view;
    if (history->count == 0)
        return NULL;
    if (view->behind >= history->count)
        view->behind = history->count - 1;
    return &history->pictures[history->count - 1 - view->behind];
}

static void put_lines(const struct drawing *drawing)
{
    erase();
    for (size_t i = 0; i < drawing->count; i++) {
        attr_t attributes = attributes_of(&drawing->lines[i]);
        attr_set(attributes & ~A_COLOR, (short)PAIR_NUMBER(attributes), NULL);
        mvaddstr((int)i, 0, drawing->lines[i].text);
        if (drawing->lines[i].is_selected)
            for (int column = getcurx(stdscr); column < COLS && getcury(stdscr) == (int)i; column++)
                addch(' ');
    }
    attrset(A_NORMAL);
    refresh();
}

static void show(struct screen *screen, const struct history *history)
{
    const struct picture *picture = looked_at(screen, history);
    screen->view.rows = LINES > 0 ? (size_t)LINES : 0;
    screen->view.columns = COLS > 0 ? (size_t)COLS : 0;
    if (picture == NULL)
        return;
    draw(&screen->drawing, &screen->view, picture, history->notes, history->note_count);
    put_lines(&screen->drawing);
}

void screen_show(struct screen *screen, struct history *history, size_t added)
{
    if (screen->view.is_frozen)
        screen->view.behind += added; /* the latest has moved on */
    show(screen, history);
}

/*** Keys ***/

static void step(struct view *view, const struct history *history, long pictures)
{
    long behind = (long)view->behind - pictures;
    if (behind <= 0) {
        view->behind = 0;
        view->is_frozen = pictures < 0 && view->is_frozen;
        return;
    }
    view->is_frozen = true;
    view->behind = behind < (long)history->count ? (size_t)behind : history->count - 1;
}

static void obey_move(struct view *view, const struct history *history, int key)
{
    switch (key) {
    case KEY_LEFT:
        step(view, history, -1);
        break;
    case KEY_RIGHT:
        step(view, history, 1);
        break;
    case KEY_HOME:
        step(view, history, -(long)history->count);
        break;
    case KEY_END:
        step(view, history, (long)history->count);
        break;
    case KEY_UP:
        view->selected -= view->selected > 0;
        break;
    case KEY_DOWN:
        view->selected++; /* drawing knows how many there are */
        break;
    case KEY_PPAGE:
        view->selected -= view->selected > 10 ? 10 : view->selected;
        break;
    case KEY_NPAGE:
        view->selected += 10;
        break;
    default:
        break;
    }
}

static void turn_to(struct view *view, enum draw_page page)
{
    view->page = view->page == page ? PAGE_PICTURE : page;
}

/* False: it is to end. */
static bool obey(struct view *view, const struct history *history, int key)
{
    switch (key) {
    case 'q':
    case 'Q':
        return false;
    case 's':
        view->sort = (view->sort + 1) % SORTS;
        break;
    case 'f':
        view->filter = (view->filter + 1) % FILTERS;
        break;
    case 'g':
        view->is_grouped = !view->is_grouped;
        break;
    case ' ':
        view->is_frozen = !view->is_frozen;
        view->behind = 0;
        break;
    case 'h':
    case '?':
        turn_to(view, PAGE_HELP);
        break;
    case ENTER_KEY:
    case '\r':
    case KEY_ENTER:
        turn_to(view, PAGE_DETAILS);
        break;
    case ESCAPE_KEY:
        view->page = PAGE_PICTURE;
        break;
    default:
        obey_move(view, history, key);
        break;
    }
    return true;
}

bool screen_wait(struct screen *screen, struct history *history, int64_t due_ns)
{
    for (;;) {
        int left_ms = clock_timeout_ms(due_ns);
        timeout(left_ms);
        int key = getch();
        if (key == ERR)
            return true; /* it is time, or a signal came, which the caller looks at */
        if (!obey(&screen->view, history, key))
            return false;
        show(screen, history);
        if (clock_now_ns() >= due_ns)
            return true;
    }
}
