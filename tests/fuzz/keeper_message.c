/* A message between grader and keeper: from any bytes, either nonsense or something that the grader
 * can act on. The first byte says whether a descriptor comes along. */
#include "tests/fuzz/fuzz.h"

#include "grader/arena/keeper_message.h"

#include <errno.h>
#include <sys/wait.h>

static void read_report(const uint8_t *message, size_t length, bool has_descriptor)
{
    struct keeper_report report;
    int error = keeper_report_read(&report, message, length, has_descriptor);
    if (error < 0) {
        fuzz_expect(error == -EBADMSG, "nonsense is called so");
        return;
    }
    fuzz_expect(report.error <= 0 && report.error >= -4095, "an error is -errno");
    fuzz_expect((unsigned)report.step <= STEP_COMMAND, "a step has a text");
    fuzz_expect(!has_descriptor || (report.kind == REPORT_SOCKET && report.error == 0),
                "only a socket comes along");
    fuzz_expect(report.kind != REPORT_SOCKET || report.error != 0 || has_descriptor,
                "a socket that was made comes along");
    fuzz_expect(report.fd >= 0, "a descriptor has a number");
    fuzz_expect(report.kind != REPORT_ENDED || !WIFSTOPPED(report.wait_status),
                "who has ended was not only stopped");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct keeper_request request;
    if (size == 0)
        return 0;
    read_report(data + 1, size - 1, data[0] & 1);
    if (keeper_request_read(&request, data + 1, size - 1))
        fuzz_expect((unsigned)request.kind <= REQUEST_START, "a request is known");
    return 0;
}
