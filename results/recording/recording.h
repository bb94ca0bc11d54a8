/* Recordings ("proctor.watch/1"): what was seen of a server and its clients while it was looked at,
 * one change after the other. JSON objects, one on a line, so that a recording can be read up to
 * where it breaks off, and while it is written. docs/ci.md describes it for other programs.
 *
 * This is the writer; recording_read.h is the reader. Texts are cleaned of what no text may hold
 * when they are written. Times are nanoseconds since the recording began, and do not decrease: one
 * that would is written as the one before it. */
#ifndef RESULTS_RECORDING_RECORDING_H
#define RESULTS_RECORDING_RECORDING_H

#include "results/recording/recorded.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

struct recording {
    FILE *stream; /* the caller's, who closes it */
    int64_t last_ns;
    int error; /* the first one that writing met, -errno; what comes after it is not written */
};

/* Writes the first line: who writes, on which machine, of what, and since when (`started_wall_ns`
 * as clock_wall_ns() has it). 0 or -errno. */
int recording_begin(struct recording *recording, FILE *stream, const struct recorded_target *target,
                    int64_t started_wall_ns);

/* Write a line, whole, and flush it. 0, or -errno, also if one before could not be written. */
int recording_change(struct recording *recording, const struct recorded_change *change);
int recording_listener(struct recording *recording, int64_t t_ns,
                       const struct recorded_listener *listener);
int recording_client(struct recording *recording, int64_t t_ns,
                     const struct recorded_client *client);
int recording_task(struct recording *recording, int64_t t_ns, const struct recorded_task *task);
int recording_bytes(struct recording *recording, int64_t t_ns, const struct recorded_bytes *bytes);
int recording_model(struct recording *recording, int64_t t_ns, const struct recorded_model *model);
int recording_note(struct recording *recording, int64_t t_ns, const char *text);
int recording_packet(struct recording *recording, int64_t t_ns,
                     const struct recorded_packet *packet);
int recording_lost(struct recording *recording, int64_t t_ns, int64_t pictures, const char *why);
int recording_end(struct recording *recording, int64_t t_ns, enum recorded_ending why);

/* The same as objects, for who puts the lines elsewhere. The caller owns them. */
json_t *recorded_header_describe(const struct recorded_target *target, int64_t started_wall_ns);
json_t *recorded_change_describe(const struct recorded_change *change);

#endif
