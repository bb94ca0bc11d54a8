#include "results/export/export.h"

#include "base/file.h"
#include "text/output_file.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const struct exporter *const exporters[] = {
    &export_github_action_benchmark,
    &export_bencher,
    &export_junit,
    &export_openmetrics,
    &export_csv,
    &export_csv_summary,
    &export_markdown,
    &export_github,
    &export_history,
    &export_pcapng,
    &export_perfetto,
    NULL,
};

const struct exporter *export_find(const char *name)
{
    for (size_t i = 0; exporters[i] != NULL; i++)
        if (strcmp(exporters[i]->name, name) == 0)
            return exporters[i];
    return NULL;
}

bool export_has_folder(const struct exporter *format)
{
    return format->files[0].name != NULL;
}

bool export_has_content(const struct exporter *format, const struct run_document *document)
{
    bool has_all = true;
    for (size_t i = 0; i < EXPORT_FILES_MAX && format->files[i].render != NULL; i++) {
        struct bytes out = {0};
        format->files[i].render(document, &out);
        has_all = has_all && out.length > 0;
        bytes_release(&out);
    }
    return has_all;
}

int export_write_recording(const struct exporter *format, const struct recorded *recorded,
                           const char *path)
{
    struct bytes out = {0};
    format->of_recording(recorded, &out);
    int error = out.length > 0 ? output_file_write_bytes(path, &out) : -ENODATA;
    bytes_release(&out);
    return error;
}

/* What a regular file holds; none that is not there, and nothing that is a device. 0 or -errno. */
static int read_old(const char *path, struct bytes *out)
{
    struct stat status;
    if (strcmp(path, "-") == 0 || (stat(path, &status) == 0 && !S_ISREG(status.st_mode)))
        return 0;
    char *text = NULL;
    size_t count = 0;
    int error = file_read(path, SIZE_MAX / 4, &text, &count);
    if (error < 0)
        return error == -ENOENT ? 0 : error;
    bytes_append(out, text, count);
    free(text);
    if (count > 0 && bytes_front(out)[count - 1] != '\n')
        bytes_append(out, "\n", 1);
    return 0;
}

int export_write(const struct exporter *format, size_t index, const struct run_document *document,
                 const char *path)
{
    struct bytes out = {0};
    int error = format->is_appended ? read_old(path, &out) : 0;
    size_t old_bytes = out.length;
    if (error == 0)
        format->files[index].render(document, &out);
    if (error == 0)
        error = out.length > old_bytes ? output_file_write_bytes(path, &out) : -ENODATA;
    bytes_release(&out);
    return error;
}
