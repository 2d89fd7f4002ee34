/* SPDX-License-Identifier: BSD-2-Clause */
/* vmxnet3: what hwnet_describe() tells. */
#include "facts.h"
#include "fixture.h"

static struct facts f;

START_TEST(inactive_device_has_its_revision)
{
	open_host(7, 1);
	facts_ask(&f, &h);
	ck_assert(!facts_yes(&f, "active"));
	ck_assert_uint_eq(facts_number(&f, "revision"), 7);
	ck_assert_ptr_null(facts_find(&f, "tx-rings", HWNET_FACT_LIST));
	ck_assert_str_eq(facts_text(&f, "interrupt"), "msix");
	ck_assert_str_eq(facts_text(&f, "mac"), "52:54:00:12:34:56");
	fake_host_fini(&h);
}
END_TEST

START_TEST(driver_and_its_rings)
{
	open_host(9, 3);
	g.tx_size = 64;
	g.rx_size = 96;
	g.rx2_size = 32;
	g.data_len = 128;
	guest_prepare(&g);
	fake_put32(&h, g.shared + 8, 0x01070200);
	fake_put32(&h, g.shared + 12, 2u | 1u << 2); /* 64 bits, Linux */
	ck_assert_uint_eq(guest_activate(&g), 0);
	facts_ask(&f, &h);
	ck_assert(facts_yes(&f, "active"));
	ck_assert_str_eq(facts_text(&f, "driver-version"), "1.7.2.0");
	ck_assert_str_eq(facts_text(&f, "driver-os"), "linux");
	ck_assert_uint_eq(facts_number(&f, "mtu"), g.mtu);
	ck_assert_uint_eq(facts_list(&f, "tx-rings")->n, 3);
	ck_assert_uint_eq(facts_list(&f, "tx-rings")->list[2], 64);
	ck_assert_uint_eq(facts_list(&f, "rx-rings")->list[0], 96);
	ck_assert_uint_eq(facts_list(&f, "rx-second-rings")->list[1], 32);
	ck_assert_uint_eq(facts_list(&f, "rx-data-sizes")->list[2], 128);
	ck_assert_uint_eq(facts_list(&f, "tx-errors")->list[0], 0);
	ck_assert(!facts_yes(&f, "rss"));
	ck_assert_str_eq(facts_text(&f, "coalescing"), "adaptive");
	fake_host_fini(&h);
}
END_TEST

START_TEST(features_follow_the_driver)
{
	for (unsigned bit = 0; bit < 5; bit++) {
		open_host(9, 1);
		g.features = 1u << bit;
		guest_prepare(&g);
		ck_assert_uint_eq(guest_activate(&g), 0);
		facts_ask(&f, &h);
		ck_assert_uint_eq(facts_yes(&f, "rx-checksum"), bit == 0);
		ck_assert_uint_eq(facts_yes(&f, "vlan-strip"), bit == 2);
		ck_assert_uint_eq(facts_yes(&f, "lro"), bit == 3);
		ck_assert_uint_eq(facts_yes(&f, "tunnel-offload"), bit == 4);
		fake_host_fini(&h);
	}
}
END_TEST

START_TEST(rss_key_table_and_types)
{
	setup_rss(6, 4);
	facts_ask(&f, &h);
	ck_assert(facts_yes(&f, "rss"));
	ck_assert_str_eq(facts_text(&f, "rss-types"), "ipv4 tcp4 ipv6 tcp6");
	ck_assert_str_eq(facts_text(&f, "rss-key"),
			 "6d:5a:56:da:25:5b:0e:c2:41:67:25:3d:43:a3:8f:b0:d0:ca:2b:cb:"
			 "ae:7b:30:b4:77:cb:2d:a3:80:30:f2:0c:6a:42:b7:3b:be:ac:01:fa");
	ck_assert_uint_eq(facts_list(&f, "rss-table")->n, 128);
	for (unsigned i = 0; i < 128; i++)
		ck_assert_uint_eq(facts_list(&f, "rss-table")->list[i], i % 4);
	fake_put32(&h, g.shared + DS_CMD_INFO, RSS_FIELD_UDP4 | RSS_FIELD_ESP6);
	guest_cmd(&g, (uint32_t)VMX_CMD_SET_RSS_FIELDS);
	facts_ask(&f, &h);
	ck_assert_str_eq(facts_text(&f, "rss-types"), "ipv4 tcp4 udp4 ipv6 tcp6 esp6");
	fake_host_fini(&h);
}
END_TEST

START_TEST(broken_queue_says_why)
{
	setup(3, 1);
	fake_put32(&h, g.tx[0].pa + 8, TXD_GEN | TXD_DTYPE | 64);
	fake_put32(&h, g.tx[0].pa + 12, TXD_EOP | TXD_CQ);
	fake_write(&h, 0, VMX_TXPROD, 1, 4);
	facts_ask(&f, &h);
	ck_assert_uint_eq(facts_list(&f, "tx-errors")->list[0], ERR_DESC_NOT_SPT);
	fake_host_fini(&h);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		inactive_device_has_its_revision, driver_and_its_rings,	 features_follow_the_driver,
		rss_key_table_and_types,	  broken_queue_says_why, NULL,
	};

	return unit_main("vmxnet3-describe", tests);
}
