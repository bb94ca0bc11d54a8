/* What the exports have in common: texts, numbers and JSON on their way out. */
#ifndef RESULTS_DOCUMENT_JSON_TEXT_H
#define RESULTS_DOCUMENT_JSON_TEXT_H

#include "base/bytes.h"
#include "results/document/run_document.h"
#include "text/sanitise.h"

#include <jansson.h>

/* With a dot, and as many digits as documents have; nothing for NAN. */
void export_number(struct bytes *out, double value);

/* "+6.0 %"; "–" for NAN. */
void export_change(struct bytes *out, double change);

/* "worse: +6.0 % (95 %: +4.5 to +7.5 %), above 0 is worse", with what could be excluded and why,
 * cleaned as SANITISE_STRING. The caller frees. */
char *export_finding(const struct run_comparison *comparison);

/* "worse: throughput +6.0 %; …", with the reasons of the whole compare that are not one metric's,
 * and how many blocks were dropped and why, cleaned as SANITISE_STRING. The caller frees. */
char *export_verdict(const struct run_document *document);

/*** JSON ***/

/* A new string, cleaned; null for NULL. The caller owns it. */
json_t *export_json_text(const char *text);

/* A new number, without decimals where it has none; null for NAN. The caller owns it. */
json_t *export_json_number(double value);

/* Appends the document with a line feed, indented or all on one line, and lets go of it. */
void export_json(struct bytes *out, json_t *document, bool is_indented);

/* "2 x Example Processor 3000, Linux 6.1.0", cleaned as SANITISE_STRING. The caller frees. */
char *export_machine(const struct run_document *document);

#endif
