/* Doors: all the addresses sallyportd listens on, as they are now and as a new configuration wants them.
 * Layer: bastion/listener. */
#ifndef SALLYPORT_BASTION_LISTENER_DOORS_H
#define SALLYPORT_BASTION_LISTENER_DOORS_H

#include "bastion/listener/door.h"
#include "bastion/listener/places.h"
#include <systemd/sd-event.h>

struct doors;
/* `client` is given whoever comes in, and closes client->fd.  0 or -errno; nothing is open yet. */
MUST_CHECK int doors_new(struct doors **out, sd_event *loop, void (*client)(void *user, struct door_client *client),
                         void *user);
void doors_free(struct doors *doors); /* NULL is fine */
/* Listens on these addresses and on no others.  One that is open already stays open; others are closed only when all
 * new ones are open.  A machine without IPv6 goes without "[::]" if there is another one.  0, or -errno with `fault`,
 * and nothing has changed. */
MUST_CHECK int doors_set(struct doors *doors, const struct conf_listen *wanted, size_t n_wanted,
                         char fault[PLACES_FAULT_SIZE]);
/* Takes nobody in until the next doors_tick(): clients wait in the kernel's queue instead of being refused. */
void doors_hold(struct doors *doors);
/* To be called every second: those that ran out of descriptors, or are held, try again. */
void doors_tick(struct doors *doors);
/* The i-th address, or NULL behind the last. */
const char *doors_text(const struct doors *doors, size_t i);

#endif
