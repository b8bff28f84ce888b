/* Ipc: typed messages between our programs over SOCK_SEQPACKET sockets (unix(7)).  Layer: ipc.
 * A packet is  u16 type | u16 zero | u32 seq | body.  An answer carries its question's seq; a message nobody
 * asked for carries 0.  Descriptors ride along by SCM_RIGHTS.  No struct goes over a socket as it lies in memory. */
#ifndef SALLYPORT_LIB_IPC_IPC_H
#define SALLYPORT_LIB_IPC_IPC_H

#include "lib/wire/buf.h"

enum {
	IPC_HEADER_SIZE = 8,
	IPC_DATA_MAX = 65536,                                  /* the largest run of payload bytes in one message */
	IPC_BODY_MAX = IPC_DATA_MAX + 8192,
	IPC_PACKET_MAX = IPC_HEADER_SIZE + IPC_BODY_MAX,
	IPC_FDS_MAX = 4,
};
struct ipc_packet {
	uint16_t type;
	uint32_t seq;
	struct rbuf body;            /* points into the caller's space given to ipc_recv() */
	int fds[IPC_FDS_MAX];        /* O_CLOEXEC; the caller's: take with TAKE_FD, then ipc_packet_done() */
	size_t n_fds;
};
enum { IPC_CLOSED = 1, IPC_LATER = 2 }; /* outcomes: the peer has gone; nothing to read, or no room to write, now */

/* A connected pair, close-on-exec and non-blocking on both ends.  0 or -errno. */
MUST_CHECK int ipc_pair(int fds[2]);
/* Sends one packet.  `body` may be NULL.  The fds stay the caller's.  0, IPC_LATER, IPC_CLOSED, or
 * -EMSGSIZE (body's fault, or too long), or another -errno. */
MUST_CHECK int ipc_send(int fd, uint16_t type, uint32_t seq, const struct wbuf *body, const int *fds, size_t n_fds);
/* Receives one packet into `space` (at least IPC_PACKET_MAX).  0, IPC_LATER, IPC_CLOSED, -EBADMSG (short, too
 * long, more descriptors than IPC_FDS_MAX; all are closed), or -errno. */
MUST_CHECK int ipc_recv(int fd, struct ipc_packet *out, uint8_t *space, size_t space_size);
/* Closes the descriptors nobody took. */
void ipc_packet_done(struct ipc_packet *packet);

/* What a receiver takes, one row a message: what is not in its table drops the peer. */
struct ipc_rule {
	uint16_t type;
	uint32_t phases; /* bits of the receiver's own phases in which it may come */
	uint8_t n_fds;   /* exactly so many descriptors ride along */
	/* 0, or -EBADMSG (malformed) or another -errno: the peer is dropped. */
	int (*handle)(void *peer, struct ipc_packet *packet);
};
/* Finds the row and calls it.  -EPROTO: no such message, not in this phase, or other descriptors than it
 * takes; else what the handler says.  Always ends in ipc_packet_done(). */
MUST_CHECK int ipc_dispatch(const struct ipc_rule *rules, size_t n_rules, uint32_t phase, void *peer,
                            struct ipc_packet *packet);

#endif
