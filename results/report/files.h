/* The files that are part of a report. */
#ifndef RESULTS_REPORT_FILES_H
#define RESULTS_REPORT_FILES_H

extern const char report_style[];  /* results/report/report.css */
extern const char report_script[]; /* results/report/report.js */

#endif
