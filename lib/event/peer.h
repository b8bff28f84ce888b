/* Peer: a program at the other end of a packet socket, in an sd-event loop.  Layer: event.
 * Packets that find no room are queued, up to a bound; what a peer sends goes through a table (lib/ipc/ipc.h). */
#ifndef SALLYPORT_LIB_EVENT_PEER_H
#define SALLYPORT_LIB_EVENT_PEER_H

#include "lib/ipc/ipc.h"
#include <systemd/sd-event.h>

struct peer;
struct peer_conf {
	const struct ipc_rule *rules; /* handlers get `user`; must live as long as the peer */
	size_t n_rules;
	void *user;
	/* Called once when the peer has gone (why 0), broke a rule or overran its queue (why -errno), always from
	 * the loop, never from inside peer_send().  It must peer_free() it. */
	void (*gone)(void *user, struct peer *peer, int why);
	size_t queue_bytes_max; /* what may wait for it to read */
};
/* Takes `fd` over (also on failure).  0 or -errno. */
MUST_CHECK int peer_new(struct peer **out, sd_event *loop, int fd, const struct peer_conf *conf);
void peer_free(struct peer *peer); /* closes; NULL is fine; allowed inside its own handlers */
/* The bit that says which rows of the table may be used now; 1 at first. */
void peer_set_phase(struct peer *peer, uint32_t phase);
uint32_t peer_phase(const struct peer *peer);
/* Sends, or queues, in order.  A failure is told through gone() from the loop.  Copies body; duplicates fds. */
void peer_send(struct peer *peer, uint16_t type, uint32_t seq, const struct wbuf *body);
void peer_send_fds(struct peer *peer, uint16_t type, uint32_t seq, const struct wbuf *body, const int *fds,
                   size_t n_fds);
int peer_fd(const struct peer *peer);
/* Stops and resumes reading from it (back-pressure). */
void peer_pause(struct peer *peer, bool paused);
/* Bytes that wait in its queue. */
size_t peer_queued(const struct peer *peer);

#endif
