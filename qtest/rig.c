/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A test rig for one network card; see rig.h. */
#include "rig.h"

/* ICH9 (Intel 316972): where the test puts its power management registers, 13.1.10 and 13.8.3 */
#define PM_BASE 0x600

/*
 * Guest memory of a joined rig: so much for each slot, far above what the first one's allocator
 * gives out.
 */
#define JOINED_MEMORY (4u << 20)

static void find_card(struct rig *r, unsigned slot)
{
	r->dev = qpci_device_find(r->bus, QPCI_DEVFN(slot, 0));
	g_assert_nonnull(r->dev);
	qpci_device_enable(r->dev);
}

void rig_open(struct rig *r, unsigned slot, const char *args)
{
	memset(r, 0, sizeof(*r));
	r->wire = -1;
	r->irq = -1;
	r->qts = qtest_init(args);
	qtest_irq_intercept_in(r->qts, "ioapic");
	pc_alloc_init(&r->alloc, r->qts, ALLOC_NO_FLAGS);
	r->bus = qpci_new_pc(r->qts, &r->alloc);
	if (slot)
		find_card(r, slot);
}

void rig_join(struct rig *r, const struct rig *first, unsigned slot)
{
	memset(r, 0, sizeof(*r));
	r->wire = -1;
	r->irq = -1;
	r->joined = true;
	r->qts = first->qts;
	r->bus = first->bus;
	g_assert_cmpuint(slot, >=, 3);
	alloc_init(&r->alloc, ALLOC_NO_FLAGS, slot * JOINED_MEMORY, (slot + 1) * JOINED_MEMORY,
		   4096);
	find_card(r, slot);
}

void rig_start(struct rig *r, const char *device, const char *more)
{
	int theirs, ours = wire_make(&theirs);
	g_autofree char *args =
		g_strdup_printf("-machine q35 -nodefaults -netdev socket,id=wire,fd=%d "
				"-device %s,netdev=wire,addr=4 %s",
				theirs, device, more);

	rig_open(r, 4, args);
	r->wire = ours;
	close(theirs);
}

void rig_move(struct rig *r, const struct rig *fresh)
{
	struct rig moved = *fresh;

	memcpy(moved.bar, r->bar, sizeof(moved.bar));
	*r = moved;
}

void rig_stop(struct rig *r)
{
	g_free(r->dev);
	alloc_destroy(&r->alloc);
	if (r->wire >= 0)
		close(r->wire);
	if (r->joined)
		return;
	qpci_free_pc(r->bus);
	qtest_quit(r->qts);
}

void rig_map(struct rig *r, unsigned bar)
{
	r->bar[bar] = qpci_iomap(r->dev, bar, NULL);
}

void rig_master(struct rig *r, bool on)
{
	uint16_t command = qpci_config_readw(r->dev, 4);

	qpci_config_writew(r->dev, 4, on ? command | 4 : command & ~4);
}

uint8_t rig_power_at(struct rig *r)
{
	return qpci_find_capability(r->dev, 1, 0) + 4;
}

void rig_power(struct rig *r, unsigned state)
{
	qpci_config_writew(r->dev, rig_power_at(r), state);
}

void rig_sleep(struct rig *r)
{
	QPCIDevice *lpc = qpci_device_find(r->bus, QPCI_DEVFN(0x1f, 0));

	qpci_config_writel(lpc, 0x40, PM_BASE | 1);
	qpci_config_writeb(lpc, 0x44, 0x80);
	qtest_outw(r->qts, PM_BASE + 4, 1 << 13 | 1 << 10); /* SLP_EN, S3 */
	qtest_qmp_eventwait(r->qts, "SUSPEND");
	g_free(lpc);
}

void rig_wake(struct rig *r)
{
	qtest_qmp_assert_success(r->qts, "{ 'execute': 'system_wakeup' }");
	qtest_qmp_eventwait(r->qts, "WAKEUP");
}

uint32_t rig_read(struct rig *r, unsigned bar, uint32_t off)
{
	return qpci_io_readl(r->dev, r->bar[bar], off);
}

void rig_write(struct rig *r, unsigned bar, uint32_t off, uint32_t val)
{
	qpci_io_writel(r->dev, r->bar[bar], off, val);
}

void rig_send(struct rig *r, const void *frame, size_t len)
{
	wire_send(r->wire, frame, len);
}

size_t rig_recv(struct rig *r, void *frame)
{
	return wire_recv(r->wire, r->qts, frame);
}

bool rig_wire_quiet(struct rig *r)
{
	return wire_quiet(r->wire, r->qts);
}

bool rig_irq(struct rig *r)
{
	for (int n = 16; n < 24; n++)
		if (qtest_get_irq(r->qts, n)) {
			r->irq = n;
			return true;
		}
	return false;
}

void rig_frame(uint8_t *buf, const uint8_t dst[6], const uint8_t src[6], size_t len, uint32_t seq)
{
	memcpy(buf, dst, 6);
	memcpy(buf + 6, src, 6);
	stw_be_p(buf + 12, 0x88b5); /* IEEE local experimental EtherType 1 */
	stl_be_p(buf + 14, seq);
	for (size_t i = 18; i < len; i++)
		buf[i] = (uint8_t)(i + seq);
}

uint16_t rig_sum(const uint8_t *p, size_t len, uint32_t sum)
{
	for (size_t i = 0; i < len; i++) {
		sum += i & 1 ? p[i] : (uint32_t)p[i] << 8;
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return (uint16_t)sum;
}

/* Sum of the pseudo header of the IPv4 packet at @ip (RFC 9293, 3.1). */
static uint16_t pseudo4(const uint8_t *ip, size_t l4len)
{
	return rig_sum(ip + 12, 8, ip[9] + (uint32_t)l4len);
}

size_t rig_tcp4(uint8_t *buf, const uint8_t dst[6], const uint8_t src[6], size_t payload)
{
	uint8_t *ip = buf + 14, *tcp = ip + 20;
	size_t iplen = 40 + payload;

	memset(buf, 0, 54);
	memcpy(buf, dst, 6);
	memcpy(buf + 6, src, 6);
	stw_be_p(buf + 12, 0x0800);
	ip[0] = 0x45;
	stw_be_p(ip + 2, iplen);
	stw_be_p(ip + 4, 0x1234);
	ip[8] = 64;
	ip[9] = 6;
	stl_be_p(ip + 12, 0x0a000001);
	stl_be_p(ip + 16, 0x0a000002);
	stw_be_p(tcp, 1000);
	stw_be_p(tcp + 2, 2000);
	stl_be_p(tcp + 4, 0x01020304);
	tcp[12] = 5 << 4;
	tcp[13] = 0x18; /* PSH, ACK */
	stw_be_p(tcp + 14, 0x4000);
	for (size_t i = 0; i < payload; i++)
		tcp[20 + i] = (uint8_t)(i * 7);
	stw_be_p(ip + 10, ~rig_sum(ip, 20, 0));
	stw_be_p(tcp + 16, ~rig_sum(tcp, 20 + payload, pseudo4(ip, 20 + payload)));
	return 14 + iplen;
}

bool rig_tcp4_ok(const uint8_t *frame, size_t len)
{
	const uint8_t *ip = frame + 14;
	size_t l4len;

	if (len < 54 || lduw_be_p(frame + 12) != 0x0800 || lduw_be_p(ip + 2) > len - 14)
		return false;
	l4len = lduw_be_p(ip + 2) - 20;
	return rig_sum(ip, 20, 0) == 0xffff &&
	       rig_sum(ip + 20, l4len, pseudo4(ip, l4len)) == 0xffff;
}
