#include "results/report_files.h"

#include "results/embed.h"

EMBED(report_style, PROCTOR_SOURCES "/results/report.css");
EMBED(report_script, PROCTOR_SOURCES "/results/report.js");
