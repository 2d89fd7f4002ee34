/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Properties that are dictionaries or lists, to be asked for by QMP's qom-get. */
#ifndef VC_DICT_H
#define VC_DICT_H

#include "compat.h"

/**
 * vc_add_dict_property() - Give an object a read-only property that is a dictionary or list
 * @obj:  The object
 * @name: Of the property
 * @make: Makes the value; its reference passes to the caller
 */
void vc_add_dict_property(Object *obj, const char *name, QObject *(*make)(Object *obj));

#endif
