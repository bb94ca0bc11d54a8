/* Stands for results/page/chart_library.c where Chart.js is not installed. */
#include "results/report/files.h"

#include <stddef.h>

const char *chart_library(void)
{
    return NULL;
}
