/* common.c: what is computed twice is computed once. Along each path down the tree of regions, an
 * operation on the same operands, the same constant, and a load of the same element that nothing can
 * have stored to in between are the value that is already there; a load behind a store to just that
 * element is what was stored; a check that was passed with the same operands is dropped.
 *
 *   x = g[2, 2]; ...; y = g[2, 2]   ->   x for both
 *   a[i] = v; y = a[i]              ->   v
 *
 * A hash table that forgets when a region ends gives near linear time. Loads are dated: each root has
 * the time of the last store that may have touched it. Needs nothing, breaks nothing. */
#include "analysis/analysis.h"
#include "passes/passes.h"

enum { BUCKETS = 1 << 12, ROOTS_MAX = 64 };

/* What makes two nodes the same: kind, operation, operands and Sizes, as words. */
typedef struct {
    uintptr_t words[24];
    int count;
} Key;

typedef struct Entry Entry;
struct Entry {
    Key key;
    uint32_t hash;
    Value *value;        /* NULL: a check */
    int root;            /* loads: place in `roots`; -1: no memory is read */
    int time;            /* loads: when */
    Entry *next, *before; /* in the bucket; entered before this one */
};

typedef struct {
    Function *function;
    CloneMap renamed;
    Entry *buckets[BUCKETS], *last, *free;
    Arena *arena;
    struct {
        Value *root;
        int stored;      /* when last, 0: never */
    } roots[ROOTS_MAX];
    int root_count, time;
} Common;

/* ---- keys ---------------------------------------------------------------------------------- */

static void key_add(Key *key, uintptr_t word) {
    key->words[key->count++] = word;
}

static void key_add_pointer(Key *key, const void *pointer) {
    key_add(key, (uintptr_t)pointer);
}

static uint32_t key_hash(const Key *key) {
    uint64_t hash = 14695981039346656037u;
    for (int i = 0; i < key->count; i++)
        hash = (hash ^ key->words[i] ^ key->words[i] >> 17) * 1099511628211u;
    return (uint32_t)(hash >> 24);
}

static Key access_key(const Value *array, const Size *index) {
    Key key = {.count = 0};
    key_add(&key, NODE_LOAD);
    key_add_pointer(&key, array);
    for (int axis = 0; axis < array->rank; axis++)
        key_add_pointer(&key, index[axis]);
    return key;
}

static Key constant_key(const Node *node) {
    Key key = {.count = 0};
    uint64_t bits[2] = {0};
    memcpy(bits, &node->as.constant.value, sizeof node->as.constant.value < 16 ? sizeof node->as.constant.value : 16);
    key_add(&key, NODE_CONST);
    key_add(&key, node->results.data[0]->dtype);
    key_add(&key, bits[0]);
    key_add(&key, bits[1]);
    return key;
}

static Key let_key(const Node *node) {
    Key key = {.count = 0};
    key_add(&key, NODE_LET);
    key_add(&key, node->as.let.op);
    key_add(&key, node->results.data[0]->dtype);
    for (int i = 0; i < op_info(node->as.let.op)->arity; i++)
        key_add_pointer(&key, node->as.let.operands[i]);
    return key;
}

static Key check_key(const Node *node) {
    Key key = {.count = 0};
    key_add(&key, NODE_CHECK);
    key_add(&key, node->as.check.kind);
    key_add_pointer(&key, node->as.check.size);
    key_add_pointer(&key, node->as.check.bound);
    key_add_pointer(&key, node->as.check.cond);
    return key;
}

static Key size_key(Size size) {
    Key key = {.count = 0};
    key_add(&key, NODE_SIZE);
    key_add_pointer(&key, size);
    return key;
}

/* ---- the table ----------------------------------------------------------------------------- */

static void enter(Common *common, const Key *key, Value *value, int root) {
    Entry *entry = common->free ? common->free : ARENA_NEW(common->arena, Entry);
    common->free = common->free ? common->free->before : NULL;
    uint32_t hash = key_hash(key);
    *entry = (Entry){*key, hash, value, root, common->time, common->buckets[hash % BUCKETS], common->last};
    common->buckets[hash % BUCKETS] = entry;
    common->last = entry;
}

static const Entry *find(const Common *common, const Key *key) {
    uint32_t hash = key_hash(key);
    const Entry *entry = common->buckets[hash % BUCKETS];
    while (entry && (entry->hash != hash || entry->key.count != key->count ||
                     memcmp(entry->key.words, key->words, sizeof *key->words * (size_t)key->count)))
        entry = entry->next;
    return entry;
}

/* Forgets what was entered since. */
static void leave(Common *common, Entry *last) {
    while (common->last != last) {
        Entry *entry = common->last;
        common->buckets[entry->hash % BUCKETS] = entry->next;
        common->last = entry->before;
        entry->before = common->free;
        common->free = entry;
    }
}

/* ---- memory -------------------------------------------------------------------------------- */

static int root_place(Common *common, Value *array) {
    Value *root = value_root(array);
    for (int i = 0; i < common->root_count; i++)
        if (common->roots[i].root == root)
            return i;
    if (common->root_count == ROOTS_MAX)
        return -1;
    common->roots[common->root_count].root = root;
    /* What was stored before it was known is not known either. */
    common->roots[common->root_count].stored = common->time;
    return common->root_count++;
}

static void touch(Common *common, const Value *root) {
    common->time++;
    for (int i = 0; i < common->root_count; i++)
        if (!root || !roots_apart(common->function, root, common->roots[i].root))
            common->roots[i].stored = common->time;
}

static bool is_call(const Node *node) {
    return node->kind == NODE_CALL || node->kind == NODE_RUNTIME || node->kind == NODE_CELL_SET;
}

/* What a loop stores, its next round finds. */
static void touch_all(Common *common, const Region *region) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (node->kind == NODE_STORE)
            touch(common, value_root(node->as.store.array));
        if (is_call(node))
            touch(common, NULL);
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            touch_all(common, regions[i]);
    }
}

/* ---- the walk ------------------------------------------------------------------------------ */

/* The node gives what is there already, or is entered. */
static void share(Common *common, Node *node, const Key *key, int root) {
    const Entry *entry = find(common, key);
    Value *result = node->results.count ? node->results.data[0] : NULL;
    if (!entry || (root >= 0 && entry->time < common->roots[root].stored)) {
        enter(common, key, result, root);
        return;
    }
    if (result)
        clone_map_value(&common->renamed, result, entry->value);
    node_remove(node);
}

static void visit_load(Common *common, Node *node) {
    Key key = access_key(node->as.load.array, node->as.load.index);
    int root = root_place(common, node->as.load.array);
    if (root >= 0)
        share(common, node, &key, root);
}

static void visit_store(Common *common, Node *node) {
    Key key = access_key(node->as.store.array, node->as.store.index);
    touch(common, value_root(node->as.store.array));
    int root = root_place(common, node->as.store.array);
    if (root >= 0)
        enter(common, &key, node->as.store.value, root);
}

static void visit_region(Common *common, Region *region);

static void visit_regions(Common *common, Node *node) {
    Region *regions[2];
    int count = node_regions(node, regions);
    bool loops = node->kind == NODE_FOR || node->kind == NODE_WHILE || node->kind == NODE_REDUCE;
    for (int i = 0; i < count && loops; i++)
        touch_all(common, regions[i]);
    for (int i = 0; i < count; i++)
        visit_region(common, regions[i]);
}

static void visit(Common *common, Node *node) {
    Key key;
    node_rename(&common->renamed, node);
    switch (node->kind) {
    case NODE_CONST:
        key = constant_key(node);
        share(common, node, &key, -1);
        break;
    case NODE_SIZE:
        key = size_key(node->as.size.size);
        share(common, node, &key, -1);
        break;
    case NODE_LET:
        key = let_key(node);
        share(common, node, &key, -1);
        break;
    case NODE_CHECK:
        key = check_key(node);
        share(common, node, &key, -1);
        break;
    case NODE_LOAD: visit_load(common, node); break;
    case NODE_STORE: visit_store(common, node); break;
    case NODE_CALL: case NODE_RUNTIME: case NODE_CELL_SET: touch(common, NULL); break;
    case NODE_FOR: case NODE_WHILE: case NODE_IF: case NODE_REDUCE: case NODE_VERSION:
        visit_regions(common, node);
        break;
    case NODE_STRING: case NODE_ALLOC: case NODE_VIEW: case NODE_RETAIN: case NODE_RELEASE: case NODE_CELL_GET:
    case NODE_EXIT:
        break;
    }
}

static void visit_region(Common *common, Region *region) {
    Entry *last = common->last;
    for (Node *node = region->first, *next; node; node = next) {
        next = node->next;
        visit(common, node);
    }
    region_rename_end(&common->renamed, region);
    leave(common, last);
}

void pass_common(Module *module, const PassContext *context) {
    (void)context;
    Arena *arena = arena_new();
    for (Function *function = module->functions; function; function = function->next) {
        Common *common = ARENA_NEW(arena, Common);
        common->function = function;
        common->renamed.function = function;
        common->arena = arena;
        visit_region(common, function->body);
    }
    arena_free(arena);
}
