#include "bench/cell.h"

#include "base/bytes.h"
#include "base/memory.h"
#include "loadgen/load_document.h"
#include "text/number.h"

#include <stdlib.h>
#include <string.h>

/* "1,000 clients" is how a heading says it; 1000 is what sorts and is typed. */
void cell_init(struct cell *cell, const struct load_plan *load)
{
    const char *protocol = load_protocol_name(load);
    struct bytes name = {0};
    char text[NUMBER_TEXT_BYTES];
    bytes_print(&name, "%u client%s, %s", load->clients, load->clients == 1 ? "" : "s", protocol);
    if (strcmp(protocol, "echo") == 0 || strcmp(protocol, "sink") == 0)
        bytes_print(&name, " of %zu bytes", load->size_bytes);
    if (load->threads > 1)
        bytes_print(&name, ", in %u threads", load->threads);
    if (load->depth > 1)
        bytes_print(&name, ", %u at a time", load->depth);
    if (load->requests_per_connection > 0)
        bytes_print(&name, ", %u to a connection", load->requests_per_connection);
    if (load->silent > 0)
        bytes_print(&name, ", %u idle", load->silent);
    if (load->slow_readers > 0)
        bytes_print(&name, ", %u slow readers", load->slow_readers);
    if (load->rate_per_s > 0)
        bytes_print(&name, ", %s/s", number_count_text(text, load->rate_per_s));
    bytes_append(&name, "", 1);
    *cell = (struct cell){.name = text_of("%s", bytes_front(&name)), .load = *load};
    bytes_release(&name);
}

void cell_release(struct cell *cell)
{
    free(cell->name);
    *cell = (struct cell){0};
}

size_t cell_descriptors(const struct cell *cell)
{
    const struct load_plan *load = &cell->load;
    return (size_t)load->clients + load->silent + load->slow_readers + 2 * (size_t)load->threads;
}

json_t *cell_describe(const struct cell *cell)
{
    json_t *described = load_describe_cell(&cell->load);
    json_object_set_new(described, "name", json_string(cell->name));
    return described;
}
