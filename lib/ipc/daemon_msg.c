#include "lib/ipc/daemon_msg.h"

void d_keeper_conf_put(struct wbuf *b, const struct d_keeper_conf *m)
{
	wbuf_string(b, m->state_dir);
	wbuf_string(b, m->pam_service);
	wbuf_string(b, m->pam_dir);
	wbuf_string(b, m->pam_child);
	wbuf_string(b, m->sources);
	wbuf_u32(b, m->uid);
	wbuf_u32(b, m->gid);
	wbuf_u32(b, m->request_timeout_s);
	wbuf_u32(b, m->connect_timeout_ms);
	wbuf_string(b, m->login_notice);
}

int d_keeper_conf_get(struct rbuf *b, struct d_keeper_conf *m)
{
	rbuf_string(b, m->state_dir, sizeof m->state_dir);
	rbuf_name(b, m->pam_service);
	rbuf_string(b, m->pam_dir, sizeof m->pam_dir);
	rbuf_string(b, m->pam_child, sizeof m->pam_child);
	rbuf_string(b, m->sources, sizeof m->sources);
	m->uid = rbuf_u32(b, 0, UINT32_MAX - 1);
	m->gid = rbuf_u32(b, 0, UINT32_MAX - 1);
	m->request_timeout_s = rbuf_u32(b, 1, UINT32_MAX);
	m->connect_timeout_ms = rbuf_u32(b, 1, UINT32_MAX);
	rbuf_string(b, m->login_notice, sizeof m->login_notice);
	return rbuf_end(b);
}

void d_recorder_conf_put(struct wbuf *b, const struct d_recorder_conf *m)
{
	wbuf_string(b, m->state_dir);
	wbuf_string(b, m->viewer);
	wbuf_string(b, m->indexer);
	wbuf_u32(b, m->uid);
	wbuf_u32(b, m->gid);
	wbuf_u32(b, m->wal_mib);
	wbuf_u32(b, m->reserve_mib);
	wbuf_u32(b, m->retention_days);
}

int d_recorder_conf_get(struct rbuf *b, struct d_recorder_conf *m)
{
	rbuf_string(b, m->state_dir, sizeof m->state_dir);
	rbuf_string(b, m->viewer, sizeof m->viewer);
	rbuf_string(b, m->indexer, sizeof m->indexer);
	m->uid = rbuf_u32(b, 0, UINT32_MAX - 1);
	m->gid = rbuf_u32(b, 0, UINT32_MAX - 1);
	m->wal_mib = rbuf_u32(b, 1, 1024);
	m->reserve_mib = rbuf_u32(b, 0, UINT32_MAX);
	m->retention_days = rbuf_u32(b, 1, 36500);
	return rbuf_end(b);
}

void d_session_conf_put(struct wbuf *b, const struct d_session_conf *m)
{
	wbuf_u32(b, m->uid);
	wbuf_u32(b, m->gid);
	wbuf_u32(b, m->login_grace_ms);
	wbuf_u32(b, m->recorder_wait_ms);
	wbuf_u32(b, m->n_host_keys);
	for (uint32_t i = 0; i < m->n_host_keys && i < HOST_KEYS_OURS_MAX; i++)
		wbuf_bytes(b, m->host_keys[i].text, m->host_keys[i].len);
}

int d_session_conf_get(struct rbuf *b, struct d_session_conf *m)
{
	m->uid = rbuf_u32(b, 0, UINT32_MAX - 1);
	m->gid = rbuf_u32(b, 0, UINT32_MAX - 1);
	m->login_grace_ms = rbuf_u32(b, 1, UINT32_MAX);
	m->recorder_wait_ms = rbuf_u32(b, 1, UINT32_MAX);
	m->n_host_keys = rbuf_u32(b, 1, HOST_KEYS_OURS_MAX);
	for (uint32_t i = 0; i < m->n_host_keys; i++) {
		m->host_keys[i].text =
			(const char *)rbuf_bytes(b, HOST_KEY_TEXT_MAX, &m->host_keys[i].len);
		if (m->host_keys[i].len == 0)
			b->fault = true;
	}
	return rbuf_end(b);
}

void d_attach_put(struct wbuf *b, const struct d_attach *m)
{
	wbuf_u64(b, m->connection);
	wbuf_string(b, m->source);
	wbuf_u16(b, m->source_port);
	wbuf_string(b, m->local);
}

int d_attach_get(struct rbuf *b, struct d_attach *m)
{
	m->connection = rbuf_u64(b);
	rbuf_string(b, m->source, sizeof m->source);
	m->source_port = rbuf_u16(b, 0, UINT16_MAX);
	rbuf_string(b, m->local, sizeof m->local);
	return rbuf_end(b);
}

void d_connection_put(struct wbuf *b, const struct d_connection *m)
{
	wbuf_u64(b, m->connection);
}

int d_connection_get(struct rbuf *b, struct d_connection *m)
{
	m->connection = rbuf_u64(b);
	return rbuf_end(b);
}

void d_started_put(struct wbuf *b, const struct d_started *m)
{
	wbuf_u64(b, m->connection);
	wbuf_u32(b, m->pid);
}

int d_started_get(struct rbuf *b, struct d_started *m)
{
	m->connection = rbuf_u64(b);
	m->pid = rbuf_u32(b, 1, INT32_MAX);
	return rbuf_end(b);
}
