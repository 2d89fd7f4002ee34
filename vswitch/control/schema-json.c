/* SPDX-License-Identifier: BSD-2-Clause */
/* Print switch.schema.json: the JSON Schema of a switch's document. */
#include <jansson.h>
#include <stdio.h>

#include "vswitch/control.h"

int main(void)
{
	json_t *j = json_pack("{s:s,s:s,s:s}", "$schema",
			      "https://json-schema.org/draft/2020-12/schema", "$id",
			      "urn:vchassis:switch", "title",
			      "Configuration of a switch of vchassis"),
	       *document = vsw_document_schema(NULL, NULL);

	json_object_update(j, document);
	json_dumpf(j, stdout, JSON_INDENT(2));
	printf("\n");
	json_decref(document);
	json_decref(j);
	return 0;
}
