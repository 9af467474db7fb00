/* edit.c: walking, changing and copying the tree of regions. */
#include "nest/nest.h"

/* ---- structure ----------------------------------------------------------------------------- */

int node_regions(const Node *node, Region **regions) {
    switch (node->kind) {
    case NODE_FOR:
        regions[0] = node->as.loop.body;
        return 1;
    case NODE_WHILE:
        regions[0] = node->as.whilst.head;
        regions[1] = node->as.whilst.body;
        return 2;
    case NODE_IF:
        regions[0] = node->as.branch.then;
        regions[1] = node->as.branch.otherwise;
        return 2;
    case NODE_VERSION:
        regions[0] = node->as.version.fast;
        regions[1] = node->as.version.plain;
        return 2;
    case NODE_REDUCE:
        regions[0] = node->as.reduce.body;
        return 1;
    case NODE_CONST: case NODE_STRING: case NODE_SIZE: case NODE_LET: case NODE_LOAD:
    case NODE_STORE: case NODE_CHECK: case NODE_ALLOC: case NODE_VIEW: case NODE_RETAIN:
    case NODE_RELEASE: case NODE_CALL: case NODE_RUNTIME: case NODE_CELL_GET: case NODE_CELL_SET:
    case NODE_EXIT:
        return 0;
    }
    return 0;
}

/* Facts that depend on where a node stands, see facts_after. */
static bool tells_facts(const Node *node) {
    return node->kind == NODE_CHECK || node->kind == NODE_IF;
}

/* What was noted before a node that goes need not hold behind it any more. */
static void forget_facts(const Node *node) {
    Region *outer = node->region->parent ? node->region->parent->region : NULL;
    if (tells_facts(node))
        node->region->era++;
    if (node->kind == NODE_EXIT && outer)
        outer->era++;
}

/* What was known before the next node is known before the new one. */
static void pass_facts_on(Node *added) {
    added->noted.era = 0;
    if (!added->next)
        return;
    added->noted = added->next->noted;
    added->next->noted.era = 0;
}

void node_remove(Node *node) {
    Region *region = node->region;
    forget_facts(node);
    *(node->previous ? &node->previous->next : &region->first) = node->next;
    *(node->next ? &node->next->previous : &region->last) = node->previous;
    node->previous = node->next = NULL;
    node->region = NULL;
}

void node_move(Node *node, Region *region, Node *before) {
    if (node->region)
        node_remove(node);
    node->region = region;
    node->next = before;
    node->previous = before ? before->previous : region->last;
    *(node->previous ? &node->previous->next : &region->first) = node;
    *(before ? &before->previous : &region->last) = node;
    pass_facts_on(node);
}

void region_splice(Region *from, Region *to, Node *before) {
    while (from->first)
        node_move(from->first, to, before);
}

int region_node_count(const Region *region) {
    int total = 0;
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        total++;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            total += region_node_count(regions[i]);
    }
    return total;
}

bool region_is_empty(const Region *region) {
    return !region->first;
}

bool region_contains(const Region *outer, const Region *inner) {
    while (inner && inner != outer)
        inner = inner->parent ? inner->parent->region : NULL;
    return inner == outer;
}

Node *node_loop(const Node *node) {
    for (Region *region = node->region; region && region->parent; region = region->parent->region)
        if (region->parent->kind == NODE_FOR || region->parent->kind == NODE_WHILE)
            return region->parent;
    return NULL;
}

static Name loop_label(const Node *node) {
    return node->kind == NODE_FOR      ? node->as.loop.label
           : node->kind == NODE_WHILE  ? node->as.whilst.label
           : node->kind == NODE_REDUCE ? node->as.reduce.label
                                       : NULL;
}

static Node *find_in(Region *region, Name label) {
    for (Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (loop_label(node) == label)
            return node;
        for (int i = 0, count = node_regions(node, regions); i < count; i++) {
            Node *found = find_in(regions[i], label);
            if (found)
                return found;
        }
    }
    return NULL;
}

Node *find_loop(Function *function, const char *label) {
    return find_in(function->body, name_of(label));
}

/* Labels are unique for the life of a function: a counter a base name. */
Name label_fresh(Function *function, const char *base) {
    size_t stem = strcspn(base, ".");
    char root[40];
    snprintf(root, sizeof root, "%.*s", (int)(stem < 30 ? stem : 30), base);
    Name name = name_of(root);
    int used = 0;
    for (int i = 0; i < function->labels.count; i++)
        used += function->labels.data[i] == name;
    VEC_PUSH(function->module->arena, function->labels, name);
    if (!used)
        return name;
    char fresh[60];
    snprintf(fresh, sizeof fresh, "%s.%d", root, used);
    return name_of(fresh);
}

/* ---- uses ---------------------------------------------------------------------------------- */

typedef void (*UseValue)(Value **value, void *user);
typedef void (*UseSize)(Size *size, void *user);

static void use_values(Values *values, UseValue use, void *user) {
    for (int i = 0; i < values->count; i++)
        use(&values->data[i], user);
}

static void use_sizes(Size *sizes, int count, UseSize use, void *user) {
    for (int i = 0; i < count; i++)
        if (sizes[i])
            use(&sizes[i], user);
}

static void check_uses(Node *node, UseValue use, UseSize use_size, void *user) {
    use_sizes(&node->as.check.size, 1, use_size, user);
    use_sizes(&node->as.check.bound, 1, use_size, user);
    use_sizes(node->as.check.values, 3, use_size, user);
    if (node->as.check.cond)
        use(&node->as.check.cond, user);
}

static void array_result_sizes(Node *node, UseSize use_size, void *user) {
    Value *value = node->results.data[0];
    use_sizes(value->shape, value->rank, use_size, user);
    use_sizes(value->stride, value->rank, use_size, user);
}

static void skip_size(Size *size, void *user) {
    (void)size, (void)user;
}

void node_uses(Node *node, UseValue use, UseSize use_size, void *user) {
    use_size = use_size ? use_size : skip_size;
    switch (node->kind) {
    case NODE_CONST: case NODE_STRING: case NODE_CELL_GET:
        break;
    case NODE_SIZE:
        use_size(&node->as.size.size, user);
        break;
    case NODE_LET:
        for (int i = 0; i < op_info(node->as.let.op)->arity; i++)
            use(&node->as.let.operands[i], user);
        break;
    case NODE_LOAD:
        use(&node->as.load.array, user);
        use_sizes(node->as.load.index, node->as.load.array->rank, use_size, user);
        break;
    case NODE_STORE:
        use(&node->as.store.array, user);
        use(&node->as.store.value, user);
        use_sizes(node->as.store.index, node->as.store.array->rank, use_size, user);
        break;
    case NODE_FOR:
        use_size(&node->as.loop.lo, user);
        use_size(&node->as.loop.hi, user);
        use_values(&node->as.loop.init, use, user);
        break;
    case NODE_WHILE:
        use_values(&node->as.whilst.init, use, user);
        break;
    case NODE_IF:
        use(&node->as.branch.test, user);
        break;
    case NODE_REDUCE:
        use_size(&node->as.reduce.count, user);
        break;
    case NODE_VERSION:
        for (int i = 0; i < node->as.version.goal_count; i++)
            use_size(&node->as.version.goals[i].size, user);
        break;
    case NODE_CHECK:
        check_uses(node, use, use_size, user);
        break;
    case NODE_ALLOC:
        array_result_sizes(node, use_size, user);
        break;
    case NODE_VIEW:
        use(&node->as.view.base, user);
        use_sizes(node->as.view.start, node->as.view.base->rank, use_size, user);
        use_sizes(node->as.view.step, node->results.data[0]->rank, use_size, user);
        array_result_sizes(node, use_size, user);
        break;
    case NODE_RETAIN: case NODE_RELEASE:
        use(&node->as.count.array, user);
        break;
    case NODE_CALL:
        use_values(&node->as.call.arguments, use, user);
        break;
    case NODE_RUNTIME:
        use_values(&node->as.runtime.arguments, use, user);
        break;
    case NODE_CELL_SET:
        use(&node->as.cell.value, user);
        break;
    case NODE_EXIT:
        use_values(&node->as.exit.values, use, user);
        break;
    }
}

void node_uses_deep(Node *node, UseValue use, UseSize use_size, void *user) {
    Region *regions[2];
    node_uses(node, use, use_size, user);
    for (int i = 0, count = node_regions(node, regions); i < count; i++)
        region_uses(regions[i], use, use_size, user);
    if (node->kind == NODE_WHILE && node->as.whilst.test)
        use(&node->as.whilst.test, user);
}

void region_uses(Region *region, UseValue use, UseSize use_size, void *user) {
    for (Node *node = region->first; node; node = node->next)
        node_uses_deep(node, use, use_size, user);
    use_values(&region->yields, use, user);
}

/* ---- replacing ----------------------------------------------------------------------------- */

typedef struct {
    Value *old, *replacement;
    const Atom *atom;
    Size size;
} Replacement;

static void replace_value(Value **value, void *user) {
    Replacement *replacement = user;
    if (*value == replacement->old && replacement->old)
        *value = replacement->replacement;
}

static void replace_size(Size *size, void *user) {
    Replacement *replacement = user;
    if (replacement->atom)
        *size = size_substitute(*size, replacement->atom, replacement->size);
}

static void replace_carried(Region *region, Replacement *replacement);

/* Sizes that values carry themselves: shapes of results, heads, views, and known i64 values. */
static void replace_carried_node(Node *node, Replacement *replacement) {
    Region *regions[2];
    Values *lists[] = {&node->results, node->kind == NODE_FOR     ? &node->as.loop.heads
                                       : node->kind == NODE_WHILE ? &node->as.whilst.heads
                                                                  : NULL};
    for (int k = 0; k < 2; k++)
        for (int i = 0; lists[k] && i < lists[k]->count; i++) {
            Value *value = lists[k]->data[i];
            if (value->size)
                replace_size(&value->size, replacement);
            for (int axis = 0; axis < value->rank; axis++) {
                replace_size(&value->shape[axis], replacement);
                replace_size(&value->stride[axis], replacement);
            }
        }
    for (int i = 0, count = node_regions(node, regions); i < count; i++)
        replace_carried(regions[i], replacement);
}

static void replace_carried(Region *region, Replacement *replacement) {
    for (Node *node = region->first; node; node = node->next)
        replace_carried_node(node, replacement);
}

/* Results are read only behind their node, in its region: a smaller part of the tree to walk. */
static Node *first_reader(Region **region, const Value *old) {
    const Node *node = old->node;
    if (!node || !node->region || old->is_iv || old->is_head || !region_contains(*region, node->region))
        return (*region)->first;
    *region = node->region;
    return node->next;
}

void region_replace(Region *region, Value *old, Value *replacement) {
    Replacement change = {old, replacement, old->atom, NULL};
    Node *first = first_reader(&region, old);
    if (old->atom)
        change.size = value_size(replacement);
    for (Node *node = first; node; node = node->next) {
        node_uses_deep(node, replace_value, replace_size, &change);
        if (old->atom)
            replace_carried_node(node, &change);
    }
    use_values(&region->yields, replace_value, &change);
    if (region->parent && region->parent->kind == NODE_WHILE)
        replace_value(&region->parent->as.whilst.test, &change);
}

void region_substitute(Region *region, const Atom *atom, Size replacement) {
    Replacement change = {NULL, NULL, atom, replacement};
    region_uses(region, replace_value, replace_size, &change);
    replace_carried(region, &change);
}

/* ---- copies -------------------------------------------------------------------------------- */

static Arena *map_arena(CloneMap *map) {
    return map->function->module->arena;
}

/* The lists of a map are found by hashes of the dense ids: a slot has one more than a place in the
 * list, 0 where it is free. Later entries win. */
static void index_put(int *slots, int capacity, uint32_t id, int place) {
    uint32_t at = id * 2654435769u;
    while (slots[at & (uint32_t)(capacity - 1)])
        at++;
    slots[at & (uint32_t)(capacity - 1)] = place + 1;
}

static bool index_is_full(int capacity, int count) {
    return 2 * count >= capacity;
}

static int *index_room(CloneMap *map, int *capacity) {
    *capacity = *capacity ? 4 * *capacity : 64;
    return ARENA_ARRAY(map_arena(map), int, *capacity);
}

static int find_value(const CloneMap *map, const Value *value) {
    int capacity = map->value_index.capacity;
    for (uint32_t at = value->id * 2654435769u; capacity; at++) {
        int slot = map->value_index.slots[at & (uint32_t)(capacity - 1)];
        if (!slot || map->from.data[slot - 1] == value)
            return slot - 1;
    }
    return -1;
}

static int find_atom(const CloneMap *map, const Atom *atom) {
    int capacity = map->atom_index.capacity;
    for (uint32_t at = atom->id * 2654435769u; capacity; at++) {
        int slot = map->atom_index.slots[at & (uint32_t)(capacity - 1)];
        if (!slot || map->atoms.data[slot - 1] == atom)
            return slot - 1;
    }
    return -1;
}

static void add_atom(CloneMap *map, Atom *atom, Size size) {
    if (index_is_full(map->atom_index.capacity, map->atoms.count)) {
        map->atom_index.slots = index_room(map, &map->atom_index.capacity);
        for (int i = 0; i < map->atoms.count; i++)
            index_put(map->atom_index.slots, map->atom_index.capacity, map->atoms.data[i]->id, i);
    }
    index_put(map->atom_index.slots, map->atom_index.capacity, atom->id, map->atoms.count);
    VEC_PUSH(map_arena(map), map->atoms, atom);
    VEC_PUSH(map_arena(map), map->sizes, size);
}

void clone_map_atom(CloneMap *map, Atom *atom, Size size) {
    int at = find_atom(map, atom);
    if (at >= 0)
        map->sizes.data[at] = size;
    else
        add_atom(map, atom, size);
}

static void add_value(CloneMap *map, Value *from, Value *to) {
    if (index_is_full(map->value_index.capacity, map->from.count)) {
        map->value_index.slots = index_room(map, &map->value_index.capacity);
        for (int i = 0; i < map->from.count; i++)
            index_put(map->value_index.slots, map->value_index.capacity, map->from.data[i]->id, i);
    }
    index_put(map->value_index.slots, map->value_index.capacity, from->id, map->from.count);
    VEC_PUSH(map_arena(map), map->from, from);
    VEC_PUSH(map_arena(map), map->to, to);
}

void clone_map_value(CloneMap *map, Value *from, Value *to) {
    int at = find_value(map, from);
    if (at >= 0)
        map->to.data[at] = to;
    else
        add_value(map, from, to);
    if (from->atom)
        clone_map_atom(map, from->atom, value_size(to));
}

CloneMap clone_map_copy(const CloneMap *map) {
    CloneMap copy = {.function = map->function, .relabel = map->relabel};
    for (int i = 0; i < map->from.count; i++)
        add_value(&copy, map->from.data[i], map->to.data[i]);
    for (int i = 0; i < map->atoms.count; i++)
        add_atom(&copy, map->atoms.data[i], map->sizes.data[i]);
    return copy;
}

Value *clone_value(CloneMap *map, Value *value) {
    int at = find_value(map, value);
    return at >= 0 ? map->to.data[at] : value;
}

static Size mapped_size(Atom *atom, void *map) {
    int at = find_atom(map, atom);
    return at >= 0 ? ((CloneMap *)map)->sizes.data[at] : NULL;
}

Size clone_size(CloneMap *map, Size size) {
    return size && map->atoms.count ? size_map(size, mapped_size, map) : size;
}

/* A fresh value for one that is defined inside the copy. */
static Value *clone_definition(CloneMap *map, Value *value, Node *node) {
    Value *copy = value_like(map->function->module, value);
    copy->node = node;
    if (value->is_iv)
        copy->name = node->kind == NODE_FOR ? node->as.loop.label : node->as.reduce.label;
    copy->is_iv = value->is_iv;
    copy->is_head = value->is_head;
    copy->size = clone_size(map, value->size);
    for (int axis = 0; axis < value->rank; axis++) {
        copy->shape[axis] = clone_size(map, value->shape[axis]);
        copy->stride[axis] = clone_size(map, value->stride[axis]);
    }
    clone_map_value(map, value, copy);
    return copy;
}

static Values clone_values(CloneMap *map, const Values *values) {
    Values copy = {0};
    for (int i = 0; i < values->count; i++)
        values_add(map_arena(map), &copy, clone_value(map, values->data[i]));
    return copy;
}

static Values clone_definitions(CloneMap *map, const Values *values, Node *node) {
    Values copy = {0};
    for (int i = 0; i < values->count; i++)
        values_add(map_arena(map), &copy, NULL);
    /* Extents come behind their array, or behind another one of the same size: they are mapped first. */
    for (int array = 0; array <= 1; array++)
        for (int i = values->count - 1; i >= 0; i--)
            if ((values->data[i]->kind == VALUE_ARRAY) == array)
                copy.data[i] = clone_definition(map, values->data[i], node);
    return copy;
}

static Region *clone_region(CloneMap *map, const Region *region, Node *parent) {
    Region *copy = ARENA_NEW(map_arena(map), Region);
    copy->function = map->function;
    copy->parent = parent;
    clone_nodes(map, region, copy, NULL);
    copy->yields = clone_values(map, &region->yields);
    return copy;
}

static Name clone_label(CloneMap *map, Name label) {
    return map->relabel ? label_fresh(map->function, label) : label;
}

static void clone_loop(CloneMap *map, const Node *node, Node *copy) {
    VEC_PUSH(map_arena(map), map->old_loops, (Node *)node);
    VEC_PUSH(map_arena(map), map->new_loops, copy);
    if (node->kind == NODE_FOR) {
        copy->as.loop.label = clone_label(map, node->as.loop.label);
        copy->as.loop.init = clone_values(map, &node->as.loop.init);
        copy->as.loop.lo = clone_size(map, node->as.loop.lo);
        copy->as.loop.hi = clone_size(map, node->as.loop.hi);
        copy->as.loop.iv = clone_definition(map, node->as.loop.iv, copy);
        copy->as.loop.heads = clone_definitions(map, &node->as.loop.heads, copy);
        copy->as.loop.body = clone_region(map, node->as.loop.body, copy);
    } else if (node->kind == NODE_WHILE) {
        copy->as.whilst.label = clone_label(map, node->as.whilst.label);
        copy->as.whilst.init = clone_values(map, &node->as.whilst.init);
        copy->as.whilst.heads = clone_definitions(map, &node->as.whilst.heads, copy);
        copy->as.whilst.head = clone_region(map, node->as.whilst.head, copy);
        copy->as.whilst.test = clone_value(map, node->as.whilst.test);
        copy->as.whilst.body = clone_region(map, node->as.whilst.body, copy);
    } else {
        copy->as.reduce.label = clone_label(map, node->as.reduce.label);
        copy->as.reduce.count = clone_size(map, node->as.reduce.count);
        copy->as.reduce.iv = clone_definition(map, node->as.reduce.iv, copy);
        copy->as.reduce.body = clone_region(map, node->as.reduce.body, copy);
    }
}

static void clone_value_use(Value **value, void *user) {
    *value = clone_value(user, *value);
}

static void clone_size_use(Size *size, void *user) {
    *size = clone_size(user, *size);
}

static void rename_carried(CloneMap *map, const Values *values) {
    for (int i = 0; i < values->count; i++) {
        Value *value = values->data[i];
        value->size = clone_size(map, value->size);
        for (int axis = 0; axis < value->rank; axis++) {
            value->shape[axis] = clone_size(map, value->shape[axis]);
            value->stride[axis] = clone_size(map, value->stride[axis]);
        }
    }
}

void node_rename(CloneMap *map, Node *node) {
    if (!map->from.count)
        return;
    node_uses(node, clone_value_use, clone_size_use, map);
    if (!map->atoms.count)
        return;
    rename_carried(map, &node->results);
    if (node->kind == NODE_FOR)
        rename_carried(map, &node->as.loop.heads);
    if (node->kind == NODE_WHILE)
        rename_carried(map, &node->as.whilst.heads);
}

void region_rename_end(CloneMap *map, Region *region) {
    if (!map->from.count)
        return;
    use_values(&region->yields, clone_value_use, map);
    if (region->parent && region->parent->kind == NODE_WHILE)
        clone_value_use(&region->parent->as.whilst.test, map);
}

static void clone_lists(CloneMap *map, const Node *node, Node *copy) {
    if (node->kind == NODE_CALL)
        copy->as.call.arguments = clone_values(map, &node->as.call.arguments);
    if (node->kind == NODE_RUNTIME)
        copy->as.runtime.arguments = clone_values(map, &node->as.runtime.arguments);
    if (node->kind == NODE_EXIT) {
        copy->as.exit.values = clone_values(map, &node->as.exit.values);
        for (int i = 0; i < map->old_loops.count; i++)
            if (map->old_loops.data[i] == node->as.exit.target)
                copy->as.exit.target = map->new_loops.data[i];
    }
}

Node *clone_node(CloneMap *map, const Node *node, Region *to, Node *before) {
    Node *copy = ARENA_NEW(map_arena(map), Node);
    *copy = *node;
    copy->region = NULL;
    copy->previous = copy->next = NULL;
    copy->results = (Values){0};
    node_move(copy, to, before);
    if (node->kind == NODE_FOR || node->kind == NODE_WHILE || node->kind == NODE_REDUCE) {
        clone_loop(map, node, copy);
    } else if (node->kind == NODE_IF) {
        copy->as.branch.test = clone_value(map, node->as.branch.test);
        copy->as.branch.then = clone_region(map, node->as.branch.then, copy);
        copy->as.branch.otherwise = clone_region(map, node->as.branch.otherwise, copy);
    } else if (node->kind == NODE_VERSION) {
        int count = node->as.version.goal_count;
        copy->as.version.goals = ARENA_ARRAY(map_arena(map), Goal, count);
        for (int i = 0; i < count; i++)
            copy->as.version.goals[i] = (Goal){node->as.version.goals[i].kind,
                                               clone_size(map, node->as.version.goals[i].size)};
        copy->as.version.fast = clone_region(map, node->as.version.fast, copy);
        copy->as.version.plain = clone_region(map, node->as.version.plain, copy);
    } else {
        copy->results = clone_definitions(map, &node->results, copy);
        if (node->kind == NODE_CALL || node->kind == NODE_RUNTIME || node->kind == NODE_EXIT)
            clone_lists(map, node, copy);
        else if (node->kind != NODE_ALLOC)
            node_uses(copy, clone_value_use, clone_size_use, map);
        return copy;
    }
    copy->results = clone_definitions(map, &node->results, copy);
    return copy;
}

void clone_nodes(CloneMap *map, const Region *from, Region *to, Node *before) {
    for (Node *node = from->first, *last = from->last; node; node = node->next) {
        clone_node(map, node, to, before);
        if (node == last)
            break;
    }
}

void loop_write_out(Node *loop, int64_t rounds) {
    Function *function = loop->region->function;
    Arena *arena = function->module->arena;
    Values carried = {0};
    for (int i = 0; i < loop->as.loop.init.count; i++)
        values_add(arena, &carried, loop->as.loop.init.data[i]);
    for (int64_t k = 0; k < rounds; k++) {
        CloneMap map = {.function = function, .relabel = true};
        Builder b = {function, loop->region, loop, loop->span};
        Value *iv = build_size(&b, size_add(loop->as.loop.lo, size_const(k)));
        clone_map_value(&map, loop->as.loop.iv, iv);
        if (loop->as.loop.iv->atom)
            clone_map_atom(&map, loop->as.loop.iv->atom, value_size(iv));
        for (int i = 0; i < carried.count; i++)
            clone_map_value(&map, loop->as.loop.heads.data[i], carried.data[i]);
        clone_nodes(&map, loop->as.loop.body, loop->region, loop);
        for (int i = 0; i < carried.count; i++)
            carried.data[i] = clone_value(&map, loop->as.loop.body->yields.data[i]);
    }
    for (int i = 0; i < carried.count; i++)
        region_replace(function->body, loop->results.data[i], carried.data[i]);
    node_remove(loop);
}
