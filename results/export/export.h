/* All exports, and how what they render is written. */
#ifndef RESULTS_EXPORT_EXPORT_H
#define RESULTS_EXPORT_EXPORT_H

#include "results/export/exporter.h"

/* All of them; NULL at the end. */
extern const struct exporter *const exporters[];

/* NULL: there is none of that name. */
const struct exporter *export_find(const char *name);

/* Is it several files, in a folder? */
bool export_has_folder(const struct exporter *format);

/* Renders the file at `index`, and writes it to `path` ("-" is standard output) or appends it. The
 * old content of a file stays as it was until the new one is whole. 0 or -errno; -ENODATA if the
 * document has nothing that it could hold. */
int export_write(const struct exporter *format, size_t index, const struct run_document *document,
                 const char *path);

/* The same of a recording. */
int export_write_recording(const struct exporter *format, const struct recorded *recorded,
                           const char *path);

/* The same for a check beforehand: has the document something for each file? */
bool export_has_content(const struct exporter *format, const struct run_document *document);

#endif
