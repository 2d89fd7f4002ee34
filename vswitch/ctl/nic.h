/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cards that a daemon hosts for a VMM, by name.
 *
 * DOC: Theory of Operation
 *
 * A card is an element of the "listen" of a port group, with the transport vfio-user; its name is
 * the id of its port ("ports"). The document has no other place for it: what is said here in short
 * is what a file says at length. Keys that are none of the listener's are properties of the model.
 */
#ifndef VSWITCHCTL_NIC_H
#define VSWITCHCTL_NIC_H

#include "edit.h"
#include "words.h"

extern const struct edit_place nic_place;
extern const struct ctl_column nic_columns[];

/**
 * nic_each() - For each card of a configuration
 * @document: The configuration of a switch
 * @fn:       Called with its port group, its place there, and its element of "listen"
 * @opaque:   The first argument of @fn
 */
void nic_each(const json_t *document,
	      void (*fn)(void *opaque, const char *group, size_t at, const json_t *nic),
	      void *opaque);

/* nic_list() and those after it - @run of rows; a card is the argument NIC. Return: the status */
int nic_list(struct ctl *c);
int nic_show(struct ctl *c);
int nic_add(struct ctl *c);
int nic_set(struct ctl *c);
int nic_remove(struct ctl *c);

#endif
