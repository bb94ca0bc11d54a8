/* What a client of a recording is called in exports. */
#ifndef RESULTS_EXPORT_CLIENT_LABEL_H
#define RESULTS_EXPORT_CLIENT_LABEL_H

struct recorded_client;

/* "client 3", "alice (number 3)": players of several scenes may have one name. The caller frees. */
char *client_label(const struct recorded_client *client);

#endif
