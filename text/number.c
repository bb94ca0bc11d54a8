#include "text/number.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define STEPS_MOST  6
#define DIGITS      3 /* of a value whose noise is not known */
#define DIGITS_MOST 4

struct step {
    double factor;
    const char *suffix;
};

/* More rows, for terminals. */
enum { SHORT_DURATION = UNIT_PARTS + 1, SHORT_COUNT };

/* From small to large; the first one also takes what is smaller. */
static const struct step steps_of[][STEPS_MOST] = {
    [UNIT_COUNT] = {{1, ""}},
    [UNIT_PER_SECOND] = {{1, "/s"}, {1e3, "k/s"}, {1e6, "M/s"}, {1e9, "G/s"}},
    [UNIT_NANOSECONDS] = {{1, " ns"}, {1e3, " µs"}, {1e6, " ms"}, {1e9, " s"}},
    [UNIT_MICROSECONDS] = {{1e-3, " ns"}, {1, " µs"}, {1e3, " ms"}, {1e6, " s"}},
    [UNIT_SECONDS] = {{1e-9, " ns"}, {1e-6, " µs"}, {1e-3, " ms"}, {1, " s"}},
    [UNIT_BYTES] = {{1, " B"}, {1024, " KiB"}, {1048576, " MiB"}, {1073741824, " GiB"}},
    [UNIT_PARTS] = {{0.01, " %"}},
    [SHORT_DURATION] = {{1, "ns"}, {1e3, "us"}, {1e6, "ms"}, {1e9, "s"}},
    [SHORT_COUNT] = {{1, ""}, {1e3, "k"}, {1e6, "M"}, {1e9, "G"}},
};

static const struct step *step_for(unsigned row, double value)
{
    const struct step *steps = steps_of[row];
    size_t last = 0;
    while (last + 1 < STEPS_MOST && steps[last + 1].suffix != NULL &&
           fabs(value) >= 0.9995 * steps[last + 1].factor)
        last++;
    return &steps[last];
}

/* The power of ten that the value, rounded to three digits, begins with. */
static int order_of(double value)
{
    return value != 0 && isfinite(value) ? (int)floor(log10(fabs(value) * 1.0005)) : 0;
}

/* Decimals such that the last digit is the first one that the noise moves; never more than
 * DIGITS_MOST digits, nor fewer than two. */
static int decimals_for(double scaled, double scaled_noise)
{
    int order = order_of(scaled);
    int decimals = DIGITS - 1 - order;
    if (scaled_noise > 0) {
        int least = 1 - order;
        int most = DIGITS_MOST - 1 - order;
        decimals = -order_of(scaled_noise);
        decimals = decimals < least ? least : decimals > most ? most : decimals;
    }
    return scaled == 0 || decimals < 0 ? 0 : decimals > 9 ? 9 : decimals;
}

static const char *dash(char text[NUMBER_TEXT_BYTES])
{
    snprintf(text, NUMBER_TEXT_BYTES, "–");
    return text;
}

/* A minus sign is not a hyphen. */
static const char *sign_of(double value)
{
    return value < 0 ? "−" : "";
}

const char *number_text(char text[NUMBER_TEXT_BYTES], enum unit unit, double value, double noise)
{
    if (!isfinite(value))
        return dash(text);
    const struct step *step = step_for(unit, value);
    double scaled = fabs(value) / step->factor;
    if (scaled >= 1e9)
        snprintf(text, NUMBER_TEXT_BYTES, "%s%.2e%s", sign_of(value), scaled, step->suffix);
    else
        snprintf(text, NUMBER_TEXT_BYTES, "%s%.*f%s", sign_of(value),
                 decimals_for(scaled, noise / step->factor), scaled, step->suffix);
    return text;
}

const char *number_tick_text(char text[NUMBER_TEXT_BYTES], enum unit unit, double value)
{
    if (!isfinite(value))
        return dash(text);
    const struct step *step = step_for(unit, value);
    snprintf(text, NUMBER_TEXT_BYTES, "%s%.6g%s", sign_of(value), fabs(value) / step->factor,
             value != 0 || unit == UNIT_PARTS ? step->suffix : "");
    return text;
}

const char *number_change_text(char text[NUMBER_TEXT_BYTES], double change, double noise)
{
    if (!isfinite(change))
        return dash(text);
    double percent = fabs(change) * 100;
    int decimals = percent >= 100 || noise >= 0.03 ? 0 : 1;
    bool is_zero = percent < (decimals == 0 ? 0.5 : 0.05);
    const char *sign = is_zero ? "" : change < 0 ? "−" : "+";
    snprintf(text, NUMBER_TEXT_BYTES, percent >= 1e6 ? "%s%.*e %%" : "%s%.*f %%", sign, decimals,
             is_zero ? 0 : percent);
    return text;
}

static const char *short_text(char text[NUMBER_TEXT_BYTES], unsigned row, double value)
{
    const struct step *step = step_for(row, value);
    double scaled = value / step->factor;
    int decimals = fabs(scaled) >= 99.95 ? 0 : fabs(scaled) >= 9.995 ? 1 : 2;
    if (scaled == round(scaled) && step->suffix[0] == '\0')
        decimals = 0; /* a small count is a whole number */
    snprintf(text, NUMBER_TEXT_BYTES, "%.*f%s", decimals, scaled, step->suffix);
    return text;
}

const char *number_duration_text(char text[NUMBER_TEXT_BYTES], double duration_ns)
{
    return short_text(text, SHORT_DURATION, duration_ns);
}

const char *number_count_text(char text[NUMBER_TEXT_BYTES], double count)
{
    return short_text(text, SHORT_COUNT, count);
}

void number_append(struct bytes *out, enum unit unit, double value, double noise)
{
    char text[NUMBER_TEXT_BYTES];
    bytes_print(out, "%s", number_text(text, unit, value, noise));
}

void number_append_with_noise(struct bytes *out, enum unit unit, double value, double noise)
{
    number_append(out, unit, value, noise);
    double percent = fabs(noise / value) * 100;
    if (percent >= 0.05 && percent < 1000)
        bytes_print(out, " <small>±%.*f %%</small>", percent < 0.95 ? 1 : 0, percent);
}

void number_append_interval(struct bytes *out, double low, double high)
{
    char text[NUMBER_TEXT_BYTES];
    double noise = (high - low) / 2;
    if (!(noise > 0)) {
        bytes_print(out, "–");
        return;
    }
    number_change_text(text, low, noise);
    bytes_print(out, "%.*s to ", (int)strcspn(text, " "), text);
    bytes_print(out, "%s", number_change_text(text, high, noise));
}
