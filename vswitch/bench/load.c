/* SPDX-License-Identifier: BSD-2-Clause */
/* Sender and receiver: keep a path full, and count what comes out at the port it is for. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "hwnet/frame.h"
#include "peers.h"

#define BATCH	 64u
#define PREPARED 256u		    /* frames of each port, sent again and again */
#define WINDOW	 (PEER_PORTS * 64u) /* frames under way at most */
#define PATIENCE 200		    /* ms without a frame, until those under way count as lost */
#define TYPE	 0x88b5		    /* local experiments: nobody on the way looks further */
#define STRIDE	 ((PEER_MAX_LEN + 63u) & ~63u)

static uint8_t (*frame)[PREPARED][STRIDE]; /* by port */
static uint8_t taken[BATCH][STRIDE];
static unsigned next_port, next_frame[PEER_PORTS];
static unsigned under_way;

/* Byte 3 is the port */
static void address(uint8_t *p, uint32_t station)
{
	static const uint8_t local[3] = { 2, 0, 0 };

	memcpy(p, local, 3);
	p[3] = (uint8_t)(station % PEER_PORTS);
	frame_put_be16(p + 4, (uint16_t)(station / PEER_PORTS));
}

static void make(uint8_t *p, uint32_t to, uint32_t from)
{
	address(p, to);
	address(p + 6, from);
	frame_put_be16(p + 12, TYPE);
}

/**
 * load_init() - Make the frames: from and to random stations, never of the same port
 */
void load_init(void)
{
	uint32_t per = PEER_STATIONS / PEER_PORTS;

	srandom(1);
	frame = calloc(PEER_PORTS, sizeof(*frame));
	if (!frame)
		peers_fail("out of memory");
	for (uint32_t from = 0; from < PEER_PORTS; from++)
		for (unsigned i = 0; i < PREPARED; i++) {
			uint32_t to =
				(from + 1 + (uint32_t)random() % (PEER_PORTS - 1)) % PEER_PORTS;

			make(frame[from][i], (uint32_t)random() % per * PEER_PORTS + to,
			     (uint32_t)random() % per * PEER_PORTS + from);
		}
}

static unsigned send_some(const struct path *p, unsigned port, uint8_t *const *bytes, uint32_t len,
			  unsigned n)
{
	struct mmsghdr msg[BATCH];
	struct iovec iov[BATCH];
	int sent;

	if (p->is_stream)
		return stream_put(p->fd[port], port, bytes, len, n, p->writes_many);

	memset(msg, 0, sizeof(msg[0]) * n);
	for (unsigned i = 0; i < n; i++) {
		iov[i] = (struct iovec) { bytes[i], len };
		msg[i].msg_hdr.msg_iov = &iov[i];
		msg[i].msg_hdr.msg_iovlen = 1;
	}
	sent = sendmmsg(p->fd[port], msg, n, MSG_DONTWAIT);
	if (sent < 0 && errno != EAGAIN && errno != ENOBUFS)
		peers_fail("sendmmsg");
	return sent < 0 ? 0 : (unsigned)sent;
}

static void offer(struct path *p, uint32_t len)
{
	for (unsigned i = 0; i < PEER_PORTS && under_way < WINDOW; i++) {
		uint8_t *bytes[BATCH];
		unsigned n, port = next_port++ % PEER_PORTS, at = next_frame[port];

		for (n = 0; n < BATCH && under_way + n < WINDOW; n++)
			bytes[n] = frame[port][(at + n) % PREPARED];
		n = send_some(p, port, bytes, len, n);
		next_frame[port] = (at + n) % PREPARED;
		under_way += n;
	}
}

/* Did a frame come out where it should? Flooded ones did not. */
static bool is_right(const struct path *p, const uint8_t *bytes, unsigned port)
{
	if (p->kind == PATH_SWITCHED)
		return bytes[3] == port;
	return bytes[9] == (p->kind == PATH_CROSSED ? port ^ 1 : port);
}

static unsigned drain_stream(struct path *p, unsigned port, uint32_t len)
{
	const uint8_t *bytes;
	unsigned good = 0;
	uint32_t n;

	while ((n = stream_take(p->out_fd[port], port, &bytes)))
		good += n == len && is_right(p, bytes, port) && frame_be16(bytes + 12) == TYPE;
	return good;
}

/* Frames of @len that came out where they should */
static unsigned drain_port(struct path *p, unsigned port, uint32_t len)
{
	struct mmsghdr msg[BATCH];
	struct iovec iov[BATCH];
	unsigned good = 0;
	int n;

	if (p->is_stream)
		return drain_stream(p, port, len);

	memset(msg, 0, sizeof(msg));
	for (unsigned i = 0; i < BATCH; i++) {
		iov[i] = (struct iovec) { taken[i], STRIDE };
		msg[i].msg_hdr.msg_iov = &iov[i];
		msg[i].msg_hdr.msg_iovlen = 1;
	}
	do {
		n = recvmmsg(p->out_fd[port], msg, BATCH, MSG_DONTWAIT, NULL);
		for (int i = 0; i < n; i++)
			good += msg[i].msg_len == len && is_right(p, taken[i], port) &&
				frame_be16(taken[i] + 12) == TYPE;
	} while (n == (int)BATCH);
	return good;
}

static unsigned drain(struct path *p, uint32_t len)
{
	unsigned good = 0;

	for (unsigned port = 0; port < PEER_PORTS; port++)
		good += drain_port(p, port, len);
	under_way -= good < under_way ? good : under_way;
	return good;
}

static int64_t clock_ns(clockid_t clock)
{
	struct timespec ts;

	return clock_gettime(clock, &ts) ? 0 : ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

/* CPU time of the switch, if it is a process */
static int64_t process_ns(pid_t pid)
{
	clockid_t clock;

	return pid && clock_getcpuclockid(pid, &clock) == 0 ? clock_ns(clock) : 0;
}

/* Processor time of all that a path is: not the time that others had the core */
static int64_t spent(const struct path *p)
{
	return clock_ns(CLOCK_PROCESS_CPUTIME_ID) + process_ns(p->pid) +
	       process_ns(peers_ksoftirqd());
}

/* Let the switch run: a frame that comes out wakes us up, but does not preempt it. False: nothing
 * came. */
static bool wait_for(const struct path *p, int ms)
{
	struct pollfd fds[PEER_PORTS];

	for (unsigned i = 0; i < PEER_PORTS; i++)
		fds[i] = (struct pollfd) { p->out_fd[i], POLLIN, 0 };
	return poll(fds, PEER_PORTS, ms) > 0;
}

/* See what comes out */
static unsigned turn(struct path *p, uint32_t len, uint64_t *lost)
{
	if (wait_for(p, PATIENCE))
		return drain(p, len);
	*lost += under_way;
	under_way = 0;
	return 0;
}

/**
 * load_round() - Measure
 * @p:    The path, empty
 * @len:  Length of frames
 * @ns:   For how long to send
 * @lost: What did not come out is added here; it does not count as forwarded, its time does
 * @own:  The part of the switch's process is put here; may be NULL
 *
 * Return: ns of processor time for each frame that came out.
 */
double load_round(struct path *p, uint32_t len, int64_t ns, uint64_t *lost, double *own)
{
	int64_t start = peers_now(), was = spent(p), own_was = process_ns(p->pid);
	uint64_t good = 0;

	while (peers_now() - start < ns) {
		offer(p, len);
		good += turn(p, len, lost);
	}
	while (under_way)
		good += turn(p, len, lost);
	if (own)
		*own = good ? (double)(process_ns(p->pid) - own_was) / (double)good : 1e9;
	return good ? (double)(spent(p) - was) / (double)good : 1e9;
}

/**
 * load_teach() - Send from each station, so that the switch knows it
 * @p: The path
 *
 * Return: whether frames come out where they should, in the end.
 */
bool load_teach(struct path *p)
{
	int64_t start = peers_now();
	uint64_t lost = 0;
	uint8_t buf[64] = { 0 }, *bytes = buf;

	while (peers_now() - start < 3 * INT64_C(1000000000)) {
		for (uint32_t s = 0; s < PEER_STATIONS; s++) {
			make(buf, s % PEER_PORTS ? 0 : 1, s);
			send_some(p, s % PEER_PORTS, &bytes, sizeof(buf), 1);
			if (s % BATCH == BATCH - 1 && wait_for(p, 10))
				drain(p, 0);
		}
		while (wait_for(p, 10))
			drain(p, 0);
		lost = under_way = 0;
		load_round(p, 64, 1000000, &lost, NULL);
		if (!lost)
			return true;
	}
	return false;
}

/* Wait for one frame at a port. False: it does not come. */
static bool await_one(struct path *p, unsigned port)
{
	int64_t end = peers_now() + PATIENCE * INT64_C(1000000);
	struct pollfd fd = { p->out_fd[port], POLLIN, 0 };

	while (!drain_port(p, port, 64)) {
		int64_t left = end - peers_now();

		if (left <= 0 || poll(&fd, 1, (int)(left / 1000000) + 1) <= 0)
			return false;
	}
	return true;
}

/**
 * load_ask() - A request from port 0 to port 1, and its answer, through an idle switch
 * @p: The path, empty
 *
 * Return: ns for both, of time that has passed, or 0 if one got lost.
 */
double load_ask(struct path *p)
{
	int64_t start;

	for (unsigned port = 0; port < 2; port++)
		make(frame[port][0], port ^ 1, port);
	start = peers_now();
	for (unsigned port = 0; port < 2; port++) {
		uint8_t *bytes = frame[port][0];

		/* with nobody behind, or nobody who looks at it, it comes out at a fixed port */
		if (send_some(p, port, &bytes, 64, 1) != 1 ||
		    !await_one(p, p->kind == PATH_ALONE ? port : port ^ 1))
			return 0;
	}
	return (double)(peers_now() - start);
}
