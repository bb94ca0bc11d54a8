#include "base/quantity.h"

#include "base/clock.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct suffix {
    const char *name;
    int64_t factor;
};

static const struct suffix count_suffixes[] = {
    {"", 1},           {"k", 1000},       {"M", 1000000},    {"G", 1000000000},
    {"Ki", 1LL << 10}, {"Mi", 1LL << 20}, {"Gi", 1LL << 30}, {NULL, 0},
};

static const struct suffix duration_suffixes[] = {
    {"", NS_PER_S},         {"ns", 1},       {"us", NS_PER_US},
    {"ms", NS_PER_MS},      {"s", NS_PER_S}, {"m", 60 * NS_PER_S},
    {"h", 3600 * NS_PER_S}, {NULL, 0},
};

static int64_t factor_of(const struct suffix *suffixes, const char *name)
{
    for (; suffixes->name != NULL; suffixes++)
        if (strcmp(suffixes->name, name) == 0)
            return suffixes->factor;
    return 0;
}

int quantity_parse_count(const char *text, uint64_t *count)
{
    char *end = NULL;
    if (!isdigit((unsigned char)text[0]))
        return -EINVAL;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    int64_t factor = factor_of(count_suffixes, end);
    if (factor == 0)
        return -EINVAL;
    if (errno == ERANGE || __builtin_mul_overflow(number, (uint64_t)factor, count))
        return -ERANGE;
    return 0;
}

int quantity_parse_rate_per_s(const char *text, double *rate_per_s)
{
    static const struct suffix units[] = {
        {"", 1}, {"/s", 1}, {"/min", 60}, {"/h", 3600}, {NULL, 0}};
    const char *slash = strchrnul(text, '/');
    int64_t seconds = factor_of(units, slash);
    char *count_text = strndup(text, (size_t)(slash - text));
    uint64_t count = 0;
    int error =
        count_text == NULL || seconds == 0 ? -EINVAL : quantity_parse_count(count_text, &count);
    free(count_text);
    if (error == 0)
        *rate_per_s = (double)count / (double)seconds;
    return error;
}

int quantity_parse_duration_ns(const char *text, int64_t *duration_ns)
{
    /* Only plain decimals: strtod alone would also take "inf", "0x1p3" and "1e9". */
    size_t digits = strspn(text, "0123456789.");
    char number_text[32] = {0};
    if (digits == 0 || digits >= sizeof number_text)
        return -EINVAL;
    memcpy(number_text, text, digits);
    char *end = NULL;
    double number = strtod(number_text, &end);
    int64_t factor = factor_of(duration_suffixes, text + digits);
    if (end == number_text || *end != '\0' || factor == 0)
        return -EINVAL;
    double product_ns = round(number * (double)factor);
    if (product_ns > 9e18)
        return -ERANGE;
    *duration_ns = (int64_t)product_ns;
    return 0;
}
