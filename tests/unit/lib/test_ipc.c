#include "lib/ipc/ipc.h"
#include "tests/unit/suite.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>

static uint8_t space[IPC_PACKET_MAX];

START_TEST(a_packet_and_its_descriptors_arrive)
{
	int fds[2], pipes[2];
	uint8_t data[8];
	struct wbuf w = WBUF_OF(data);
	struct ipc_packet p;
	char c = 'x';

	ck_assert_int_eq(ipc_pair(fds), 0);
	ck_assert_int_eq(pipe2(pipes, O_CLOEXEC), 0);
	wbuf_u32(&w, 42);
	ck_assert_int_eq(ipc_send(fds[0], 7, 99, &w, &pipes[1], 1), 0);
	ck_assert_int_eq(ipc_recv(fds[1], &p, space, sizeof space), 0);
	ck_assert_uint_eq(p.type, 7);
	ck_assert_uint_eq(p.seq, 99);
	ck_assert_uint_eq(rbuf_u32(&p.body, 0, UINT32_MAX), 42);
	ck_assert_uint_eq(p.n_fds, 1);
	ck_assert_int_eq(fcntl(p.fds[0], F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(write(p.fds[0], &c, 1), 1);
	ck_assert_int_eq(read(pipes[0], &c, 1), 1);
	ipc_packet_done(&p);
	ck_assert_int_eq(ipc_recv(fds[1], &p, space, sizeof space), IPC_LATER);
	(void)close(fds[0]);
	ck_assert_int_eq(ipc_recv(fds[1], &p, space, sizeof space), IPC_CLOSED);
	ck_assert_int_eq(ipc_send(fds[1], 1, 0, NULL, NULL, 0), IPC_CLOSED);
	(void)close(fds[1]), (void)close(pipes[0]), (void)close(pipes[1]);
}
END_TEST

START_TEST(a_broken_header_is_refused)
{
	static const struct {
		const char *bytes;
		size_t len;
	} bad[] = {{"\0\1\0", 3},
		   {"\0\1\0\0\0\0\0", 7},
		   {"\0\0\0\0\0\0\0\1", 8},
		   {"\0\1\0\1\0\0\0\1", 8}};
	int fds[2];
	struct ipc_packet p;

	ck_assert_int_eq(ipc_pair(fds), 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		ck_assert_int_eq(send(fds[0], bad[i].bytes, bad[i].len, 0), (ssize_t)bad[i].len);
		ck_assert_int_eq(ipc_recv(fds[1], &p, space, sizeof space), -EBADMSG);
	}
	ck_assert_int_eq(send(fds[0], space, sizeof space, 0), (ssize_t)sizeof space);
	ck_assert_int_eq(ipc_recv(fds[1], &p, space, sizeof space - 1), -EBADMSG); /* truncated */
	(void)close(fds[0]), (void)close(fds[1]);
}
END_TEST

START_TEST(a_spoilt_body_is_not_sent)
{
	uint8_t data[2];
	struct wbuf w = WBUF_OF(data);
	int fds[2];
	struct ipc_packet p;

	ck_assert_int_eq(ipc_pair(fds), 0);
	wbuf_u32(&w, 1);
	ck_assert_int_eq(ipc_send(fds[0], 1, 0, &w, NULL, 0), -EMSGSIZE);
	ck_assert_int_eq(ipc_recv(fds[1], &p, space, sizeof space), IPC_LATER);
	(void)close(fds[0]), (void)close(fds[1]);
}
END_TEST

static int handle(void *peer, struct ipc_packet *packet)
{
	*(int *)peer += (int)packet->seq;
	return 0;
}

START_TEST(only_what_the_table_names_is_handled)
{
	static const struct ipc_rule rules[] = {{5, 1 | 4, 0, handle}, {6, 2, 1, handle}};
	struct ipc_packet p = {.type = 5, .seq = 10};
	int sum = 0;

	ck_assert_int_eq(ipc_dispatch(rules, 2, 1, &sum, &p), 0);
	ck_assert_int_eq(ipc_dispatch(rules, 2, 4, &sum, &p), 0);
	ck_assert_int_eq(sum, 20);
	ck_assert_int_eq(ipc_dispatch(rules, 2, 2, &sum, &p), -EPROTO); /* not in this phase */
	p.type = 6;
	ck_assert_int_eq(ipc_dispatch(rules, 2, 2, &sum, &p),
			 -EPROTO); /* its descriptor is missing */
	p.type = 7;
	ck_assert_int_eq(ipc_dispatch(rules, 2, 1, &sum, &p), -EPROTO);
	p = (struct ipc_packet){.type = 5, .n_fds = 1, .fds = {dup(0)}};
	ck_assert_int_eq(ipc_dispatch(rules, 2, 1, &sum, &p),
			 -EPROTO); /* a descriptor too many, closed */
	ck_assert_uint_eq(p.n_fds, 0);
	ck_assert_int_eq(sum, 20);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("ipc");

	tcase_add_test(t, a_packet_and_its_descriptors_arrive);
	tcase_add_test(t, a_broken_header_is_refused);
	tcase_add_test(t, a_spoilt_body_is_not_sent);
	tcase_add_test(t, only_what_the_table_names_is_handled);
	return suite_run("ipc", t);
}
