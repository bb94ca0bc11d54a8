#include "results/report/embed.h"
#include "results/report/files.h"

extern const char chart_library_text[];

EMBED(chart_library_text, PROCTOR_CHART_LIBRARY);

const char *chart_library(void)
{
    return chart_library_text;
}
