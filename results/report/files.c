#include "results/report/files.h"

#include "results/report/embed.h"

EMBED(report_style, PROCTOR_SOURCES "/results/report/report.css");
EMBED(report_script, PROCTOR_SOURCES "/results/report/report.js");
