/* GitHub Actions: workflow commands for standard output, each of which makes an annotation.
 *
 * An error makes the job fail: a decisive metric that got worse, a server in trouble. A warning is
 * what could not be decided, and a copy of the base that differs from the base. Of each kind a step
 * shows ten, so that the tenth speaks for all that are left. The last line is a notice with the
 * verdict of a compare. */
#include "results/document/json_text.h"
#include "results/export/exporter.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN_OF_A_KIND 10

/* Annotations of one kind. */
struct annotations {
    struct bytes *out; /* all but the tenth */
    struct bytes tenth;
    const char *kind;
    size_t count; /* with those that are left out */
};

static void annotate(struct annotations *annotations, const char *title, const char *message)
{
    if (++annotations->count > SHOWN_OF_A_KIND)
        return;
    struct bytes *out =
        annotations->count < SHOWN_OF_A_KIND ? annotations->out : &annotations->tenth;
    sanitise_print(out, SANITISE_GITHUB_PROPERTY, "::%s title=%s::", annotations->kind, title);
    sanitise_print(out, SANITISE_GITHUB_MESSAGE, "%s\n", message);
}

/*** Comparisons ***/

static const char *kind_of(const struct run_comparison *comparison, bool is_control)
{
    if (is_control)
        return decision_is_change(comparison->verdict) ? "warning" : NULL;
    if (!comparison->is_gated)
        return NULL;
    return comparison->verdict == DECISION_WORSE          ? "error"
           : comparison->verdict == DECISION_INCONCLUSIVE ? "warning"
                                                          : NULL;
}

static void annotate_comparison(struct annotations *annotations,
                                const struct run_comparison *comparison, bool is_control)
{
    char *title = text_of("%s%s", comparison->title, is_control ? " of base and a copy of it" : "");
    char *finding = export_finding(comparison);
    char *message = text_of("%s: %s", comparison->cell, finding);
    annotate(annotations, title, message);
    free(message);
    free(finding);
    free(title);
}

static void annotate_comparisons(struct annotations *annotations,
                                 const struct run_comparisons *comparisons, bool are_controls)
{
    run_each_comparison (comparison, comparisons) {
        const char *kind = kind_of(comparison, are_controls);
        if (kind != NULL && strcmp(kind, annotations->kind) == 0)
            annotate_comparison(annotations, comparison, are_controls);
    }
}

/*** Results ***/

static void annotate_results(struct annotations *annotations, const struct run_document *document)
{
    bool is_of_errors = strcmp(annotations->kind, "error") == 0;
    run_each_result (result, document) {
        bool is_invalid = result->trouble == NULL && !run_result_is_usable(result);
        if (is_of_errors && result->trouble != NULL)
            annotate(annotations, result->label, result->trouble);
        else if (!is_of_errors && is_invalid)
            annotate(annotations, result->label, "the figures are invalid");
    }
}

static void append_kind(struct bytes *out, const struct run_document *document, const char *kind)
{
    struct annotations annotations = {.out = out, .kind = kind};
    annotate_results(&annotations, document);
    annotate_comparisons(&annotations, &document->comparisons, false);
    annotate_comparisons(&annotations, &document->controls, true);
    if (annotations.count > SHOWN_OF_A_KIND)
        bytes_print(out, "::%s title=proctor::%zu more are in the summary\n", kind,
                    annotations.count - SHOWN_OF_A_KIND + 1);
    else
        bytes_append(out, bytes_front(&annotations.tenth), annotations.tenth.length);
    bytes_release(&annotations.tenth);
}

static void append_verdict(struct bytes *out, const struct run_document *document)
{
    char *verdict = export_verdict(document);
    sanitise_print(out, SANITISE_GITHUB_MESSAGE, "::notice title=proctor compare::%s\n", verdict);
    free(verdict);
}

static void render(const struct run_document *document, struct bytes *out)
{
    append_kind(out, document, "error");
    append_kind(out, document, "warning");
    if (document->kind == RUN_COMPARE)
        append_verdict(out, document);
    else
        bytes_print(out, "::notice title=proctor %s::results: %zu\n",
                    run_kind_names[document->kind], document->result_count);
}

const struct exporter export_github = {
    .name = "github",
    .summary = "annotations of GitHub Actions, for the standard output of a step",
    .files = {{NULL, render}},
};
