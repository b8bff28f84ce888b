#include "lib/ipc/ipc.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

union fd_space {
	struct cmsghdr align;
	char data[CMSG_SPACE(sizeof(int) * IPC_FDS_MAX)];
};

int ipc_pair(int fds[2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) == 0
		       ? 0
		       : -errno;
}

static void attach_fds(struct msghdr *msg, union fd_space *space, const int *fds, size_t n_fds)
{
	struct cmsghdr *c;

	if (n_fds == 0)
		return;
	memset(space, 0, sizeof *space);
	msg->msg_control = space;
	msg->msg_controllen = CMSG_SPACE(sizeof(int) * n_fds);
	c = CMSG_FIRSTHDR(msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int) * n_fds);
	memcpy(CMSG_DATA(c), fds, sizeof(int) * n_fds);
}

int ipc_send(int fd, uint16_t type, uint32_t seq, const struct wbuf *body, const int *fds,
	     size_t n_fds)
{
	uint8_t head[IPC_HEADER_SIZE];
	struct wbuf h = WBUF_OF(head);
	union fd_space space;
	struct iovec iov[2] = {{.iov_base = head, .iov_len = sizeof head}};
	struct msghdr msg = {.msg_iov = iov, .msg_iovlen = 1};
	ssize_t n;

	if (n_fds > IPC_FDS_MAX || (body != NULL && (body->fault || body->len > IPC_BODY_MAX)))
		return -EMSGSIZE;
	wbuf_u16(&h, type);
	wbuf_u16(&h, 0);
	wbuf_u32(&h, seq);
	if (body != NULL) {
		iov[1] = (struct iovec){.iov_base = body->data, .iov_len = body->len};
		msg.msg_iovlen = 2;
	}
	attach_fds(&msg, &space, fds, n_fds);
	do
		n = sendmsg(fd, &msg, MSG_NOSIGNAL);
	while (n == -1 && errno == EINTR);
	if (n >= 0)
		return 0;
	if (errno == EAGAIN || errno == ENOBUFS)
		return IPC_LATER;
	return errno == EPIPE || errno == ECONNRESET ? IPC_CLOSED : -errno;
}

static void collect_fds(struct ipc_packet *out, struct msghdr *msg)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c)) {
		size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < n && out->n_fds < IPC_FDS_MAX; i++)
			memcpy(&out->fds[out->n_fds++], CMSG_DATA(c) + i * sizeof(int),
			       sizeof(int));
	}
}

void ipc_packet_done(struct ipc_packet *packet)
{
	for (size_t i = 0; i < packet->n_fds; i++)
		closep(&packet->fds[i]);
	packet->n_fds = 0;
}

int ipc_recv(int fd, struct ipc_packet *out, uint8_t *space, size_t space_size)
{
	union fd_space fd_room;
	struct iovec iov = {.iov_base = space, .iov_len = space_size};
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = &fd_room,
			     .msg_controllen = sizeof fd_room};
	struct rbuf head;
	ssize_t n;

	*out = (struct ipc_packet){0};
	do
		n = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		return errno == EAGAIN ? IPC_LATER : errno == ECONNRESET ? IPC_CLOSED : -errno;
	collect_fds(out, &msg);
	if (n == 0)
		return IPC_CLOSED;
	head = rbuf_of(space, n < IPC_HEADER_SIZE ? (size_t)n : IPC_HEADER_SIZE);
	out->type = rbuf_u16(&head, 1, UINT16_MAX);
	(void)rbuf_u16(&head, 0, 0);
	out->seq = rbuf_u32(&head, 0, UINT32_MAX);
	if ((msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0 || rbuf_end(&head) != 0) {
		ipc_packet_done(out);
		return -EBADMSG;
	}
	out->body = rbuf_of(space + IPC_HEADER_SIZE, (size_t)n - IPC_HEADER_SIZE);
	return 0;
}

int ipc_dispatch(const struct ipc_rule *rules, size_t n_rules, uint32_t phase, void *peer,
		 struct ipc_packet *packet)
{
	int r = -EPROTO;

	for (size_t i = 0; i < n_rules; i++)
		if (rules[i].type == packet->type) {
			if ((rules[i].phases & phase) != 0 && rules[i].n_fds == packet->n_fds)
				r = rules[i].handle(peer, packet);
			break;
		}
	ipc_packet_done(packet);
	return r;
}
