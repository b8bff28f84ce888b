#include "lib/ssh/sigverify.h"
#include "lib/ssh/pkey.h"

#include <errno.h>
#include <openssl/ec.h>
#include <openssl/sha.h>
#include <string.h>

enum { SIGNATURE_TYPE_MOST = 64, RSA_SIG_MOST = 2048, EC_NUMBER_MOST = 66, EC_DER_MOST = 160 };
enum { USERAUTH_REQUEST = 50, SESSION_ID_LEAST = 20 };
enum { SK_USER_PRESENT = 1 }; /* PROTOCOL.u2f: bit 0 of the flags */

static const struct algorithm {
	const char *name;
	const char *digest; /* NULL: the algorithm has its own */
	uint32_t types;     /* bits of enum key_type */
} algorithms[] = {
	{"ssh-ed25519", NULL, 1u << KEY_ED25519},
	{"ecdsa-sha2-nistp256", "SHA256", 1u << KEY_ECDSA_256},
	{"ecdsa-sha2-nistp384", "SHA384", 1u << KEY_ECDSA_384},
	{"ecdsa-sha2-nistp521", "SHA512", 1u << KEY_ECDSA_521},
	{"rsa-sha2-256", "SHA256", 1u << KEY_RSA},
	{"rsa-sha2-512", "SHA512", 1u << KEY_RSA},
	{"sk-ssh-ed25519@openssh.com", NULL, 1u << KEY_SK_ED25519},
	{"sk-ecdsa-sha2-nistp256@openssh.com", "SHA256", 1u << KEY_SK_ECDSA_256},
};

static void literal_get(struct rbuf *b, const char *text)
{
	char got[SSH_ALGORITHM_SIZE];

	rbuf_string(b, got, sizeof got);
	if (strcmp(got, text) != 0)
		b->fault = true;
}

int signed_auth_get(struct signed_auth *out, const void *data, size_t len)
{
	struct rbuf b = rbuf_of(data, len);

	memset(out, 0, sizeof *out);
	out->session_id = rbuf_bytes(&b, SSH_SESSION_ID_MAX, &out->session_id_len);
	if (out->session_id_len < SESSION_ID_LEAST)
		b.fault = true;
	(void)rbuf_u8(&b, USERAUTH_REQUEST, USERAUTH_REQUEST);
	rbuf_string(&b, out->user, sizeof out->user);
	literal_get(&b, "ssh-connection");
	literal_get(&b, "publickey");
	(void)rbuf_u8(&b, 1, 1);
	rbuf_string(&b, out->algorithm, sizeof out->algorithm);
	out->key = rbuf_bytes(&b, len, &out->key_len);
	if (out->key_len == 0)
		b.fault = true;
	return rbuf_end(&b);
}

static const struct algorithm *algorithm_find(const uint8_t *name, size_t len, enum key_type type)
{
	for (size_t i = 0; i < ARRAY_SIZE(algorithms); i++)
		if (strlen(algorithms[i].name) == len && memcmp(algorithms[i].name, name, len) == 0)
			return (algorithms[i].types & 1u << type) != 0 ? &algorithms[i] : NULL;
	return NULL;
}

static void mdctx_freep(EVP_MD_CTX **ctx)
{
	EVP_MD_CTX_free(*ctx);
}

struct run {
	const uint8_t *data;
	size_t len;
};

static int digest_verify(const struct algorithm *a, const struct key_parts *parts,
			 struct run message, struct run sig)
{
	AUTO(pkey_freep) EVP_PKEY *key = NULL;
	AUTO(mdctx_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int r = pkey_new(&key, parts);

	if (r != 0)
		return r;
	if (ctx == NULL ||
	    EVP_DigestVerifyInit_ex(ctx, NULL, a->digest, NULL, NULL, key, NULL) != 1)
		return -ENOMEM;
	return EVP_DigestVerify(ctx, sig.data, sig.len, message.data, message.len) == 1 ? SIG_GOOD
											: SIG_BAD;
}

static void ecdsa_sig_freep(ECDSA_SIG **sig)
{
	ECDSA_SIG_free(*sig);
}

/* mpint r, mpint s (RFC 5656, 3.1.2) as the DER OpenSSL wants (RFC 3279, 2.2.3). */
static int ecdsa_der(struct run *sig, uint8_t der[EC_DER_MOST])
{
	AUTO(ecdsa_sig_freep) ECDSA_SIG *pair = ECDSA_SIG_new();
	struct rbuf b = rbuf_of(sig->data, sig->len);
	size_t r_len, s_len;
	const uint8_t *r = mpint_get(&b, EC_NUMBER_MOST, &r_len);
	const uint8_t *s = mpint_get(&b, EC_NUMBER_MOST, &s_len);
	BIGNUM *rn, *sn;
	int len;

	if (rbuf_end(&b) != 0)
		return -EBADMSG;
	rn = BN_bin2bn(r, (int)r_len, NULL);
	sn = BN_bin2bn(s, (int)s_len, NULL);
	if (pair == NULL || rn == NULL || sn == NULL || ECDSA_SIG_set0(pair, rn, sn) != 1) {
		BN_free(rn);
		BN_free(sn);
		return -ENOMEM;
	}
	len = i2d_ECDSA_SIG(pair, NULL);
	if (len <= 0 || len > EC_DER_MOST)
		return -EBADMSG;
	sig->len = (size_t)i2d_ECDSA_SIG(pair, &der);
	sig->data = der - sig->len; /* i2d moves the pointer behind what it wrote */
	return 0;
}

static int verify_raw(const struct algorithm *a, const struct key_parts *parts, struct run message,
		      struct run sig)
{
	uint8_t space[RSA_SIG_MOST];
	int r;

	if (parts->type == KEY_RSA) {
		/* Some signers drop leading zeros; RFC 8332, 3 allows it as RFC 4253 did. */
		if (sig.len == 0 || sig.len > parts->n_len)
			return SIG_BAD;
		memset(space, 0, parts->n_len - sig.len);
		memcpy(space + parts->n_len - sig.len, sig.data, sig.len);
		sig = (struct run){space, parts->n_len};
	} else if (a->digest != NULL) {
		r = ecdsa_der(&sig, space);
		if (r != 0)
			return r;
	}
	return digest_verify(a, parts, message, sig);
}

/* PROTOCOL.u2f: what the token signs is SHA256(application), flags, counter, SHA256(message). */
static int verify_sk(const struct algorithm *a, const struct key_parts *parts, struct run message,
		     struct run sig, struct rbuf *rest)
{
	uint8_t data[2 * SHA256_DIGEST_LENGTH + 5];
	uint8_t flags = rbuf_u8(rest, 0, UINT8_MAX);
	uint32_t counter = rbuf_u32(rest, 0, UINT32_MAX);
	struct wbuf w = WBUF_OF(data);
	uint8_t hash[SHA256_DIGEST_LENGTH];
	int r;

	if (rbuf_end(rest) != 0)
		return -EBADMSG;
	wbuf_raw(&w, SHA256(parts->application, parts->application_len, hash), sizeof hash);
	wbuf_u8(&w, flags);
	wbuf_u32(&w, counter);
	wbuf_raw(&w, SHA256(message.data, message.len, hash), sizeof hash);
	r = verify_raw(a, parts, (struct run){data, w.len}, sig);
	return r == SIG_GOOD && (flags & SK_USER_PRESENT) == 0 ? SIG_UNTOUCHED : r;
}

int sig_verify(const struct keyblob *key, const char *wanted, const void *data, size_t len,
	       const void *sig, size_t sig_len)
{
	struct rbuf b = rbuf_of(sig, sig_len);
	struct run message = {data, len}, raw;
	struct key_parts parts;
	const struct algorithm *a;
	size_t name_len;
	const uint8_t *name = rbuf_bytes(&b, SIGNATURE_TYPE_MOST, &name_len);
	int r;

	raw.data = rbuf_bytes(&b, sig_len, &raw.len);
	if (b.fault)
		return -EBADMSG;
	r = key_parts_of(&parts, key->data, key->len);
	if (r != 0)
		return r < 0 ? r : -EBADMSG;
	a = algorithm_find(name, name_len, parts.type);
	if (a == NULL || (wanted != NULL && strcmp(a->name, wanted) != 0))
		return SIG_ALGORITHM;
	if (key_type_is_sk(parts.type))
		return verify_sk(a, &parts, message, raw, &b);
	return rbuf_end(&b) != 0 ? -EBADMSG : verify_raw(a, &parts, message, raw);
}
