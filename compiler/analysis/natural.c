/* natural.c: ints that are never negative, told by how they are computed. A variable that a loop carries is natural where
 * its first value is, and each round makes a natural one of natural ones: what is under way is taken for granted
 * (induction over the rounds). */
#include "analysis/analysis.h"

enum { DEPTH_MAX = 12 };

/* The heads that are taken for natural, innermost first. */
typedef struct Assumed {
    const Value *head;
    int depth;
    const struct Assumed *outer;
} Assumed;

static bool natural_value(Value *value, const Function *function, const Assumed *assumed);
static bool natural_size(Size size, const Function *function, const Assumed *assumed);

static bool is_assumed(const Value *head, const Assumed *assumed) {
    for (; assumed; assumed = assumed->outer)
        if (assumed->head == head)
            return true;
    return false;
}

/* Every continue of the loop hands on a natural value. */
static bool natural_continues(const Region *region, const Node *loop, int at, const Function *function,
                              const Assumed *assumed) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (node->kind == NODE_EXIT && node->as.exit.kind == EXIT_CONTINUE && node->as.exit.target == loop &&
            !natural_value(node->as.exit.values.data[at], function, assumed))
            return false;
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (!natural_continues(regions[i], loop, at, function, assumed))
                return false;
    }
    return true;
}

static bool natural_head(Value *head, const Function *function, const Assumed *outer) {
    const Node *loop = head->node;
    bool counted = loop->kind == NODE_FOR;
    const Values *heads = counted ? &loop->as.loop.heads : &loop->as.whilst.heads;
    const Values *init = counted ? &loop->as.loop.init : &loop->as.whilst.init;
    const Region *body = counted ? loop->as.loop.body : loop->as.whilst.body;
    Assumed assumed = {head, outer ? outer->depth + 1 : 0, outer};
    int at = 0;
    if (is_assumed(head, outer))
        return true;
    while (at < heads->count && heads->data[at] != head)
        at++;
    if (at == heads->count || assumed.depth > DEPTH_MAX || !natural_value(init->data[at], function, outer))
        return false;
    bool ends = at < body->yields.count;
    return (!ends || natural_value(body->yields.data[at], function, &assumed)) &&
           natural_continues(body, loop, at, function, &assumed);
}

static bool natural_let(const Node *node, const Function *function, const Assumed *assumed) {
    Value *const *operands = node->as.let.operands;
    switch ((int)node->as.let.op) {
    case OP_CAST: return operands[0]->dtype == DTYPE_I64 && natural_value(operands[0], function, assumed);
    case OP_SHR: return natural_value(operands[0], function, assumed);
    case OP_AND: case OP_MAXIMUM:
        return natural_value(operands[0], function, assumed) || natural_value(operands[1], function, assumed);
    case OP_MINIMUM: case OP_FLOORDIV:
        return natural_value(operands[0], function, assumed) && natural_value(operands[1], function, assumed);
    case OP_MOD: return natural_value(operands[1], function, assumed);
    default: return false;
    }
}

static bool natural_value(Value *value, const Function *function, const Assumed *assumed) {
    Node *node = value->node;
    Value *pair[2], *test;
    Range range;
    if (value->kind != VALUE_SCALAR || value->dtype != DTYPE_I64)
        return false;
    if (value->size && node && node->kind == NODE_SIZE)
        return natural_size(value->size, function, assumed);
    if (value->is_head)
        return natural_head(value, function, assumed);
    if (value->is_iv)
        return node->kind == NODE_REDUCE || natural_size(node->as.loop.lo, function, assumed);
    if (node && value_alternatives(value, pair, &test))
        return natural_value(pair[0], function, assumed) && natural_value(pair[1], function, assumed);
    if (node && node->kind == NODE_LET && natural_let(node, function, assumed))
        return true;
    return value_range(value, &range) ? range.least >= 0
                                      : !node && prove_ge(function->facts, value_size(value), size_const(0)) == PROVED;
}

static bool all_natural(Size *sizes, int count, const Function *function, const Assumed *assumed) {
    for (int i = 0; i < count; i++)
        if (!natural_size(sizes[i], function, assumed))
            return false;
    return true;
}

static bool natural_atom(Atom *atom, const Function *function, const Assumed *assumed) {
    switch (atom->kind) {
    case ATOM_VAR: return atom_value(atom) && natural_value(atom_value(atom), function, assumed);
    case ATOM_MAX:
        for (int i = 0; i < atom->arg_count; i++)
            if (natural_size(atom->args[i], function, assumed))
                return true;
        return false;
    case ATOM_MOD: return natural_size(atom->args[1], function, assumed);
    case ATOM_MIN: case ATOM_FLOORDIV: case ATOM_RAW:
        return all_natural(atom->args, atom->arg_count, function, assumed);
    }
    return false;
}

static bool natural_size(Size size, const Function *function, const Assumed *assumed) {
    const SizeTerm *terms;
    for (int i = 0, count = size_terms(size, &terms); i < count; i++) {
        if (terms[i].coefficient < 0)
            return false;
        for (int k = 0; k < terms[i].atom_count; k++)
            if (!natural_atom(terms[i].atoms[k], function, assumed))
                return false;
    }
    return true;
}

bool size_is_natural(Size size, const Function *function) {
    return natural_size(size, function, NULL);
}
