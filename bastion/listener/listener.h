/* Listener: sallyportd itself: doors, programs, connections and signals, in one loop.  Layer: bastion/listener. */
#ifndef SALLYPORT_BASTION_LISTENER_LISTENER_H
#define SALLYPORT_BASTION_LISTENER_LISTENER_H

#include "bastion/listener/places.h"
#include <systemd/sd-event.h>

struct listener;
struct listener_conf {
	const char *file; /* read again on SIGHUP; must live as long */
	bool as_root;
	struct sallyport_conf conf;
	struct host_keys host_keys; /* taken over */
};
/* Opens the doors.  SIGTERM, SIGINT, SIGHUP and SIGCHLD must be blocked.  0, or -errno with `fault`. */
MUST_CHECK int listener_new(struct listener **out, sd_event *loop, struct listener_conf *conf,
                            char fault[PLACES_FAULT_SIZE]);
/* Starts the programs; from here on the loop does the work, until SIGTERM has brought everything down. */
void listener_run(struct listener *listener);
void listener_free(struct listener *listener);

#endif
