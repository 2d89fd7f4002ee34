/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trace points that a user can switch on in the QEMU that is installed.
 *
 * QEMU's own trace events are generated when QEMU is built, so a plug-in cannot add any. Ours are
 * groups of lines that the property `trace` of a card or port switches on: `trace=irq+link`,
 * `trace=all`; at run time by QMP qom-set. Lines go to QEMU's log (-D FILE with -d) if that is
 * open, else to standard error, each with a time stamp, the group and the device's name. A point
 * that is off costs a test of one bit.
 */
#ifndef VC_TRACE_H
#define VC_TRACE_H

#include <stdbool.h>
#include <stdint.h>

struct Error;

/* enum vc_trace - groups */
enum vc_trace {
	VC_TRACE_REG = 1 << 0,	 /* register reads and writes */
	VC_TRACE_DMA = 1 << 1,	 /* DMA that failed or took the slow way */
	VC_TRACE_IRQ = 1 << 2,	 /* interrupt line, messages */
	VC_TRACE_TX = 1 << 3,	 /* bursts out of the card */
	VC_TRACE_RX = 1 << 4,	 /* bursts into the card */
	VC_TRACE_LINK = 1 << 5,	 /* cable, link, peers, offloads agreed on */
	VC_TRACE_STATE = 1 << 6, /* reset, power, save, load, timers */
};

#define VC_TRACE_ALL 0x7fu

/**
 * vc_trace_parse() - Read the value of a `trace` property
 * @text: Groups joined by '+', or "all", or "off"
 * @bits: Filled
 *
 * Return: true, or false if a word is none of them.
 */
bool vc_trace_parse(const char *text, uint32_t *bits);

/**
 * vc_trace_format() - Write it
 * @bits: enum vc_trace
 *
 * Return: what vc_trace_parse() reads; to be freed.
 */
char *vc_trace_format(uint32_t bits);

/**
 * vc_trace_line() - Log one line; use vc_trace()
 * @group: One bit
 * @name:  Device
 * @fmt:   Line without newline
 */
void vc_trace_line(uint32_t group, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#define vc_trace(dev, group, ...)                                       \
	do {                                                            \
		if (__builtin_expect((dev)->trace & (group), 0))        \
			vc_trace_line(group, (dev)->name, __VA_ARGS__); \
	} while (0)

/**
 * vc_trace_add_property() - Give an object the property `trace`
 * @klass:  Its class (ObjectClass)
 * @offset: Of the uint32_t that holds the bits, in the instance
 */
void vc_trace_add_property(void *klass, ptrdiff_t offset);

#endif
