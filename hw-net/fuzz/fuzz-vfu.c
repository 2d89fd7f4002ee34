/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzz target: a client of vfio-user, whatever it sends, in whatever order.
 *
 * Input: a byte that says which model, and with its highest bit that no version is agreed on first;
 * then steps, each a byte of enum step (modulo their number), a byte @n, and what it takes:
 *
 *  - MESSAGE: a byte that says which descriptors come along, 2 bytes of command and flags, and @n
 *    bytes of body
 *  - BYTES: @n bytes, as they are
 *  - FRAMES: a frame of @n bytes arrives
 *  - TIME: @n ms pass, and the deadline comes
 *  - SERVE: messages are handled; so they are at the end
 *  - SHRINK: memory is truncated to @n pages, or grows to it
 *  - READY: frames are taken again; @n is how many
 *
 * What must hold: nothing that a sanitizer sees, a bounded number of turns, and each answer is one
 * to a message that was sent, of a length that it can have.
 */
#define _GNU_SOURCE /* memfd_create() */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "hwnet/copy.h"
#include "toy-nic.h"
#include "vfu/proto.h"
#include "vfu/vfu.h"

#define PAGES 64u
#define TURNS 2000u

enum step { MESSAGE, BYTES, FRAMES, TIME, SERVE, SHRINK, READY, STEPS };

static struct vfu *v;
static int server = -1, client = -1, memory, event, other;
static int64_t now, deadline;
static unsigned takes, sent;

static void need(bool what)
{
	if (!what)
		abort();
}

static int64_t get_now(void *opaque)
{
	return now;
}

static void set_timer(void *opaque, int64_t when)
{
	deadline = when;
}

static void nothing(void *opaque)
{
}

static unsigned take_frames(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	unsigned i;

	for (i = 0; i < n && takes; i++, takes--)
		need(pkts[i]->len <= PKT_MAX_LEN);
	return i;
}

static void changed(void *opaque, unsigned what)
{
	need(what && !(what & ~3u));
}

static void error_line(void *opaque, const char *line)
{
	need(strlen(line) < 200);
}

static const struct vfu_ops ops = {
	.now = get_now,
	.timer = set_timer,
	.work = nothing,
	.tx = take_frames,
	.rx_ready = nothing,
	.changed = changed,
	.error = error_line,
};

static void open_card(unsigned which)
{
	const struct hwnet_model *model = &toy_model;
	struct hwnet_config cfg;
	char why[160];
	int pair[2];
	unsigned n = 0;

	while (hwnet_models()[n])
		n++;
	if (which % (n + 1) < n)
		model = hwnet_models()[which % (n + 1)];
	need(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair));
	server = pair[0];
	client = pair[1];
	hwnet_config_init(model, &cfg);
	cfg.mac[0] = 2;
	v = vfu_new(model, &cfg, &ops, NULL, server, why, sizeof(why));
	need(v);
}

static void close_card(void)
{
	vfu_free(v);
	v = NULL;
	close(server);
	close(client);
}

/* What comes back is in the form of answers; there is room for more. */
static void read_answers(void)
{
	static uint8_t buf[1 << 16];
	ssize_t n = recv(client, buf, sizeof(buf), MSG_DONTWAIT);
	struct vfu_hdr hdr;

	for (ssize_t at = 0; at < n; at += hdr.size) {
		need(n - at >= (ssize_t)sizeof(hdr));
		memcpy(&hdr, buf + at, sizeof(hdr));
		need(hdr.size >= sizeof(hdr) && hdr.size <= (size_t)(n - at));
		need((hdr.flags & VFU_TYPE) == VFU_REPLY && sent);
		need(!(hdr.flags & VFU_ERROR) || (hdr.error && hdr.size == sizeof(hdr)));
		sent--;
	}
}

static void serve(void)
{
	enum vfu_state state = VFU_MORE;
	unsigned turns = 0;

	do {
		state = vfu_receive(v);
		if (state == VFU_SLOW) {
			vfu_prepare(v);
			vfu_apply(v);
			vfu_dispose(v);
		}
		for (unsigned i = 0; i < 8 && vfu_work(v); i++)
			;
		read_answers();
		need(++turns < TURNS);
	} while (state == VFU_MORE || state == VFU_SLOW || state == VFU_FULL);
}

/* Descriptors by two bits each: none, memory, an eventfd, something else */
static unsigned pick(uint8_t which, int *fds)
{
	const int from[] = { -1, memory, event, other };
	unsigned n = 0;

	for (; which; which >>= 2)
		if (which & 3)
			fds[n++] = from[which & 3];
	return n;
}

static void send_message(const struct vfu_hdr *hdr, const uint8_t *body, size_t len, uint8_t which)
{
	struct iovec iov[2] = { { (void *)hdr, sizeof(*hdr) }, { (void *)body, len } };
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(4 * sizeof(int))];
	} control = { 0 };
	struct msghdr h = { .msg_iov = iov, .msg_iovlen = len ? 2 : 1 };
	struct cmsghdr *c;
	unsigned n;
	int fds[4];

	n = pick(which, fds);
	if (n) {
		h.msg_control = &control;
		h.msg_controllen = CMSG_SPACE(n * sizeof(int));
		c = CMSG_FIRSTHDR(&h);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n * sizeof(int));
		memcpy(CMSG_DATA(c), fds, n * sizeof(int));
	}
	sent += sendmsg(client, &h, MSG_NOSIGNAL | MSG_DONTWAIT) > 0;
}

static size_t message(const uint8_t *p, size_t left, size_t n)
{
	struct vfu_hdr hdr = { .id = 1 };

	if (left < 3)
		return left;
	n = n < left - 3 ? n : left - 3;
	hdr.command = p[1];
	hdr.flags = p[2];
	hdr.size = (uint32_t)(sizeof(hdr) + n);
	send_message(&hdr, p + 3, n, p[0]);
	return 3 + n;
}

static size_t bytes(const uint8_t *p, size_t left, size_t n)
{
	n = n < left ? n : left;
	if (n && send(client, p, n, MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
		sent += (unsigned)n; /* as many messages as there may be in them */
	return n;
}

static size_t frame(const uint8_t *p, size_t left, size_t n)
{
	uint8_t copy[256] = { 0 };
	struct iovec iov;
	struct pkt pkt;
	const struct pkt *list[] = { &pkt };

	n = n < left ? n : left;
	memcpy(copy, p, n);
	pkt_flat(&pkt, &iov, copy, n < 14 ? 14 : (uint32_t)n);
	need(vfu_rx(v, list, 1) <= 1);
	return n;
}

static void time_passes(unsigned ms)
{
	now += ms * 1000000ll;
	if (deadline <= now)
		vfu_timer(v);
}

static size_t one(unsigned what, size_t n, const uint8_t *p, size_t left)
{
	switch (what) {
	case MESSAGE:
		return message(p, left, n);
	case BYTES:
		return bytes(p, left, n);
	case FRAMES:
		return frame(p, left, n);
	case TIME:
		time_passes((unsigned)n);
		return 0;
	case SERVE:
		serve();
		return 0;
	case SHRINK:
		need(!ftruncate(memory, (off_t)(n % (PAGES + 1)) << 12));
		return 0;
	default:
		takes = (unsigned)n;
		vfu_tx_ready(v);
		return 0;
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	memory = memfd_create("fuzz", MFD_CLOEXEC);
	event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	other = open("/dev/null", O_RDWR | O_CLOEXEC);
	need(memory >= 0 && event >= 0 && other >= 0);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct vfu_version hello = { 0, 1 };
	struct vfu_hdr hdr = { 1, VFU_VERSION, sizeof(hdr) + sizeof(hello), 0, 0 };

	if (size < 1)
		return 0;
	now = 0;
	deadline = HWNET_NEVER;
	takes = ~0u;
	sent = 0;
	need(!ftruncate(memory, (off_t)PAGES << 12));
	open_card(data[0] & 0x7f);
	if (!(data[0] & 0x80))
		send_message(&hdr, (const uint8_t *)&hello, sizeof(hello), 0);
	for (size_t at = 1; at + 2 <= size;)
		at += 2 + one(data[at] % STEPS, data[at + 1], data + at + 2, size - at - 2);
	serve();
	close_card();
	return 0;
}

/* ---- seeds ---- */

/* struct writer - a seed that is being made */
struct writer {
	uint8_t *buf;
	size_t len;
};

static void add(struct writer *w, uint8_t fds, uint8_t command, const void *body, uint8_t len)
{
	const uint8_t head[] = { MESSAGE, len, fds, command, 0 };

	memcpy(w->buf + w->len, head, sizeof(head));
	memcpy(w->buf + w->len + sizeof(head), body, len);
	w->len += sizeof(head) + len;
}

static void add_write(struct writer *w, uint32_t region, uint64_t off, uint32_t val)
{
	struct {
		struct vfu_access at;
		uint32_t val;
	} m = { { off, region, 4 }, val };

	add(w, 0, VFU_REGION_WRITE, &m, sizeof(m.at) + 4);
}

/* Everything once that a client does before the guest runs */
static void add_start(struct writer *w)
{
	const struct vfu_dma_map map = { sizeof(map), 3, 0, 0x100000, PAGES << 12 };
	const struct vfu_dma_map far = { sizeof(far), 3, 0, 0x1000000, 0x1000 };
	const struct vfu_device_info device = { .argsz = sizeof(device) };
	const struct vfu_region_info region = { .argsz = sizeof(region), .index = VFU_CONFIG };
	const struct vfu_irq_info irq = { .argsz = sizeof(irq), .index = VFU_MSIX };
	const struct vfu_access read = { 0, VFU_CONFIG, 256 };
	const struct vfu_irq_set set = { sizeof(set), VFU_SET_EVENTFD | VFU_SET_TRIGGER, 0, 0, 1 };

	add(w, 1, VFU_DMA_MAP, &map, sizeof(map));
	add(w, 0, VFU_DMA_MAP, &far, sizeof(far));
	add(w, 0, VFU_DEVICE_INFO, &device, sizeof(device));
	add(w, 0, VFU_REGION_INFO, &region, sizeof(region));
	add(w, 0, VFU_IRQ_INFO, &irq, sizeof(irq));
	add(w, 0, VFU_REGION_READ, &read, sizeof(read));
	add(w, 2, VFU_SET_IRQS, &set, sizeof(set));
	add_write(w, VFU_CONFIG, 4, 7);
	w->buf[w->len++] = SERVE;
	w->buf[w->len++] = 0;
}

static void add_toy(struct writer *w)
{
	static const uint8_t steps[] = { SERVE, 0,  FRAMES, 20, 1,    2,  3,	 4,  5,	 6,
					 7,	8,  9,	    10, 11,   12, 13,	 14, 15, 16,
					 17,	18, 19,	    20, TIME, 9,  SERVE, 0 };

	add_write(w, 0, TOY_RXADDR, 0x101000);
	add_write(w, 0, TOY_RXLEN, 0x100);
	add_write(w, 0, TOY_TXADDR, 0x100000);
	add_write(w, 0, TOY_TXLEN, 100);
	add_write(w, 0, TOY_DOORBELL, 1);
	add_write(w, 0, TOY_TIMER, 5);
	memcpy(w->buf + w->len, steps, sizeof(steps));
	w->len += sizeof(steps);
}

static void add_end(struct writer *w)
{
	const struct vfu_dma_unmap all = { sizeof(all), VFU_UNMAP_ALL, 0, 0 };
	struct {
		uint64_t n;
		struct vfu_write_one one[2];
	} multi = { 2, { { { 0, 0, 4 }, { 1 } }, { { 4, 0, 4 }, { 2 } } } };

	add(w, 0, VFU_WRITE_MULTI, &multi, sizeof(multi));
	add(w, 0, VFU_RESET, "", 0);
	add(w, 0, VFU_DMA_UNMAP, &all, sizeof(all));
}

size_t fuzz_seed(unsigned i, uint8_t *buf)
{
	struct writer w = { buf, 1 };

	if (i >= 12)
		return 0;
	buf[0] = (uint8_t)(i % 6);
	add_start(&w);
	if (i >= 6) {
		buf[w.len++] = SHRINK;
		buf[w.len++] = 1;
	}
	add_toy(&w);
	add_end(&w);
	return w.len;
}
