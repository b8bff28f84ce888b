#include "lib/wire/buf.h"
#include "tests/unit/suite.h"

#include <errno.h>
#include <string.h>

START_TEST(what_is_written_is_read)
{
	uint8_t data[128], raw[3];
	struct wbuf w = WBUF_OF(data);
	struct rbuf r;
	char s[8], name[NAME_SIZE];
	size_t len;

	wbuf_u8(&w, 0xab);
	wbuf_u16(&w, 0x1234);
	wbuf_u32(&w, 0xdeadbeef);
	wbuf_u64(&w, (uint64_t)-5);
	wbuf_raw(&w, "xyz", 3);
	wbuf_bytes(&w, "\0\1", 2);
	wbuf_string(&w, "hi");
	wbuf_string(&w, "db1");
	wbuf_string(&w, "");
	ck_assert_int_eq(wbuf_end(&w), 0);
	ck_assert_mem_eq(data, "\xab\x12\x34\xde\xad\xbe\xef", 7);
	r = rbuf_of(data, w.len);
	ck_assert_uint_eq(rbuf_u8(&r, 0, 255), 0xab);
	ck_assert_uint_eq(rbuf_u16(&r, 0, UINT16_MAX), 0x1234);
	ck_assert_uint_eq(rbuf_u32(&r, 0, UINT32_MAX), 0xdeadbeef);
	ck_assert_int_eq(rbuf_i64(&r), -5);
	rbuf_raw(&r, raw, sizeof raw);
	ck_assert_mem_eq(raw, "xyz", 3);
	ck_assert_mem_eq(rbuf_bytes(&r, 2, &len), "\0\1", 2);
	ck_assert_uint_eq(len, 2);
	rbuf_string(&r, s, sizeof s);
	ck_assert_str_eq(s, "hi");
	rbuf_name(&r, name);
	ck_assert_str_eq(name, "db1");
	rbuf_name_or_empty(&r, name);
	ck_assert_str_eq(name, "");
	ck_assert_int_eq(rbuf_end(&r), 0);
}
END_TEST

START_TEST(a_full_buffer_keeps_its_fault)
{
	uint8_t data[4];
	struct wbuf w = WBUF_OF(data);

	wbuf_u64(&w, 1);
	ck_assert_uint_eq(w.len, 0);
	wbuf_u8(&w, 1); /* would fit, but the message is spoilt */
	ck_assert_uint_eq(w.len, 0);
	ck_assert_int_eq(wbuf_end(&w), -EMSGSIZE);
}
END_TEST

START_TEST(ranges_are_checked_at_both_edges)
{
	static const uint8_t data[] = {5, 9, 4, 10};
	struct rbuf r = rbuf_of(data, sizeof data);

	ck_assert_uint_eq(rbuf_u8(&r, 5, 9), 5);
	ck_assert_uint_eq(rbuf_u8(&r, 5, 9), 9);
	ck_assert(!r.fault);
	ck_assert_uint_eq(rbuf_u8(&r, 5, 9), 5);
	ck_assert(r.fault);
	r = rbuf_of(data + 3, 1);
	(void)rbuf_u8(&r, 5, 9);
	ck_assert_int_eq(rbuf_end(&r), -EBADMSG);
}
END_TEST

START_TEST(a_length_beyond_the_end_is_a_fault)
{
	static const uint8_t data[] = {0, 0, 0, 5, 'a', 'b'};
	struct rbuf r = rbuf_of(data, sizeof data);
	char s[16];

	rbuf_string(&r, s, sizeof s);
	ck_assert_str_eq(s, "");
	ck_assert_int_eq(rbuf_end(&r), -EBADMSG);
}
END_TEST

START_TEST(strings_hold_no_nul_and_fit_their_array)
{
	static const uint8_t with_nul[] = {0, 0, 0, 3, 'a', 0, 'b'},
			     five[] = {0, 0, 0, 5, '1', '2', '3', '4', '5'};
	struct rbuf r = rbuf_of(with_nul, sizeof with_nul);
	char s[6];

	rbuf_string(&r, s, sizeof s);
	ck_assert(r.fault);
	r = rbuf_of(five, sizeof five);
	rbuf_string(&r, s, sizeof s);
	ck_assert_int_eq(rbuf_end(&r), 0);
	ck_assert_str_eq(s, "12345");
	r = rbuf_of(five, sizeof five);
	rbuf_string(&r, s, 5);
	ck_assert(r.fault);
}
END_TEST

START_TEST(bytes_left_over_are_a_fault)
{
	static const uint8_t data[] = {1, 2};
	struct rbuf r = rbuf_of(data, sizeof data);

	(void)rbuf_u8(&r, 0, 9);
	ck_assert_int_eq(rbuf_end(&r), -EBADMSG);
}
END_TEST

START_TEST(a_name_is_required_where_it_is)
{
	static const uint8_t empty[] = {0, 0, 0, 0}, odd[] = {0, 0, 0, 1, '@'};
	struct rbuf r = rbuf_of(empty, sizeof empty);
	char name[NAME_SIZE];

	rbuf_name(&r, name);
	ck_assert(r.fault);
	r = rbuf_of(odd, sizeof odd);
	rbuf_name_or_empty(&r, name);
	ck_assert(r.fault);
	ck_assert_str_eq(name, "");
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("buf");

	tcase_add_test(t, what_is_written_is_read);
	tcase_add_test(t, a_full_buffer_keeps_its_fault);
	tcase_add_test(t, ranges_are_checked_at_both_edges);
	tcase_add_test(t, a_length_beyond_the_end_is_a_fault);
	tcase_add_test(t, strings_hold_no_nul_and_fit_their_array);
	tcase_add_test(t, bytes_left_over_are_a_fault);
	tcase_add_test(t, a_name_is_required_where_it_is);
	return suite_run("buf", t);
}
