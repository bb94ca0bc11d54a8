/* The first files of the guest: an initramfs (cpio, "newc") with this very program as its /init,
 * the libraries it runs with, and the kernel's modules. */
#ifndef MACHINE_IMAGE_H
#define MACHINE_IMAGE_H

/* Writes it to `path`, in place of what is there; modules come from below `modules`. 0, or -errno
 * with a sentence in `*trouble` that the caller frees. */
int machine_image_write(const char *path, const char *modules, char **trouble);

#endif
