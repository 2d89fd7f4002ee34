/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Properties of a card. */
#ifndef VC_NIC_PROPS_H
#define VC_NIC_PROPS_H

#include "nic.h"

/**
 * vc_nic_class_props() - Give a class its properties
 * @klass: The class
 * @model: Its model; NULL for the base of all, whose properties are those of every card
 */
void vc_nic_class_props(ObjectClass *klass, const struct hwnet_model *model);

#endif
