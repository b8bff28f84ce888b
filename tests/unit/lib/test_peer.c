#include "lib/event/peer.h"
#include "tests/unit/suite.h"

#include <errno.h>
#include <string.h>

struct seen {
	sd_event *loop;
	struct peer *peer;
	uint32_t sum;
	int gone, why;
	bool free_inside;
};

static int on_number(void *user, struct ipc_packet *packet)
{
	struct seen *seen = user;

	seen->sum += rbuf_u32(&packet->body, 0, UINT32_MAX);
	if (seen->free_inside)
		peer_free(seen->peer);
	return rbuf_end(&packet->body);
}

static void on_gone(void *user, struct peer *peer, int why)
{
	struct seen *seen = user;

	seen->gone++;
	seen->why = why;
	peer_free(peer);
}

static const struct ipc_rule rules[] = {{1, 1, 0, on_number}};

static void start(struct seen *seen, int fds[2], size_t queue_max)
{
	struct peer_conf conf = {.rules = rules,
				 .n_rules = 1,
				 .user = seen,
				 .gone = on_gone,
				 .queue_bytes_max = queue_max};

	*seen = (struct seen){0};
	ck_assert_int_eq(ipc_pair(fds), 0);
	ck_assert_int_ge(sd_event_new(&seen->loop), 0);
	ck_assert_int_eq(peer_new(&seen->peer, seen->loop, fds[0], &conf), 0);
}

static void turn(struct seen *seen)
{
	while (sd_event_run(seen->loop, 0) > 0)
		;
}

static void send_number(int fd, uint16_t type, uint32_t n)
{
	uint8_t data[4];
	struct wbuf w = WBUF_OF(data);

	wbuf_u32(&w, n);
	ck_assert_int_eq(ipc_send(fd, type, 0, &w, NULL, 0), 0);
}

START_TEST(messages_reach_their_handler_and_the_end_is_told_once)
{
	struct seen seen;
	int fds[2];

	start(&seen, fds, 1000);
	send_number(fds[1], 1, 5);
	send_number(fds[1], 1, 6);
	(void)close(fds[1]);
	turn(&seen);
	ck_assert_uint_eq(seen.sum, 11);
	ck_assert_int_eq(seen.gone, 1);
	ck_assert_int_eq(seen.why, 0);
	sd_event_unref(seen.loop);
}
END_TEST

START_TEST(a_peer_that_breaks_a_rule_is_dropped)
{
	struct seen seen;
	int fds[2];

	start(&seen, fds, 1000);
	send_number(fds[1], 2, 5);
	send_number(fds[1], 1, 5);
	turn(&seen);
	ck_assert_uint_eq(seen.sum, 0);
	ck_assert_int_eq(seen.gone, 1);
	ck_assert_int_eq(seen.why, -EPROTO);
	(void)close(fds[1]);
	sd_event_unref(seen.loop);
}
END_TEST

START_TEST(freeing_inside_a_handler_is_safe)
{
	struct seen seen;
	int fds[2];

	start(&seen, fds, 1000);
	seen.free_inside = true;
	send_number(fds[1], 1, 5);
	send_number(fds[1], 1, 5);
	turn(&seen);
	ck_assert_uint_eq(seen.sum, 5);
	ck_assert_int_eq(seen.gone, 0);
	(void)close(fds[1]);
	sd_event_unref(seen.loop);
}
END_TEST

START_TEST(what_finds_no_room_waits_in_order)
{
	static uint8_t body[60000], space[IPC_PACKET_MAX];
	struct seen seen;
	struct ipc_packet packet;
	uint32_t next = 0;
	int fds[2];

	start(&seen, fds, 64u * 1024 * 1024);
	for (uint32_t i = 0; i < 100; i++) {
		struct wbuf w = WBUF_OF(body);

		w.len = sizeof body;
		peer_send(seen.peer, 9, i, &w);
	}
	ck_assert_uint_gt(peer_queued(seen.peer), 0);
	while (next < 100) {
		int r = ipc_recv(fds[1], &packet, space, sizeof space);

		if (r == IPC_LATER)
			turn(&seen);
		else
			ck_assert_int_eq(r, 0);
		if (r == 0)
			ck_assert_uint_eq(packet.seq, next++);
	}
	ck_assert_uint_eq(peer_queued(seen.peer), 0);
	peer_free(seen.peer);
	(void)close(fds[1]);
	sd_event_unref(seen.loop);
}
END_TEST

START_TEST(a_peer_that_never_reads_is_dropped_at_the_bound)
{
	static uint8_t body[60000];
	struct seen seen;
	int fds[2];

	start(&seen, fds, 100000);
	for (int i = 0; i < 100; i++) {
		struct wbuf w = WBUF_OF(body);

		w.len = sizeof body;
		peer_send(seen.peer, 9, 0, &w);
	}
	ck_assert_int_eq(seen.gone, 0); /* told from the loop only */
	turn(&seen);
	ck_assert_int_eq(seen.gone, 1);
	ck_assert_int_eq(seen.why, -ENOBUFS);
	(void)close(fds[1]);
	sd_event_unref(seen.loop);
}
END_TEST

START_TEST(a_paused_peer_is_not_read)
{
	struct seen seen;
	int fds[2];

	start(&seen, fds, 1000);
	peer_pause(seen.peer, true);
	send_number(fds[1], 1, 5);
	turn(&seen);
	ck_assert_uint_eq(seen.sum, 0);
	peer_pause(seen.peer, false);
	turn(&seen);
	ck_assert_uint_eq(seen.sum, 5);
	peer_free(seen.peer);
	(void)close(fds[1]);
	sd_event_unref(seen.loop);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("peer");

	tcase_add_test(t, messages_reach_their_handler_and_the_end_is_told_once);
	tcase_add_test(t, a_peer_that_breaks_a_rule_is_dropped);
	tcase_add_test(t, freeing_inside_a_handler_is_safe);
	tcase_add_test(t, what_finds_no_room_waits_in_order);
	tcase_add_test(t, a_peer_that_never_reads_is_dropped_at_the_bound);
	tcase_add_test(t, a_paused_peer_is_not_read);
	return suite_run("peer", t);
}
