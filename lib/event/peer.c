#include "lib/event/peer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>

/* A packet that waits for room in the socket. */
struct waiting {
	struct waiting *next;
	uint16_t type;
	uint32_t seq;
	int fds[IPC_FDS_MAX];
	size_t n_fds;
	size_t len;
	uint8_t body[];
};

struct peer {
	int fd;
	sd_event *loop;
	sd_event_source *io;
	sd_event_source *ending; /* runs gone() from the loop */
	struct peer_conf conf;
	struct waiting *first, **last;
	size_t queued_bytes;
	uint32_t phase;
	int why; /* what gone() will be told */
	bool paused;
	bool dying; /* gone() is due: nothing more is read or sent */
	bool busy;  /* inside a handler: freeing waits */
	bool freed;
	uint8_t *space; /* IPC_PACKET_MAX, for receiving */
};

enum { PACKETS_A_TURN = 32 }; /* how many one peer may send before the others get their turn */

static void waiting_free(struct waiting *w)
{
	for (size_t i = 0; i < w->n_fds; i++)
		closep(&w->fds[i]);
	free(w);
}

static void peer_destroy(struct peer *peer)
{
	sd_event_source_disable_unref(peer->io);
	sd_event_source_disable_unref(peer->ending);
	while (peer->first != NULL) {
		struct waiting *w = peer->first;

		peer->first = w->next;
		waiting_free(w);
	}
	closep(&peer->fd);
	sd_event_unref(peer->loop);
	free(peer->space);
	free(peer);
}

void peer_free(struct peer *peer)
{
	if (peer == NULL || peer->freed)
		return;
	peer->freed = true;
	peer->dying = true;
	if (!peer->busy)
		peer_destroy(peer);
}

static int on_ending(sd_event_source *source, void *user)
{
	struct peer *peer = user;

	(void)source;
	peer->busy = true;
	if (!peer->freed)
		peer->conf.gone(peer->conf.user, peer, peer->why);
	peer->busy = false;
	if (peer->freed)
		peer_destroy(peer);
	return 0;
}

static void peer_end(struct peer *peer, int why)
{
	if (peer->dying)
		return;
	peer->dying = true;
	peer->why = why;
	(void)sd_event_source_set_enabled(peer->io, SD_EVENT_OFF);
	(void)sd_event_source_set_enabled(peer->ending, SD_EVENT_ONESHOT);
}

static void want_events(struct peer *peer)
{
	uint32_t events = (peer->paused ? 0 : (uint32_t)EPOLLIN) |
			  (peer->first == NULL ? 0 : (uint32_t)EPOLLOUT);

	if (!peer->dying)
		(void)sd_event_source_set_io_events(peer->io, events);
}

static void flush(struct peer *peer)
{
	while (peer->first != NULL && !peer->dying) {
		struct waiting *w = peer->first;
		const struct wbuf body = {.data = w->body, .size = w->len, .len = w->len};
		int r = ipc_send(peer->fd, w->type, w->seq, &body, w->fds, w->n_fds);

		if (r == IPC_LATER)
			break;
		if (r != 0) {
			peer_end(peer, r < 0 ? r : 0);
			return;
		}
		peer->first = w->next;
		if (peer->first == NULL)
			peer->last = &peer->first;
		peer->queued_bytes -= w->len + IPC_HEADER_SIZE;
		waiting_free(w);
	}
	want_events(peer);
}

static void receive(struct peer *peer)
{
	for (int i = 0; i < PACKETS_A_TURN && !peer->dying && !peer->paused; i++) {
		struct ipc_packet packet;
		int r = ipc_recv(peer->fd, &packet, peer->space, IPC_PACKET_MAX);

		if (r == IPC_LATER)
			return;
		if (r == 0)
			r = ipc_dispatch(peer->conf.rules, peer->conf.n_rules, peer->phase,
					 peer->conf.user, &packet);
		if (r != 0)
			peer_end(peer, r < 0 ? r : 0);
	}
}

static int on_io(sd_event_source *source, int fd, uint32_t events, void *user)
{
	struct peer *peer = user;

	(void)source;
	(void)fd;
	peer->busy = true;
	if ((events & EPOLLOUT) != 0)
		flush(peer);
	if ((events & EPOLLIN) != 0)
		receive(peer);
	else if ((events & (EPOLLHUP | EPOLLERR)) != 0)
		peer_end(peer, 0);
	peer->busy = false;
	if (peer->freed)
		peer_destroy(peer);
	return 0;
}

int peer_new(struct peer **out, sd_event *loop, int fd, const struct peer_conf *conf)
{
	struct peer *peer = calloc(1, sizeof *peer);
	int r = -ENOMEM;

	if (peer == NULL) {
		closep(&fd);
		return -ENOMEM;
	}
	peer->fd = fd;
	peer->loop = sd_event_ref(loop);
	peer->conf = *conf;
	peer->last = &peer->first;
	peer->phase = 1;
	peer->space = malloc(IPC_PACKET_MAX);
	if (peer->space != NULL)
		r = fcntl(fd, F_SETFL, O_NONBLOCK) == 0 ? 0 : -errno;
	if (r == 0)
		r = sd_event_add_io(loop, &peer->io, fd, EPOLLIN, on_io, peer);
	if (r >= 0)
		r = sd_event_add_defer(loop, &peer->ending, on_ending, peer);
	if (r >= 0)
		r = sd_event_source_set_enabled(peer->ending, SD_EVENT_OFF);
	if (r < 0) {
		peer_destroy(peer);
		return r;
	}
	*out = peer;
	return 0;
}

void peer_set_phase(struct peer *peer, uint32_t phase)
{
	peer->phase = phase;
}

uint32_t peer_phase(const struct peer *peer)
{
	return peer->phase;
}

int peer_fd(const struct peer *peer)
{
	return peer->fd;
}

size_t peer_queued(const struct peer *peer)
{
	return peer->queued_bytes;
}

void peer_pause(struct peer *peer, bool paused)
{
	peer->paused = paused;
	want_events(peer);
}

/* Copies a packet to the end of the queue.  0 or -errno. */
static int enqueue(struct peer *peer, uint16_t type, uint32_t seq, const struct wbuf *body,
		   const int *fds, size_t n_fds)
{
	size_t len = body == NULL ? 0 : body->len;
	struct waiting *w;

	if (n_fds > IPC_FDS_MAX || len > IPC_BODY_MAX || (body != NULL && body->fault))
		return -EMSGSIZE;
	if (peer->queued_bytes + len + IPC_HEADER_SIZE > peer->conf.queue_bytes_max)
		return -ENOBUFS;
	w = malloc(sizeof *w + len);
	if (w == NULL)
		return -ENOMEM;
	*w = (struct waiting){.type = type, .seq = seq, .len = len};
	if (len > 0)
		memcpy(w->body, body->data, len);
	for (; w->n_fds < n_fds; w->n_fds++) {
		w->fds[w->n_fds] = fcntl(fds[w->n_fds], F_DUPFD_CLOEXEC, 0);
		if (w->fds[w->n_fds] == -1) {
			int r = -errno;

			waiting_free(w);
			return r;
		}
	}
	*peer->last = w;
	peer->last = &w->next;
	peer->queued_bytes += len + IPC_HEADER_SIZE;
	return 0;
}

void peer_send_fds(struct peer *peer, uint16_t type, uint32_t seq, const struct wbuf *body,
		   const int *fds, size_t n_fds)
{
	int r = IPC_LATER;

	if (peer->dying)
		return;
	if (peer->first == NULL)
		r = ipc_send(peer->fd, type, seq, body, fds, n_fds);
	if (r == IPC_LATER)
		r = enqueue(peer, type, seq, body, fds, n_fds);
	if (r != 0)
		peer_end(peer, r < 0 ? r : 0);
	want_events(peer);
}

void peer_send(struct peer *peer, uint16_t type, uint32_t seq, const struct wbuf *body)
{
	peer_send_fds(peer, type, seq, body, NULL, 0);
}
