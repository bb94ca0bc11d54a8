/* QEMU's serial port is our pipe, through which the guest says only that it is ready, or why it is
 * not; order and reply go through the channel, which is a file in the machine's folder, as is the
 * socket of the monitor. */
#include "machine/running.h"

#include "base/clock.h"
#include "base/memory.h"
#include "machine/guest.h"
#include "text/json_field.h"

#include <stdlib.h>
#include <unistd.h>

#define CONNECT_NS (60 * NS_PER_S)

/*** Words for QEMU ***/

static const char host_files[] = "virtio-9p-pci,fsdev=host,mount_tag=" MACHINE_HOST_TAG;
/* Slabs are made large: whether buffers of the network come from one that is at hand, or have to be
 * looked for in others, depends on what was freed in which order long before, and was the one thing
 * in the kernel that differed from run to run, by 0.3 % of all instructions. */
static const char kernel_line[] =
    "console=ttyS0 quiet panic=-1 nokaslr norandmaps mitigations=off tsc=reliable no_timer_check "
    "random.trust_cpu=on nowatchdog "
    "slub_min_order=4 slub_max_order=5 slub_min_objects=256 randomize_kstack_offset=off";

const char *const running_words[] = {
    "-M",
    "pc",
    "-accel",
    "tcg,thread=single",
    "-icount",
    "shift=0,sleep=off",
    "-rtc",
    "base=2026-01-01T00:00:00,clock=vm",
    "-seed",
    "1",
    "-smp",
    "1",
    "-m",
    "1024",
    "-cpu",
    "max",
    "-display",
    "none",
    "-no-reboot",
    "-nodefaults",
    "-no-user-config",
    "-serial",
    "stdio",
    "-device",
    "ivshmem-plain,memdev=channel,master=on",
    "-fsdev",
    "local,id=host,path=/,security_model=none,readonly=on,multidevs=remap",
    "-device",
    host_files,
    "-append",
    kernel_line,
    NULL};

struct words {
    char *all[128];
    size_t count;
};

static void add_word(struct words *words, char *word)
{
    words->all[words->count++] = word;
    words->all[words->count] = NULL;
}

static void release_words(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->all[i]);
}

static void fill_words(struct words *words, const struct running_place *place)
{
    add_word(words, text_of("%s", place->qemu));
    for (size_t i = 0; running_words[i] != NULL; i++)
        add_word(words, text_of("%s", running_words[i]));
    add_word(words, text_of("-object"));
    add_word(words, text_of("memory-backend-file,id=channel,size=%u,share=on,mem-path=%s/channel",
                            CHANNEL_BYTES, place->folder));
    add_word(words, text_of("-qmp"));
    add_word(words, text_of("unix:%s/monitor", place->folder));
    add_word(words, text_of("-kernel"));
    add_word(words, text_of("%s", place->kernel));
    add_word(words, text_of("-initrd"));
    add_word(words, text_of("%s/image", place->folder));
}

/*** A machine under way ***/

/* Once both ends are open nobody needs the names, and what has none is gone when QEMU is. */
static void remove_names(const struct running_place *place)
{
    static const char *const names[] = {"channel", "monitor"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *path = text_of("%s/%s", place->folder, names[i]);
        unlink(path);
        free(path);
    }
}

int running_start(struct running *running, const struct running_place *place, bool is_saved,
                  const char *counts)
{
    *running = (struct running){.monitor.listener = -1};
    remove_names(place);
    char *channel = text_of("%s/channel", place->folder);
    char *monitor = text_of("%s/monitor", place->folder);
    int error = channel_create(&running->channel, channel);
    if (error == 0)
        error = monitor_listen(&running->monitor, monitor);
    free(channel);
    free(monitor);
    if (error < 0)
        return error;
    struct words words = {0};
    fill_words(&words, place);
    if (is_saved) {
        add_word(&words, text_of("-incoming"));
        add_word(&words, text_of("exec:cat \"$" RUNNING_SAVED "\""));
    }
    if (counts != NULL) {
        add_word(&words, text_of("-plugin"));
        add_word(&words, text_of("file=%s/plugin.so,out=%s", place->folder, counts));
    }
    error = process_start(&running->process, words.all);
    release_words(&words);
    running->has_started = error == 0;
    if (error == 0)
        error =
            monitor_accept(&running->monitor, running->process.pidfd, clock_now_ns() + CONNECT_NS);
    remove_names(place);
    return error;
}

/* By its own command: of a signal it would say that it got one. */
void running_stop(struct running *running)
{
    if (running->monitor.stream != NULL && !process_wait_until(&running->process, 0)) {
        json_decref(monitor_execute(&running->monitor, "quit", NULL));
        process_wait_until(&running->process, clock_now_ns() + CONNECT_NS);
    }
    monitor_close(&running->monitor);
    channel_close(&running->channel);
    if (running->has_started)
        process_end(&running->process, 0);
}

/* Does the command report this status? */
bool running_has_status(struct running *running, const char *command, const char *status)
{
    json_t *returned = monitor_execute(&running->monitor, command, NULL);
    bool has = field_is_word(returned, "status", status);
    json_decref(returned);
    return has;
}
