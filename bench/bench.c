#include "bench/bench.h"

#include "base/memory.h"
#include "base/random.h"
#include "base/socket.h"
#include "bench/target.h"
#include "observe/tracepoint.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A row's server and the load on it, while the bench runs. */
struct lane {
    struct bench_row *row;
    struct target target;
    struct load *load;
    struct load_result slice;
    struct syscall_counter calls;
};

const char *bench_metric_name(enum bench_metric metric)
{
    static const char *const names[] = {
        [METRIC_THROUGHPUT] = "throughput_per_s",
        [METRIC_P50] = "p50_ns",
        [METRIC_P99] = "p99_ns",
        [METRIC_P999] = "p99.9_ns",
        [METRIC_SERVER_CPU] = "server_cpu_us_per_request",
        [METRIC_SERVER_CALLS] = "server_syscalls_per_request",
        [METRIC_GENERATOR_CPU] = "generator_cpu_us_per_request",
    };
    return names[metric];
}

/*** Rows ***/

/* This very program, serving. */
static char **command_of_model(const char *model)
{
    char self[4096] = "";
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    assert(length > 0);
    const char *const words[] = {self, "serve", model, "--protocol", "echo"};
    size_t count = sizeof words / sizeof words[0];
    char **command = allocate(count + 1, sizeof *command);
    for (size_t i = 0; i < count; i++)
        command[i] = text_of("%s", words[i]);
    return command;
}

static void init_row(struct bench_row *row, const struct contender *contender, unsigned rounds)
{
    *row = (struct bench_row){.contender = contender, .has_calls = true};
    for (size_t metric = 0; metric < METRICS; metric++)
        row->values[metric] = allocate(rounds, sizeof *row->values[metric]);
    load_result_init(&row->total);
}

static void release_row(struct bench_row *row)
{
    for (char **word = row->command; word != NULL && *word != NULL; word++)
        free(*word);
    free(row->command);
    for (size_t metric = 0; metric < METRICS; metric++)
        free(row->values[metric]);
    load_result_release(&row->total);
}

void bench_release(struct bench *bench)
{
    for (size_t i = 0; i < bench->count; i++)
        release_row(&bench->rows[i]);
    free(bench->rows);
}

struct spread bench_spread(const struct bench_row *row, enum bench_metric metric)
{
    double *values = allocate(row->rounds, sizeof *values);
    if (row->rounds > 0)
        memcpy(values, row->values[metric], row->rounds * sizeof *values);
    struct spread spread = statistics_spread(values, row->rounds);
    free(values);
    return spread;
}

bool bench_is_sound(const struct bench *bench)
{
    for (size_t i = 0; i < bench->count; i++)
        if (bench->rows[i].has_ended || failures_total(&bench->rows[i].total.totals.failures) > 0 ||
            bench_spread(&bench->rows[i], METRIC_THROUGHPUT).median <= 0)
            return false;
    return true;
}

/*** Lanes ***/

/* A port that nobody has at this moment; 0 if there is none. */
static uint16_t find_free_port(void)
{
    struct address address;
    address_parse_host("127.0.0.1", 0, &address);
    int fd = socket_listen(&address, 0);
    if (fd < 0)
        return 0;
    address_of_socket(fd, &address);
    close(fd);
    return address_port(&address);
}

/* The command for a shell, with the port in its place; its output goes nowhere. */
static char **command_on_port(const char *command, uint16_t port)
{
    const char *place = strstr(command, BENCH_PORT_PLACE);
    assert(place != NULL);
    const char *rest = place + strlen(BENCH_PORT_PLACE);
    int before = (int)(place - command);
    char **words = allocate(4, sizeof *words);
    words[0] = text_of("sh");
    words[1] = text_of("-c");
    words[2] = text_of("exec >/dev/null; exec %.*s%u%s", before, command, port, rest);
    return words;
}

static int start_target(struct target *target, struct bench_row *row)
{
    const struct contender *contender = row->contender;
    if (contender->command == NULL) {
        row->command = command_of_model(contender->name);
        return target_start(target, contender->name, row->command);
    }
    uint16_t port = find_free_port();
    row->command = command_on_port(contender->command, port);
    return target_start_on(target, contender->name, row->command, port);
}

static int open_lane(struct lane *lane, struct bench_row *row, const struct load_plan *load)
{
    lane->row = row;
    int error = start_target(&lane->target, row);
    if (error < 0)
        return error;
    row->has_calls = syscall_counter_open(&lane->calls, lane->target.process.pid) == 0;
    struct load_plan plan = *load;
    plan.address = lane->target.address;
    lane->load = load_new(&plan);
    load_connect(lane->load);
    load_result_init(&lane->slice);
    return 0;
}

static void close_lane(struct lane *lane)
{
    load_free(lane->load);
    load_result_release(&lane->slice);
    syscall_counter_close(&lane->calls);
    target_stop(&lane->target);
}

static double per_request(double amount, uint64_t requests)
{
    return requests > 0 ? amount / (double)requests : 0;
}

static void note_slice(struct bench_row *row, const struct load_result *slice,
                       int64_t server_cpu_ns, uint64_t server_calls)
{
    uint64_t answered = slice->answered;
    const struct histogram *latency = &slice->latency;
    double values[METRICS] = {
        [METRIC_THROUGHPUT] = load_throughput_per_s(slice),
        [METRIC_P50] = (double)histogram_quantile_ns(latency, 0.5),
        [METRIC_P99] = (double)histogram_quantile_ns(latency, 0.99),
        [METRIC_P999] = (double)histogram_quantile_ns(latency, 0.999),
        [METRIC_SERVER_CPU] = per_request((double)server_cpu_ns / 1e3, answered),
        [METRIC_SERVER_CALLS] = per_request((double)server_calls, answered),
        [METRIC_GENERATOR_CPU] = per_request((double)slice->generator_cpu_ns / 1e3, answered),
    };
    for (size_t metric = 0; metric < METRICS; metric++)
        row->values[metric][row->rounds] = values[metric];
    row->rounds++;
    row->total.window_ns += slice->window_ns;
    row->total.window_sent += slice->window_sent;
    row->total.window_answered += slice->window_answered;
    histogram_merge(&row->total.latency, latency);
    histogram_clear(&row->total.connect); /* that of a slice is that of the whole load */
    histogram_merge(&row->total.connect, &slice->connect);
}

static void take_slice(struct lane *lane, const struct bench_plan *plan, bool is_measured)
{
    if (lane->row->has_ended)
        return;
    uint64_t calls_begin = syscall_counter_read(&lane->calls);
    int64_t cpu_begin_ns = target_cpu_ns(&lane->target);
    load_measure(lane->load, plan->lead_in_ns, plan->slice_ns, &lane->slice);
    int64_t cpu_ns = target_cpu_ns(&lane->target) - cpu_begin_ns;
    uint64_t calls = syscall_counter_read(&lane->calls) - calls_begin;
    lane->row->total.totals = lane->slice.totals;
    lane->row->has_ended = target_has_ended(&lane->target);
    if (is_measured && !lane->row->has_ended)
        note_slice(lane->row, &lane->slice, cpu_ns, calls);
}

/* Fisher and Yates. */
static void shuffle(struct lane **order, size_t count, uint64_t *random_state)
{
    for (size_t i = count; i > 1; i--) {
        size_t other = (size_t)random_below(random_state, i);
        struct lane *moved = order[i - 1];
        order[i - 1] = order[other];
        order[other] = moved;
    }
}

static void run_rounds(struct lane *lanes, size_t count, const struct bench_plan *plan,
                       bench_progress_function *progress)
{
    struct lane **order = allocate(count, sizeof(struct lane *));
    uint64_t random_state = plan->seed;
    for (size_t i = 0; i < count; i++)
        order[i] = &lanes[i];
    /* One round more than measured: the first one warms every server up. */
    for (unsigned round = 0; round <= plan->rounds; round++) {
        if (progress != NULL)
            progress(round, plan->rounds);
        shuffle(order, count, &random_state);
        for (size_t i = 0; i < count; i++)
            take_slice(order[i], plan, round > 0);
    }
    free(order);
}

int bench_run(struct bench *bench, const struct bench_plan *plan, bench_progress_function *progress,
              const char **name)
{
    *bench = (struct bench){.count = plan->count};
    bench->rows = allocate(bench->count, sizeof *bench->rows);
    struct lane *lanes = allocate(bench->count, sizeof *lanes);
    for (size_t i = 0; i < bench->count; i++)
        init_row(&bench->rows[i], &plan->contenders[i], plan->rounds);

    int error = 0;
    size_t open = 0;
    while (open < bench->count && error == 0) {
        *name = plan->contenders[open].name;
        error = open_lane(&lanes[open], &bench->rows[open], &plan->load);
        open += error == 0;
    }
    if (error == 0)
        run_rounds(lanes, open, plan, progress);
    for (size_t i = 0; i < open; i++)
        close_lane(&lanes[i]);
    free(lanes);
    return error;
}
