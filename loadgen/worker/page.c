#include "loadgen/worker/page.h"

void pages_watch(struct pages *pages, bool are_watched)
{
    pages->are_watched = are_watched;
    for (size_t i = 0; i < 2; i++)
        if (are_watched && pages->pages[i].latency.counts == NULL)
            histogram_init(&pages->pages[i].latency);
}

void pages_release(struct pages *pages)
{
    histogram_release(&pages->pages[0].latency);
    histogram_release(&pages->pages[1].latency);
}

void pages_turn(struct pages *pages, const struct load_totals *totals)
{
    unsigned wanted = atomic_load(&pages->wanted);
    if (wanted == atomic_load(&pages->current))
        return;
    struct page *page = pages_current(pages);
    page->clients_served = totals->clients_served;
    page->failed = failures_total(&totals->failures);
    atomic_store(&pages->current, wanted);
}
