/* SPDX-License-Identifier: BSD-2-Clause */
/* An oracle for policy: what a frame is judged by is what leaves in the end. */
#ifndef HW_NET_FUZZ_JUDGE_H
#define HW_NET_FUZZ_JUDGE_H

#include "hwnet/pkt.h"

/**
 * fuzz_judge() - Finish a frame as a plain receiver has it, and compare
 * @pkt: A frame with any words
 *
 * Addresses, tag, type, IP addresses, protocol, fragment word, ports, TCP's SYN and RST must be
 * those of @pkt in each frame that it becomes; a frame that is no message may differ in the
 * checksum fields of its UDP and TCP headers only.
 *
 * Return: NULL, or what differs.
 */
const char *fuzz_judge(const struct pkt *pkt);

#endif
