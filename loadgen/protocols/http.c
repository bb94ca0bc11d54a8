/* HTTP/1.1 GET on connections that stay open, as far as RFC 9112 lets a client that reads no body.
 * A server that says that it will close after a reply is connected to anew.
 */
#include "loadgen/protocols/dialogue.h"

#include "loadgen/plan/plan.h"

static void prepare(struct dialogue *dialogue, const struct load_plan *plan)
{
    char host[ADDRESS_TEXT_BYTES];
    bytes_print(&dialogue->request, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", plan->path,
                address_text(&plan->address, host));
    dialogue->request_bytes = dialogue->request.length;
}

static size_t take(const struct dialogue *dialogue, struct request request, struct reply *reply,
                   const char *data, size_t count)
{
    (void)dialogue, (void)request;
    struct http_response *http = &reply->http;
    size_t taken = http_response_take(http, data, count, NULL);
    reply->status = http->status;
    reply->is_last = http->is_last;
    reply->lasts_until_end = http->lasts_until_end;
    if (http->progress == HTTP_IS_WHOLE)
        reply->progress = REPLY_IS_WHOLE;
    else if (http->progress == HTTP_IS_WRONG)
        reply_is_wrong(reply, CAUSE_NOT_HTTP);
    return taken;
}

const struct load_protocol load_protocol_http = {
    .name = "http",
    .summary = "GET --path over HTTP/1.1, connections kept",
    .is_resumable = true,
    .prepare = prepare,
    .write = dialogue_write_same,
    .take = take,
};
