#include "lib/ipc/keeper_msg.h"

#include <string.h>

static void session_id_put(struct wbuf *b, const struct session_id *id)
{
	wbuf_raw(b, id->raw, sizeof id->raw);
}

static void session_id_get(struct rbuf *b, struct session_id *id)
{
	rbuf_raw(b, id->raw, sizeof id->raw);
}

/* Bytes that may not be empty, pointing into the packet. */
static const uint8_t *some_bytes(struct rbuf *b, size_t most, size_t *len)
{
	const uint8_t *at = rbuf_bytes(b, most, len);

	if (*len == 0)
		b->fault = true;
	return at;
}

/* Both names or neither. */
static void place_get(struct rbuf *b, char account[NAME_SIZE], char target[NAME_SIZE])
{
	rbuf_name_or_empty(b, account);
	rbuf_name_or_empty(b, target);
	if ((account[0] == '\0') != (target[0] == '\0'))
		b->fault = true;
}

void k_login_put(struct wbuf *b, const struct k_login *m)
{
	wbuf_string(b, m->login);
	wbuf_string(b, m->client);
}

int k_login_get(struct rbuf *b, struct k_login *m)
{
	rbuf_string(b, m->login, sizeof m->login);
	rbuf_string(b, m->client, sizeof m->client);
	return rbuf_end(b);
}

void k_methods_put(struct wbuf *b, const struct k_methods *m)
{
	wbuf_u32(b, m->methods);
}

int k_methods_get(struct rbuf *b, struct k_methods *m)
{
	m->methods = rbuf_u32(b, 0, METHODS_ALL);
	return rbuf_end(b);
}

void k_key_put(struct wbuf *b, const struct k_key *m)
{
	wbuf_bytes(b, m->blob, m->blob_len);
}

int k_key_get(struct rbuf *b, struct k_key *m)
{
	m->blob = some_bytes(b, KEY_BLOB_MAX, &m->blob_len);
	return rbuf_end(b);
}

void k_yes_no_put(struct wbuf *b, const struct k_yes_no *m)
{
	wbuf_u8(b, m->yes);
}

int k_yes_no_get(struct rbuf *b, struct k_yes_no *m)
{
	m->yes = rbuf_u8(b, 0, 1) != 0;
	return rbuf_end(b);
}

void k_key_proof_put(struct wbuf *b, const struct k_key_proof *m)
{
	wbuf_bytes(b, m->data, m->data_len);
	wbuf_bytes(b, m->signature, m->signature_len);
}

int k_key_proof_get(struct rbuf *b, struct k_key_proof *m)
{
	m->data = some_bytes(b, SIGNED_DATA_MAX, &m->data_len);
	m->signature = some_bytes(b, SIGNATURE_MAX, &m->signature_len);
	return rbuf_end(b);
}

void k_prompt_put(struct wbuf *b, const struct k_prompt *m)
{
	wbuf_string(b, m->instruction);
	wbuf_u32(b, m->n_prompts);
	for (uint32_t i = 0; i < m->n_prompts && i < PROMPTS_MAX; i++) {
		wbuf_string(b, m->prompts[i].text);
		wbuf_u8(b, m->prompts[i].echo);
	}
}

int k_prompt_get(struct rbuf *b, struct k_prompt *m)
{
	rbuf_string(b, m->instruction, sizeof m->instruction);
	m->n_prompts = rbuf_u32(b, 0, PROMPTS_MAX);
	for (uint32_t i = 0; i < m->n_prompts; i++) {
		rbuf_string(b, m->prompts[i].text, sizeof m->prompts[i].text);
		m->prompts[i].echo = rbuf_u8(b, 0, 1) != 0;
	}
	return rbuf_end(b);
}

void k_answers_put(struct wbuf *b, const struct k_answers *m)
{
	wbuf_u32(b, m->n_answers);
	for (uint32_t i = 0; i < m->n_answers && i < PROMPTS_MAX; i++)
		wbuf_string(b, m->answers[i]);
}

int k_answers_get(struct rbuf *b, struct k_answers *m)
{
	m->n_answers = rbuf_u32(b, 0, PROMPTS_MAX);
	for (uint32_t i = 0; i < m->n_answers; i++)
		rbuf_string(b, m->answers[i], sizeof m->answers[i]);
	return rbuf_end(b);
}

void k_auth_put(struct wbuf *b, const struct k_auth *m)
{
	wbuf_u8(b, (uint8_t)m->outcome);
	wbuf_u32(b, m->methods);
	wbuf_u8(b, (uint8_t)m->role);
	wbuf_string(b, m->identity);
	wbuf_string(b, m->account);
	wbuf_string(b, m->target);
	wbuf_string(b, m->notice);
}

int k_auth_get(struct rbuf *b, struct k_auth *m)
{
	m->outcome = (enum auth_outcome)rbuf_u8(b, AUTH_DENIED, AUTH_OUTCOMES - 1);
	m->methods = rbuf_u32(b, 0, METHODS_ALL);
	m->role = (enum role)rbuf_u8(b, ROLE_NONE, ROLE_ADMIN);
	rbuf_name_or_empty(b, m->identity);
	place_get(b, m->account, m->target);
	rbuf_string(b, m->notice, sizeof m->notice);
	if ((m->outcome == AUTH_IN) != (m->role != ROLE_NONE && m->identity[0] != '\0'))
		b->fault = true;
	return rbuf_end(b);
}

void k_connect_put(struct wbuf *b, const struct k_connect *m)
{
	wbuf_string(b, m->account);
	wbuf_string(b, m->target);
}

int k_connect_get(struct rbuf *b, struct k_connect *m)
{
	rbuf_name(b, m->account);
	rbuf_name(b, m->target);
	return rbuf_end(b);
}

void k_connected_put(struct wbuf *b, const struct k_connected *m)
{
	session_id_put(b, &m->id);
	wbuf_string(b, m->account);
	wbuf_string(b, m->target);
	wbuf_string(b, m->endpoint);
	wbuf_u64(b, m->deadline_boot_ms);
	wbuf_u32(b, m->ways);
	wbuf_u32(b, m->policy_version);
	wbuf_u32(b, m->n_host_keys);
	for (uint32_t i = 0; i < m->n_host_keys && i < HOST_KEYS_MAX; i++)
		wbuf_bytes(b, m->host_keys[i].blob, m->host_keys[i].len);
}

int k_connected_get(struct rbuf *b, struct k_connected *m)
{
	session_id_get(b, &m->id);
	rbuf_name(b, m->account);
	rbuf_name(b, m->target);
	rbuf_string(b, m->endpoint, sizeof m->endpoint);
	m->deadline_boot_ms = rbuf_u64(b);
	m->ways = rbuf_u32(b, 0, WAYS_ALL);
	m->policy_version = rbuf_u32(b, 0, UINT32_MAX);
	m->n_host_keys = rbuf_u32(b, 1, HOST_KEYS_MAX);
	for (uint32_t i = 0; i < m->n_host_keys; i++)
		m->host_keys[i].blob = some_bytes(b, KEY_BLOB_MAX, &m->host_keys[i].len);
	return rbuf_end(b);
}

void k_blob_put(struct wbuf *b, const struct k_blob *m)
{
	wbuf_bytes(b, m->data, m->len);
}

int k_blob_get(struct rbuf *b, struct k_blob *m)
{
	m->data = some_bytes(b, KEY_BLOB_MAX, &m->len);
	return rbuf_end(b);
}

void k_channel_put(struct wbuf *b, const struct k_channel *m)
{
	wbuf_u32(b, m->channel);
	wbuf_u32(b, m->way);
	wbuf_string(b, m->detail);
}

int k_channel_get(struct rbuf *b, struct k_channel *m)
{
	m->channel = rbuf_u32(b, 0, UINT32_MAX);
	m->way = rbuf_u32(b, 1, WAYS_ALL);
	if ((m->way & (m->way - 1)) != 0)
		b->fault = true;
	rbuf_string(b, m->detail, sizeof m->detail);
	return rbuf_end(b);
}

void k_report_put(struct wbuf *b, const struct k_report *m)
{
	wbuf_string(b, m->kind);
	wbuf_string(b, m->result);
	wbuf_string(b, m->text);
}

int k_report_get(struct rbuf *b, struct k_report *m)
{
	rbuf_name(b, m->kind);
	rbuf_name(b, m->result);
	rbuf_string(b, m->text, sizeof m->text);
	return rbuf_end(b);
}

void k_text_put(struct wbuf *b, const struct k_text *m)
{
	wbuf_string(b, m->text);
}

int k_text_get(struct rbuf *b, struct k_text *m)
{
	rbuf_string(b, m->text, sizeof m->text);
	return rbuf_end(b);
}

void k_deadline_put(struct wbuf *b, const struct k_deadline *m)
{
	wbuf_u64(b, m->deadline_boot_ms);
}

int k_deadline_get(struct rbuf *b, struct k_deadline *m)
{
	m->deadline_boot_ms = rbuf_u64(b);
	return rbuf_end(b);
}
