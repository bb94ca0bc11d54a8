#include "results/report/report.h"

#include "base/embed.h"
#include "base/memory.h"
#include "results/document/document.h"
#include "results/figures/figures.h"
#include "results/page/html.h"
#include "results/report/method.h"
#include "results/report/verdict.h"
#include "results/report/verdict_line.h"
#include "text/html_page.h"
#include "text/sanitise.h"

#include <stdlib.h>

EMBED(report_style, PROCTOR_SOURCES "/results/report/report.css");
EMBED(report_script, PROCTOR_SOURCES "/results/report/report.js");

/*** One document ***/

static void append_about(struct bytes *out, const struct run *run)
{
    const json_t *machine = json_object_get(run->document->json, "machine");
    html_print(out, "<p class=\"about\">%s, %s, on %s, %s", run_kind_names[run->document->kind],
               run_text(run->document->json, NULL, "time"), run_text(machine, NULL, "cpu_model"),
               run_text(machine, NULL, "kernel"));
    bytes_print(out, "; <a href=\"#run%zu-method\">how it was measured</a></p>\n", run->number);
}

static void append_figure(struct bytes *out, const struct run *run, const struct figure *figure)
{
    bytes_print(out,
                "<figure id=\"run%zu-%s\" class=\"%s\">\n<figcaption><h3>%s</h3></figcaption>\n",
                run->number, figure->name, figure->name, figure->title);
    figure->draw(out, run);
    bytes_print(out, "</figure>\n");
}

static void append_run(struct bytes *out, const struct run *run)
{
    bytes_print(out, "<section class=\"run\" id=\"run%zu\">\n<h2>", run->number);
    html_print(out, "%s</h2>\n", run->document->path);
    append_about(out, run);
    verdict_append(out, run);
    for (size_t i = 0; figures[i] != NULL; i++)
        if (figures[i]->applies(run))
            append_figure(out, run, figures[i]);
    method_append(out, run);
    bytes_print(out, "</section>\n");
}

/*** The page ***/

static void append_contents(struct bytes *out, const struct run runs[], size_t count)
{
    bytes_print(out, "<nav><ol>\n");
    for (size_t i = 0; i < count; i++) {
        bytes_print(out, "<li><a href=\"#run%zu\">", runs[i].number);
        html_print(out, "%s</a>: %s: ", runs[i].document->path,
                   run_kind_names[runs[i].document->kind]);
        verdict_append_line(out, &runs[i]);
        bytes_print(out, "</li>\n");
    }
    bytes_print(out, "</ol></nav>\n");
}

static void append_end(struct bytes *out)
{
    bytes_print(out, "<p class=\"about\">Made by proctor %s (%s).</p>\n", tool_version(),
                tool_commit());
    html_script(out, report_script);
    html_page_end(out);
}

static void append_title(struct bytes *title, const struct run runs[], size_t count)
{
    bytes_print(title, "proctor");
    if (count == 1) {
        bytes_print(title, " %s: ", run_kind_names[runs[0].document->kind]);
        verdict_append_line(title, &runs[0]);
    } else {
        bytes_print(title, ": %zu runs", count);
    }
}

void report(struct bytes *out, const struct run_document documents[], size_t count)
{
    struct bytes title = {0};
    struct run *runs = allocate(count + 1, sizeof runs[0]);
    for (size_t i = 0; i < count; i++)
        run_init(&runs[i], &documents[i], i + 1);
    append_title(&title, runs, count);
    html_page_begin(
        out, &(struct html_head){.title = &title, .style = report_style, .runs_script = true});
    html_mark_shapes(out);
    bytes_print(out, "<h1>");
    sanitise(out, bytes_front(&title), title.length, SANITISE_HTML);
    bytes_print(out, "</h1>\n");
    if (count > 1)
        append_contents(out, runs, count);
    for (size_t i = 0; i < count; i++)
        append_run(out, &runs[i]);
    append_end(out);
    for (size_t i = 0; i < count; i++)
        run_release(&runs[i]);
    free(runs);
    bytes_release(&title);
}
