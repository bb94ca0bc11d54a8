/* The kernel modules that the guest loads, each after those it needs. */
#ifndef MACHINE_MODULES_H
#define MACHINE_MODULES_H

/* Names without ".ko", the last NULL. What a kernel has built in has no file, and is left out. */
extern const char *const machine_modules[];

#define MACHINE_MODULES_FOLDER "/modules" /* in the guest */

#endif
