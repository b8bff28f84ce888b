#include "bastion/listener/doors.h"
#include "lib/base/log.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>

enum { ACCEPTS_A_TURN = 64 };

struct door {
	int fd; /* -1: none */
	sd_event_source *source;
	char text[sizeof((struct conf_listen *)NULL)->text];
};

/* Some doors; the set that is open, or the one a configuration wants. */
struct door_set {
	struct door doors[CONF_LISTEN_MAX];
	size_t n;
};

struct doors {
	sd_event *loop;
	void (*client)(void *user, struct door_client *client);
	void *user;
	struct door_set open;
};

int doors_new(struct doors **out, sd_event *loop,
	      void (*client)(void *user, struct door_client *client), void *user)
{
	struct doors *doors = calloc(1, sizeof *doors);

	if (doors == NULL)
		return -ENOMEM;
	*doors = (struct doors){.loop = sd_event_ref(loop), .client = client, .user = user};
	*out = doors;
	return 0;
}

static void close_all(struct door_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		sd_event_source_disable_unref(set->doors[i].source);
		closep(&set->doors[i].fd);
	}
	set->n = 0;
}

void doors_free(struct doors *doors)
{
	if (doors == NULL)
		return;
	close_all(&doors->open);
	sd_event_unref(doors->loop);
	free(doors);
}

static int on_door(sd_event_source *source, int fd, uint32_t events, void *user)
{
	struct doors *doors = user;
	struct door_client client;

	(void)events;
	for (int i = 0; i < ACCEPTS_A_TURN; i++) {
		int r = door_accept(&client, fd);

		if (r == DOOR_NOBODY)
			return 0;
		if (r == DOOR_GIVEN_UP)
			continue;
		if (r == 0) {
			doors->client(doors->user, &client);
			continue;
		}
		/* The tick opens it again; spinning here would not free anything. */
		log_line(LOG_LEVEL_ERROR, "cannot take in a connection now: %s",
			 r == DOOR_SHORT ? "out of descriptors or memory" : strerror(-r));
		(void)sd_event_source_set_enabled(source, SD_EVENT_OFF);
		return 0;
	}
	return 0;
}

static int open_one(struct doors *doors, struct door_set *set, const struct conf_listen *address)
{
	struct door *door = &set->doors[set->n];
	int r;

	*door = (struct door){.fd = -1};
	memcpy(door->text, address->text, sizeof door->text);
	r = door_listen(&door->fd, address);
	if (r == 0)
		r = sd_event_add_io(doors->loop, &door->source, door->fd, EPOLLIN, on_door, doors);
	if (r >= 0) {
		set->n++;
		return 0;
	}
	closep(&door->fd);
	return r;
}

/* The open door of this address, or NULL. */
static struct door *find(struct door_set *set, const char *text)
{
	for (size_t i = 0; i < set->n; i++)
		if (set->doors[i].fd != -1 && strcmp(set->doors[i].text, text) == 0)
			return &set->doors[i];
	return NULL;
}

/* Is this what a machine without IPv6 says to "[::]"? */
static bool is_no_ipv6(const struct conf_listen *address, int r)
{
	return (r == -EAFNOSUPPORT || r == -EADDRNOTAVAIL) &&
	       address->address.any.sa_family == AF_INET6 &&
	       IN6_IS_ADDR_UNSPECIFIED(&address->address.v6.sin6_addr);
}

/* Opens what is wanted and not open yet into `fresh`. */
static int open_new(struct doors *doors, struct door_set *fresh, const struct conf_listen *wanted,
		    size_t n_wanted, char fault[PLACES_FAULT_SIZE])
{
	for (size_t i = 0; i < n_wanted; i++) {
		int r;

		if (find(&doors->open, wanted[i].text) != NULL)
			continue;
		r = open_one(doors, fresh, &wanted[i]);
		if (r == 0)
			continue;
		(void)text_format(fault, PLACES_FAULT_SIZE, "cannot listen on %s: %s",
				  wanted[i].text, strerror(-r));
		if (n_wanted == 1 || !is_no_ipv6(&wanted[i], r))
			return r;
		log_line(LOG_LEVEL_WARNING, "%s: going without IPv6", fault);
	}
	return 0;
}

int doors_set(struct doors *doors, const struct conf_listen *wanted, size_t n_wanted,
	      char fault[PLACES_FAULT_SIZE])
{
	struct door_set fresh = {.n = 0};
	int r = open_new(doors, &fresh, wanted, n_wanted, fault);

	if (r != 0) {
		close_all(&fresh);
		return r;
	}
	for (size_t i = 0; i < n_wanted; i++) {
		struct door *kept = find(&doors->open, wanted[i].text);

		if (kept == NULL)
			continue;
		fresh.doors[fresh.n++] = *kept;
		kept->fd = -1;
		kept->source = NULL;
	}
	close_all(&doors->open);
	doors->open = fresh;
	return 0;
}

static void enable(struct doors *doors, int enabled)
{
	for (size_t i = 0; i < doors->open.n; i++)
		(void)sd_event_source_set_enabled(doors->open.doors[i].source, enabled);
}

void doors_hold(struct doors *doors)
{
	enable(doors, SD_EVENT_OFF);
}

void doors_tick(struct doors *doors)
{
	enable(doors, SD_EVENT_ON);
}

const char *doors_text(const struct doors *doors, size_t i)
{
	return i < doors->open.n ? doors->open.doors[i].text : NULL;
}
