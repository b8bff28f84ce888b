#include "bastion/listener/door.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>

enum { BACKLOG = 1024, LOCAL_BACKLOG = 64 };

static int set(int fd, int level, int option)
{
	static const int on = 1;

	return setsockopt(fd, level, option, &on, sizeof on) == 0 ? 0 : -errno;
}

int door_listen(int *out, const struct conf_listen *address)
{
	int family = address->address.any.sa_family;
	AUTO(closep) int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int r;

	if (fd == -1)
		return -errno;
	r = set(fd, SOL_SOCKET, SO_REUSEADDR);
	if (r == 0 && family == AF_INET6)
		r = set(fd, IPPROTO_IPV6, IPV6_V6ONLY);
	if (r != 0)
		return r;
	if (bind(fd, &address->address.any, address->address_len) != 0 || listen(fd, BACKLOG) != 0)
		return -errno;
	*out = TAKE_FD(fd);
	return 0;
}

int door_local(int *out, const char *run_dir, const char *name)
{
	AUTO(closep)
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	mode_t mask;
	int r;

	if (fd == -1)
		return -errno;
	if (!text_format(address.sun_path, sizeof address.sun_path, "%s/%s", run_dir, name))
		return -ENAMETOOLONG;
	if (unlink(address.sun_path) != 0 && errno != ENOENT)
		return -errno;
	mask = umask(0177);
	r = bind(fd, (const struct sockaddr *)&address, sizeof address) == 0 ? 0 : -errno;
	(void)umask(mask);
	if (r == 0 && listen(fd, LOCAL_BACKLOG) != 0)
		r = -errno;
	if (r == 0)
		*out = TAKE_FD(fd);
	return r;
}

union any_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_storage room;
};

/* The address as text, and its port. */
static void show(const union any_address *address, char host[INET6_ADDRSTRLEN], uint16_t *port)
{
	bool v6 = address->any.sa_family == AF_INET6;

	host[0] = '\0';
	(void)inet_ntop(address->any.sa_family,
			v6 ? (const void *)&address->v6.sin6_addr
			   : (const void *)&address->v4.sin_addr,
			host, INET6_ADDRSTRLEN);
	*port = ntohs(v6 ? address->v6.sin6_port : address->v4.sin_port);
}

int door_accept(struct door_client *out, int listening)
{
	union any_address peer = {0}, local = {0};
	socklen_t peer_len = sizeof peer, local_len = sizeof local;
	AUTO(closep)
	int fd = accept4(listening, &peer.any, &peer_len, SOCK_CLOEXEC | SOCK_NONBLOCK);
	char host[INET6_ADDRSTRLEN];
	uint16_t port;

	if (fd == -1 && errno == EAGAIN)
		return DOOR_NOBODY;
	if (fd == -1 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM))
		return DOOR_SHORT;
	if (fd == -1) /* accept(2): errors of the client's network are not ours */
		return errno == EBADF || errno == EINVAL || errno == ENOTSOCK ? -errno
									      : DOOR_GIVEN_UP;
	if (getsockname(fd, &local.any, &local_len) != 0 ||
	    set(fd, IPPROTO_TCP, TCP_NODELAY) != 0 || set(fd, SOL_SOCKET, SO_KEEPALIVE) != 0)
		return DOOR_GIVEN_UP;
	*out = (struct door_client){.fd = -1, .source = tally_source_of(&peer.any)};
	show(&peer, host, &port);
	(void)text_format(out->attach.source, sizeof out->attach.source, "%s", host);
	out->attach.source_port = port;
	show(&local, host, &port);
	(void)text_format(out->attach.local, sizeof out->attach.local,
			  local.any.sa_family == AF_INET6 ? "[%s]:%u" : "%s:%u", host, port);
	out->fd = TAKE_FD(fd);
	return 0;
}

void door_refuse(int *fd, const char *why)
{
	char line[TEXT_SIZE];

	(void)text_format(line, sizeof line, "sallyport: %s\r\n", why);
	if (send(*fd, line, strlen(line), MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		(void)shutdown(*fd, SHUT_WR);
	closep(fd);
	*fd = -1;
}

bool door_own_addresses(char *out, size_t size)
{
	struct ifaddrs *all = NULL;
	bool fits = true;
	size_t at = 0;

	out[0] = '\0';
	if (getifaddrs(&all) != 0)
		return false;
	for (const struct ifaddrs *i = all; i != NULL; i = i->ifa_next) {
		const union any_address *address = (const void *)i->ifa_addr;
		char host[INET6_ADDRSTRLEN];
		uint16_t port;
		bool v6;

		if (address == NULL ||
		    (address->any.sa_family != AF_INET && address->any.sa_family != AF_INET6))
			continue;
		v6 = address->any.sa_family == AF_INET6;
		if (v6 && IN6_IS_ADDR_LINKLOCAL(&address->v6.sin6_addr))
			continue;
		show(address, host, &port);
		if (text_format(out + at, size - at, "%s%s/%d", at == 0 ? "" : ",", host,
				v6 ? 128 : 32)) {
			at = strlen(out);
			continue;
		}
		out[at] = '\0';
		fits = false;
	}
	freeifaddrs(all);
	return fits;
}
