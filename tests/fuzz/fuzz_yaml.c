/* Any bytes as YAML, read as the configuration and walked as a tree. */
#include "lib/conf/sallyport.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t walk(const struct yml_node *node)
{
	const struct yml_node *below;
	const char *key;
	size_t n = 1;

	for (size_t i = 0; (below = yml_pair(node, i, &key)) != NULL; i++)
		n += walk(below);
	for (size_t i = 0; (below = yml_item(node, i)) != NULL; i++)
		n += walk(below);
	(void)yml_string(node, "");
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char fault[YML_FAULT_SIZE];
	struct sallyport_conf conf;
	struct yml_doc *doc;

	if (yml_load(&doc, "fuzz", data, size) == 0) {
		if (yml_root(doc) != NULL && walk(yml_root(doc)) > YML_NODES_MAX)
			abort();
		if (yml_root(doc) == NULL && yml_fault(doc) == NULL)
			abort();
		yml_free(doc);
	}
	(void)sallyport_conf_parse(&conf, "fuzz", (const char *)data, size, false, fault);
	return 0;
}
