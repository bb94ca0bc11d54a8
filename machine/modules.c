#include "machine/modules.h"

#include <stddef.h>

const char *const machine_modules[] = {"virtio_ring",
                                       "virtio",
                                       "virtio_pci_modern_dev",
                                       "virtio_pci_legacy_dev",
                                       "virtio_pci",
                                       "netfs",
                                       "fscache",
                                       "9pnet",
                                       "9pnet_virtio",
                                       "9p",
                                       "overlay",
                                       "inet_diag",
                                       "tcp_diag",
                                       "unix_diag",
                                       NULL};
