/* Each message: what is put is got, byte for byte when put again; every shorter one and one byte
 * more is refused. */
#include "lib/ipc/daemon_msg.h"
#include "lib/ipc/evidence_msg.h"
#include "lib/ipc/keeper_msg.h"
#include "lib/ipc/recorder_msg.h"
#include "lib/ipc/verb_msg.h"
#include "tests/unit/suite.h"

#include <errno.h>
#include <string.h>

static void check_lengths(int (*get)(struct rbuf *), const uint8_t *data, size_t len)
{
	static uint8_t longer[IPC_BODY_MAX];
	struct rbuf r;

	for (size_t n = 0; n < len; n++) {
		r = rbuf_of(data, n);
		ck_assert_msg(get(&r) == -EBADMSG, "length %zu of %zu was taken", n, len);
	}
	memcpy(longer, data, len);
	r = rbuf_of(longer, len + 1);
	ck_assert_int_eq(get(&r), -EBADMSG);
}

/* Defines test NAME: `sample` is an initialiser of struct NAME. */
#define MESSAGE(name, ...)                                                                         \
	static int get_##name(struct rbuf *r)                                                      \
	{                                                                                          \
		static struct name got;                                                            \
                                                                                                   \
		return name##_get(r, &got);                                                        \
	}                                                                                          \
	START_TEST(name##_goes_over)                                                               \
	{                                                                                          \
		static uint8_t first[IPC_BODY_MAX], second[IPC_BODY_MAX];                          \
		static struct name sample, got;                                                    \
		struct wbuf w1 = WBUF_OF(first), w2 = WBUF_OF(second);                             \
		struct rbuf r;                                                                     \
                                                                                                   \
		sample = (struct name){__VA_ARGS__};                                               \
		name##_put(&w1, &sample);                                                          \
		ck_assert_int_eq(wbuf_end(&w1), 0);                                                \
		r = rbuf_of(first, w1.len);                                                        \
		ck_assert_int_eq(name##_get(&r, &got), 0);                                         \
		name##_put(&w2, &got);                                                             \
		ck_assert_uint_eq(w1.len, w2.len);                                                 \
		ck_assert_mem_eq(first, second, w1.len);                                           \
		check_lengths(get_##name, first, w1.len);                                          \
	}                                                                                          \
	END_TEST

#define BYTES(text) (const uint8_t *)(text)

MESSAGE(verb_data, .stream = 2, .data = BYTES("abc"), .len = 3)
MESSAGE(verb_window, .columns = 80, .rows = 24)
MESSAGE(verb_done, .exit_status = VERB_EXIT_USAGE)
MESSAGE(k_login, .login = "alice@root@db1", .client = "SSH-2.0-OpenSSH_9.2")
MESSAGE(k_methods, .methods = METHODS_ALL)
MESSAGE(k_key, .blob = BYTES("blob"), .blob_len = 4)
MESSAGE(k_yes_no, .yes = true)
MESSAGE(k_key_proof, .data = BYTES("data"), .data_len = 4, .signature = BYTES("sig"),
	.signature_len = 3)
MESSAGE(k_prompt, .instruction = "why\n", .n_prompts = 2,
	.prompts = {{.text = "Code: ", .echo = true}, {.text = "Password: "}})
MESSAGE(k_answers, .n_answers = 2, .answers = {"123456", ""})
MESSAGE(k_auth, .outcome = AUTH_IN, .role = ROLE_OPERATOR, .identity = "alice", .account = "root",
	.target = "db1", .notice = "hello\n")
MESSAGE(k_connect, .account = "root", .target = "db1")
MESSAGE(k_connected, .id = {{1, 2}}, .account = "root", .target = "db1", .endpoint = "[::1]:22",
	.deadline_boot_ms = UINT64_MAX, .ways = WAYS_USUAL, .policy_version = 3, .n_host_keys = 2,
	.host_keys = {{BYTES("k1"), 2}, {BYTES("k22"), 3}})
MESSAGE(k_blob, .data = BYTES("cert"), .len = 4)
MESSAGE(k_channel, .channel = 7, .way = WAY_EXEC, .detail = "uname -a")
MESSAGE(k_report, .kind = "hostkey", .result = "failed", .text = "changed")
MESSAGE(k_text, .text = "one\ntwo")
MESSAGE(k_deadline, .deadline_boot_ms = 12345)
MESSAGE(r_frame, .channel = 1, .kind = FRAME_OUTPUT, .data = BYTES("out"), .len = 3)
MESSAGE(r_end, .reason = "closed by client")
MESSAGE(r_text, .text = "disk full")
MESSAGE(r_command, .verdict = VERDICT_DENY, .certainty = CERTAINTY_LINE_CHECKED, .typed = 1,
	.reasons = 5, .rule = "rm-rf", .line = BYTES("rm -rf /"), .line_len = 8)
MESSAGE(e_open, .connection = 9, .id = {{7}}, .identity = "alice", .person = "Alice Arnold",
	.account = "root", .target = "db1", .endpoint = "127.0.0.1:22", .source = "127.0.0.1",
	.client = "x", .factors = "publickey", .grant = 17, .reason = "INC-42", .approvers = "bob",
	.policy_version = 2, .deadline_wall_s = -1)
MESSAGE(e_viewer, .connection = 9, .identity = "carol", .role = ROLE_AUDITOR, .source = "::1")
MESSAGE(e_event, .id = 1, .wall_ns = 2, .kind = "login", .result = "ok", .subject = "alice",
	.object = "o", .source = "local", .session = {{1}}, .detail = "d")
MESSAGE(e_viewer_conf, .state_dir = "/s", .identity = "carol", .role = ROLE_OWNER,
	.source = "local")
MESSAGE(e_doorbell, .id = {{3}}, .closed = true)
MESSAGE(e_text, .text = "no")
MESSAGE(d_keeper_conf, .state_dir = "/a", .pam_service = "sallyport", .pam_dir = "/b",
	.pam_child = "/c", .sources = "127.0.0.1/32", .uid = 5, .gid = 6, .request_timeout_s = 3600,
	.connect_timeout_ms = 5000, .login_notice = "hi")
MESSAGE(d_recorder_conf, .state_dir = "/a", .viewer = "/v", .indexer = "/i", .uid = 1, .gid = 2,
	.wal_mib = 64, .reserve_mib = 100, .retention_days = 200)
MESSAGE(d_session_conf, .uid = 1, .gid = 1, .login_grace_ms = 60000, .recorder_wait_ms = 5000,
	.n_host_keys = 1, .host_keys = {{"KEY", 3}})
MESSAGE(d_attach, .connection = 4, .source = "192.0.2.1", .source_port = 40000,
	.local = "[::]:2222")
MESSAGE(d_connection, .connection = 4)
MESSAGE(d_started, .connection = 4, .pid = 77)

START_TEST(a_login_is_in_with_a_name_and_a_role_or_not_at_all)
{
	static uint8_t data[IPC_BODY_MAX];
	static struct k_auth bad[3], got;

	bad[0] = (struct k_auth){.outcome = AUTH_IN, .role = ROLE_NONE, .identity = "alice"};
	bad[1] = (struct k_auth){.outcome = AUTH_IN, .role = ROLE_OPERATOR};
	bad[2] =
		(struct k_auth){.outcome = AUTH_DENIED, .role = ROLE_OPERATOR, .identity = "alice"};
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct wbuf w = WBUF_OF(data);
		struct rbuf r;

		k_auth_put(&w, &bad[i]);
		r = rbuf_of(data, w.len);
		ck_assert_int_eq(k_auth_get(&r, &got), -EBADMSG);
	}
}
END_TEST

START_TEST(a_channel_is_used_in_one_way)
{
	static const uint32_t bad[] = {0, WAY_SHELL | WAY_EXEC, WAYS_ALL + 1};
	static uint8_t data[1024];
	static struct k_channel m, got;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct wbuf w = WBUF_OF(data);
		struct rbuf r;

		m = (struct k_channel){.way = bad[i]};
		k_channel_put(&w, &m);
		r = rbuf_of(data, w.len);
		ck_assert_int_eq(k_channel_get(&r, &got), -EBADMSG);
	}
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("messages");

	tcase_set_timeout(t, 60);
#define ADD(name) tcase_add_test(t, name##_goes_over)
	ADD(verb_data), ADD(verb_window), ADD(verb_done), ADD(k_login), ADD(k_methods), ADD(k_key),
		ADD(k_yes_no);
	ADD(k_key_proof), ADD(k_prompt), ADD(k_answers), ADD(k_auth), ADD(k_connect),
		ADD(k_connected), ADD(k_blob);
	ADD(k_channel), ADD(k_report), ADD(k_text), ADD(k_deadline), ADD(r_frame), ADD(r_end),
		ADD(r_text);
	ADD(r_command), ADD(e_open), ADD(e_viewer), ADD(e_event), ADD(e_viewer_conf),
		ADD(e_doorbell), ADD(e_text);
	ADD(d_keeper_conf), ADD(d_recorder_conf), ADD(d_session_conf), ADD(d_attach),
		ADD(d_connection), ADD(d_started);
	tcase_add_test(t, a_login_is_in_with_a_name_and_a_role_or_not_at_all);
	tcase_add_test(t, a_channel_is_used_in_one_way);
	return suite_run("messages", t);
}
