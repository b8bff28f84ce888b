/* Every reader of a message between our programs, chosen by the first byte of the input. */
#include "lib/ipc/daemon_msg.h"
#include "lib/ipc/evidence_msg.h"
#include "lib/ipc/keeper_msg.h"
#include "lib/ipc/recorder_msg.h"
#include "lib/ipc/verb_msg.h"

#define READER(name)                                                                               \
	static int read_##name(struct rbuf *b)                                                     \
	{                                                                                          \
		static struct name m;                                                              \
                                                                                                   \
		return name##_get(b, &m);                                                          \
	}
#define READERS(X)                                                                                 \
	X(verb_run)                                                                                \
	X(verb_data)                                                                               \
	X(verb_window)                                                                             \
	X(verb_done)                                                                               \
	X(k_login)                                                                                 \
	X(k_methods)                                                                               \
	X(k_key)                                                                                   \
	X(k_yes_no)                                                                                \
	X(k_key_proof)                                                                             \
	X(k_prompt)                                                                                \
	X(k_answers)                                                                               \
	X(k_auth)                                                                                  \
	X(k_connect)                                                                               \
	X(k_connected)                                                                             \
	X(k_blob)                                                                                  \
	X(k_channel)                                                                               \
	X(k_report)                                                                                \
	X(k_text)                                                                                  \
	X(k_deadline)                                                                              \
	X(r_frame)                                                                                 \
	X(r_end)                                                                                   \
	X(r_text)                                                                                  \
	X(r_command)                                                                               \
	X(e_open)                                                                                  \
	X(e_viewer)                                                                                \
	X(e_event)                                                                                 \
	X(e_viewer_conf)                                                                           \
	X(e_doorbell)                                                                              \
	X(e_text)                                                                                  \
	X(d_keeper_conf)                                                                           \
	X(d_recorder_conf)                                                                         \
	X(d_session_conf)                                                                          \
	X(d_attach)                                                                                \
	X(d_connection)                                                                            \
	X(d_started)

READERS(READER)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
#define ROW(name) read_##name,
	static int (*const readers[])(struct rbuf *) = {READERS(ROW)};
	static struct verb_run run;
	struct rbuf b;

	if (size == 0)
		return 0;
	b = rbuf_of(data + 1, size - 1);
	if (data[0] == 0xff)
		(void)verb_run_split(&run, (const char *)data + 1, size - 1);
	else
		(void)readers[data[0] % ARRAY_SIZE(readers)](&b);
	return 0;
}
