/* Door: the sockets sallyportd listens on, and what it does with who comes in.  Layer: bastion/listener.
 * Nothing is ever read from a client here. */
#ifndef SALLYPORT_BASTION_LISTENER_DOOR_H
#define SALLYPORT_BASTION_LISTENER_DOOR_H

#include "bastion/listener/tally.h"
#include "lib/conf/sallyport.h"
#include "lib/ipc/daemon_msg.h"

struct door_client {
	int fd; /* the caller's; close-on-exec, non-blocking, TCP_NODELAY, keep-alive */
	struct tally_source source;
	struct d_attach attach; /* its connection is left 0 */
};
enum { DOOR_NOBODY = 1, DOOR_GIVEN_UP, DOOR_SHORT }; /* none waits; one that waited has gone; no descriptors or memory */

/* A TCP socket that listens there, IPv6 only if it is one of IPv6.  0, or -errno (bind(2)). */
MUST_CHECK int door_listen(int *out, const struct conf_listen *address);
/* A SOCK_SEQPACKET socket at run_dir/name, mode 0600; an old one is replaced, so hold the lock.  0 or -errno. */
MUST_CHECK int door_local(int *out, const char *run_dir, const char *name);
/* Takes one client in.  0, an outcome above, or -errno. */
MUST_CHECK int door_accept(struct door_client *out, int listening);
/* Tells a client why not, in a line before the banner (RFC 4253, 4.2), and closes; never blocks. */
void door_refuse(int *fd, const char *why);
/* The machine's own addresses, except link-local ones, as CIDRs separated by ','.  True when all fitted. */
bool door_own_addresses(char *out, size_t size);

#endif
