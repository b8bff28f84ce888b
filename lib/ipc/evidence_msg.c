#include "lib/ipc/evidence_msg.h"

static void id_put(struct wbuf *b, const struct session_id *id)
{
	wbuf_raw(b, id->raw, sizeof id->raw);
}

static void id_get(struct rbuf *b, struct session_id *id)
{
	rbuf_raw(b, id->raw, sizeof id->raw);
}

void e_open_put(struct wbuf *b, const struct e_open *m)
{
	wbuf_u64(b, m->connection);
	id_put(b, &m->id);
	wbuf_string(b, m->identity);
	wbuf_string(b, m->person);
	wbuf_string(b, m->account);
	wbuf_string(b, m->target);
	wbuf_string(b, m->endpoint);
	wbuf_string(b, m->source);
	wbuf_string(b, m->client);
	wbuf_string(b, m->factors);
	wbuf_u64(b, m->grant);
	wbuf_string(b, m->reason);
	wbuf_string(b, m->approvers);
	wbuf_u32(b, m->policy_version);
	wbuf_u64(b, (uint64_t)m->deadline_wall_s);
}

int e_open_get(struct rbuf *b, struct e_open *m)
{
	m->connection = rbuf_u64(b);
	id_get(b, &m->id);
	rbuf_name(b, m->identity);
	rbuf_string(b, m->person, sizeof m->person);
	rbuf_name(b, m->account);
	rbuf_name(b, m->target);
	rbuf_string(b, m->endpoint, sizeof m->endpoint);
	rbuf_string(b, m->source, sizeof m->source);
	rbuf_string(b, m->client, sizeof m->client);
	rbuf_string(b, m->factors, sizeof m->factors);
	m->grant = rbuf_u64(b);
	rbuf_string(b, m->reason, sizeof m->reason);
	rbuf_string(b, m->approvers, sizeof m->approvers);
	m->policy_version = rbuf_u32(b, 0, UINT32_MAX);
	m->deadline_wall_s = rbuf_i64(b);
	if (session_id_is_none(&m->id))
		b->fault = true;
	return rbuf_end(b);
}

void e_viewer_put(struct wbuf *b, const struct e_viewer *m)
{
	wbuf_u64(b, m->connection);
	wbuf_string(b, m->identity);
	wbuf_u8(b, (uint8_t)m->role);
	wbuf_string(b, m->source);
}

int e_viewer_get(struct rbuf *b, struct e_viewer *m)
{
	m->connection = rbuf_u64(b);
	rbuf_name(b, m->identity);
	m->role = (enum role)rbuf_u8(b, ROLE_AUDITOR, ROLE_ADMIN);
	rbuf_string(b, m->source, sizeof m->source);
	return rbuf_end(b);
}

void e_event_put(struct wbuf *b, const struct e_event *m)
{
	wbuf_u64(b, m->id);
	wbuf_u64(b, (uint64_t)m->wall_ns);
	wbuf_string(b, m->kind);
	wbuf_string(b, m->result);
	wbuf_string(b, m->subject);
	wbuf_string(b, m->object);
	wbuf_string(b, m->source);
	id_put(b, &m->session);
	wbuf_string(b, m->detail);
}

int e_event_get(struct rbuf *b, struct e_event *m)
{
	m->id = rbuf_u64(b);
	m->wall_ns = rbuf_i64(b);
	rbuf_name(b, m->kind);
	rbuf_name(b, m->result);
	rbuf_string(b, m->subject, sizeof m->subject);
	rbuf_string(b, m->object, sizeof m->object);
	rbuf_string(b, m->source, sizeof m->source);
	id_get(b, &m->session);
	rbuf_string(b, m->detail, sizeof m->detail);
	return rbuf_end(b);
}

void e_viewer_conf_put(struct wbuf *b, const struct e_viewer_conf *m)
{
	wbuf_string(b, m->state_dir);
	wbuf_string(b, m->identity);
	wbuf_u8(b, (uint8_t)m->role);
	wbuf_string(b, m->source);
}

int e_viewer_conf_get(struct rbuf *b, struct e_viewer_conf *m)
{
	rbuf_string(b, m->state_dir, sizeof m->state_dir);
	rbuf_name(b, m->identity);
	m->role = (enum role)rbuf_u8(b, ROLE_AUDITOR, ROLE_OWNER);
	rbuf_string(b, m->source, sizeof m->source);
	return rbuf_end(b);
}

void e_doorbell_put(struct wbuf *b, const struct e_doorbell *m)
{
	id_put(b, &m->id);
	wbuf_u8(b, m->closed);
}

int e_doorbell_get(struct rbuf *b, struct e_doorbell *m)
{
	id_get(b, &m->id);
	m->closed = rbuf_u8(b, 0, 1) != 0;
	return rbuf_end(b);
}

void e_text_put(struct wbuf *b, const struct e_text *m)
{
	wbuf_string(b, m->text);
}

int e_text_get(struct rbuf *b, struct e_text *m)
{
	rbuf_string(b, m->text, sizeof m->text);
	return rbuf_end(b);
}
