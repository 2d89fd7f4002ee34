/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VCT_H
#define VCT_H

/*
 * DOC: the guest's one program
 *
 * vct is PID 1, the runner's agent and every traffic tool of the boot suites in one static binary;
 * argv[1] names the applet (no argument and PID 1: the agent). One binary keeps the initramfs small
 * and lets a tool enter a network namespace with one system call ("-n NAME") instead of a fork of
 * ip(8), which matters when each fork is interpreted by TCG.
 *
 *   agent.c   init and the runner's hands: runs commands, streams their output
 *   tcp.c     a stream whose every byte the receiver checks
 *   udp.c     numbered datagrams: lost, doubled, reordered, damaged
 *   flows.c   an exact number of segments from each of many source ports
 *   rr.c      request and response: the latency of small frames
 *   sniff.c   what arrives on an interface, before the protocol stack hides it
 *   pty.c     a command on a terminal of its own
 *   util.c    addresses, time, the byte pattern
 */

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

int agent_main(void);
int tcp_sink_main(int argc, char **argv);
int tcp_source_main(int argc, char **argv);
int udp_sink_main(int argc, char **argv);
int udp_source_main(int argc, char **argv);
int flows_main(int argc, char **argv);
int rr_server_main(int argc, char **argv);
int rr_main(int argc, char **argv);
int sniff_main(int argc, char **argv);
int pty_main(int argc, char **argv);

struct endpoint {
	struct sockaddr_storage sa;
	socklen_t len;
};

void die(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));
uint64_t number(const char *text);
uint64_t now_us(void);
void sleep_until_us(uint64_t when);
struct endpoint endpoint_of(const char *address, const char *port);
int udp_server(const char *port);
void pattern_fill(void *buf, size_t len, uint64_t seed, uint64_t offset);
size_t pattern_match(const void *buf, size_t len, uint64_t seed, uint64_t offset);
int read_exact(int fd, void *buf, size_t len);
int write_exact(int fd, const void *buf, size_t len);

#endif
