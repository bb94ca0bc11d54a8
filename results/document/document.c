#include "results/document/document.h"

#include "base/bytes.h"
#include "base/memory.h"
#include "results/document/machine.h"
#include "results/measures/histogram.h"
#include "results/measures/statistics.h"
#include "text/json_dump.h"
#include "text/output_file.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CURVE_STEPS_PER_NINE 8
#define CURVE_BEYOND         10 /* a quantile needs so many values beyond it */

const char *tool_version(void)
{
    return PROCTOR_VERSION;
}

const char *tool_date(void)
{
    return PROCTOR_DATE;
}

const char *tool_commit(void)
{
    return PROCTOR_COMMIT;
}

json_t *document_new(const char *schema)
{
    char now_text[32];
    time_t now = time(NULL);
    struct tm utc;
    strftime(now_text, sizeof now_text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    return json_pack("{s:s, s:{s:s, s:s, s:s}, s:s, s:o}", //
                     "schema", schema,                     //
                     "tool", "name", "proctor", "version", tool_version(), "commit", tool_commit(),
                     "time", now_text, //
                     "machine", machine_describe());
}

const struct document_quantile document_quantiles[] = {
    {"p50", 0.5},     {"p90", 0.9},       {"p95", 0.95}, {"p99", 0.99},
    {"p99.9", 0.999}, {"p99.99", 0.9999}, {NULL, 0},
};

json_t *document_histogram(const struct histogram *histogram)
{
    json_t *object = json_object();
    bool is_measured = histogram->total > 0; /* otherwise it is null, not 0 */
    for (const struct document_quantile *row = document_quantiles; row->name != NULL; row++)
        json_object_set_new(object, row->name,
                            is_measured
                                ? json_integer(histogram_quantile_ns(histogram, row->quantile))
                                : json_null());
    json_object_set_new(object, "max", is_measured ? json_integer(histogram->max_ns) : json_null());
    json_object_set_new(object, "mean",
                        document_number(is_measured ? histogram_mean_ns(histogram) : NAN));
    json_object_set_new(object, "count", json_integer((json_int_t)histogram->total));
    return object;
}

json_t *document_latency_curve(const struct histogram *histogram)
{
    json_t *curve = json_array();
    for (unsigned step = 0;; step++) {
        double beyond = pow(10, -(double)step / CURVE_STEPS_PER_NINE);
        if ((double)histogram->total * beyond < CURVE_BEYOND)
            return curve;
        json_int_t value_ns = histogram_quantile_ns(histogram, 1 - beyond);
        json_array_append_new(curve, json_pack("[f, I]", 1 - beyond, value_ns));
    }
}

json_t *document_number(double number)
{
    return isfinite(number) ? json_real(number) : json_null();
}

json_t *document_spread(const struct spread *spread)
{
    return json_pack("{s:o, s:o, s:o}", "median", document_number(spread->median), //
                     "low", document_number(spread->low), "high", document_number(spread->high));
}

json_t *document_command(char *const command[])
{
    json_t *words = json_array();
    for (; *command != NULL; command++) {
        json_t *word = json_string(*command);
        json_array_append_new(words, word != NULL ? word : json_string("(not UTF-8)"));
    }
    return words;
}

/* As deep as what is compared. */
bool document_is_alike(const json_t *one, const json_t *other) /* NOLINT(misc-no-recursion) */
{
    const char *key = NULL;
    json_t *value = NULL;
    size_t i = 0;
    if (json_is_number(one) && json_is_number(other))
        return json_number_value(one) == json_number_value(other);
    if (json_is_array(one) && json_array_size(one) == json_array_size(other)) {
        json_array_foreach (one, i, value)
            if (!document_is_alike(value, json_array_get(other, i)))
                return false;
        return true;
    }
    if (json_is_object(one) && json_object_size(one) == json_object_size(other)) {
        json_object_foreach ((json_t *)one, key, value)
            if (!document_is_alike(value, json_object_get(other, key)))
                return false;
        return true;
    }
    return json_equal(one, other);
}

static int write_json(FILE *stream, const void *document)
{
    struct bytes text = {0};
    json_append(&text, document, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
    bytes_append(&text, "\n", 1);
    size_t written = fwrite(bytes_front(&text), 1, text.length, stream);
    bool is_whole = written == text.length;
    bytes_release(&text);
    return is_whole ? 0 : -1;
}

int document_write(const json_t *document, const char *path)
{
    return output_file_write(path, write_json, document);
}

int document_make_folder(const char *path)
{
    char *partial = text_of("%s/", path);
    int error = 0;
    for (char *slash = strchr(partial + 1, '/'); slash != NULL && error == 0;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        struct stat status;
        if (mkdir(partial, 0777) < 0 && errno != EEXIST)
            error = -errno;
        else if (stat(partial, &status) < 0 || !S_ISDIR(status.st_mode))
            error = -ENOTDIR;
        *slash = '/';
    }
    free(partial);
    return error;
}
